"""Spot checks: the few automatic decisions a person looks at afterwards, and the answers.

Invariant: looking changes nothing; an answer is one POST that names what the person saw, and is
refused when the record has moved on. What an answer does is `pipeline.checks`'s.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import well
from well.domain.case import Case, CaseState
from well.domain.failure import Failed
from well.domain.learning import SpotCheck
from well.pipeline.checks import waiting
from well.storage import learned, queries
from well.storage.store import DjangoStore
from well.web.frame import Empty, said, show, typed
from well.web.guard import Seat, allowed, seated
from well.web.pages.certainty import certainty_of
from well.web.pages.check_view import Checking, CheckView, build, row_of_check
from well.web.pages.lists import TEXT_MAX, Row, queue_tabs
from well.web.pages.paper import paper_of
from well.web.pages.review import NOTE_MAX, pins_found, seen

LIST_MAX = 50
AROUND_MAX = 16
RIGHT, NONE, VALUE, ENTRY = "right", "none", "value", "entry:"
_WHY = {NONE: "", VALUE: "A value is wrong."}
"""What is kept of an answer that names no other entry; the trail is not translated."""


@seated()
def checks(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All second looks that wait, oldest first."""
    store = well().store(seat.workspace)
    names = queries.flow_names(seat.tenant)
    counted, waits = queries.counts(seat.tenant), learned.open_checks(seat.tenant)
    listed = [row for flow in names for row in _rows(seat, store, flow, LIST_MAX)]
    context = {
        "counts": counted,
        "waits": waits,
        "rows": listed,
        "more": sum(waits.values()) - len(listed),
        "flow_names": names if len(names) > 1 else {},
        "tabs": queue_tabs(seat, counted, waits),
        "empty": _empty(seat),
    }
    return show(request, seat, "well/checks.html", context)


def _rows(seat: Seat, store: DjangoStore, flow: str, most: int) -> list[Row]:
    found = store.spot_checks(flow, answered=False, limit=most)
    cases = store.cases([check.case for check in found])
    return [row_of_check(seat, cases[check.case], check) for check in found if check.case in cases]


def _empty(seat: Seat) -> Empty:
    return Empty(
        "circle-check",
        _("Nothing to check"),
        _(
            "Of what Well posts or links by itself, a few are shown here for a second look. None "
            "waits now."
        ),
        reverse("queue", args=[seat.workspace]),
        _("Open the review queue"),
    )


@seated()
def check(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """One automatic decision to look at."""
    store = well().store(seat.workspace)
    chosen, found = store.spot_check(case), store.cases([case]).get(case)
    if chosen is None or found is None:
        raise Http404("no such check")
    view = _view(request, seat, store, found, chosen)
    around = _rows(seat, store, found.flow, AROUND_MAX)
    following = _next(around, case)
    find = typed(request.GET, "find", TEXT_MAX)
    context = {
        "view": view,
        "sure": certainty_of(store, found),
        "paper": view.paper,
        "around": around,
        "next": reverse("check", args=[seat.workspace, following]) if following else "",
        "next_id": following,
        "record_url": reverse("record", args=[seat.workspace, case]),
        "list_title": _("Spot checks"),
        "back": reverse("checks", args=[seat.workspace]),
        "answer_url": reverse("check_answer", args=[seat.workspace, case]),
        "pins_url": reverse("pins", args=[seat.workspace, case]),
        "may_judge": allowed(seat.role, "judge"),
        "find": find,
        "pins": pins_found(seat, view.target, find),
        "wrong_open": bool(find or view.picked),
    }
    return show(request, seat, "well/check.html", context)


def _view(
    request: HttpRequest, seat: Seat, store: DjangoStore, case: Case, chosen: SpotCheck
) -> CheckView:
    flow = well().flow(seat.workspace, case.flow)
    target = well().connectors[store.connection(flow.target).connector].title
    picked = typed(request.GET, "entry")
    page = request.GET.get("page", "1")
    wanted = [c.id for c in case.ranking.candidates] + [id for id in (case.entry, picked) if id]
    entries = store.entries(flow.target, wanted)
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    query = urlencode({"entry": picked}) + "&" if picked else ""
    paper = paper_of(seat, store, case, number, query)
    return build(
        Checking(case, chosen, flow.target, target, entries, picked, paper, waiting(chosen, case))
    )


def _next(around: Sequence[Row], case: str) -> str:
    """The one after this in the list, else the first other one."""
    ids = [row.id for row in around]
    after = ids[ids.index(case) + 1 :] if case in ids else []
    return next(iter([*after, *(id for id in ids if id != case)]), "")


@require_POST
@seated("judge")
def check_answer(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """Take the answer, then open the next check, or the review of what was found wrong."""
    store, here = well().store(seat.workspace), reverse("check", args=[seat.workspace, case])
    found = store.cases([case]).get(case)
    if found is None or store.spot_check(case) is None:
        raise Http404("no such check")
    answer, entry = _answer(request)
    if not answer:
        said(request, _("Say what is right, then send. Nothing was changed."), "bad")
        return HttpResponseRedirect(here)
    if request.POST.get("seen") != seen(found):
        said(request, _("This record changed while you looked at it. Look again."), "warn")
        return HttpResponseRedirect(here)
    right = answer == RIGHT
    note = f"{_WHY.get(answer, '')} {typed(request.POST, 'note', NOTE_MAX)}".strip()
    try:
        alarm = well().answer_check(seat.workspace, case, right, seat.email, entry, note)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
        return HttpResponseRedirect(here)
    after = store.cases([case])[case]
    said(request, _thanks(after, right))
    if alarm is not None:
        said(request, alarm.sentence, "warn")
    return _onward(request, seat, store, after)


def _answer(request: HttpRequest) -> tuple[str, str | None]:
    """What was answered ("" for nothing Well knows), and the entry it names."""
    text = typed(request.POST, "answer", 300)
    if text in (RIGHT, NONE, VALUE):
        return text, None
    entry = text.removeprefix(ENTRY)
    return (ENTRY, entry) if text.startswith(ENTRY) and entry else ("", None)


def _thanks(after: Case, right: bool) -> str:
    name = after.invoice.seller.name if after.invoice else None
    who: dict[str, Any] = {"who": name or _("The record"), "reason": after.reason}
    if right:
        return _("%(who)s: counted as right. Thank you.") % who
    return _("%(who)s: counted as wrong, %(reason)s") % who


def _onward(request: HttpRequest, seat: Seat, store: DjangoStore, after: Case) -> HttpResponse:
    if after.state is CaseState.REVIEW:
        return HttpResponseRedirect(reverse("review", args=[seat.workspace, after.id]))
    following = typed(request.POST, "next_case")
    nearby = store.cases([following]).get(following)
    if nearby is not None and waiting(store.spot_check(following), nearby):
        return HttpResponseRedirect(reverse("check", args=[seat.workspace, following]))
    return HttpResponseRedirect(reverse("checks", args=[seat.workspace]))
