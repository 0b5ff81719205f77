"""What the page of one spot check shows, computed from domain values alone.

Invariant: the fields are those that were posted or linked, beside what the target says of the
entry now; only answers that `pipeline.checks` takes are offered. It reads and decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from well.domain.case import Case, CaseState
from well.domain.entry import TargetEntry
from well.domain.invoice import Finding
from well.domain.learning import SpotCheck
from well.domain.money import Money
from well.web.guard import Seat
from well.web.pages.choices import Choice, EvidenceRow, choices, describe, name_of
from well.web.pages.fields import Box, FieldRow, rows, unplaced, values_of_entry
from well.web.pages.lists import Row, bar_tone
from well.web.pages.paper import Paper
from well.web.pages.review import seen
from well.web.words import ONE_KIND, state_sign


@dataclass(frozen=True, slots=True)
class Checking:
    """A case with its check; `target` is a connection, `picked` an entry found by search ("")."""

    case: Case
    check: SpotCheck
    target: str
    title: str
    entries: Mapping[str, TargetEntry]
    picked: str
    paper: Paper | None
    waits: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """See the template for where each stands. `answered` is a sentence, "" while it waits."""

    id: str
    who: str
    amount: Money | None
    kind: str
    state: str
    confidence: float
    sentence: str
    fields: tuple[FieldRow, ...]
    findings: tuple[Finding, ...]
    against: str
    entry: str
    entry_link: str
    evidence: tuple[EvidenceRow, ...]
    bits: float
    others: tuple[Choice, ...]
    picked: str
    linked: bool
    waits: bool
    answered: str
    answered_at: datetime | None
    target: str
    title: str
    seen: str
    paper: Paper | None


def build(look: Checking) -> CheckView:
    """The whole page."""
    case, check = look.case, look.check
    entry = look.entries.get(case.entry or "")
    picked = look.picked if look.picked in look.entries and look.picked != case.entry else ""
    listed = choices(case.ranking, look.entries, picked or None, lambda _id: "")
    own = next((one for one in listed if one.id == case.entry), None)
    invoice = case.posted or case.invoice
    fields = rows(invoice, values_of_entry(entry) if entry else {}, _boxes(look.paper))
    return CheckView(
        id=case.id,
        who=_who(case),
        amount=invoice.gross_total if invoice else None,
        kind=case.kind.value,
        state=case.state.value,
        confidence=check.confidence,
        sentence=_sentence(look, entry),
        fields=fields,
        findings=unplaced(case.invoice, fields),
        against=_("In %(target)s") % {"target": look.title} if entry else "",
        entry=_described(entry),
        entry_link=entry.link if entry else "",
        evidence=own.evidence if own else (),
        bits=own.bits if own else 0.0,
        others=tuple(one for one in listed if one.id != case.entry),
        picked=picked,
        linked=case.state is CaseState.LINKED,
        waits=look.waits,
        answered=_answered(look),
        answered_at=check.answered_at,
        target=look.target,
        title=look.title,
        seen=seen(case),
        paper=look.paper,
    )


def _boxes(paper: Paper | None) -> tuple[Box, ...]:
    return paper.boxes if paper else ()


def _who(case: Case) -> str:
    name = case.invoice.seller.name if case.invoice else None
    return name or _("No supplier read")


def _described(entry: TargetEntry | None) -> str:
    return " · ".join(part for part in (name_of(entry), describe(entry)) if part) if entry else ""


def _sentence(look: Checking, entry: TargetEntry | None) -> str:
    names = {"target": look.title, "name": name_of(entry) if entry else look.case.entry or ""}
    if look.case.state is CaseState.LINKED:
        return _("Well linked it to “%(name)s” in %(target)s by itself. Is that right?") % names
    return _("Well posted it to %(target)s as a new invoice by itself. Is that right?") % names


def _answered(look: Checking) -> str:
    check = look.check
    if check.right is not None:
        told = _("%(who)s said: right.") if check.right else _("%(who)s said: wrong.")
        return told % {"who": check.by}
    if not look.waits:
        return _("The record moved on before anybody answered, so there is nothing to check.")
    return ""


def row_of_check(seat: Seat, case: Case, check: SpotCheck) -> Row:
    """The line of a check in a list."""
    invoice = case.posted or case.invoice
    kind = str(ONE_KIND.get(case.kind, case.kind.value))
    sign = state_sign(case.state)
    return Row(
        id=case.id,
        url=reverse("check", args=[seat.workspace, case.id]),
        who=_who(case),
        what=f"{kind} {(invoice and invoice.number) or case.key.source_id}",
        amount=invoice.gross_total if invoice else None,
        issued=invoice.issue_date if invoice else None,
        reason=_("%(state)s by itself") % {"state": sign.word},
        confidence=check.confidence,
        tone=sign.tone,
        bar_tone=bar_tone(check.confidence),
    )
