"""Connecting a target by its e-mail address alone, without any permission to read.

Invariant: nothing is authorised and nothing is mailed by it; the page of delivery comes next, and
with it the test that a person confirms. Reading can be added later, onto the same connection.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import Well, well
from well.domain.flow import Connection
from well.ports.connector import Connector
from well.web.frame import said, typed
from well.web.guard import Seat, seated
from well.web.pages.mail_route import route_of


def goes_without_reading(connector: Connector) -> bool:
    """Whether an address is enough: it takes documents by mail and is never a source."""
    return connector.by_mail and not connector.reads


@require_POST
@seated("manage")
def connect_by_mail(request: HttpRequest, seat: Seat, connector: str) -> HttpResponse:
    """Keep the address as a connection, and go on to its delivery."""
    hub = well()
    kind = hub.connectors.get(connector)
    if kind is None or not goes_without_reading(kind):
        raise Http404("no such connector")
    fields = {name: typed(request.POST, name, 300) for name in ("inbox", "sender")}
    try:
        route = route_of({**fields, "way": ""}, password_kept=False)
    except ValueError as error:
        said(request, str(error), "bad")
        return HttpResponseRedirect(reverse("connections", args=[seat.workspace]))
    made = hub.connect_by_mail(seat.workspace, kind, route, seat.email)
    said(request, _("Kept. Send the test next: nothing else is mailed before it has arrived."))
    return HttpResponseRedirect(reverse("mail_route", args=[seat.workspace, made.id]))


def unread(hub: Well, link: Connection) -> bool:
    """Whether a connection takes documents and lets nothing be read."""
    return goes_without_reading(hub.connectors[link.connector]) and not link.scopes
