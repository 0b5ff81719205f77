"""Many texts in one piece of memory, for those that are kept to be shown.

Invariant: a text comes out as it went in. A text by itself takes five times its signs, and a
ledger has millions of them; taking one out costs a little, so nothing is compared here.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import overload

import numpy as np
import numpy.typing as npt


class Texts(Sequence[str]):
    """A list of texts that does not change."""

    def __init__(self, texts: Iterable[str]) -> None:
        raw = [text.encode("utf-8", "surrogatepass") for text in texts]
        ends = accumulate(map(len, raw), initial=0)
        self._starts = np.fromiter(ends, np.int64, len(raw) + 1)
        self._bytes = b"".join(raw)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return self.some(np.arange(len(self), dtype=np.int64)[at])
        start, end = self._starts[range(len(self))[at] + np.arange(2)].tolist()
        return self._bytes[start:end].decode("utf-8", "surrogatepass")

    def some(self, places: npt.NDArray[np.int64]) -> list[str]:
        """Those at some places, in that order."""
        starts, ends = self._starts[places].tolist(), self._starts[places + 1].tolist()
        return [
            self._bytes[start:end].decode("utf-8", "surrogatepass")
            for start, end in zip(starts, ends, strict=True)
        ]
