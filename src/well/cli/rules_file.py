"""The rules for some records of a flow as a CSV file, a line each, in the order they are tried.

Invariant: what is written is read as the same rules; a file that is not wholly understood gives one
sentence with its line and no rule at all. The columns are the fields of the page's own form, and
that form reads them. It stores nothing.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from well.domain.rule import RULES_MAX, Rule
from well.web.pages.rule_form import RULE, rule_of, values_of_rule

BYTES_MAX = 1 << 20
"""Bytes of the longest file that is read."""
_DELIMITERS = ",;\t"
_SHOWN = 40


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file; ValueError with a sentence that names the line."""
    lines = _text(path).splitlines(keepends=True) or [""]
    delimiter = max(_DELIMITERS, key=lines[0].count)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    rules: list[Rule] = []
    try:
        names = _header(next(rows, []))
        for row in rows:
            if any(map(str.strip, row)):
                rules.append(_rule(names, row, len(rules)))
    except (ValueError, csv.Error) as error:
        sentence = str(error) if isinstance(error, ValueError) else f"no CSV: {error}."
        raise ValueError(f"{path.name}, line {max(rows.line_num, 1)}: {sentence}") from None
    return tuple(rules)


def write_rules(rules: Sequence[Rule], out: TextIO) -> None:
    """The rules as such a file, its header included."""
    writer = csv.DictWriter(out, RULE, lineterminator="\n")
    writer.writeheader()
    writer.writerows(values_of_rule(rule) for rule in rules)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}.") from None
    if len(start) > BYTES_MAX:
        raise ValueError(
            f"{path.name} has more than {BYTES_MAX} bytes; {RULES_MAX} rules need few."
        )
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = start.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path.name}, line {line}: write the file in UTF-8.") from None


def _header(row: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    for name in names:
        if name not in RULE:
            known = ", ".join(RULE)
            raise ValueError(f"there is no column “{name[:_SHOWN]}”; there are {known}.")
        if names.count(name) > 1:
            raise ValueError(f"the column {name} is there twice.")
    if "name" not in names or "then" not in names:
        raise ValueError("the first line names the columns; name and then are needed.")
    return names


def _rule(names: Sequence[str], row: Sequence[str], before: int) -> Rule:
    if len(row) != len(names):
        raise ValueError(f"{len(row)} values for {len(names)} columns.")
    if before == RULES_MAX:
        raise ValueError(f"a flow has {RULES_MAX} rules at the most.")
    return rule_of(dict.fromkeys(RULE, "") | dict(zip(names, row, strict=True)))
