"""The page of one record: where it stands, how it came there, both ends, and retry.

Invariant: everything Well knows of a record can be reached from here; a failure says what is kept
and what continues. It changes nothing but through `pipeline.judge`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import well
from well.domain.case import Case, CaseState
from well.domain.entry import TargetEntry
from well.domain.failure import Failed
from well.domain.ids import posting_id
from well.domain.trail import TrailEvent
from well.pipeline.checks import waiting
from well.pipeline.correct import correctable
from well.pipeline.judge import Judgement
from well.storage import queries
from well.web.frame import back_to, said, show, typed
from well.web.guard import Seat, allowed, seated
from well.web.pages.certainty import certainty_of
from well.web.pages.choices import Choice, choices
from well.web.pages.fields import line_rows, rows, values_of, values_of_entry
from well.web.pages.learned import supplier_card
from well.web.pages.line import line
from well.web.pages.lists import TABS
from well.web.pages.mail_words import SEMANTICS
from well.web.pages.paper import paper_of
from well.web.pages.review import seen
from well.web.pages.source_links import source_links
from well.web.words import OUTCOMES, WAYS_OUT, unnamed


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One event as shown; `detail` is JSON text."""

    at: datetime
    actor: str
    verb: str
    detail: str


@seated()
def record(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """One record."""
    hub = well()
    store = hub.stores.open(seat.workspace, seat.region)
    found = store.cases([case]).get(case)
    if found is None:
        raise Http404("no such record")
    flow = hub.flow(seat.workspace, found.flow)
    wanted = [c.id for c in found.ranking.candidates] + ([found.entry] if found.entry else [])
    entries = store.entries(flow.target, wanted)
    posting_key = posting_id(seat.workspace, flow.target, found.record)
    posting = store.postings([posting_key]).get(posting_key)
    events = store.trail_of([found.record, found.id, posting_key])
    paper = paper_of(seat, store, found, 1)
    source = hub.connectors[store.connection(flow.source).connector]
    target = hub.connectors[store.connection(flow.target).connector]
    may_judge = allowed(seat.role, "judge")
    context = {
        "view": _view(found, entries, events),
        "sure": certainty_of(store, found),
        "supplier": supplier_card(seat, store, found),
        "check_url": reverse("check", args=[seat.workspace, case])
        if may_judge and waiting(store.spot_check(case), found)
        else "",
        "flow": flow,
        "flow_url": reverse("flow", args=[seat.workspace, flow.id]),
        "source_title": source.title,
        "target_title": target.title,
        "source_link": source_links(hub, seat, [found])[found.id],
        "entry": entries.get(found.entry or ""),
        "paper": paper,
        "posting": posting,
        "mails": mails(events),
        "asks": posting.asks if posting else "",
        "semantics": SEMANTICS,
        "seen_url": reverse("judge", args=[seat.workspace, case])
        if may_judge and found.state is CaseState.POSTED and posting and posting.may_be_there
        else "",
        "versions": queries.versions(seat.tenant, found.record),
        "trail": [_trail_line(event) for event in reversed(events)],
        "review_url": reverse("review", args=[seat.workspace, case])
        if found.state in TABS and may_judge
        else "",
        "correct_url": reverse("correct", args=[seat.workspace, case])
        if may_judge and correctable(found)
        else "",
        "retry_url": reverse("retry", args=[seat.workspace])
        if (found.state is CaseState.FAILED or found.kept_out) and may_judge
        else "",
    }
    return show(request, seat, "well/record.html", context)


@dataclass(frozen=True, slots=True)
class Mail:
    """One thing that was said of the mail that carries a record: when, which state, which words."""

    at: datetime
    state: str
    words: str
    message: str


def mails(events: Sequence[TrailEvent]) -> tuple[Mail, ...]:
    """What became of a record's mail, oldest first."""
    told = [(event.at, event.detail) for event in events if event.detail.get("delivery")]
    return tuple(
        Mail(at, str(d["delivery"]), str(d.get("server", "")), str(d.get("message", "")))
        for at, d in told
    )


def _view(
    case: Case, entries: Mapping[str, TargetEntry], events: Sequence[TrailEvent]
) -> dict[str, Any]:
    decision, invoice = case.decision, case.invoice
    entry = entries.get(case.entry or "")
    changed = case.posted is not None and case.posted != invoice
    against = values_of(case.posted) if changed and case.posted else {}
    if not changed and entry is not None:
        against = values_of_entry(entry)
    return {
        "id": case.id,
        "who": (invoice and invoice.seller.name) or unnamed(case.kind),
        "number": invoice.number if invoice else None,
        "amount": invoice.gross_total if invoice else None,
        "kind": case.kind.value,
        "state": case.state.value,
        "source_id": case.key.source_id,
        "entry": case.entry,
        "version": case.version,
        "seen": seen(case),
        "by": case.by,
        "line": line(case, events),
        "fields": rows(invoice, against),
        "against": _("As posted") if changed else _("At the target") if entry else "",
        "lines": line_rows(invoice),
        "decided": decision is not None,
        "outcome": OUTCOMES.get(decision.outcome, "") if decision else "",
        "confidence": decision.together if decision else None,
        "reasons": decision.deciding if decision else (),
        "versions": _versions(case),
        "none": Choice(None, "", confidence=case.ranking.none_confidence),
        "choices": choices(case.ranking, entries, None, lambda _id: ""),
        "failure": case.failure,
        "way_out": WAYS_OUT.get(case.failure.way_out, "") if case.failure else "",
        "kept": kept(case),
    }


def kept(case: Case) -> str:
    """What is safe although the record failed."""
    if case.document is not None:
        return _("The record, its file and its trail are kept; nothing was posted twice.")
    return _("The record and its trail are kept; nothing was posted twice.")


def _versions(case: Case) -> str:
    if case.decision is None:
        return ""
    v = case.decision.versions
    return _("matching %(m)s, policy %(p)s, mapping version %(map)s, limits version %(r)s") % {
        "m": v.matching or "–",
        "p": v.policy or "–",
        "map": v.mapping,
        "r": v.rules,
    }


def _trail_line(event: TrailEvent) -> TrailLine:
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True, default=str)
    return TrailLine(event.at, event.actor, event.verb, detail[:4000])


@require_POST
@seated("judge")
def retry(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Try a failed record again, or decide one anew that a rule kept out."""
    hub = well()
    case_id = typed(request.POST, "case")
    case = hub.store(seat.workspace).cases([case_id]).get(case_id)
    if case is None:
        raise Http404("no such record")
    back = back_to(request, reverse("status", args=[seat.workspace]))
    if request.POST.get("seen") != seen(case):
        said(request, _("This record changed meanwhile. Look again."), "warn")
        return back
    try:
        verdict = Judgement("reopen" if case.kept_out else "retry")
        hub.judge(seat.workspace, case_id, verdict, seat.email)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
        return back
    said(request, _("It is tried again now."))
    return back
