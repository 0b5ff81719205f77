"""The bytes that were uploaded, on disk under their digest.

Invariant: a file that is named in the state exists whole: it is written beside and moved before
its row is. The same bytes are kept once.
"""

from hashlib import sha256
from pathlib import Path


class Files:
    """A folder of files named after their SHA-256."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first file comes."""
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes; returns their digest."""
        digest = sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(f".{id(content)}")
            beside.write_bytes(content)
            beside.replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes under a digest that `put` returned."""
        return self._path(digest).read_bytes()

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
