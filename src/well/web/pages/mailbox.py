"""Signing in to a mailbox at its provider, so that a connection may mail by it.

Invariant: as with every consent, an answer is taken once, with the state this session made, for
the connection and workspace it was made for. What is asked for stands on the page before leaving.
"""

from secrets import token_urlsafe
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from well.bootstrap import Well, well
from well.domain.failure import Failed
from well.domain.flow import Connection
from well.web.frame import said
from well.web.guard import Seat, seated
from well.web.pages.oauth import challenge_of, come_back, say_declined
from well.web.pages.status import connections_of

SESSION_KEY = "well_mailbox"


@require_POST
@seated("manage")
def sign_in(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """Remember who asks for what, and send the person to the provider."""
    hub = well()
    link = _link(hub, seat, connection)
    provider = hub.mailbox_of(link)
    if provider is None or link.mail is None:
        raise Http404("no mail provider")
    state, verifier = token_urlsafe(32), token_urlsafe(48)
    request.session[SESSION_KEY] = {
        "state": state,
        "verifier": verifier,
        "connector": provider.known.name,
        "connection": link.id,
        "user": link.mail.user,
        "workspace": seat.workspace,
        "at": hub.clock.now().isoformat(),
    }
    address = provider.authorize_url(link.mail.user, state, challenge_of(verifier))
    return HttpResponseRedirect(address)


@require_GET
def callback(request: HttpRequest, mailbox: str) -> HttpResponse:
    """Take the provider's answer and keep the sign-in."""
    hub = well()
    if mailbox not in hub.mailboxes.offered:
        raise Http404("no such mail provider")
    back = come_back(request, SESSION_KEY, mailbox)
    if isinstance(back, HttpResponse):
        return back
    seat, asked = back
    link = _link(hub, seat, asked["connection"])
    _keep(request, hub, seat, link, asked)
    return HttpResponseRedirect(reverse("mail_route", args=[seat.workspace, link.id]))


def _keep(
    request: HttpRequest, hub: Well, seat: Seat, link: Connection, asked: dict[str, str]
) -> None:
    provider = hub.mailbox_of(link)
    if provider is None or link.mail is None or link.mail.user != asked["user"]:
        said(request, _("The way was changed meanwhile. Sign in again where it is needed."), "warn")
        return
    if "error" in request.GET:
        say_declined(request, provider.title)
        return
    answer, verifier = request.GET.dict(), asked["verifier"]
    try:
        hub.sign_in(seat.workspace, link.id, answer, verifier, seat.email)
    except Failed as failed:
        said(request, f"{provider.title}: {failed.failure.sentence}", "bad")
        return
    told = _("Signed in at %(title)s. Send the test next, if it has not arrived yet.")
    said(request, told % {"title": provider.title})


def card(hub: Well, seat: Seat, link: Connection) -> dict[str, Any] | None:
    """What the page of delivery shows of a sign-in; None where mail goes another way."""
    if link.mail is None or not link.mail.mailbox:
        return None
    provider = hub.mailbox_of(link)
    if provider is None:
        return {"title": link.mail.mailbox.capitalize(), "gone": True}
    return {
        "title": provider.title,
        "user": link.mail.user,
        "signed_in": hub.is_signed_in(seat.workspace, link),
        "scopes": provider.scopes,
    }


def _link(hub: Well, seat: Seat, connection: str) -> Connection:
    found = next((c for c in connections_of(hub, seat) if c.id == connection), None)
    if found is None:
        raise Http404("no such connection")
    return found
