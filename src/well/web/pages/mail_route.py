"""How a connection mails: the inbox, the sender, the server, and the test a person confirms.

Invariant: a password that was typed is never shown again; nothing is mailed but the test before a
person says that it arrived. What was typed wrongly is said beside what was typed.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from well.bootstrap import Well, well
from well.domain.delivery import DeliveryState, MailRoute, is_mail_address
from well.domain.failure import Failed
from well.domain.flow import Connection
from well.ports.mailer import password_of
from well.web.frame import said, show, typed
from well.web.guard import Seat, seated
from well.web.pages.mail_words import SEMANTICS
from well.web.pages.sender import known_card
from well.web.pages.status import connections_of

PORTS = (465, 587, 2525)
"""Where servers take submissions: TLS from the first byte on the first, STARTTLS on the others."""
PASSWORD_MAX = 1000
_PORT = re.compile(r"[0-9]{1,5}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@require_http_methods(["GET", "POST"])
@seated("manage")
def mail_route(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """The form; on POST keep what was typed."""
    hub = well()
    link = _link(hub, seat, connection)
    if request.method == "GET":
        return show(request, seat, "well/mail.html", _context(hub, seat, link, _fields(hub, link)))
    fields = {name: typed(request.POST, name, 300) for name in _NAMES}
    password = str(request.POST.get("password", "")).replace("\x00", "")[:PASSWORD_MAX]
    kept = hub.grants(seat.workspace).load(password_of(connection)) is not None
    try:
        route = route_of(fields, bool(password) or kept, hub.settings.mail.private_hosts)
    except ValueError as error:
        said(request, str(error), "bad")
        return show(request, seat, "well/mail.html", _context(hub, seat, link, fields), 422)
    hub.set_mail_route(seat.workspace, connection, route, password, seat.email)
    said(request, _("Kept. Send the test next: nothing else is mailed before it has arrived."))
    return HttpResponseRedirect(_here(seat, connection))


@require_POST
@seated("manage")
def mail_test(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """Mail the test document."""
    link = _link(well(), seat, connection)
    try:
        delivery = well().send_mail_test(seat.workspace, connection, seat.email)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
    else:
        told = _("The mail server took the test (%(note)s). Look for it on the other side.")
        said(request, told % {"note": delivery.note})
        check = well().sender_known(link)
        if check is not None and check.own and check.unproven:
            said(request, _("That your domain's key is published was not proven."), "warn")
    return HttpResponseRedirect(_here(seat, connection))


@require_POST
@seated("manage")
def mail_arrived(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """A person saw the test on the other side."""
    _link(well(), seat, connection)
    try:
        well().confirm_mail_test(seat.workspace, connection, seat.email)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
    else:
        said(request, _("Good. Documents that waited are mailed from now on."))
    return HttpResponseRedirect(_here(seat, connection))


_NAMES = ("inbox", "sender", "way", "host", "port", "user")


def route_of(
    fields: Mapping[str, str], password_kept: bool, private_hosts: tuple[str, ...] = ()
) -> MailRoute:
    """The route that was typed; ValueError with a sentence for what cannot be."""
    for name, what in (("inbox", _("The inbox")), ("sender", _("The sender"))):
        if not is_mail_address(fields[name]):
            told = _("%(what)s “%(text)s” is not one plain e-mail address like name@example.com.")
            raise ValueError(told % {"what": what, "text": fields[name][:80]})
    if fields["way"] != "own":
        return MailRoute(fields["inbox"], fields["sender"])
    host, port = fields["host"].lower(), fields["port"]
    if not _HOST.fullmatch(host):
        raise ValueError(_("Your mail server needs a name like smtp.example.com."))
    numbered = _PORT.fullmatch(port) is not None
    if not numbered or not (int(port) in PORTS or host in private_hosts):
        raise ValueError(_("The port is 465, 587 or 2525."))
    if not fields["user"] or not password_kept:
        raise ValueError(_("Your mail server needs a user name and a password."))
    return MailRoute(fields["inbox"], fields["sender"], host, int(port), fields["user"])


def _link(hub: Well, seat: Seat, connection: str) -> Connection:
    found = next((c for c in connections_of(hub, seat) if c.id == connection), None)
    if found is None or not hub.connectors[found.connector].by_mail:
        raise Http404("no such connection")
    return found


def _fields(hub: Well, link: Connection) -> dict[str, str]:
    """What stands in the form before anybody typed."""
    route = link.mail
    if route is None:
        return {"inbox": "", "sender": hub.settings.mail.sender, "way": "", "port": "587"}
    return {
        "inbox": route.inbox,
        "sender": route.sender,
        "way": "own" if route.host else "",
        "host": route.host,
        "port": str(route.port),
        "user": route.user,
    }


def _context(hub: Well, seat: Seat, link: Connection, fields: Mapping[str, str]) -> dict[str, Any]:
    title = hub.connectors[link.connector].title
    test = link.mail.test if link.mail else None
    return {
        "link": link,
        "title": title,
        "fields": fields,
        "ports": PORTS,
        "semantics": SEMANTICS,
        "blind": not hub.sees(seat.workspace, link),
        "saved": link.mail is not None,
        "tested": link.mail is not None and link.mail.tested,
        "test": test,
        "stopped": link.mail.stopped if link.mail else None,
        "came_back": test is not None and test.state is DeliveryState.BOUNCED,
        "has_server": bool(hub.settings.mail.host),
        **known_card(hub, link),
    }


def _here(seat: Seat, connection: str) -> str:
    return reverse("mail_route", args=[seat.workspace, connection])
