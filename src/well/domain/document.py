"""A file that belongs to a record: bytes, digest, name as given, type by its bytes.

Invariant: `digest` is the SHA-256 of `content`; the name is a label and never a path.
"""

from dataclasses import dataclass
from hashlib import sha256

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Document:
    """One file, whole."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A kept file without its bytes. `attachment` is the source id of the attachment record."""

    digest: str
    name: str
    media_type: str
    size: int
    attachment: str
