"""The rows of a mapping as a form: for each row what it reads, or a sentence why it cannot.

Invariant: whatever is typed gives rows that can be filled in, or sentences beside the rows that
are wrong; a published field never changes. Nothing is stored here. Pure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from well.domain.mapping import FieldMapping, MappingRow
from well.domain.template import PATH, fields, parse
from well.web.words import Words

USES: Mapping[str, Words] = {
    "mapped": gettext_lazy("As mapped"),
    "other": gettext_lazy("Another field"),
    "value": gettext_lazy("A value"),
    "ignored": gettext_lazy("Ignored"),
}
Known = Mapping[str, Collection[str]]
"""By group, the paths that records of the source have; nothing where there is no record yet."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The rows as typed, and by row number what is wrong with it."""

    rows: tuple[MappingRow, ...]
    errors: dict[int, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def wrong(self) -> bool:
        """Whether anything keeps it from being saved."""
        return bool(self.errors or self.trouble)


def rows_of(table: FieldMapping, typed: Mapping[str, str], known: Known) -> Typed:
    """The rows with what the form says of each; a row that is not in it stays."""
    rows: list[MappingRow] = []
    errors: dict[int, str] = {}
    for number, row in enumerate(table.rows):
        try:
            rows.append(_row(row, number, typed, known.get(row.group, ())))
        except ValueError as error:
            rows.append(row)
            errors[number] = str(error)
    off = not any(row.enabled for row in rows)
    trouble = _("At least one row has to stay on, or nothing could be read.") if off else ""
    return Typed(tuple(rows), errors, trouble)


def use_of(row: MappingRow) -> str:
    """What the form shows as chosen for a row."""
    if not row.enabled:
        return "ignored"
    if row.value:
        return "value"
    return "other" if row.override else "mapped"


def differing(table: FieldMapping) -> list[dict[str, Any]]:
    """The rows that a person changed: their name, and what they read now."""
    return [
        {
            "number": number,
            "label": row.label,
            "group": row.group,
            "use": USES[use_of(row)],
            "text": row.override or row.value if row.enabled else "",
        }
        for number, row in enumerate(table.rows)
        if use_of(row) != "mapped"
    ]


def shown_rows(
    table: FieldMapping, typed: Mapping[str, str], errors: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Each row with what stands in its inputs: as typed, else as it is."""
    return [
        {
            "index": number,
            "group": row.group,
            "label": row.label,
            "source_field": row.source_field,
            "target_field": row.target_field,
            "use": typed.get(f"use-{number}", use_of(row)),
            "text": typed.get(f"with-{number}", row.override or row.value),
            "error": errors.get(number, ""),
        }
        for number, row in enumerate(table.rows)
    ]


def _row(
    row: MappingRow, number: int, typed: Mapping[str, str], known: Collection[str]
) -> MappingRow:
    use = typed.get(f"use-{number}")
    if use is None:
        return row
    if use not in USES:
        raise ValueError(_("Choose what the row reads."))
    if use == "ignored":
        return replace(row, enabled=False)
    plain, text = replace(row, enabled=True, override="", value=""), typed.get(f"with-{number}", "")
    if use == "other":
        return replace(plain, override=_path(text, known))
    if use == "value":
        return replace(plain, value=_value(text, known))
    return plain


def _path(text: str, known: Collection[str]) -> str:
    path = text.strip()
    if not PATH.fullmatch(path):
        raise ValueError(_("“%(text)s” is no field; choose one of the list.") % {"text": path[:40]})
    _seen(path, known)
    return path


def _value(text: str, known: Collection[str]) -> str:
    template = " ".join(text.replace("\x00", " ").split())
    parse(template)
    for path in fields(template):
        _seen(path, known)
    return template.encode("utf-8", "replace").decode("utf-8")


def _seen(path: str, known: Collection[str]) -> None:
    """A field that none of the newest records has is rather a slip of the keyboard."""
    if known and path not in known:
        raise ValueError(
            _("None of the newest records has a field “%(path)s”.") % {"path": path[:60]}
        )
