"""What a file is, by its bytes.

Invariant: neither the name nor the declared media type is believed. It opens nothing.
"""

import re
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
    OUTLOOK = "outlook"
    MAIL = "mail"
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
            return _inner(FileType(name), content)
    if b"%PDF-" in head:
        return FileType.PDF
    if (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] in _HEIF:
        return FileType.IMAGE
    if _opens_like_xml(head):
        return FileType.XML
    return FileType.MAIL if _opens_like_mail(head) else FileType.UNKNOWN


_HEIF = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")


def _opens_like_xml(head: bytes) -> bool:
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_OUTLOOK_PART = "__substg1.0_".encode("utf-16-le")
_HEADERS = re.compile(
    rb"^(?:received|return-path|delivered-to|mime-version|message-id|from|to|subject|date|cc"
    rb"|reply-to|sender|content-type|dkim-signature|arc-[a-z-]+|x-[a-z-]+|authentication-results"
    rb"|envelope-to|list-[a-z]+|references|in-reply-to|thread-[a-z]+):",
    re.IGNORECASE | re.MULTILINE,
)
_ENOUGH_HEADERS = 2


def _inner(kind: FileType, content: bytes) -> FileType:
    """What an archive or a compound file is a cover for."""
    if kind is FileType.ARCHIVE and any(part in content[:_HEAD] for part in _OFFICE_PARTS):
        return FileType.OFFICE
    if kind is FileType.OFFICE and _OUTLOOK_PART in content:
        return FileType.OUTLOOK
    return kind


def _opens_like_mail(head: bytes) -> bool:
    """Whether the first line is a mail header, or an envelope line before one, with another."""
    for bom in _BOMS[:1]:
        head = head.removeprefix(bom)
    head = head.lstrip()
    if head.startswith((b"From ", b">From ")):
        head = head.partition(b"\n")[2]
    first = _HEADERS.match(head)
    return first is not None and len(_HEADERS.findall(head)) >= _ENOUGH_HEADERS
