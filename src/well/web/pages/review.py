"""The review screen: one case, its page, its fields, the candidates, and the verdict.

Invariant: choosing a candidate is an address (nothing is stored by looking); a verdict is one
POST that names what the person saw, and is refused when the case has moved on. After it the next
case of the list opens. The decision itself is `pipeline.judge`'s.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import well
from well.domain.candidate import Ranking
from well.domain.case import Case
from well.domain.failure import Failed
from well.domain.ids import posting_id
from well.pipeline.correct import correctable
from well.pipeline.judge import Judgement, owner_of_document
from well.ports.store import Store
from well.storage import queries
from well.web.frame import back_to, said, show, typed
from well.web.guard import Seat, allowed, seated
from well.web.pages.certainty import certainty_of
from well.web.pages.lists import TEXT_MAX, page_number, row_of
from well.web.pages.paper import paper_of
from well.web.pages.review_view import Looking, build
from well.web.words import state_sign

VERDICTS = ("approve", "link", "pin", "refuse", "removed", "retry", "reopen", "seen", "again")
NOTE_MAX = 500
_ADDRESSES = ("record", "judge", "pins", "correct", "uncorrect")


def seen(case: Case) -> str:
    """What a person saw of a case: a verdict about anything else is refused."""
    stamp = case.updated_at.isoformat() if case.updated_at else ""
    return f"{case.state.value}:{case.version}:{stamp}"


@seated()
def review(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """One case to decide."""
    found = well().store(seat.workspace).cases([case]).get(case)
    if found is None:
        raise Http404("no such case")
    return show(request, seat, "well/review.html", desk_of(request, seat, found))


def desk_of(request: HttpRequest, seat: Seat, case: Case) -> dict[str, Any]:
    """What the page of one case shows: its neighbours, its paper, its fields and the choices."""
    hub = well()
    store = hub.store(seat.workspace)
    item = queries.item(seat.tenant, case.id)
    if item is None:
        raise Http404("no such case")
    flow = hub.flow(seat.workspace, case.flow)
    target = hub.connectors[store.connection(flow.target).connector].title
    chosen = _chosen(request, store, case)
    wanted = [c.id for c in case.ranking.candidates] + ([chosen] if chosen else [])
    entries = store.entries(flow.target, wanted)
    posting_key = posting_id(seat.workspace, flow.target, case.record)
    posting = store.postings([posting_key]).get(posting_key)
    mailed = posting is not None and posting.may_be_there
    asked = posting is not None and posting.asks != ""
    paper = paper_of(seat, store, case, page_number(request), _query(chosen))
    counted = queries.counts(seat.tenant)
    find = typed(request.GET, "find", TEXT_MAX)
    return {
        "counts": counted,
        "view": build(
            Looking(case, flow, entries, chosen, target, paper, seen(case), mailed, asked)
        ),
        "sure": certainty_of(store, case),
        "paper": paper,
        "target_title": target,
        **_around(seat, item),
        "total": counted.get(case.flow, {}).get(case.state.value, 0),
        "list_title": state_sign(case.state).word,
        "back": reverse("queue", args=[seat.workspace]) + f"?tab={case.state.value}",
        **{f"{name}_url": reverse(name, args=[seat.workspace, case.id]) for name in _ADDRESSES},
        "may_judge": allowed(seat.role, "judge"),
        "correct_open": allowed(seat.role, "judge") and correctable(case),
        "find": find,
        "pins": pins_found(seat, flow.target, find),
    }


def _around(seat: Seat, item: queries.Item) -> dict[str, Any]:
    """The neighbours in the list, as links."""
    near = queries.around(seat.tenant, item)
    rows = [*reversed(near.before[:4]), item, *near.after]
    return {
        "around": [row_of(seat, one) for one in rows],
        "previous": row_of(seat, near.before[0]).url if near.before else "",
        "next": row_of(seat, near.after[0]).url if near.after else "",
        "next_id": near.after[0].id if near.after else near.before[0].id if near.before else "",
        "position": near.position,
    }


@seated("judge")
def pins(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """Entries found by search, as a part of the page."""
    hub = well()
    found = hub.store(seat.workspace).cases([case]).get(case)
    if found is None:
        raise Http404("no such case")
    find = typed(request.GET, "find", TEXT_MAX)
    target = hub.flow(seat.workspace, found.flow).target
    return render(
        request, "well/parts/pins.html", {"find": find, "pins": pins_found(seat, target, find)}
    )


@require_POST
@seated("judge")
def judge(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """Take a verdict and open the next case."""
    hub = well()
    here = reverse("review", args=[seat.workspace, case])
    found = hub.store(seat.workspace).cases([case]).get(case)
    if found is None:
        raise Http404("no such case")
    verdict = request.POST.get("verdict", "")
    if verdict not in VERDICTS:
        said(request, _("That is no verdict Well knows. Nothing was changed."), "bad")
        return HttpResponseRedirect(here)
    if request.POST.get("seen") != seen(found):
        said(
            request,
            _("This record changed while you looked at it. Look again, then decide."),
            "warn",
        )
        return HttpResponseRedirect(here)
    judgement = Judgement(
        verdict,  # type: ignore[arg-type]
        typed(request.POST, "entry") or None,
        typed(request.POST, "note", NOTE_MAX),
    )
    try:
        after = hub.judge(seat.workspace, case, judgement, seat.email)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
        return HttpResponseRedirect(here)
    said(request, _sentence(found, after))
    return _onward(request, seat, found)


def _onward(request: HttpRequest, seat: Seat, before: Case) -> HttpResponse:
    """To where the form says, else the next case of the same list, else the list."""
    following = queries.item(seat.tenant, typed(request.POST, "next_case"))
    if following is not None and following.state == before.state.value:
        return HttpResponseRedirect(reverse("review", args=[seat.workspace, following.id]))
    fallback = reverse("queue", args=[seat.workspace]) + f"?tab={before.state.value}"
    return back_to(request, fallback)


def _sentence(before: Case, after: Case) -> str:
    who = _("the record")
    if before.invoice is not None:
        who = before.invoice.seller.name or before.invoice.number or who
    state = str(state_sign(after.state).word).lower()
    reason = f" ({after.reason})" if after.reason else ""
    return _("%(who)s: %(state)s%(reason)s.") % {"who": who, "state": state, "reason": reason}


def _chosen(request: HttpRequest, store: Store, case: Case) -> str | None:
    """The entry looked at: the asked one, "none" for a new one, else what the decision names
    unless a spot check found that wrong or it is likelier new, or the entry that another record of
    the same document has by now."""
    asked = typed(request.GET, "entry")
    if case.entry is not None:
        return case.entry
    if asked:
        return None if asked == "none" else asked
    check = store.spot_check(case.id)
    overturned = check is not None and check.right is False
    named = case.decision.entry if case.decision is not None else None
    if named is not None and not overturned and not _likelier_new(case.ranking, named):
        return named
    owner = owner_of_document(store, case)
    return owner.entry if owner else None


def _likelier_new(ranking: Ranking, entry: str) -> bool:
    """Whether no entry is likelier the document than this one is."""
    return any(
        candidate.id == entry and candidate.confidence < ranking.none_confidence
        for candidate in ranking.candidates
    )


def _query(chosen: str | None) -> str:
    return urlencode({"entry": chosen or "none"}) + "&"


def pins_found(seat: Seat, target: str, find: str) -> list[Mapping[str, Any]]:
    """Entries of the connection `target` that a person may pin, as links."""
    return [
        {
            "url": "?" + urlencode({"entry": entry.id}),
            "label": entry.supplier or entry.file_name,
            "detail": entry.number,
            "amount": entry.amount,
        }
        for entry in queries.search_entries(seat.tenant, target, find)
    ]
