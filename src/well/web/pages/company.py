"""Which company a connection is for, where one consent reaches several.

Invariant: nothing is connected before a person chose one of the companies that the provider names;
the choice is made once, within ten minutes, in the session that asked, by somebody who may manage.
The session keeps the name of the kept consent; tokens reach neither it nor the page.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from secrets import token_hex

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from well.bootstrap import Well, well
from well.domain.failure import Failed
from well.domain.flow import Connection, ConnectionState
from well.pipeline import consents
from well.ports.connector import Connector, Consent
from well.web.frame import problem, said, show, typed
from well.web.guard import Seat, seated
from well.web.pages.status import connections_of

SESSION_KEY = "well_company"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the session remembers; `at` is ISO 8601, `onto` the connection that was to be renewed
    or ""."""

    name: str
    connector: str
    workspace: str
    onto: str
    at: str


def keep(
    request: HttpRequest, seat: Seat, connector: Connector, consent: Consent, onto: str
) -> Kept:
    """Keep a consent for somebody to choose its company; the session remembers it."""
    hub = well()
    name = consents.keep(hub.grants(seat.workspace), connector, consent, token_hex(16))
    at = hub.clock.now().isoformat()
    kept = Kept(name, connector.name, seat.workspace, onto, at)
    request.session[SESSION_KEY] = asdict(kept)
    return kept


def page_of(kept: Kept) -> str:
    """The address of the page that asks."""
    return reverse("company", args=[kept.workspace, kept.connector])


@require_http_methods(["GET", "POST"])
@seated("manage")
def company(request: HttpRequest, seat: Seat, connector: str) -> HttpResponse:
    """Ask which company; on POST connect it."""
    kept = _kept(request, seat, connector, well().clock.now())
    if kept is None:
        return _stale(request, seat)
    if request.method == "POST":
        return finish(request, seat, kept, typed(request.POST, "company"))
    return _ask(request, seat, kept)


@require_POST
@seated("manage")
def company_cancel(request: HttpRequest, seat: Seat, connector: str) -> HttpResponse:
    """Connect none: the access is given back at the provider and forgotten."""
    hub = well()
    kept = _kept(request, seat, connector, hub.clock.now())
    if kept is None:
        return _stale(request, seat)
    kind = hub.connectors[connector]
    in_use = hub.in_use(connector)
    trouble = consents.give_back(hub.grants(seat.workspace), kind, kept.name, in_use)
    del request.session[SESSION_KEY]
    if trouble is None:
        said(request, _("Nothing was connected. The access was given back."))
    else:
        told = _("Nothing was connected. %(title)s could not be told to end the access: %(why)s")
        said(request, told % {"title": kind.title, "why": trouble.sentence}, "warn")
    return _home(seat)


def finish(request: HttpRequest, seat: Seat, kept: Kept, account: str) -> HttpResponse:
    """Connect the company `account`; back to the question where that did not work."""
    hub = well()
    kind = hub.connectors[kept.connector]
    try:
        connection = consents.connect_kept(
            hub.store(seat.workspace),
            hub.grants(seat.workspace),
            kind,
            kept.name,
            account,
            seat.email,
            hub.clock,
            kept.onto,
        )
    except Failed as failed:
        if failed.failure is consents.GONE:
            return _stale(request, seat)
        said(request, f"{kind.title}: {failed.failure.sentence}", "bad")
        return HttpResponseRedirect(page_of(kept))
    del request.session[SESSION_KEY]
    said(request, _("%(name)s is connected.") % {"name": connection.label})
    return _home(seat)


def _kept(request: HttpRequest, seat: Seat, connector: str, now: datetime) -> Kept | None:
    """What this session asked for here, while there is time."""
    found = request.session.get(SESSION_KEY)
    kept = Kept(**found) if found else None
    if kept is None or (kept.workspace, kept.connector) != (seat.workspace, connector):
        return None
    return kept if now - datetime.fromisoformat(kept.at) <= consents.CHOOSE_WITHIN else None


def _ask(request: HttpRequest, seat: Seat, kept: Kept) -> HttpResponse:
    hub = well()
    kind = hub.connectors[kept.connector]
    context: dict[str, object] = {"title": kind.title, "name": kept.connector}
    try:
        consent = consents.offered(hub.grants(seat.workspace), kind, kept.name)
    except Failed as failed:
        if failed.failure is consents.GONE:
            return _stale(request, seat)
        context["trouble"] = f"{kind.title}: {failed.failure.sentence}"
        return show(request, seat, "well/company.html", context)
    context |= _choices(hub, seat, kept, consent)
    return show(request, seat, "well/company.html", context)


def _choices(hub: Well, seat: Seat, kept: Kept, consent: Consent) -> dict[str, object]:
    links = [link for link in connections_of(hub, seat) if link.connector == kept.connector]
    live = {one.account for one in links if one.state is ConnectionState.CONNECTED}
    asked = next((link for link in links if link.id == kept.onto), None)
    return {
        "companies": [
            {"company": one, "connected": one.account in live} for one in consent.choices
        ],
        "caution": consent.caution,
        "missed": _missed(asked, consent),
        "inbox": asked.mail.inbox if asked and asked.mail and not asked.scopes else "",
    }


def _missed(asked: Connection | None, consent: Consent) -> str:
    """The connection that was to be renewed and that this consent does not reach."""
    account = consents.account_of(asked)
    reached = {one.account for one in consent.choices}
    return asked.label if asked is not None and account and account not in reached else ""


def _home(seat: Seat) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("connections", args=[seat.workspace]))


def _stale(request: HttpRequest, seat: Seat) -> HttpResponse:
    return problem(
        request,
        400,
        _("There is no company to choose here"),
        _(
            "The choice was made already, came too late, or was begun in another browser. Nothing "
            "was connected by it, and access that nobody chose is given back within the hour. "
            "Start again from the connections page."
        ),
        reverse("connections", args=[seat.workspace]),
        _("Connections"),
        "triangle-alert",
    )
