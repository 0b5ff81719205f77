"""The status page: counts that add up, failures with a way on, connections, postings on the way.

Invariant: the total shown is the sum of the counts shown, taken in one query; every failure has a
sentence, says what is kept, and offers one click. It changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from well.bootstrap import Well, well
from well.domain.case import Case, CaseState
from well.domain.failure import Failure
from well.domain.flow import Connection
from well.storage import queries
from well.storage.queries import Item
from well.web.frame import show
from well.web.guard import Seat, allowed, seated
from well.web.pages.lists import page_number, pick_flow, row_of
from well.web.pages.mail_words import mail_line
from well.web.pages.record import kept
from well.web.pages.review import seen
from well.web.pages.source_links import source_links
from well.web.words import FAILURES, STATES, WAYS_OUT

Counts = Mapping[str, Mapping[str, int]]


@seated()
def status(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The whole page."""
    hub = well()
    counted = queries.counts(seat.tenant)
    names = queries.flow_names(seat.tenant)
    flow = pick_flow(request, names, counted, CaseState.FAILED)
    total = counted.get(flow, {}).get(CaseState.FAILED, 0)
    page = queries.case_page(seat.tenant, flow, CaseState.FAILED, page_number(request), total=total)
    cases = hub.store(seat.workspace).cases([item.id for item in page.items])
    links = source_links(hub, seat, list(cases.values()))
    context = {
        **_live(hub, seat, counted),
        "counts": counted,
        "failures": [
            {**_failure(seat, item, cases[item.id]), "source": links[item.id]}
            for item in page.items
        ],
        "failed_total": total,
        "page": page,
        "page_query": urlencode({"flow": flow}) + "&",
        "may_judge": allowed(seat.role, "judge"),
    }
    return show(request, seat, "well/status.html", context)


@seated()
def status_live(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The part of the page that renews itself."""
    live = _live(well(), seat, queries.counts(seat.tenant))
    return render(request, "well/parts/live.html", {"seat": seat, **live})


def _live(hub: Well, seat: Seat, counted: Counts) -> dict[str, Any]:
    tally = tally_of(seat, counted)
    syncs = queries.last_syncs(seat.tenant)
    fed = {flow.target for flow in hub.store(seat.workspace).flows()}
    return {
        "tally": tally,
        "total": sum(part["count"] for part in tally),
        "now": hub.clock.now(),
        "postings": queries.on_the_way(seat.tenant, list(counted)),
        "connections": [
            {
                **connection_line(link, syncs.get(link.id)),
                "mail": mail_line(link, hub.connectors[link.connector].by_mail and link.id in fed),
            }
            for link in connections_of(hub, seat)
        ],
    }


def tally_of(seat: Seat, counted: Counts) -> list[dict[str, Any]]:
    """Every state with its number over all flows; none is left out, so they add up."""
    records = reverse("records", args=[seat.workspace])
    return [
        {
            "count": sum(states.get(state, 0) for states in counted.values()),
            "word": sign.word,
            "icon": sign.icon,
            "tone": sign.tone,
            "sentence": sign.sentence,
            "url": f"{records}?state={state}",
        }
        for state, sign in STATES.items()
    ]


def connections_of(hub: Well, seat: Seat) -> list[Connection]:
    """Every connection of the workspace."""
    return list(hub.stores.open(seat.workspace, seat.region).connections())


def connection_line(connection: Connection, last_sync: datetime | None) -> dict[str, Any]:
    """A connection as lists show it."""
    return {
        "id": connection.id,
        "label": connection.label,
        "account": connection.account,
        "state": connection.state.value,
        "failure": _said(connection.failure) if connection.failure else "",
        "blind": connection.blind,
        "connected_at": connection.connected_at,
        "last_sync": last_sync,
    }


def _said(failure: Failure) -> str:
    """What is wrong, and that nobody has to do anything where that is so."""
    if not failure.kind.retries_itself:
        return failure.sentence
    return _("%(what)s Well tries again by itself.") % {"what": failure.sentence}


def _failure(seat: Seat, item: Item, case: Case) -> dict[str, Any]:
    failure = case.failure
    row = row_of(seat, item)
    return {
        "id": item.id,
        "url": row.url,
        "who": row.who,
        "what": row.what,
        "amount": item.amount,
        "kind": FAILURES.get(failure.kind, "") if failure else "",
        "sentence": failure.sentence if failure else row.reason,
        "way_out": WAYS_OUT.get(failure.way_out, "") if failure else "",
        "retry_at": failure.retry_at if failure else None,
        "kept": kept(case),
        "seen": seen(case),
    }
