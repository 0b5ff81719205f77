"""Links: `well match` beside Splink 5, the midday formula and ratio rules, on the same files.

Invariant: each is a whole process from files to file, scored by score_links.py; the labels are
given to all, and a rival that cannot learn from them says so in its own file.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ledger, payments
from benchmarks.bars import at_least, at_most
from benchmarks.child import Run, run
from benchmarks.score_links import LinkFigures, line, score_files
from benchmarks.setting import LINKS, WELL, Setting

RIVALS = {
    "Splink 5": "splink_links",
    "midday formula": "midday_formula",
    "ratio rules": "ratio_rules",
}
SEED = 7
GROWTH = 10


@dataclass(frozen=True)
class Files:
    """What one measurement reads."""

    source: Path
    target: Path
    truth: Path
    labels: Path
    once: bool
    """Whether each target belongs to at most one document."""

    @staticmethod
    def below(folder: Path, labels: str, once: bool) -> "Files":
        """The files by their usual names."""
        sides = folder / "source.csv", folder / "target.csv"
        return Files(*sides, folder / "truth.csv", folder / f"{labels}.csv", once)

    def words(self, out: Path) -> list[str | Path]:
        """The options that all commands share."""
        words: list[str | Path] = ["--source", self.source, "--target", self.target]
        words += ["--labels", self.labels, *(["--one-to-one"] if self.once else []), "--out", out]
        return words


def made_payments(setting: Setting) -> Files:
    """The public payment files under fresh ids."""
    folder = setting.scratch / "payments"
    payments.prepare(setting.data, folder, SEED)
    return Files.below(folder, f"labels{payments.LABELS}", once=True)


def made_ledger(setting: Setting, documents: int, entries: int) -> Files:
    """A generated ledger, made in another process so that this one stays small."""
    folder = setting.scratch / f"ledger-{documents}-{entries}"
    sizes = ["--documents", str(documents), "--entries", str(entries), "--seed", str(SEED)]
    made = run([sys.executable, "-m", "benchmarks.ledger", "--out", folder, *sizes])
    assert made.code == 0, made.complaint
    return Files.below(folder, "labels", once=False)


def rivals(setting: Setting, files: Files) -> Iterator[str]:
    """One line for each rival."""
    for name, module in RIVALS.items():
        out = files.source.with_name(f"{module}.jsonl")
        command = [LINKS, "-m", f"benchmarks.rivals.{module}", *files.words(out)]
        done = setting.cached(out, command)
        yield _row(name, done, _figures(done, out, files))
    yield f"  {'nomenklatura':15s} not measured: it compares names and identifiers, no amounts"


def ours(setting: Setting, files: Files) -> tuple[Run, LinkFigures | None]:
    """`well match`, and how good it was."""
    out = files.source.with_name("well.jsonl")
    done = setting.ours([WELL, "match", *files.words(out)])
    return done, _figures(done, out, files)


def _figures(run: Run, out: Path, files: Files) -> LinkFigures | None:
    return None if run.code else score_files(out, files.truth, files.labels)


def _row(name: str, run: Run, figures: LinkFigures | None) -> str:
    if figures is None:
        return f"  {name:15s} not measured: {run.complaint}"
    return f"  {name:15s} {line(figures)}  {run.cost()}"


def measure_payments(setting: Setting) -> Iterator[str]:
    """The public payments with 300 labels."""
    files = made_payments(setting)
    yield "payments, 300 labels shown, each target once:"
    yield from rivals(setting, files)
    done, figures = ours(setting, files)
    yield _row("Well", done, figures)
    if figures:
        yield at_least("auto share", figures.share, 0.95)
        yield at_least("precision of auto", figures.precision, 0.999)
        yield at_most("ECE", figures.ece, 0.03)


def measure_ledger(setting: Setting) -> Iterator[str]:
    """The generated ledger with 1,000 labels."""
    files = made_ledger(setting, setting.documents, setting.entries)
    size = f"{setting.documents} x {setting.entries}"
    yield f"generated ledger, {size}, {ledger.LABELS} labels shown:"
    yield from rivals(setting, files)
    done, figures = ours(setting, files)
    yield _row("Well", done, figures)
    if figures:
        yield at_least("precision of auto", figures.precision, 0.995)
        yield at_least("auto share", figures.share, 0.80)
        yield at_least("recall", figures.recall, 0.93)
        yield at_most("ECE", figures.ece, 0.015)
        yield at_most("seconds of the whole command", done.seconds, 10)
        yield at_most("peak memory", done.peak_mb, 2048, " MB")


def measure_growth(setting: Setting) -> Iterator[str]:
    """A tenth of the documents and entries, then all."""
    small = (setting.documents // GROWTH, setting.entries // GROWTH)
    runs = []
    for documents, entries in (small, (setting.documents, setting.entries)):
        done, figures = ours(setting, made_ledger(setting, documents, entries))
        yield _row(f"{documents} x {entries}", done, figures)
        runs.append(done)
    if not any(done.code for done in runs):
        ratio = runs[1].seconds / runs[0].seconds
        yield at_most(f"times the seconds for {GROWTH} times the documents", ratio, 12)
