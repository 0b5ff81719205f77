"""The review queue with its tabs, and the list of all records by state.

Invariant: a list shows one flow and one state, a page at a time, the most certain first; its
numbers come from the same count as the status page. It decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from well.domain.case import CaseState
from well.domain.money import Money
from well.storage import queries
from well.storage.learned import open_checks
from well.storage.queries import Item
from well.web.frame import Empty, Link, show, typed
from well.web.guard import Seat, allowed, seated
from well.web.words import ONE_KIND, Words, state_sign, unnamed

TABS = (CaseState.REVIEW, CaseState.HELD, CaseState.REFUSED)
TEXT_MAX = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, in words. `confidence` None where nothing was decided."""

    id: str
    url: str
    who: str
    what: str
    amount: Money | None
    issued: date | None
    reason: str
    confidence: float | None
    tone: str
    bar_tone: str


def row_of(seat: Seat, item: Item, url: str | None = None) -> Row:
    """The line of a case; it leads to `url` or to the case's review or record page."""
    kind = str(ONE_KIND.get(item.kind, item.kind))
    return Row(
        id=item.id,
        url=url or case_url(seat, item),
        who=item.supplier or unnamed(item.kind),
        what=f"{kind} {item.number or item.source_id}".strip(),
        amount=item.amount,
        issued=item.issued,
        reason=item.failure or item.reason or str(state_sign(item.state).word),
        confidence=item.confidence or None,
        tone=state_sign(item.state).tone,
        bar_tone=bar_tone(item.confidence),
    )


def bar_tone(confidence: float) -> str:
    """Tone of a confidence bar; the number stands beside it."""
    return "good" if confidence >= 0.85 else "warn" if confidence >= 0.55 else "bad"


def case_url(seat: Seat, item: Item) -> str:
    """Where a person works on a case: the review screen in the states of the queue."""
    name = "review" if item.state in TABS else "record"
    return reverse(name, args=[seat.workspace, item.id])


@seated()
def queue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Cases that need a person: in review, held, refused."""
    state = request.GET.get("tab", CaseState.REVIEW.value)
    state = state if state in TABS else CaseState.REVIEW.value
    counted = queries.counts(seat.tenant)
    lead = {
        CaseState.REVIEW.value: _("Well was not sure enough. You decide, one key each."),
        CaseState.HELD.value: _("Changed at the source after they were posted."),
        CaseState.REFUSED.value: _("Not posted. Each can be reopened, posted or linked."),
    }[state]
    page = _listing(request, seat, state, counted, "tab", TABS)
    waits = open_checks(seat.tenant)
    more = {"title": _("Review queue"), "lead": lead, "waits": waits}
    tabs = [*page["tabs"], checks_tab(seat, waits, current=False)]
    return show(request, seat, "well/queue.html", {**page, **more, "tabs": tabs})


def queue_tabs(
    seat: Seat, counted: Mapping[str, Mapping[str, int]], waits: Mapping[str, int]
) -> list[Link]:
    """The tabs of the queue as the spot checks show them: counted over all flows."""
    queue_url = reverse("queue", args=[seat.workspace])
    tabs = [_tab(_over_all(counted), state, "", "tab", {}, queue_url) for state in TABS]
    return [*tabs, checks_tab(seat, waits, current=True)]


def _over_all(counted: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {s: sum(states.get(s, 0) for states in counted.values()) for s in CaseState}


def checks_tab(seat: Seat, waits: Mapping[str, int], *, current: bool) -> Link:
    """The tab of the spot checks, with how many wait in all flows."""
    url = reverse("checks", args=[seat.workspace])
    return Link(_("Spot checks"), url, "search", current, sum(waits.values()))


@seated()
def records(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All cases by state."""
    state = request.GET.get("state", "")
    counted = queries.counts(seat.tenant)
    if state not in set(CaseState):
        state = _fullest(counted)
    page = _listing(request, seat, state, counted, "state", tuple(CaseState))
    lead = str(state_sign(state).sentence).capitalize() + "."
    return show(request, seat, "well/queue.html", {**page, "title": _("Records"), "lead": lead})


def _fullest(counted: Mapping[str, Mapping[str, int]]) -> str:
    sums = _over_all(counted)
    return max(sums, key=lambda state: sums[state])


def page_number(request: HttpRequest) -> int:
    """The asked page; 1 for anything that is no sensible number."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def pick_flow(
    request: HttpRequest,
    names: Mapping[str, str],
    counted: Mapping[str, Mapping[str, int]],
    state: str,
) -> str:
    """The flow asked for, else the one with most cases in `state`."""
    wanted = request.GET.get("flow", "")
    if wanted in names or not names:
        return wanted if wanted in names else ""
    return max(names, key=lambda flow: counted.get(flow, {}).get(state, 0))


def _listing(
    request: HttpRequest,
    seat: Seat,
    state: str,
    counted: Mapping[str, Mapping[str, int]],
    param: str,
    states: tuple[CaseState, ...],
) -> dict[str, Any]:
    names = queries.flow_names(seat.tenant)
    flow = pick_flow(request, names, counted, state)
    text = typed(request.GET, "q", TEXT_MAX)
    total = counted.get(flow, {}).get(state, 0)
    page = queries.case_page(seat.tenant, flow, state, page_number(request), text, total)
    chosen = {"flow": flow} if len(names) > 1 else {}
    return {
        "counts": counted,
        "param": param,
        "state": state,
        "tabs": [_tab(counted.get(flow, {}), s, state, param, chosen) for s in states],
        "flows": [
            Link(name, "?" + urlencode({param: state, "flow": key}), "workflow", key == flow)
            for key, name in names.items()
        ]
        if len(names) > 1
        else [],
        "flow_id": flow,
        "text": text,
        "page": page,
        "rows": [row_of(seat, item) for item in page.items],
        "page_query": urlencode({param: state, "q": text, **chosen}) + "&",
        "empty": _empty(seat, state, text, bool(names)),
        "start": state == CaseState.REVIEW,
    }


def _tab(
    states: Mapping[str, int],
    state: CaseState,
    current: str,
    param: str,
    chosen: dict[str, str],
    page: str = "",
) -> Link:
    sign = state_sign(state)
    word: Words = sign.word
    url = page + "?" + urlencode({param: state.value, **chosen})
    return Link(word, url, sign.icon, state.value == current, states.get(state, 0))


def _empty(seat: Seat, state: str, text: str, any_flow: bool) -> Empty:
    if text:
        title = _("Nothing found")
        said = _("No record in this list has “%(text)s” in its supplier or number.")
        return Empty("search", title, said % {"text": text}, "?", _("Clear the search"))
    if not any_flow:
        return Empty(
            "plug",
            _("Nothing is connected yet"),
            _("Connect the account to read from and the one to post to; then records come here."),
            reverse("connections", args=[seat.workspace]),
            _("Open connections") if allowed(seat.role, "manage") else _("See connections"),
        )
    if state == CaseState.REVIEW:
        return Empty(
            "circle-check",
            _("Nothing to decide"),
            _("What Well was sure of is posted or linked. The status page shows all of it."),
            reverse("status", args=[seat.workspace]),
            _("Open status"),
        )
    return Empty("inbox", _("Empty"), _("No record is in this state."))
