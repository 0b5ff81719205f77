"""What came of it, in words: a table, one score, and every survivor with its reason.

Invariant: figures come from `figures.json`, which only the program writes, and reasons from
`reasons.toml`, which only people write; a survivor without a reason is shown as open, and a reason
never raises the score.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.__main__ import keep as keep_promise
from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.trial import ROOT, Choice, Trial
from well.policy.threshold import clopper_pearson_lower

FIGURES = Path(__file__).with_name("figures.json")
REASONS = Path(__file__).with_name("reasons.toml")
PAGE = ROOT / "docs" / "mutation.md"
HEAD = """# What the tests of matching and policy would not notice

Written by `make mutation ARGS="--write"`; do not edit. A mutant is the program with one small
change (a boundary, an operator, a number, a text, a statement left out). It is noticed when a test
fails, cannot be run, or takes far too long. The tests are those of `tests/unit/matching` and
`tests/unit/policy`; asserts, annotations, decorators and docstrings are not changed. Of a module
with more mutants than were tried, those tried were drawn by a seed. A number grows by one, whole
or not, so a coarse change of a fraction may be noticed where a fine one would not. Tests of a
mutant that would take longer than some seconds together are left out, the slowest first: that can
only lower the score.
Survivors are answered by tests and the same sample is tried again: then the score is that of the
sample, higher than a fresh one would give, and the bound holds for a fresh one only.
"""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed."""

    line: int
    function: str
    original: str
    mutant: str


@dataclass(frozen=True)
class Figures:
    """One module's last trial."""

    module: str
    day: str
    seed: int
    mutants: int
    tried: int
    survived: tuple[Survivor, ...]

    @property
    def noticed(self) -> int:
        """How many a test noticed."""
        return self.tried - len(self.survived)


def figures(trial: Trial, seed: int, day: str) -> Figures:
    """A trial as it is kept."""
    found = tuple(_survivor(one) for one in trial.survived)
    return Figures(trial.module, day, seed, trial.mutants, trial.tried, found)


def _survivor(one: Mutant) -> Survivor:
    return Survivor(one.line, one.function, one.original, one.mutant)


def score(all_of_them: Sequence[Figures]) -> list[str]:
    """One score, its bound, and the same with each module counted by its mutants."""
    noticed = sum(one.noticed for one in all_of_them)
    tried = sum(one.tried for one in all_of_them)
    mutants = sum(one.mutants for one in all_of_them)
    weighted = sum(one.mutants * one.noticed / one.tried for one in all_of_them)
    bound = clopper_pearson_lower(noticed, tried)
    return [
        f"noticed {noticed} of {tried} tried ({mutants} in all): {noticed / tried:.1%}, "
        f"at least {bound:.1%} with 95 % certainty (bar >= 90 %: {_bar(noticed / tried >= 0.9)})",
        f"each module counted by its mutants: {weighted / mutants:.1%}",
    ]


def _bar(met: bool) -> str:
    return "met" if met else "MISSED"


def table(all_of_them: Sequence[Figures]) -> list[str]:
    """One line a module."""
    head = "| module | mutants | tried | noticed | survived | seed | day |"
    rows = [
        f"| {one.module} | {one.mutants} | {one.tried} | {one.noticed} | {len(one.survived)} "
        f"| {one.seed} | {one.day} |"
        for one in all_of_them
    ]
    return [head, "|---|---|---|---|---|---|---|", *rows]


def survivors(all_of_them: Sequence[Figures], reasons: dict[tuple[str, ...], str]) -> list[str]:
    """Each survivor: where, what it was, what it became, and why that may be."""
    lines = []
    for module in all_of_them:
        for one in module.survived:
            key = module.module, one.function, one.original, one.mutant
            lines += [
                f"- {module.module}.py:{one.line} {one.function or '(outside of functions)'}: "
                f"{reasons.get(key, '**open**')}",
                "  ```",
                f"  {one.original}",
                f"  {one.mutant}",
                "  ```",
            ]
    return lines


def read_reasons() -> dict[tuple[str, ...], str]:
    """What people wrote, by module, function, original line and mutant."""
    rows = tomllib.loads(REASONS.read_text()).get("survivor", [])
    return {
        (row["module"], row["function"], row["original"], row["mutant"]): row["reason"]
        for row in rows
    }


def read_figures() -> dict[str, Figures]:
    """What was kept, by module."""
    rows = json.loads(FIGURES.read_text()) if FIGURES.exists() else []
    return {
        row["module"]: Figures(**row | {"survived": tuple(Survivor(**s) for s in row["survived"])})
        for row in rows
    }


def shown(found: Sequence[Figures]) -> list[str]:
    """What is printed: table, score, survivors."""
    reasons = read_reasons()
    return [*table(found), "", *score(found), "", *survivors(found, reasons)]


def current(trials: Iterable[Trial], choice: Choice) -> list[Figures]:
    """Today's figures."""
    day = datetime.now(UTC).date().isoformat()
    return [figures(trial, choice.seed, day) for trial in trials]


def keep(found: Iterable[Figures], modules: Iterable[str]) -> None:
    """Replace the figures of the modules tried, drop those of modules that are no more, and write
    the page and the row of PROMISES.md."""
    merged = read_figures() | {one.module: one for one in found}
    there = set(modules)
    rows = [merged[name] for name in sorted(merged) if name in there]
    FIGURES.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    reasons = read_reasons()
    lines = survivors(rows, reasons)
    opened = sum(line.endswith("**open**") for line in lines)
    total = sum(len(row.survived) for row in rows)
    result = [*score(rows), f"{total} survived, {opened} of them without a reason yet"]
    last = max(row.day for row in rows)
    parts = [HEAD, f"## Score, {last}", *result, "", "## Modules", *table(rows), ""]
    parts += ["## Survivors", *(lines or ["None."])]
    PAGE.write_text(re.sub(r"\n{3,}", "\n\n", "\n".join(parts)) + "\n")
    keep_promise("mutation", result)
