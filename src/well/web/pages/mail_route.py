"""How a connection mails: the inbox, the sender, the server, and the test a person confirms.

Invariant: a password that was typed is never shown again; nothing is mailed but the test before a
person says that it arrived. What was typed wrongly is said beside what was typed.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
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
from well.settings import MailProvider
from well.web.frame import said, say_untold, show, typed
from well.web.guard import Seat, seated
from well.web.pages import mailbox
from well.web.pages.mail_words import SEMANTICS
from well.web.pages.sender import known_card
from well.web.pages.status import connections_of
from well.web.security import allow_forms_to

PORTS = (465, 587, 2525)
"""Where servers take submissions: TLS from the first byte on the first, STARTTLS on the others."""
PASSWORD_MAX = 1000
AT = "at:"
"""Before the name of a mail provider, where the way is to sign in there."""
NONE_OFFERED: Mapping[str, MailProvider] = {}
_PORT = re.compile(r"[0-9]{1,5}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@require_http_methods(["GET", "POST"])
@seated("manage")
def mail_route(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """The form; on POST keep what was typed."""
    hub = well()
    link = _link(hub, seat, connection)
    # The form of the sign-in answers with a redirect, which browsers hold against form-action.
    allow_forms_to(request, [one.provider.authorize for one in _offered(hub).values()])
    if request.method == "GET":
        return show(request, seat, "well/mail.html", _context(hub, seat, link, _fields(hub, link)))
    fields = {name: typed(request.POST, name, 300) for name in _NAMES}
    password = str(request.POST.get("password", "")).replace("\x00", "")[:PASSWORD_MAX]
    kept = hub.grants(seat.workspace).load(password_of(connection)) is not None
    try:
        hosts = hub.settings.mail.private_hosts
        route = route_of(fields, bool(password) or kept, hosts, _offered(hub))
    except ValueError as error:
        said(request, str(error), "bad")
        return show(request, seat, "well/mail.html", _context(hub, seat, link, fields), 422)
    untold = hub.set_mail_route(seat.workspace, connection, route, password, seat.email)
    if route.mailbox and not hub.is_signed_in(seat.workspace, replace(link, mail=route)):
        said(request, _("Kept. Sign in next, then send the test: nothing is mailed before."))
    else:
        said(request, _("Kept. Send the test next: nothing else is mailed before it has arrived."))
    say_untold(request, untold)
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
    fields: Mapping[str, str],
    password_kept: bool,
    private_hosts: tuple[str, ...] = (),
    offered: Mapping[str, MailProvider] = NONE_OFFERED,
) -> MailRoute:
    """The route that was typed; ValueError with a sentence for what cannot be."""
    for name, what in (("inbox", _("The inbox")), ("sender", _("The sender"))):
        if not is_mail_address(fields[name]):
            told = _("%(what)s “%(text)s” is not one plain e-mail address like name@example.com.")
            raise ValueError(told % {"what": what, "text": fields[name][:80]})
    if fields["way"].startswith(AT):
        return _signed_in_at(fields, offered)
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


def _signed_in_at(fields: Mapping[str, str], offered: Mapping[str, MailProvider]) -> MailRoute:
    """The way by the mailbox of a provider; the sender's where no other is typed."""
    known = offered.get(fields["way"].removeprefix(AT))
    if known is None:
        raise ValueError(_("This installation does not offer that sign-in. Choose another way."))
    user = fields["user"] or fields["sender"]
    if not is_mail_address(user):
        told = _("“%(text)s” is no mailbox to sign in to; enter its address like name@example.com.")
        raise ValueError(told % {"text": user[:80]})
    inbox, sender = fields["inbox"], fields["sender"]
    return MailRoute(inbox, sender, known.host, known.port, user, mailbox=known.name)


def _offered(hub: Well) -> dict[str, MailProvider]:
    return {name: one.known for name, one in hub.mailboxes.offered.items()}


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
    if route.mailbox:
        user = "" if route.user == route.sender else route.user
        at = {"way": f"{AT}{route.mailbox}", "port": "587", "user": user}
        return {"inbox": route.inbox, "sender": route.sender, **at}
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
        "offered": [(f"{AT}{one.name}", one.title) for one in _offered(hub).values()],
        "mailbox": mailbox.card(hub, seat, link),
        **known_card(hub, link),
    }


def _here(seat: Seat, connection: str) -> str:
    return reverse("mail_route", args=[seat.workspace, connection])
