"""Flows: what each kind of record does, the mapping, the limits, and the backfill.

Invariant: every setting in force is shown with its version; a change makes the next version and
says that it applies to records decided after it. The rules themselves are the domain's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import Well, well
from well.domain.decision import Unseen
from well.domain.failure import Failed
from well.domain.flow import ConnectionState, Flow
from well.domain.marker import Slice, SliceState
from well.domain.source_record import Kind
from well.storage import queries
from well.web import formats
from well.web.frame import Empty, said, show
from well.web.guard import Seat, allowed, seated
from well.web.pages.flow_forms import (
    E_INVOICE,
    LIMITS,
    months_of,
    with_e_invoice,
    with_rules,
    with_times,
)
from well.web.pages.found import find_flow
from well.web.pages.learned import learned_card
from well.web.pages.mapping_form import differing
from well.web.pages.operation import operation_card, switch
from well.web.pages.rule_form import rule_rows
from well.web.words import ENTERS_AS, KINDS, STATES


@seated()
def flows(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All flows."""
    store = well().store(seat.workspace)
    listed = [
        {
            "name": flow.name,
            "enabled": flow.enabled,
            "started": bool(store.slices(flow.id)),
            "url": reverse("flow", args=[seat.workspace, flow.id]),
            "text": _("looks for changes every %(span)s") % {"span": formats.span(flow.every)},
        }
        for flow in store.flows()
    ]
    empty = Empty(
        "workflow",
        _("No flow yet"),
        _("Connect an account to read from and one to post to; then a flow can join them."),
        reverse("connections", args=[seat.workspace]),
        _("Open connections"),
    )
    return show(request, seat, "well/flows.html", {"flows": listed, "empty": empty})


