"""Consent at a provider: leaving with a state and a PKCE verifier, and coming back.

Invariant: an answer is taken only with the state this session made, for the connector and
workspace it was made for, once, within ten minutes, by a person who may still manage it. Tokens
never reach a page or a log.
"""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import compare_digest, token_urlsafe
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from well.accounts.models import User
from well.bootstrap import well
from well.domain.failure import Failed
from well.pipeline.consents import sure
from well.web.frame import problem, said
from well.web.guard import Seat, allowed, seat_of, seated
from well.web.pages import company
from well.web.pages.status import connections_of

SESSION_KEY = "well_consent"
GOOD_FOR = timedelta(minutes=10)

_ERRORS = {
    "access_denied": "The authorisation was declined there. Nothing was connected.",
    "temporarily_unavailable": "The provider is not available at the moment. Try again shortly.",
    "server_error": "The provider had an error of its own. Try again shortly.",
}


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


@require_POST
@seated("manage")
def connect(request: HttpRequest, seat: Seat, connector: str) -> HttpResponse:
    """Remember who asks for what, and send the person to the provider."""
    hub = well()
    if connector not in hub.connectors:
        raise Http404("no such connector")
    state, verifier = token_urlsafe(32), token_urlsafe(48)
    request.session[SESSION_KEY] = {
        "state": state,
        "verifier": verifier,
        "connector": connector,
        "workspace": seat.workspace,
        "onto": _onto(seat, connector, request.POST.get("onto", "")),
        "at": hub.clock.now().isoformat(),
    }
    kind = hub.connectors[connector]
    try:
        return HttpResponseRedirect(kind.authorize_url(state, challenge_of(verifier)))
    except Failed as failed:
        said(request, f"{kind.title}: {failed.failure.sentence}", "bad")
        return HttpResponseRedirect(reverse("connections", args=[seat.workspace]))


def _onto(seat: Seat, connector: str, wanted: str) -> str:
    """The connection that the consent is asked for; "" for none of this workspace's."""
    known = {link.id for link in connections_of(well(), seat) if link.connector == connector}
    return wanted if wanted in known else ""


@require_GET
def callback(request: HttpRequest, connector: str) -> HttpResponse:
    """Take the provider's answer and store the consent."""
    if connector not in well().connectors:
        raise Http404("no such connector")
    back = come_back(request, SESSION_KEY, connector)
    return back if isinstance(back, HttpResponse) else _finish(request, back[0], connector, back[1])


def come_back(
    request: HttpRequest, key: str, connector: str
) -> tuple[Seat, dict[str, str]] | HttpResponse:
    """Who comes back, and what this session had asked for under `key`; else the page to show."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    asked = request.session.pop(key, None)
    state = request.GET.get("state", "")
    if asked is None or not _fits(asked, connector, state, well().clock.now()):
        return _stale(request)
    seat = seat_of(request.user, UUID(asked["workspace"]))
    if seat is None or not allowed(seat.role, "manage"):
        return _stale(request)
    return seat, asked


def _fits(asked: dict[str, str], connector: str, state: str, now: datetime) -> bool:
    fresh = now - datetime.fromisoformat(asked["at"]) <= GOOD_FOR
    same = compare_digest(asked["state"].encode(), state.encode("utf-8", "replace"))
    return fresh and same and asked["connector"] == connector


def _stale(request: HttpRequest) -> HttpResponse:
    return problem(
        request,
        400,
        _("This answer does not belong to a request from here"),
        _(
            "It came too late, came twice, or was started in another browser. Nothing was "
            "connected. Start again from the connections page."
        ),
        "/",
        _("Back to Well"),
        "triangle-alert",
    )


def say_declined(request: HttpRequest, title: str) -> None:
    """Why the provider gave nothing, in words of ours."""
    told = _ERRORS.get(request.GET["error"], "The provider gave no authorisation.")
    said(request, f"{title}: {_(told)}", "warn")


def _finish(
    request: HttpRequest, seat: Seat, connector: str, asked: dict[str, str]
) -> HttpResponse:
    hub = well()
    home = HttpResponseRedirect(reverse("connections", args=[seat.workspace]))
    kind = hub.connectors[connector]
    if "error" in request.GET:
        say_declined(request, kind.title)
        return home
    onto = asked.get("onto", "")
    wanted = next((link for link in connections_of(hub, seat) if link.id == onto), None)
    try:
        consent = kind.exchange(request.GET.dict(), asked["verifier"])
        account = sure(consent, wanted)
        if account != consent.account or len(consent.choices) > 1:
            kept = company.keep(request, seat, kind, consent, onto)
            if account is None:
                return HttpResponseRedirect(company.page_of(kept))
            return company.finish(request, seat, kept, account)
        connection = hub.connect(seat.workspace, kind, consent, seat.email, onto)
    except Failed as failed:
        said(request, f"{kind.title}: {failed.failure.sentence}", "bad")
        return home
    except ValueError:
        said(request, _("%(title)s: the answer could not be read.") % {"title": kind.title}, "bad")
        return home
    said(request, _("%(name)s is connected.") % {"name": connection.label})
    if wanted is not None and connection.id != wanted.id:
        told = _("%(name)s is not what was approved at %(title)s, so it is still not connected.")
        said(request, told % {"name": wanted.label, "title": kind.title}, "warn")
    return home
