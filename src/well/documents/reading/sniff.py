"""What a file is, by its bytes.

Invariant: neither the name nor the declared media type is believed. It opens nothing.
"""

from enum import StrEnum

_HEAD = 1024
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"UNA:", "edifact"),
    (b"UNB+", "edifact"),
)


class FileType(StrEnum):
    """The types told apart."""

    PDF = "pdf"
    XML = "xml"
    IMAGE = "image"
    ARCHIVE = "archive"
    OFFICE = "office"
    EDIFACT = "edifact"
    EMPTY = "empty"
    UNKNOWN = "unknown"


def sniff(content: bytes) -> FileType:
    """Type of `content` from its first kilobyte (a PDF header may stand behind some junk)."""
    head = content[:_HEAD]
    if not head.strip():
        return FileType.EMPTY
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return FileType(name)
    if b"%PDF-" in head:
        return FileType.PDF
    if (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] in _HEIF:
        return FileType.IMAGE
    return FileType.XML if _opens_like_xml(head) else FileType.UNKNOWN


_HEIF = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")


def _opens_like_xml(head: bytes) -> bool:
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")
