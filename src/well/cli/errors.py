"""The file of rows that were left out, beside what a command writes.

Invariant: every report becomes one line, file, line number and reason; a file without any report
is not left behind. It is no log.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO


class ErrorFile:
    """Opened by its first report; removed first, so that nothing of a former run stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def of(self, source: Path) -> Callable[[int, str], None]:
        """A report (line, reason) for one file; line 0 is the file as a whole."""

        def report(line: int, reason: str) -> None:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8")
            self.count += 1
            self._file.write(f"{source.name}:{line}: {reason}\n")

        return report
