"""Where a name is used: which lines a change outside of functions can be noticed on.

Invariant: a name is followed through the names made from it outside of functions, as a table made
from a constant, until nothing new comes. Words are compared, not meanings: two names spelled alike
count as one, which only makes more tests run.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mutation.mutants import mutants
from benchmarks.mutation.traced import Lines

WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass
class Users:
    """By word: lines inside of functions, and names defined outside of them."""

    inside: dict[str, Lines] = field(default_factory=dict)
    outside: dict[str, set[str]] = field(default_factory=dict)

    def of(self, names: set[str]) -> tuple[Lines, set[str]]:
        """Lines that use the names, and all names whose meaning depends on them."""
        known: set[str] = set()
        while names - known:
            known |= names
            names = {n for name in known for n in self.outside.get(name, ())}
        return {line for name in known for line in self.inside.get(name, ())}, known


def users(texts: dict[Path, str]) -> Users:
    """Read from the files: the words of each statement that can be changed."""
    found = Users()
    for path, text in texts.items():
        lines = text.splitlines()
        for mutant in mutants("", text)[1]:
            for number in mutant.lines:
                for word in WORD.findall(lines[number - 1]):
                    if mutant.function:
                        found.inside.setdefault(word, set()).add((str(path), number))
                    else:
                        found.outside.setdefault(word, set()).update(mutant.names)
    return found
