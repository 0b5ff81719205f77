"""Which files a command is about, and their bytes: folders walked, odd things refused.

Invariant: nothing but a regular file is ever opened, so nothing hangs; no link found in a folder
is followed, so nothing outside it is read. It looks into no file.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "This is a folder, not a file."),
    (stat.S_ISFIFO, "This is a pipe, not a file."),
    (stat.S_ISSOCK, "This is a socket, not a file."),
    (stat.S_ISCHR, "This is a device, not a file."),
    (stat.S_ISBLK, "This is a device, not a file."),
)
_REASONS = {
    "FileNotFoundError": "There is no such file.",
    "PermissionError": "There is no permission to read this file.",
    "IsADirectoryError": "This is a folder, not a file.",
    "NotADirectoryError": "There is no such file.",
}


class NotRead(Exception):
    """A file that cannot be opened; `sentence` tells the user why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, or with `error` one that cannot be."""

    path: Path
    error: str | None = None


def find(paths: Iterable[Path]) -> Iterator[Found]:
    """The files given and those below the folders given, in the order of their names.

    Names that begin with a dot and links are left out below a folder; one folder at a time is held
    in memory.
    """
    for path in paths:
        folder = False
        with suppress(OSError, ValueError):
            folder = path.is_dir()
        yield from _walk(path) if folder else (Found(path),)


def load(path: Path, most: int) -> bytes:
    """The first `most` bytes of a regular file; NotRead for anything else."""
    try:
        _refuse(path.stat())
        # Asked again once open: the name may mean something else by now.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(handle, "rb") as file:
            _refuse(os.fstat(handle))
            return file.read(most)
    except (OSError, ValueError) as error:
        raise NotRead(_reason(error)) from None


def _walk(folder: Path) -> Iterator[Found]:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                seen = sorted(filter(_is_wanted, entries), key=os.fsencode)
        except OSError as error:
            yield Found(here, _reason(error))
            continue
        yield from (Found(here / entry.name) for entry in seen if not _is_folder(entry))
        waiting += reversed([here / entry.name for entry in seen if _is_folder(entry)])


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and not entry.is_symlink()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _refuse(found: os.stat_result) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    kinds = (sentence for test, sentence in _KINDS if test(found.st_mode))
    raise NotRead(next(kinds, "This is not a regular file."))


def _reason(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return _REASONS.get(type(error).__name__) or f"This file cannot be opened: {said or error}."
