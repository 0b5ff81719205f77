"""What the review screen shows of one case, computed from domain values alone.

Invariant: the sentence, the fields, the candidates and what would be written all speak of the
same chosen answer. Pure but for words; it reads nothing and decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from well.domain.case import Case, CaseState
from well.domain.decision import Reason
from well.domain.entry import TargetEntry
from well.domain.flow import Flow
from well.domain.invoice import Finding
from well.domain.money import Money
from well.matching import runner_up, would_change
from well.policy.alike import same_name, same_number
from well.web.pages.actions import OPEN, Action, main_action, other_actions
from well.web.pages.choices import Choice, choices
from well.web.pages.fields import (
    Box,
    FieldRow,
    LineRow,
    Value,
    line_rows,
    rows,
    unplaced,
    values_of,
    values_of_entry,
)
from well.web.pages.paper import Paper
from well.web.pages.writing import Writing, writing


@dataclass(frozen=True, slots=True)
class Looking:
    """A case, what belongs to it, and the answer that is looked at (`chosen` None is "new").
    `mailed`: it was mailed and may be there; `asked`: a person has to say whether it is."""

    case: Case
    flow: Flow
    entries: Mapping[str, TargetEntry]
    chosen: str | None
    target: str
    paper: Paper | None
    seen: str
    mailed: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ReviewView:
    """See the template for where each stands."""

    id: str
    who: str
    amount: Money | None
    kind: str
    state: str
    confidence: float | None
    sentence: str
    stopped: bool
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    fields: tuple[FieldRow, ...]
    lines: tuple[LineRow, ...]
    none: Choice
    choices: tuple[Choice, ...]
    chosen: Choice
    truncated: bool
    open: bool
    pinnable: bool
    against: str
    main: Action | None
    others: tuple[Action, ...]
    write: Writing
    hints: tuple[str, ...]
    seen: str
    corrected_by: str = ""


def build(look: Looking) -> ReviewView:
    """The whole screen."""
    case = look.case
    known = look.chosen if look.chosen in look.entries else None
    listed = choices(case.ranking, look.entries, known, _choice_url)
    ranked_ids = {candidate.id for candidate in case.ranking.candidates}
    chosen_id = look.chosen if look.chosen in ranked_ids or known else None
    none = Choice(None, _choice_url("none"), confidence=case.ranking.none_confidence)
    chosen = next((c for c in listed if c.id == chosen_id), none)
    entry = look.entries.get(chosen_id) if chosen_id else None
    edited = case.state is CaseState.HELD and case.posted is not None
    other = values_of(case.posted) if edited and case.posted else {}
    if not edited and entry is not None:
        other = values_of_entry(entry)
    fields = rows(case.invoice, other, *_placed(look.paper))
    said = sentence(case, entry)
    reasons = case.decision.deciding if case.decision else ()
    against = _("In %(target)s") % {"target": look.target} if chosen_id else ""
    return ReviewView(
        id=case.id,
        who=_who(case),
        amount=case.invoice.gross_total if case.invoice else None,
        kind=case.kind.value,
        state=case.state.value,
        confidence=case.decision.together if case.decision else None,
        sentence=said,
        stopped=any(reason.stops and reason.sentence == said for reason in reasons),
        reasons=tuple(reason for reason in reasons if reason.sentence != said),
        findings=unplaced(case.invoice, fields),
        fields=fields,
        lines=line_rows(case.invoice),
        none=none,
        choices=listed,
        chosen=chosen,
        truncated=case.ranking.truncated,
        open=case.state in OPEN,
        pinnable=case.state in OPEN and case.entry is None,
        against=_("As posted") if edited else against,
        main=main_action(case, chosen_id, chosen_id in ranked_ids, look.target, look.mailed),
        others=other_actions(case, look.target, look.asked),
        write=writing(case, chosen_id, entry, look.target, look.mailed),
        hints=_hints(case, chosen_id),
        seen=look.seen,
        corrected_by=case.correction.by if case.correction else "",
    )


def _placed(paper: Paper | None) -> tuple[tuple[Box, ...], str]:
    return (paper.boxes, paper.query) if paper else ((), "")


def _choice_url(id: str) -> str:
    return "?" + urlencode({"entry": id})


def _who(case: Case) -> str:
    name = case.invoice.seller.name if case.invoice else None
    return name or _("No supplier read")


def sentence(case: Case, entry: TargetEntry | None) -> str:
    """The verdict in one sentence: what agrees and what differs, or why it stands here."""
    if case.state is CaseState.HELD or case.entry is not None:
        return case.reason or _("Changed at the source after it was posted.")
    if entry is None:
        return case.reason or _("No existing entry was chosen: it would be posted as new.")
    if case.invoice is None:
        return case.reason
    mine, theirs = values_of(case.invoice), values_of_entry(entry)
    named = {
        "seller.name": _("supplier"),
        "number": _("number"),
        "gross_total": _("total"),
        "issue_date": _("date"),
    }
    known = {n: w for n, w in named.items() if mine.get(n) and theirs.get(n)}
    same = [word for name, word in known.items() if _alike(name, mine[name], theirs[name])]
    differs = [word for word in known.values() if word not in same]
    return _agreement(same, differs)


def _alike(name: str, mine: Value, theirs: Value) -> bool:
    """Equal for a person: spelling of a name or number aside, as the product compares them."""
    if name == "seller.name":
        return same_name(str(mine), str(theirs))
    if name == "number":
        return same_number(str(mine), str(theirs))
    return mine == theirs


def _agreement(same: list[str], differs: list[str]) -> str:
    if same and differs:
        return _("Same %(same)s. Different %(differs)s.") % {
            "same": _listed(same),
            "differs": _listed(differs),
        }
    if same:
        return _("Same %(same)s.") % {"same": _listed(same)}
    if differs:
        return _("Different %(differs)s.") % {"differs": _listed(differs)}
    return _("The entry tells nothing to compare: the target has not read it yet.")


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _hints(case: Case, chosen: str | None) -> tuple[str, ...]:
    """Why the second is behind, and what would change the score."""
    found = [runner_up(case.ranking)] if len(case.ranking.candidates) > 1 else []
    for candidate in case.ranking.candidates:
        if candidate.id == chosen:
            found.extend(f"{hint}." for hint in would_change(candidate)[:2])
    return tuple(hint[:1].upper() + hint[1:] for hint in found if hint)
