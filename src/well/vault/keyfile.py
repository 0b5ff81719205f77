"""Secrets made at the first start and kept in files only their owner reads.

Invariant: a secret once made is never replaced; of two processes that start at once, both get
the same one. It does not encrypt: whoever reads the file has the secret.
"""

import os
import secrets
from base64 import b64decode, urlsafe_b64encode
from pathlib import Path

KEY_BYTES = 32


def read_or_make(path: Path) -> str:
    """The text in `path`; made of KEY_BYTES random bytes (base64) where there is none yet."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_first(path, urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)))
    return path.read_text("ascii").strip()


def _write_first(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name exists: the first process wins and the others read its key.
        if not path.exists():
            _link(part, path)
    finally:
        part.unlink()


def _link(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        return


def master_key(setting: str, folder: Path) -> bytes:
    """The master key: `setting` (base64 of 32 bytes) or the file `master.key` in `folder`."""
    text = setting or read_or_make(folder / "master.key")
    try:
        key = b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("the master key must be 32 bytes in base64 (WELL_MASTER_KEY)")
    return key
