"""rapidfuzz (MIT) ratios for names: `KIND PAIRS.csv OUT.csv`.

How: case folded, as every user of the library does; one call for each pair.
Why fair: the four ratios that people choose between are all shown.

Invariant: nothing but the library's own ratio decides.
"""

import sys
from collections.abc import Callable

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from benchmarks.rivals.scored_pairs import Names, run

KINDS: dict[str, tuple[Callable[[str, str], float], float]] = {
    "ratio": (fuzz.ratio, 100),
    "token-sort": (fuzz.token_sort_ratio, 100),
    "token-set": (fuzz.token_set_ratio, 100),
    "weighted": (fuzz.WRatio, 100),
    "jaro-winkler": (JaroWinkler.similarity, 1),
}


def main(words: list[str]) -> int:
    """Score by the ratio named."""
    ratio, whole = KINDS[words[0]]

    def score(names: Names) -> list[float]:
        return [ratio(a.casefold(), b.casefold()) / whole for a, b in names]

    return run(words[1:], list, score)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
