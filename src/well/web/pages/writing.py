"""What a verdict would write to the target, said before it is given.

Invariant: it says exactly what is sent (a file) and what is then read back; where nothing is
written it says so. Pure.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from well.domain.case import Case
from well.domain.entry import TargetEntry
from well.web.pages.choices import name_of
from well.web.pages.fields import shown, values_of
from well.web.words import FIELDS, Words

READ_BACK = ("seller.name", "number", "issue_date", "due_date", "gross_total", "tax_total")


@dataclass(frozen=True, slots=True)
class Writing:
    """`rows` are names and values the target should read; `after` says what follows."""

    sentence: str
    rows: tuple[tuple[Words, str], ...] = ()
    after: str = ""


def writing(
    case: Case, chosen: str | None, entry: TargetEntry | None, target: str, mailed: bool = False
) -> Writing:
    """For the answer that is looked at; `mailed`: it went by mail and may be there."""
    names = {"target": target}
    if case.entry is not None:
        return Writing(
            _("Nothing. %(target)s offers no way to change an entry that exists.") % names,
            after=_("To correct it, change it in %(target)s by hand; Well reads it back.") % names,
        )
    if chosen is not None:
        label = name_of(entry) if entry else chosen
        return Writing(
            _("Nothing. The record is linked to “%(label)s”; no new entry is made.")
            % {"label": label},
            after=_("The link can be seen from both sides on the record's page."),
        )
    if mailed:
        return Writing(
            _("Nothing, if you see it. Sent again, it is mailed to %(target)s a second time.")
            % names,
            after=_("If the first mail did arrive after all, there are two of it: look first."),
        )
    if case.invoice is None:
        return Writing(_("Nothing: the record could not be read."))
    values = values_of(case.invoice)
    file = _("the original file") if case.document else _("a page drawn by Well, marked as such")
    return Writing(
        _("One new supplier invoice: %(file)s.") % {"file": file},
        tuple((FIELDS[name], shown(values[name])) for name in READ_BACK if values[name]),
        _("%(target)s reads the file; Well then compares these values with what it read.") % names,
    )
