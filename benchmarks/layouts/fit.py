"""Fits the table that turns the finder's scores into probabilities, and writes it as data.

Invariant: fitted on the development half and the development documents only; shares are drawn
towards the score itself (a prior of so many documents) and made monotone. The held half is left.

Run: `.venv/bin/python -m benchmarks.layouts.fit` after a change of the finder.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.documents import TEN
from benchmarks.layouts.again import pages_of
from benchmarks.layouts.make import Made, invoices
from benchmarks.layouts.score import is_right
from well.documents.reading import calibrate
from well.documents.reading.fields import scored

SEEDS = (11, 12, 13, 14, 15, 16)
PRIOR = 15
STEP = 20
MOST = 0.99
_PATH = Path(calibrate.__file__).with_name("calibration.toml")
_Bins = dict[float, list[bool]]


def samples(made: Sequence[Made]) -> Iterator[tuple[str, float, bool]]:
    """Field, score and whether the value is right, of every value found."""
    for one in made:
        found = scored(pages_of(one)).readings
        for name, path in TEN.items():
            truth = one.fields.get(name)
            if path in found and (truth or not name.endswith("_total")):
                good = truth is not None and is_right(name, truth, found[path].value)
                yield path, found[path].confidence, good


def steps(bins: _Bins) -> list[tuple[float, float]]:
    """(lowest score, probability) by rising score, neighbours that fall pooled into one."""
    pools: list[tuple[float, float, int]] = []
    for low in sorted(bins):
        count = len(bins[low]) + PRIOR
        share = (sum(bins[low]) + PRIOR * low) / count
        pools.append((low, share, count))
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            (start, one, many), (_, other, more) = pools[-2:]
            both = many + more
            pools[-2:] = [(start, (one * many + other * more) / both, both)]
    return [(low, min(round(share, 3), MOST)) for low, share, _ in pools]


def main() -> None:
    """Fit and write."""
    by_field: dict[str, _Bins] = defaultdict(lambda: defaultdict(list))
    count = 0
    for seed in SEEDS:
        for path, score, good in samples(invoices(held=False, seed=seed)):
            low = int(score * STEP) / STEP
            by_field[path][low].append(good)
            by_field["any"][low].append(good)
            count += 1
    day = datetime.now(UTC).date().isoformat()
    rows = [f'"{name}" = {[list(step) for step in steps(bins)]}' for name, bins in by_field.items()]
    text = (
        f"# Written by benchmarks/layouts/fit.py: [lowest score, probability] by field.\n"
        f'version = 1\norigin = "{count} values of made-up invoices, {day}"\n\n[steps]\n'
    )
    _PATH.write_text(text + "\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
