"""One broken rule of one file.

Invariant: plain texts, so that a violation can cross a process boundary and be printed as it is.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """`rule` is the id of the rule in its own rule book; `where` a path, line or page."""

    rule: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule} {self.where}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, in words, and what is wrong. `error` when the file cannot be read."""

    violations: tuple[Violation, ...] = ()
    checked: tuple[str, ...] = ()
    error: str | None = None