@seated()
def flow(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """One flow."""
    return flow_page(request, seat, find_flow(seat, flow), {}, {})


def flow_page(
    request: HttpRequest,
    seat: Seat,
    found: Flow,
    errors: Mapping[str, str],
    typed: Mapping[str, str],
    preview: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The whole page, with what was typed, what is wrong with it, and what it would do."""
    hub = well()
    store = hub.store(seat.workspace)
    source, target = store.connection(found.source), store.connection(found.target)
    counted = queries.counts(seat.tenant)
    context = {
        "counts": counted,
        "flow": found,
        "source": source,
        "target": target,
        "source_title": hub.connectors[source.connector].title,
        "target_title": hub.connectors[target.connector].title,
        "streams": _streams(hub, seat, found),
        "mapping": _mapping(seat, found),
        "values": {**_values(found), **typed},
        "errors": errors,
        "preview": preview,
        "urls": _urls(seat, found),
        "progress": _progress(hub, seat, found, counted),
        "rules": rule_rows(
            found.rules.exceptions, reverse("flow_exceptions", args=[seat.workspace, found.id])
        ),
        "learned": learned_card(seat, store, found),
        "operation": operation_card(hub, seat, found),
        "unseen": not hub.sees(seat.workspace, target),
        "may_change": allowed(seat.role, "manage"),
    }
    return show(request, seat, "well/flow.html", context, 400 if errors else 200)


def _urls(seat: Seat, found: Flow) -> dict[str, str]:
    names = (
        "sync",
        "pause",
        "rules",
        "preview",
        "forget",
        "window",
        "unseen",
        "e_invoice",
        "progress",
    )
    return {name: reverse(f"flow_{name}", args=[seat.workspace, found.id]) for name in names}


def _values(found: Flow) -> dict[str, str]:
    return {
        "auto_post": f"{found.rules.auto_post * 100:g}",
        "review": f"{found.rules.review * 100:g}",
        "closed_until": found.rules.closed_until.isoformat() if found.rules.closed_until else "",
        "first_document_max": str(found.rules.first_document_max or ""),
        "months": str(months_of(found.backfill)),
        "minutes": str(int(found.every.total_seconds() // 60)),
        "embed": "yes" if found.e_invoice else "",
        "buyer_name": found.e_invoice.name if found.e_invoice else "",
        "buyer_country": found.e_invoice.country if found.e_invoice else "",
    }


def _streams(hub: Well, seat: Seat, found: Flow) -> list[dict[str, Any]]:
    connection = hub.store(seat.workspace).connection(found.source)
    if connection.state is ConnectionState.DISCONNECTED:
        return []
    source = hub.connectors[connection.connector].source(connection, hub.grants(seat.workspace))
    read_to = queries.markers(seat.tenant, found.source)
    # Several streams may serve one trigger (tax codes and rates); a person sees it once.
    shown = {(stream.trigger, stream.kind): stream.name for stream in source.streams}
    return [
        {
            "trigger": trigger,
            "kind": KINDS.get(kind, kind.value),
            "posted": kind in found.posted_kinds,
            "effect": _effect(kind, found),
            "marker": _marker(read_to, name),
        }
        for (trigger, kind), name in shown.items()
    ]


def _marker(read_to: Mapping[str, datetime], stream: str) -> datetime | None:
    """A stream's own marker, or that of the feed that serves several streams at once."""
    return read_to.get(stream) or max(read_to.values(), default=None)


def _effect(kind: Kind, found: Flow) -> Any:
    if kind in found.posted_kinds:
        return _("as a document with its fields, after matching.")
    return ENTERS_AS.get(kind, _("Kept; nothing is posted in this flow."))


def _mapping(seat: Seat, found: Flow) -> dict[str, Any]:
    """The mapping in short; its rows have a page of their own."""
    return {
        "version": found.mapping.version,
        "total": len(found.mapping.rows),
        "differing": differing(found.mapping),
        "url": reverse("flow_rows", args=[seat.workspace, found.id]),
    }


def _progress(
    hub: Well, seat: Seat, found: Flow, counted: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    slices = hub.store(seat.workspace).slices(found.id)
    done = sum(1 for one in slices if one.state is SliceState.DONE)
    waiting = counted.get(found.id, {}).get("waiting", 0)
    records = reverse("records", args=[seat.workspace])
    return {
        "total": len(slices),
        "share": done / len(slices) if slices else 0.0,
        "tone": "good" if slices and done == len(slices) else "",
        "sentence": _backfill_sentence(slices, done),
        "running": found.enabled and (done < len(slices) or waiting > 0),
        "window": _("the last %(span)s") % {"span": formats.span(found.backfill)},
        "counts": [
            {"word": sign.word, "count": n, "url": f"{records}?state={state}&flow={found.id}"}
            for state, sign in STATES.items()
            if (n := counted.get(found.id, {}).get(state, 0))
        ],
    }


def _backfill_sentence(slices: Sequence[Slice], done: int) -> str:
    rows = sum(one.rows for one in slices)
    names = {"rows": formats.number(rows), "done": done, "total": len(slices)}
    if done == len(slices):
        return _("Complete: read in %(total)s parts.") % names
    ahead = next(one for one in slices if one.state is SliceState.OPEN)
    names["since"] = formats.day(ahead.window.since.date())
    names["until"] = formats.day(ahead.window.until.date())
    return (
        _(
            "%(rows)s records read, %(done)s of %(total)s parts done; now %(since)s to %(until)s, "
            "newest first."
        )
        % names
    )


@seated()
def flow_progress(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """The part of the page that renews itself while something runs."""
    found = find_flow(seat, flow)
    progress = _progress(well(), seat, found, queries.counts(seat.tenant))
    context = {"progress": progress, "urls": _urls(seat, found)}
    return render(request, "well/parts/progress.html", context)


@require_POST
@seated("manage")
def flow_sync(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Start a sync now."""
    found = find_flow(seat, flow)
    try:
        well().start_sync(seat.workspace, found.id)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
    else:
        said(request, _("The sync starts now."))
    return _back(seat, found)


@require_POST
@seated("manage")
def flow_start(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """The first sync, as far back as was chosen."""
    found, months = find_flow(seat, flow), request.POST.get("months", "")
    try:
        chosen = with_times(found, months, str(int(found.every.total_seconds() // 60)))
    except ValueError as error:
        return flow_page(request, seat, found, {"start": str(error)}, {"months": months})
    well().start_flow(seat.workspace, chosen, seat.email)
    said(request, _("The first sync starts now, newest documents first."))
    return _back(seat, found)


@require_POST
@seated("manage")
def flow_pause(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Pause everything, or continue."""
    return switch(request, seat, find_flow(seat, flow), "enabled", "enabled")


@require_POST
@seated("manage")
def flow_rules(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Save the limits."""
    typed = {name: request.POST.get(name, "") for name in LIMITS}
    return _change(request, seat, flow, "rules", lambda f: with_rules(f, typed), typed)


@require_POST
@seated("manage")
def flow_window(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Save window and cadence."""
    typed = {name: request.POST.get(name, "") for name in ("months", "minutes")}
    return _change(
        request,
        seat,
        flow,
        "window",
        lambda f: with_times(f, typed["months"], typed["minutes"]),
        typed,
    )


@require_POST
@seated("manage")
def flow_unseen(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Which documents go to a target that does not let Well see what it holds."""
    asked = request.POST.get("unseen", "")
    if asked not in list(Unseen):
        raise Http404("no such choice")

    def change(found: Flow) -> Flow:
        return replace(found, rules=replace(found.rules, unseen=Unseen(asked)))

    return _change(request, seat, flow, "unseen", change, {})


@require_POST
@seated("manage")
def flow_e_invoice(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Switch the e-invoice inside drawn pages on or off."""
    typed = {name: request.POST.get(name, "") for name in E_INVOICE}
    return _change(request, seat, flow, "e_invoice", lambda f: with_e_invoice(f, typed), typed)


def _change(
    request: HttpRequest,
    seat: Seat,
    flow_id: str,
    form: str,
    change: Callable[[Flow], Flow],
    typed: Mapping[str, str],
) -> HttpResponse:
    found = find_flow(seat, flow_id)
    try:
        changed = change(found)
    except ValueError as error:
        return flow_page(request, seat, found, {form: str(error)}, typed)
    if changed != found:
        well().change_flow(seat.workspace, changed, seat.email)
        said(request, _("Saved. It applies to records decided from now on."))
    else:
        said(request, _("Nothing changed."))
    return _back(seat, found)


def _back(seat: Seat, found: Flow) -> HttpResponse:
    return HttpResponseRedirect(reverse("flow", args=[seat.workspace, found.id]))
