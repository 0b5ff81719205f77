"""The rules of a flow for some records: their order, one form, and what they would have done.

Invariant: a change is stored as the next version of the flow's limits and only against the version
it was made on; a preview stores nothing. Which rule a record meets is policy's to say.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import well
from well.domain.flow import ConnectionState, Flow
from well.domain.rule import RULES_MAX
from well.domain.source_record import Kind
from well.storage import samples
from well.web.frame import said, show
from well.web.guard import Seat, allowed, seated
from well.web.pages.flow_preview import preview
from well.web.pages.found import find_flow
from well.web.pages.rule_form import (
    RULE,
    THENS,
    Order,
    moved,
    put,
    rule_of,
    rule_rows,
    values_of_rule,
    without,
)
from well.web.words import KINDS


@seated()
def flow_exceptions(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """The list, and the form for a new rule or for the one that is named."""
    found = find_flow(seat, flow)
    place = request.GET.get("rule", "")
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
    chosen = found.rules.exceptions[number - 1 : number] if number else ()
    rule = chosen[0] if chosen else None
    values = {**values_of_rule(rule), "place": place if rule else ""}
    return _page(request, seat, found, values)


@require_POST
@seated("manage")
def flow_exceptions_change(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Save, move, remove or try a rule, as the pressed button says."""
    found = find_flow(seat, flow)
    typed = {name: request.POST.get(name, "") for name in (*RULE, "place")}
    do = request.POST.get("do", "")
    if request.POST.get("version") != str(found.rules.version):
        return _page(request, seat, found, typed, _("The rules changed meanwhile. Look again."))
    try:
        order = _after(found.rules.exceptions, do, typed)
    except ValueError as error:
        return _page(request, seat, found, typed, str(error))
    changed = replace(found, rules=replace(found.rules, exceptions=order))
    if do == "preview":
        title = _("What these rules would have done")
        shown = {**preview(seat, found, changed), "title": title}
        return _page(request, seat, found, typed, preview=shown)
    if changed == found:
        said(request, _("Nothing changed."))
    else:
        well().change_flow(seat.workspace, changed, seat.email)
        said(request, _("Saved. It applies to records decided from now on."))
    return HttpResponseRedirect(reverse("flow_exceptions", args=[seat.workspace, found.id]))


def _after(rules: Order, do: str, typed: Mapping[str, str]) -> Order:
    """The rules after the press of a button; ValueError with a sentence."""
    place = typed["place"]
    if do == "up":
        return moved(rules, place, -1)
    if do == "down":
        return moved(rules, place, 1)
    if do == "remove":
        return without(rules, place)
    return put(rules, place, rule_of(typed))


def _page(
    request: HttpRequest,
    seat: Seat,
    found: Flow,
    values: Mapping[str, str],
    error: str = "",
    preview: Mapping[str, Any] | None = None,
) -> HttpResponse:
    address = reverse("flow_exceptions", args=[seat.workspace, found.id])
    context = {
        "flow": found,
        "rules": rule_rows(found.rules.exceptions, address),
        "values": values,
        "error": error,
        "preview": preview,
        "url": address,
        "change_url": reverse("flow_exceptions_change", args=[seat.workspace, found.id]),
        "thens": [(then.value, word) for then, word in THENS.items()],
        "kinds": [(kind.value, KINDS[kind]) for kind in Kind if kind in found.posted_kinds],
        "streams": _streams(seat, found),
        "suppliers": samples.suppliers(seat.tenant, found.id),
        "most": RULES_MAX,
        "may_change": allowed(seat.role, "manage"),
    }
    return show(request, seat, "well/rules.html", context, 400 if error else 200)


def _streams(seat: Seat, found: Flow) -> list[str]:
    """Streams of the source whose records are posted; none while it is not connected."""
    hub = well()
    connection = hub.store(seat.workspace).connection(found.source)
    if connection.state is ConnectionState.DISCONNECTED:
        return []
    source = hub.connectors[connection.connector].source(connection, hub.grants(seat.workspace))
    return [stream.name for stream in source.streams if stream.kind in found.posted_kinds]
