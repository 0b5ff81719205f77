"""The course of a flow: its history, pausing, and reading again.

Invariant: nothing is set back without a page that says first what will happen; each step is one
button, and what is read again is recognised. The steps themselves are the pipeline's.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from well.bootstrap import Well, well
from well.domain.failure import Failed, Failure
from well.domain.flow import ConnectionState, Flow
from well.domain.marker import SliceState
from well.pipeline.loops import ring
from well.web import formats
from well.web.frame import said, show, typed
from well.web.guard import Seat, seated
from well.web.pages.flow_forms import day
from well.web.pages.found import find_flow

REACH = timedelta(days=365 * 3)
"""How far back a marker may be set; further back lies the history."""


def operation_card(hub: Well, seat: Seat, flow: Flow) -> dict[str, Any]:
    """What the flow page shows of it: whether it began, whether it may be read again, a ring."""
    store = hub.store(seat.workspace)
    slices = store.slices(flow.id)
    names = ("start", "history", "again", "rewind")
    today = hub.clock.now().date()
    return {
        "started": bool(slices),
        "complete": bool(slices) and all(one.state is SliceState.DONE for one in slices),
        "paused": flow.history_paused,
        "away": _away(hub, seat, flow),
        "resting": _resting(hub, seat, flow),
        "ring": _ring(hub, seat, store.flows(), flow),
        "first": (today - REACH).isoformat(),
        "last": today.isoformat(),
        "urls": {name: reverse(f"flow_{name}", args=[seat.workspace, flow.id]) for name in names},
    }


def _away(hub: Well, seat: Seat, flow: Flow) -> list[str]:
    """Labels of the flow's connections that are not connected now."""
    both = [hub.store(seat.workspace).connection(id) for id in (flow.source, flow.target)]
    return [link.label for link in both if link.state is not ConnectionState.CONNECTED]


def _resting(hub: Well, seat: Seat, flow: Flow) -> list[Failure]:
    """What the flow's providers said that want to be left alone until a time that is to come."""
    both = [hub.store(seat.workspace).connection(id) for id in (flow.source, flow.target)]
    told = [link.failure for link in both if link.state is ConnectionState.CONNECTED]
    now = hub.clock.now()
    return [one for one in told if one is not None and one.retry_at and one.retry_at > now]


def _ring(hub: Well, seat: Seat, flows: Sequence[Flow], flow: Flow) -> str:
    """The way round by which what this flow brings could come back, in words; "" without one."""
    store = hub.store(seat.workspace)
    return " → ".join(store.connection(id).label for id in ring(flows, flow))


@require_POST
@seated("manage")
def flow_history(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Pause or continue the history alone."""
    return switch(request, seat, find_flow(seat, flow), "history_paused", "paused")


def switch(request: HttpRequest, seat: Seat, flow: Flow, name: str, field: str) -> HttpResponse:
    """Set the switch `name` of a flow to whether the form's `field` is "yes", and sync soon."""
    hub, on = well(), request.POST.get(field) == "yes"
    if getattr(flow, name) == on:
        said(request, _("Nothing changed."))
        return _back(seat, flow.id)
    values = {"enabled": flow.enabled, "history_paused": flow.history_paused, name: on}
    hub.switch_flow(seat.workspace, flow, seat.email, **values)
    said(request, _SAID[name, on]())
    return _back(seat, flow.id)


_SAID = {
    ("enabled", False): lambda: _("Paused. Nothing is read or posted until you continue."),
    ("enabled", True): lambda: _("It goes on where it stopped."),
    ("history_paused", True): lambda: _(
        "The history is paused. What changes from now on is still read and posted."
    ),
    ("history_paused", False): lambda: _("The history goes on where it stopped."),
}


@require_http_methods(["GET", "POST"])
@seated("manage")
def flow_again(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Say what reading the history again means; on POST do it."""
    found, hub = find_flow(seat, flow), well()
    if request.method == "POST":
        try:
            hub.read_history_again(seat.workspace, flow, seat.email)
        except Failed as failed:
            said(request, failed.failure.sentence, "warn")
        else:
            said(request, _("The history is read again from now on, newest documents first."))
        return _back(seat, flow)
    window = formats.span(found.backfill)
    title = _("Read the history of “%(name)s” again?") % {"name": found.name}
    lines = [
        _("Everything of the last %(span)s is asked for again, newest first.") % {"span": window},
        _("Records are recognised by their id; one that did not change stays as it is."),
        _("Nothing is posted twice: what has an entry keeps it."),
        _("A record that was missed so far is brought in and decided like any other."),
    ]
    return _ask(request, seat, found, title, lines, _("Read it again"))


@require_http_methods(["GET", "POST"])
@seated("manage")
def flow_rewind(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Say what reading the changes since a day again means; on POST do it."""
    found, hub = find_flow(seat, flow), well()
    values = request.POST if request.method == "POST" else request.GET
    try:
        since = _chosen(typed(values, "day"), hub.clock.now())
        if request.method == "POST":
            hub.rewind(seat.workspace, flow, since, seat.email)
            told = _("Changes since %(day)s are read again now; nothing is posted twice.")
            said(request, told % {"day": formats.day(since.date())})
            return _back(seat, flow)
    except ValueError as error:
        said(request, str(error), "bad")
        return _back(seat, flow)
    except Failed as failed:
        said(request, failed.failure.sentence, "warn")
        return _back(seat, flow)
    title = _("Read the changes since %(day)s again?") % {"day": formats.day(since.date())}
    lines = [
        _("The sync marker goes back to the beginning of that day (UTC)."),
        _("Records are recognised by their id; one that did not change stays as it is."),
        _("Nothing is posted twice: what has an entry keeps it."),
        *_also(hub, seat, found),
    ]
    hidden = since.date().isoformat()
    return _ask(request, seat, found, title, lines, _("Read them again"), hidden)


def _chosen(text: str, now: datetime) -> datetime:
    """The beginning of the day (UTC); ValueError with a sentence."""
    found: date | None = day(text)
    if found is None:
        raise ValueError(_("Choose the day from which changes are to be read again."))
    if not (now - REACH).date() <= found <= now.date():
        raise ValueError(_("Choose a day of the last three years; before that lies the history."))
    return datetime.combine(found, time(), UTC)


def _also(hub: Well, seat: Seat, flow: Flow) -> list[str]:
    """The other flows that share the marker."""
    flows = hub.store(seat.workspace).flows()
    names = [one.name for one in flows if one.source == flow.source and one.id != flow.id]
    told = _("These flows read the same connection and see them again, too: %(names)s.")
    return [told % {"names": ", ".join(names)}] if names else []


def _ask(
    request: HttpRequest,
    seat: Seat,
    flow: Flow,
    title: str,
    lines: Sequence[str],
    button: str,
    hidden: str = "",
) -> HttpResponse:
    context = {
        "title": title,
        "lines": lines,
        "button": button,
        "day": hidden,
        "flow_url": reverse("flow", args=[seat.workspace, flow.id]),
    }
    return show(request, seat, "well/again.html", context)


def _back(seat: Seat, flow: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("flow", args=[seat.workspace, flow]))
