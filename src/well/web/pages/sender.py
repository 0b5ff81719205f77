"""The card "Your domain": each record of the sender's domain, what to publish and what is there.

Invariant: a page never waits for a name server; the card asks by itself, after the page is shown.
What could not be asked is never called missing. It says nothing that a look did not bring.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from well.bootstrap import Well, well
from well.domain.flow import Connection
from well.domain.sender import RecordKind, RecordState, Remark, SenderCheck, SenderRecord
from well.web.frame import said
from well.web.guard import Seat, seated
from well.web.pages.status import connections_of
from well.web.words import Sign

STATES = {
    RecordState.PUBLISHED: Sign(gettext_lazy("published"), "check", "good"),
    RecordState.MISSING: Sign(gettext_lazy("missing"), "triangle-alert", "bad"),
    RecordState.OTHER: Sign(gettext_lazy("another value"), "triangle-alert", "bad"),
    RecordState.UNASKED: Sign(gettext_lazy("could not be asked now"), "clock", "warn"),
}
REMARKS = {
    Remark.NONE: "",
    Remark.SEVERAL: gettext_lazy("There are several of them: receivers use none. Leave one."),
    Remark.REVOKED: gettext_lazy("The record has no key in it: it says that the key is revoked."),
    Remark.EVERYBODY: gettext_lazy("The record lets everybody send, so it proves nothing."),
    Remark.UNREADABLE: gettext_lazy("What stands there cannot be read as such a record."),
    Remark.PARENT: gettext_lazy("The domain has none of its own; that of its parent counts."),
}


@require_http_methods(["GET", "POST"])
@seated("manage")
def sender_domain(request: HttpRequest, seat: Seat, connection: str) -> HttpResponse:
    """The card, after a look where none is known; on POST look again and show the page."""
    hub = well()
    link = next((c for c in connections_of(hub, seat) if c.id == connection), None)
    if link is None or link.mail is None or link.mail.host:
        raise Http404("no such card")
    if request.method == "GET":
        check = hub.sender_known(link) or hub.look_at_sender(link)
        context = {"seat": seat, "link": link, **sender_card(check)}
        return render(request, "well/parts/sender.html", context)
    check = hub.look_again(seat.workspace, link, seat.email)
    if check.lost:
        said(request, _("The record of the key is not published as it must be."), "bad")
    elif check.unproven:
        said(request, _("The name server could not be asked now: nothing is proven."), "warn")
    else:
        said(request, _("Looked again."))
    return HttpResponseRedirect(reverse("mail_route", args=[seat.workspace, connection]))


def known_card(hub: Well, link: Connection) -> dict[str, Any]:
    """The card for the page, without asking anybody: `asks` where somebody has to be asked."""
    if link.mail is None or link.mail.host:
        return {}
    check = hub.sender_known(link)
    return sender_card(check) if check else {"asks": True}


def sender_card(check: SenderCheck) -> dict[str, Any]:
    """What the card shows of a look."""
    return {
        "sender": check,
        "records": [_row(check, record) for record in check.records],
        "alignment": _alignment(check),
    }


def _row(check: SenderCheck, record: SenderRecord) -> dict[str, Any]:
    sign = STATES[record.state]
    needed = record.kind is RecordKind.DKIM
    there = record.state is RecordState.PUBLISHED
    return {
        "kind": record.kind.value,
        "name": record.name,
        "value": "" if there else record.value,
        "found": "" if there and needed else record.found,
        "word": sign.word,
        "icon": sign.icon,
        "tone": "warn" if sign.tone == "bad" and not needed else sign.tone,
        "why": _why(check, record.kind),
        "remark": REMARKS[record.remark],
    }


def _why(check: SenderCheck, kind: RecordKind) -> str:
    """What the record is for, in one or two sentences."""
    names = {"domain": check.domain, "envelope": check.envelope}
    if kind is RecordKind.DKIM:
        told = _("The key with which Well signs mail of %(domain)s.")
        if check.own:
            told += " " + _("Without it nothing is mailed.")
    elif kind is RecordKind.DMARC:
        told = _("What receivers do with mail of %(domain)s that is not proven. It is optional.")
    elif check.envelope == check.domain:
        told = _("Lets this installation's server send for %(domain)s.")
    else:
        told = _(
            "Lets this installation's server send for %(domain)s. Receivers ask the domain of the "
            "envelope first, which is %(envelope)s."
        )
    return told % names


def _alignment(check: SenderCheck) -> str:
    """On what receivers base that the From is true (DMARC)."""
    names = {"domain": check.domain, "envelope": check.envelope}
    if check.signs and check.aligned:
        told = _("The signature and the envelope are both of %(domain)s or its owner (DMARC).")
    elif check.signs:
        told = _(
            "The signature is of %(domain)s; the envelope is of %(envelope)s, which does not count "
            "for it. So the From rests on the signature alone (DMARC)."
        )
    elif check.aligned:
        told = _("The envelope is of %(envelope)s, which counts for the From (DMARC).")
    else:
        told = _("The envelope is of %(envelope)s, which does not count for the From (DMARC).")
    return told % names
