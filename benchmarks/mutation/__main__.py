"""`make mutation ARGS="--modules matching/bits --sample 40 --seed 1 --write"`; `--all` tries each.

Invariant: figures are printed, never asserted; with `--write` those of the modules that were tried
replace theirs in `figures.json`, and docs/mutation.md and PROMISES.md are written from it.
"""

import argparse
import sys

import pytest

from benchmarks.mutation.forked import QUIET
from benchmarks.mutation.report import current, keep, shown
from benchmarks.mutation.trial import ROOT, TESTS, Choice, Trial, Tries


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation")
    parser.add_argument("--modules", nargs="*", default=[], help="such as matching/bits or policy")
    parser.add_argument("--sample", type=int, default=40, help="mutants of each module")
    parser.add_argument("--all", action="store_true", help="every mutant, no sample")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    given = parser.parse_args(words)
    choice = Choice(tuple(given.modules), None if given.all else given.sample, given.seed)

    def done(trial: Trial) -> None:
        if given.write:
            keep(current([trial], choice), tries.modules)

    tries = Tries(choice, done)
    quiet = ["-p", "no:cacheprovider", *QUIET]
    pytest.main([*quiet, *(str(ROOT / tests) for tests in TESTS)], plugins=[tries])
    if tries.known.failed or not tries.trials:
        print("Nothing was tried:", *(tries.known.failed or ["no module has that name"]))
        return 2
    print("\n".join(shown(current(tries.trials, choice))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
