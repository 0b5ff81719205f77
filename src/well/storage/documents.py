"""Files of attachment records: the same bytes once, sealed, checked when read.

Invariant: a row is written after its file is whole on disk, so a crash between the two leaves at
most a file nobody knows, and keeping it again mends that. It does not look into a file.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from well.domain.document import Document, DocumentRef
from well.domain.source_record import RecordKey
from well.storage.base import Base
from well.storage.codec import label
from well.storage.models import DocumentFile, DocumentRow
from well.storage.scope import chunks, put, reading, rows, unit


class DocumentStore(Base):
    """The part of the store that keeps files."""

    def keep_documents(self, items: Sequence[tuple[RecordKey, Document]]) -> Sequence[DocumentRef]:
        """Store file bytes under the attachment record's key; the same bytes once."""
        refs = [_ref(key, document) for key, document in items]
        contents = {ref.digest: doc.content for ref, (_, doc) in zip(refs, items, strict=True)}
        with reading(self._tenant):
            sealed_digests = self._kept(list(contents))
        sealed = {
            digest: self._cipher.seal(content, "document", digest)
            for digest, content in contents.items()
            if not self._whole(digest, sealed_digests)
        }
        self._files.write(sealed.items())
        written = {digest: sha256(content).hexdigest() for digest, content in sealed.items()}
        by_record = {key.record_id: ref for (key, _), ref in zip(items, refs, strict=True)}
        with unit(self._tenant):
            self._put_rows({ref.digest: ref for ref in refs}, written)
            self._put_files(by_record)
        return refs

    def documents_of(self, attachments: Sequence[RecordKey]) -> Mapping[RecordKey, DocumentRef]:
        """Which attachment records have their file kept."""
        by_id = {key.record_id: key for key in attachments}
        found: list[DocumentFile] = []
        with reading(self._tenant):
            for ids in chunks(list(by_id)):
                found += rows(DocumentFile, self._tenant).filter(record__in=ids)
            refs = self._refs(found)
        return {by_id[file.record]: ref for file, ref in refs}

    def document_refs(self, digests: Sequence[str]) -> Mapping[str, DocumentRef]:
        """Kept files by digest."""
        found: list[DocumentFile] = []
        with reading(self._tenant):
            for some in chunks(digests):
                found += rows(DocumentFile, self._tenant).filter(digest__in=some)
            # Sorted here: asked to sort, SQLite would walk the whole table in that order instead.
            found.sort(key=lambda file: file.record, reverse=True)
            return {file.digest: ref for file, ref in self._refs(found)}

    def document(self, ref: DocumentRef) -> Document:
        """The bytes; OSError when the disk fails, never a wrong file (the digest is checked)."""
        content = self._content(ref.digest)
        return Document(ref.name, ref.media_type, content)

    def _content(self, digest: str) -> bytes:
        try:
            content = self._cipher.open(self._files.read(digest), "document", digest)
        except ValueError as error:
            raise OSError(f"the stored file {digest[:12]} is damaged") from error
        if sha256(content).hexdigest() != digest:
            raise OSError(f"the stored file {digest[:12]} is not the one that was kept")
        return content

    def _whole(self, digest: str, sealed_digests: Mapping[str, str]) -> bool:
        """Whether the file is known and on disk as it was written."""
        if digest not in sealed_digests:
            return False
        try:
            return sha256(self._files.read(digest)).hexdigest() == sealed_digests[digest]
        except OSError:
            return False

    def _kept(self, digests: Sequence[str]) -> dict[str, str]:
        return {
            digest: sealed
            for some in chunks(digests)
            for digest, sealed in rows(DocumentRow, self._tenant)
            .filter(digest__in=some)
            .values_list("digest", "sealed_digest")
        }

    def _put_rows(self, refs: Mapping[str, DocumentRef], written: Mapping[str, str]) -> None:
        new = [
            DocumentRow(
                workspace_id=self._tenant.workspace,
                digest=digest,
                media_type=label(refs[digest].media_type),
                size=refs[digest].size,
                sealed_digest=sealed_digest,
            )
            for digest, sealed_digest in written.items()
        ]
        put(self._tenant, new, ["sealed_digest"])

    def _put_files(self, refs: Mapping[str, DocumentRef]) -> None:
        files = [
            DocumentFile(
                workspace_id=self._tenant.workspace,
                record=record,
                digest=ref.digest,
                name=ref.name,
                attachment=ref.attachment,
            )
            for record, ref in refs.items()
        ]
        put(self._tenant, files, ["digest", "name"])

    def _refs(self, files: Sequence[DocumentFile]) -> list[tuple[DocumentFile, DocumentRef]]:
        known = {
            row.digest: row
            for some in chunks([file.digest for file in files])
            for row in rows(DocumentRow, self._tenant).filter(digest__in=some)
        }
        return [
            (file, DocumentRef(file.digest, file.name, row.media_type, row.size, file.attachment))
            for file in files
            if (row := known.get(file.digest))
        ]


def _ref(key: RecordKey, document: Document) -> DocumentRef:
    name = label(document.name)
    return DocumentRef(
        document.digest, name, document.media_type, len(document.content), key.source_id
    )
