"""Connections: what is connected, what it may do, and disconnecting.

Invariant: a permission is shown as granted only when the provider granted it, and one that is not
asked for says why; disconnecting says first what it will mean. Consent itself is in oauth.py.
"""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from well.bootstrap import Well, well
from well.domain.failure import Failed
from well.domain.flow import Connection, ConnectionState, Flow
from well.ports.connector import Connector
from well.storage import queries
from well.web.frame import said, say_untold, show
from well.web.guard import Seat, allowed, seated
from well.web.pages.by_mail import goes_without_reading, unread
from well.web.pages.mail_words import mail_line
from well.web.pages.status import connection_line, connections_of
from well.web.security import allow_forms_to


@seated()
def connections(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One card for each connector."""
    hub = well()
    links = connections_of(hub, seat)
    flows = hub.store(seat.workspace).flows()
    # The form answers with a redirect to the provider; browsers hold that against form-action.
    allow_forms_to(request, [url for c in hub.connectors.values() for url in c.consent_hosts])
    context = {
        "cards": [_card(hub, seat, c, links, flows) for c in hub.connectors.values()],
        "pairs": _pairs(hub, links, flows),
        "may_change": allowed(seat.role, "manage"),
    }
    return show(request, seat, "well/connections.html", context)


def _card(
    hub: Well,
    seat: Seat,
    connector: Connector,
    links: Sequence[Connection],
    flows: Sequence[Flow],
) -> dict[str, Any]:
    own = [link for link in links if link.connector == connector.name]
    syncs = queries.last_syncs(seat.tenant)
    live = next((link for link in own if link.state is ConnectionState.CONNECTED), None)
    roles = [
        *([_("read from")] if connector.reads else []),
        *([_("post to")] if connector.writes else []),
    ]
    return {
        "name": connector.name,
        "title": connector.title,
        "by_mail": connector.by_mail,
        "roles": " · ".join(roles),
        "connections": [
            {
                **connection_line(link, syncs.get(link.id)),
                "flows": _flows_of(seat, link.id, flows),
                "route": link.mail,
                "unread": unread(hub, link),
                "mail": mail_line(link, _is_fed(connector, link)),
            }
            for link in own
        ],
        "mail_alone": goes_without_reading(connector),
        "sender": hub.settings.mail.sender,
        "scopes": [_scope(scope.name, scope.why, scope.asked, live) for scope in connector.scopes],
    }


def _is_fed(connector: Connector, link: Connection) -> bool:
    """Whether documents are to go there by mail; a source that nobody mails to lacks nothing."""
    return connector.by_mail and (link.mail is not None or not connector.reads)


def _scope(name: str, why: str, asked: bool, live: Connection | None) -> dict[str, str]:
    if not asked:
        state = "refused"
    elif live is None:
        state = "asked"
    else:
        state = "granted" if name in live.scopes else "missing"
    return {"name": name, "why": why, "state": state}


def _flows_of(seat: Seat, connection: str, flows: Sequence[Flow]) -> list[dict[str, str]]:
    return [
        {"name": flow.name, "url": reverse("flow", args=[seat.workspace, flow.id])}
        for flow in flows
        if connection in (flow.source, flow.target)
    ]


def _pairs(
    hub: Well, links: Sequence[Connection], flows: Sequence[Flow]
) -> list[dict[str, Connection]]:
    """Source and target connections that could be joined by a flow and are not yet."""
    live = [link for link in links if link.state is ConnectionState.CONNECTED]
    joined = {(flow.source, flow.target) for flow in flows}
    return [
        {"source": one, "target": other}
        for one in live
        for other in live
        if one.connector != other.connector
        and hub.connectors[one.connector].reads
        and hub.takes_documents(other)
        and (one.id, other.id) not in joined
    ]


@require_http_methods(["GET", "POST"])
@seated("manage")
def disconnect(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """Say what disconnecting means; on POST do it."""
    hub = well()
    link = next((c for c in connections_of(hub, seat) if c.id == connection), None)
    if link is None:
        raise Http404("no such connection")
    title = hub.connectors[link.connector].title
    if request.method == "POST":
        untold = hub.disconnect(seat.workspace, connection, seat.email)
        said(request, _("%(name)s is disconnected.") % {"name": link.label})
        say_untold(request, untold)
        return HttpResponseRedirect(reverse("connections", args=[seat.workspace]))
    flows = [f for f in hub.store(seat.workspace).flows() if connection in (f.source, f.target)]
    mailbox = hub.mailbox_of(link)
    context = {"link": link, "title": title, "flows": flows, "mailbox": mailbox}
    return show(request, seat, "well/disconnect.html", context)


@require_POST
@seated("manage")
def create_flow(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A flow between two connections of this workspace."""
    hub = well()
    links = {link.id: link for link in connections_of(hub, seat)}
    source = links.get(request.POST.get("source", ""))
    target = links.get(request.POST.get("target", ""))
    if source is None or target is None:
        raise Http404("no such connection")
    if not hub.connectors[source.connector].reads or not hub.takes_documents(target):
        said(request, _("These two cannot be joined in this direction."), "bad")
        return HttpResponseRedirect(reverse("connections", args=[seat.workspace]))
    try:
        flow = hub.create_flow(seat.workspace, source.id, target.id, seat.email)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
        return HttpResponseRedirect(reverse("connections", args=[seat.workspace]))
    said(request, _("The flow is made. Choose how far back it reads, then start it."))
    return HttpResponseRedirect(reverse("flow", args=[seat.workspace, flow.id]))
