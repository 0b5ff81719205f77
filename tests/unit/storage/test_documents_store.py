"""Files: the same bytes once, sealed on disk, whole or not there."""

from hashlib import sha256
from pathlib import Path

import pytest

from builders.stores import REGION, some_stores
from builders.values import a_document, a_key
from well.domain.document import DocumentRef
from well.storage.files import SealedFiles
from well.storage.models import DocumentRow
from well.storage.scope import reading, rows
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_kept(store: DjangoStore, tmp_path: Path) -> None:
    document = a_document("one", "Facture n° 1.pdf")
    [ref] = store.keep_documents([(a_key(1), document)])
    assert ref == DocumentRef(document.digest, document.name, "application/pdf", 12, "1")
    assert store.document(ref) == document
    assert store.documents_of([a_key(1), a_key(2)]) == {a_key(1): ref}
    assert store.document_refs([document.digest, "0" * 64]) == {document.digest: ref}
    [path] = _files(tmp_path)
    assert document.content not in path.read_bytes()


def test_the_same_bytes_are_stored_once(store: DjangoStore, tmp_path: Path) -> None:
    document = a_document()
    refs = store.keep_documents([(a_key(1), document), (a_key(2), document)])
    written = _files(tmp_path)[0].stat().st_ino
    assert store.keep_documents([(a_key(3), document)])[0].digest == refs[0].digest
    assert [path.stat().st_ino for path in _files(tmp_path)] == [written]
    assert len(store.documents_of([a_key(1), a_key(2), a_key(3)])) == 3


def test_another_file_of_a_record_takes_the_place_of_the_first(store: DjangoStore) -> None:
    store.keep_documents([(a_key(1), a_document("one"))])
    [ref] = store.keep_documents([(a_key(1), a_document("two"))])
    assert store.documents_of([a_key(1)]) == {a_key(1): ref}
    assert store.document(ref) == a_document("two")


def test_a_crash_between_file_and_row_leaves_no_wrong_state(
    store: DjangoStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = a_document()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(DjangoStore, "_put_files", crash)
        store.keep_documents([(a_key(1), document)])
    assert len(_files(tmp_path)) == 1
    assert store.documents_of([a_key(1)]) == {}
    assert store.document_refs([document.digest]) == {}
    [ref] = store.keep_documents([(a_key(1), document)])
    assert store.document(ref) == document
    assert len(_files(tmp_path)) == 1


def test_a_crash_while_writing_leaves_no_file_under_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = SealedFiles(tmp_path, "ws")
    digest = sha256(b"x").hexdigest()

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("os.fsync", full_disk)
        files.write([(digest, b"content")])
    assert _files(tmp_path) == []
    with pytest.raises(OSError, match="No such file"):
        files.read(digest)


@pytest.mark.parametrize("damage", [b"", b"\x01" * 40, None])
def test_a_damaged_file_is_never_given_and_keeping_it_again_mends_it(
    store: DjangoStore, tmp_path: Path, damage: bytes | None
) -> None:
    document = a_document()
    [ref] = store.keep_documents([(a_key(1), document)])
    [path] = _files(tmp_path)
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(OSError):
        store.document(ref)
    store.keep_documents([(a_key(1), document)])
    assert store.document(ref) == document


def test_a_row_knows_the_digest_of_what_lies_on_disk(store: DjangoStore, tmp_path: Path) -> None:
    store.keep_documents([(a_key(1), a_document())])
    [path] = _files(tmp_path)
    with reading(store.tenant):
        row = rows(DocumentRow, store.tenant).get()
    assert row.sealed_digest == sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_digest_names_a_file(store: DjangoStore, name: str) -> None:
    with pytest.raises(OSError, match="named by"):
        store.document(DocumentRef(name, "x", "application/pdf", 1, "1"))
