"""Work on many parts by two processes: the second half of them in a copy of this one.

Invariant: the results are those of `map`, in its order; where no copy can be made, or it fails,
all is done here. The copy is gone when the last result was taken. It changes nothing in this
process, so work is a function of its part alone.
"""

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_halves(work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
    """The result of `work` for each part; those of the second half are pickled on their way."""
    some = list(parts)
    half = (len(some) + 1) // 2
    if half == len(some) or not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        yield from map(work, some)
        return
    process, answers = _copied(work, some[half:])
    try:
        yield from map(work, some[:half])
        yield from _answers(work, some[half:], answers)
    finally:
        answers.close()
        os.waitpid(process, 0)


def _copied(work: Callable[[Part], Result], parts: Sequence[Part]) -> tuple[int, BinaryIO]:
    """The number of a process that works on the parts, and where its results come out."""
    out, into = os.pipe()
    process = os.fork()
    if process:
        os.close(into)
        return process, os.fdopen(out, "rb")
    # The copy: whatever happens, it ends here and runs nothing that this process has still to do.
    try:
        os.close(out)
        results = list(map(work, parts))
        with os.fdopen(into, "wb") as file:
            for result in results:
                pickle.dump(result, file, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _answers(
    work: Callable[[Part], Result], parts: Sequence[Part], answers: BinaryIO
) -> Iterator[Result]:
    """What the copy says; what it does not say is worked out here."""
    told = 0
    with suppress(EOFError, pickle.UnpicklingError):
        for _ in parts:
            # Written by this program a moment ago, through a pipe that nobody else has.
            result: Result = pickle.load(answers)  # noqa: S301
            told += 1
            yield result
    yield from map(work, parts[told:])
