"""The preview of other limits: what they would have done, before they are saved.

Invariant: it stores nothing; it tries the newest PREVIEW_MAX decisions of the window at the most,
so a page is never kept waiting, and says when there were more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from well.bootstrap import well
from well.domain.decision import Outcome
from well.domain.flow import Flow
from well.domain.money import Money
from well.pipeline.simulate import VERBS, WINDOW, PastDecisions
from well.policy.simulate import Changed, Checked, Simulation, simulate
from well.web import formats
from well.web.guard import Seat, seated
from well.web.pages.flow_forms import LIMITS, with_rules
from well.web.pages.flows import flow_page
from well.web.pages.found import find_flow
from well.web.words import OUTCOMES, Words

PREVIEW_MAX = 2000
SHOWN = (Outcome.POST, Outcome.LINK, Outcome.REVIEW, Outcome.REFUSE)
RARE = (Outcome.HOLD, Outcome.KEEP, Outcome.IGNORE)
"""Outcomes with a row where there are any, so that the rows add up to the decisions."""


@dataclass(frozen=True, slots=True)
class Example:
    """One record that would come out otherwise."""

    url: str
    who: str
    amount: Money | None
    before: Words
    after: Words
    reason: str


def preview(seat: Seat, found: Flow, changed: Flow) -> dict[str, Any]:
    """What the part of the page shows for `changed` instead of `found`."""
    since = well().clock.now() - WINDOW
    past = PastDecisions(well().store(seat.workspace).told_since(VERBS, since), found.id)
    result = simulate(islice(past, PREVIEW_MAX), found.rules, changed.rules)
    return {
        "title": _("What these limits would have done"),
        "sentence": _sentence(result),
        "window": _("the last %(n)s days") % {"n": WINDOW.days},
        "rows": _rows(result),
        "moves": [
            {
                "before": OUTCOMES[move.before],
                "after": OUTCOMES[move.after],
                "count": move.count,
                "amounts": [formats.money(amount) for amount in move.amounts],
            }
            for move in result.moves
            if move.before is not move.after
        ],
        "examples": [_example(seat, one) for one in result.examples],
        "checked": [
            _checked(_("Right, now"), result.checked_before),
            _checked(_("Right, then"), result.checked_after),
        ],
        "notes": _notes(result, past.unreadable),
        "decided": result.decided,
        "changed": result.changed,
    }


def _sentence(result: Simulation) -> str:
    if not result.decided:
        return _("Nothing was decided in this time, so there is nothing to try these limits on.")
    if not result.changed:
        return _("Every decision would have come out the same.")
    return ngettext(
        "%(n)s of %(all)s decisions would have come out otherwise.",
        "%(n)s of %(all)s decisions would have come out otherwise.",
        result.changed,
    ) % {"n": formats.number(result.changed), "all": formats.number(result.decided)}


def _rows(result: Simulation) -> list[dict[str, Any]]:
    seen = {outcome for move in result.moves for outcome in (move.before, move.after)}
    shown = (*SHOWN, *(outcome for outcome in RARE if outcome in seen))
    counted = [(o, result.count(o, after=False), result.count(o, after=True)) for o in shown]
    return [
        {"word": OUTCOMES[o], "before": before, "after": after, "by": _by(after - before)}
        for o, before, after in counted
    ]


def _by(change: int) -> str:
    return f"{change:+d}".replace("-", "−") if change else formats.NOTHING


def _example(seat: Seat, one: Changed) -> Example:
    return Example(
        url=reverse("record", args=[seat.workspace, one.case]),
        who=f"{one.supplier} {one.number}".strip() or _("No supplier read"),
        amount=one.amount,
        before=OUTCOMES[one.before],
        after=OUTCOMES[one.after],
        reason=one.reason,
    )


def _checked(when: str, checked: Checked) -> dict[str, str]:
    if checked.lower is None:
        return {"when": when, "text": _("no judgements yet")}
    text = _("%(right)s of %(checked)s that a person judged were right; at least %(lower)s")
    names = {"right": checked.right, "checked": checked.checked}
    return {"when": when, "text": text % {**names, "lower": formats.share(checked.lower)}}


def _notes(result: Simulation, unreadable: int) -> list[str]:
    notes = []
    if result.decided == PREVIEW_MAX:
        text = _("Only the newest %(n)s are tried here; “well policy simulate” tries all.")
        notes.append(text % {"n": formats.number(PREVIEW_MAX)})
    if result.unlike:
        text = _("%(n)s came out otherwise then, under earlier limits or an earlier policy.")
        notes.append(text % {"n": formats.number(result.unlike)})
    if result.nameless:
        text = _("%(n)s tell neither kind nor stream, so no rule about those is met by them.")
        notes.append(text % {"n": formats.number(result.nameless)})
    if unreadable:
        text = _("%(n)s could not be read back and are left out.")
        notes.append(text % {"n": formats.number(unreadable)})
    return notes


@require_POST
@seated("manage")
def flow_preview(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """The part of the page, or the whole page where no script asks."""
    found = find_flow(seat, flow)
    typed = {name: request.POST.get(name, "") for name in LIMITS}
    context, error = _tried(seat, found, typed)
    if request.headers.get("HX-Request") == "true":
        part = {"preview": context, "preview_error": error}
        return render(request, "well/parts/preview.html", part)
    errors = {"rules": error} if error else {}
    return flow_page(request, seat, found, errors, typed, context)


def _tried(seat: Seat, found: Flow, typed: Mapping[str, str]) -> tuple[dict[str, Any] | None, str]:
    try:
        return preview(seat, found, with_rules(found, typed)), ""
    except ValueError as error:
        return None, str(error)
