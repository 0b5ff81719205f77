"""Which tests execute which lines of the modules that are mutated, kept from one run to the next.

Invariant: only files below the folders given are followed. What is kept for a file of tests holds
as long as that file, the modules and the builders are unchanged, byte for byte. Lines run while
modules are imported are found by the same means and belong to no test.
"""

import hashlib
import pickle
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from benchmarks.mutation import forked

CALLS_MAX = 300
"""A function called more often than this in one test has shown that test its lines."""
Lines = set[tuple[str, int]]


@dataclass
class Known:
    """The tests of each line, the seconds each test took, and those that fail unchanged."""

    tests: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, other: "Known") -> None:
        """Both together."""
        for line, names in other.tests.items():
            self.tests.setdefault(line, []).extend(names)
        self.took |= other.took
        self.failed += other.failed


@contextmanager
def lines_run(folders: tuple[str, ...]) -> Iterator[Lines]:
    """The set fills as lines of files below the folders are run."""
    found: Lines = set()
    calls: dict[CodeType, int] = {}
    ours: dict[CodeType, bool] = {}

    def line(frame: FrameType, *_: Any) -> Any:
        found.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    def call(frame: FrameType, *_: Any) -> Any:
        code = frame.f_code
        if code not in ours:
            ours[code] = code.co_filename.startswith(folders)
        if not ours[code]:
            return None
        calls[code] = calls.get(code, 0) + 1
        return line(frame) if calls[code] <= CALLS_MAX else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield found
    finally:
        sys.settrace(before)


def known(
    items: Sequence[pytest.Item], folders: tuple[str, ...], sources: Iterable[Path], kept: Path
) -> Known:
    """Follow the tests of those files that are not known yet; keep them in the folder `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    base = hashlib.sha256(sys.version.encode())
    for path in sources:
        base.update(path.read_bytes())
    whole = Known()
    for path in sorted({item.path for item in items}):
        digest = base.copy()
        digest.update(str(path).encode() + path.read_bytes())
        file = kept / digest.hexdigest()
        if not file.exists():
            mine = [item for item in items if item.path == path]
            outcome = forked.answer(partial(_follow, mine, folders), 3600)
            file.write_bytes(pickle.dumps(outcome or Known(failed=[str(path)])))
        whole.add(pickle.loads(file.read_bytes()))  # noqa: S301 - our own, below .venv
    return whole


def _follow(items: Sequence[pytest.Item], folders: tuple[str, ...]) -> Known:
    found, failures = Known(), forked.Failures()
    items[0].config.pluginmanager.register(failures)
    for item, after in zip(items, [*items[1:], None], strict=True):
        began = time.process_time()
        with lines_run(folders) as lines:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
        found.took[item.nodeid] = time.process_time() - began
        for line in lines:
            found.tests.setdefault(line, []).append(item.nodeid)
    found.failed = failures.failed
    return found
