"""Which tests execute which lines of the modules that are mutated.

Invariant: only files below the folders given are followed; a run's own results are not changed by
being followed. Lines run while modules are imported are kept apart: they belong to no test.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

CALLS_MAX = 300
"""A function called more often than this in one test has shown that test its lines."""
Lines = set[tuple[str, int]]


class Followed:
    """Collects the lines run, while it is switched on."""

    def __init__(self, folders: tuple[str, ...]) -> None:
        self.folders = folders
        self.ours: dict[CodeType, bool] = {}

    @contextmanager
    def lines(self) -> Iterator[Lines]:
        """The set fills as lines are run."""
        found: Lines = set()
        calls: dict[CodeType, int] = {}

        def line(frame: FrameType, event: str, arg: Any) -> Any:
            found.add((frame.f_code.co_filename, frame.f_lineno))
            return line

        def call(frame: FrameType, event: str, arg: Any) -> Any:
            code = frame.f_code
            ours = self.ours.get(code)
            if ours is None:
                ours = self.ours[code] = code.co_filename.startswith(self.folders)
            if not ours:
                return None
            calls[code] = count = calls.get(code, 0) + 1
            return line(frame, event, arg) if count <= CALLS_MAX else None

        before = sys.gettrace()
        sys.settrace(call)
        try:
            yield found
        finally:
            sys.settrace(before)
