"""A downloaded file as a document: its type by its bytes, its name as a label.

Invariant: the name holds no path and no control character; the declared type counts only where
the bytes say nothing. The content is not opened.
"""

import re

from well.domain.document import PDF, Document

_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"<?xml", "application/xml"),
)
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
PDF_WITHIN = 1024
"""A PDF may begin with other bytes; readers look this far (ISO 32000-1, annex H)."""

NAME_MAX = 200


def document(name: str, declared: str | None, content: bytes) -> Document:
    """The file; `declared` is the type that the provider gave."""
    label = re.split(r"[/\\]", name)[-1].strip(". ")[:NAME_MAX] or "file"
    return Document(label, media_type(declared, content), content)


def media_type(declared: str | None, content: bytes) -> str:
    """The type by the first bytes, else the declared one, else unknown bytes."""
    if b"%PDF-" in content[:PDF_WITHIN]:
        return PDF
    for sign, found in _SIGNS:
        if content.startswith(sign):
            return found
    plain = (declared or "").split(";")[0].strip().lower()
    # A file that says it is a PDF and is none must not pass for one.
    if _TYPE.fullmatch(plain) and plain != PDF:
        return plain
    return "application/octet-stream"
