"""One line on a terminal that says what a long command does now.

Invariant: nothing is written where stderr is no terminal, and the line is gone at the end. It
measures nothing.
"""

import sys
from types import TracebackType
from typing import Self

_CLEAR = "\r\033[K"


class Progress:
    """Called with a few words at each stage."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, words: str) -> None:
        """Show what is done now."""
        if self._shown:
            print(f"{_CLEAR}{self._command}: {words} …", end="", file=sys.stderr, flush=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            print(_CLEAR, end="", file=sys.stderr, flush=True)
