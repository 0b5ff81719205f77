"""Sealed files on disk: `<root>/<workspace>/<two digits>/<digest>`.

Invariant: under its name a file is whole and flushed to disk, or it is not there: it is written
under another name, flushed, then given its name. Once there it is not replaced unless it is
damaged. Names are made of digests only. It neither seals nor opens.
"""

import os
import re
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FLUSHERS = 8
"""Flushes at once: the file system writes them to disk together."""


class SealedFiles:
    """The files of one workspace; `root` is the folder of all of them."""

    def __init__(self, root: Path, workspace: str) -> None:
        self._home = root / workspace

    def read(self, digest: str) -> bytes:
        """The file's bytes; OSError when there is none or the disk fails."""
        return self._path(digest).read_bytes()

    def write(self, sealed: Iterable[tuple[str, bytes]]) -> None:
        """Write files by digest, replacing those there."""
        items = list(sealed)
        if len(items) == 1:
            self._write(*items[0])
        elif items:
            with ThreadPoolExecutor(_FLUSHERS) as pool:
                list(pool.map(lambda item: self._write(*item), items))
        for folder in {self._path(digest).parent for digest, _ in items}:
            _flush_folder(folder)

    def erase(self) -> None:
        """Delete every file of the workspace."""
        for path in sorted(self._home.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    def _write(self, digest: str, content: bytes) -> None:
        path = self._path(digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{digest[:8]}.{secrets.token_hex(6)}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise FileNotFoundError("a file is named by the SHA-256 of its bytes")
        return self._home / digest[:2] / digest


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
