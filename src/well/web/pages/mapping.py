"""The mapping of a flow, row by row, tried on real records before it is saved.

Invariant: what is offered are fields that records of the source really have; a preview reads kept
records again and stores nothing; saving makes the next version. How a row is read is not here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from well.bootstrap import well
from well.connectors.jsontext import parse
from well.domain.flow import Flow
from well.domain.ids import case_id
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.source_record import Kind, SourceRecord
from well.domain.template import leaves
from well.ports.source import Source
from well.storage import samples
from well.web import formats
from well.web.frame import said, show
from well.web.guard import Seat, allowed, seated
from well.web.pages.fields import shown, values_of
from well.web.pages.found import find_flow
from well.web.pages.mapping_form import USES, Known, Typed, rows_of, shown_rows
from well.web.words import FIELDS, plain

KINDS_OF: Mapping[str, tuple[Kind, ...]] = {
    "invoice": (Kind.SUPPLIER_INVOICE, Kind.SUPPLIER_CREDIT_NOTE),
    "transaction": (Kind.TRANSACTION,),
    "company": (Kind.COMPANY,),
}
SAMPLED, TRIED = 30, 3
"""Records of a group whose fields are offered, and how many of them a preview reads."""
Samples = Mapping[str, Sequence[SourceRecord]]


@seated()
def flow_rows(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """The form."""
    found = find_flow(seat, flow)
    return _page(request, seat, found, _samples(seat, found), {})


@require_POST
@seated("manage")
def flow_rows_change(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Save the rows, or show what three real records of each group would say under them."""
    found = find_flow(seat, flow)
    known = _samples(seat, found)
    typed = {name: request.POST.get(name, "") for name in request.POST if "-" in name}
    read = rows_of(found.mapping, typed, _paths(known))
    if request.POST.get("version") != str(found.mapping.version):
        trouble = _("The mapping changed meanwhile. Look again.")
        read = replace(read, trouble=trouble)
    if read.wrong:
        return _page(request, seat, found, known, typed, read)
    changed = replace(found, mapping=replace(found.mapping, rows=read.rows))
    if request.POST.get("do") == "preview":
        tried = list(_tried(seat, found, changed.mapping, known))
        return _page(request, seat, found, known, typed, read, tried)
    if changed == found:
        said(request, _("Nothing changed."))
    else:
        well().change_flow(seat.workspace, changed, seat.email)
        said(request, _("Saved. It applies to records decided from now on."))
    return HttpResponseRedirect(reverse("flow_rows", args=[seat.workspace, found.id]))


def _page(
    request: HttpRequest,
    seat: Seat,
    found: Flow,
    known: Samples,
    typed: Mapping[str, str],
    read: Typed | None = None,
    tried: Sequence[Mapping[str, Any]] | None = None,
) -> HttpResponse:
    wrong = read is not None and read.wrong
    store = well().store(seat.workspace)
    source = store.connection(found.source).connector
    context = {
        "number": _path(found.mapping, "invoice_number"),
        "day": _path(found.mapping, "issue_date"),
        "flow": found,
        "source_title": well().connectors[source].title,
        "rows": shown_rows(found.mapping, typed, read.errors if read else {}),
        "uses": list(USES.items()),
        "offered": {group: sorted(_offered(records).items()) for group, records in known.items()},
        "wrong": wrong,
        "trouble": read.trouble if read else "",
        "tried": tried,
        "change_url": reverse("flow_rows_change", args=[seat.workspace, found.id]),
        "may_change": allowed(seat.role, "manage"),
    }
    return show(request, seat, "well/mapping.html", context, 400 if wrong else 200)


def _path(table: FieldMapping, target: str) -> str:
    """Where the published mapping reads a target field of invoices, for an example."""
    rows = (row for row in table.rows if row.target_field == target)
    return next((row.source_field.partition(".")[2] for row in rows), target)


def _samples(seat: Seat, found: Flow) -> Samples:
    """The newest records of each group that the mapping has a row for."""
    store = well().store(seat.workspace)
    groups = dict.fromkeys(row.group for row in found.mapping.rows)
    keys = {
        group: samples.newest(seat.tenant, found.source, KINDS_OF.get(group, ()), SAMPLED)
        for group in groups
    }
    records = store.records([key for group in keys.values() for key in group])
    return {group: [records[key] for key in some if key in records] for group, some in keys.items()}


def _offered(records: Sequence[SourceRecord]) -> dict[str, str]:
    """Every path with the value of the newest record that has it."""
    offered: dict[str, str] = {}
    for record in records:
        try:
            found = leaves(parse(record.body).value)
        except ValueError:
            continue
        offered = {**found, **offered}
    return offered


def _paths(known: Samples) -> Known:
    return {group: frozenset(_offered(records)) for group, records in known.items()}


def _tried(
    seat: Seat, found: Flow, table: FieldMapping, known: Samples
) -> Iterator[dict[str, Any]]:
    """The newest records of each group whose rows differ; invoices in any case."""
    hub = well()
    connection = hub.store(seat.workspace).connection(found.source)
    source = hub.connectors[connection.connector].source(connection, hub.grants(seat.workspace))
    pairs = zip(table.rows, found.mapping.rows, strict=True)
    changed = {"invoice"} | {row.group for row, was in pairs if row != was}
    for group, records in known.items():
        for record in records[:TRIED] if group in changed else ():
            case = case_id(found.id, record.key.record_id)
            url = reverse("record", args=[seat.workspace, case]) if group != "company" else ""
            yield {"url": url, **_trial(source, record, found.mapping, table)}


def _trial(
    source: Source, record: SourceRecord, before: FieldMapping, after: FieldMapping
) -> dict[str, Any]:
    """One record: each field that comes out otherwise, and what would keep it from posting."""
    was, now = _values(source, record, before), _values(source, record, after)
    invoice = _invoice(source, record, after) or Invoice()
    named = now.get("number", formats.NOTHING), now["seller.name"]
    return {
        "name": next((name for name in named if name != formats.NOTHING), record.key.source_id),
        "stream": record.key.stream,
        "rows": [
            {"word": FIELDS.get(name, plain(name)), "before": was[name], "after": now[name]}
            for name in was
            if was[name] != now[name]
        ],
        "stops": [one.sentence for one in invoice.findings if one.stops_auto_post],
    }


def _values(source: Source, record: SourceRecord, table: FieldMapping) -> dict[str, str]:
    """The fields of a record under a mapping, as text."""
    if record.kind is Kind.COMPANY:
        company = source.read_company(record, table)
        return {
            "seller.name": company.name if company else shown(None),
            "seller.vat_id": ", ".join(company.vat_ids) if company else shown(None),
            "domains": ", ".join(company.domains) if company else shown(None),
        }
    invoice = _invoice(source, record, table) or Invoice()
    found = {**values_of(invoice), "currency": invoice.currency}
    return {name: shown(value) for name, value in found.items()}


def _invoice(source: Source, record: SourceRecord, table: FieldMapping) -> Invoice | None:
    try:
        return None if record.kind is Kind.COMPANY else source.read_invoice(record, table)
    except ValueError:
        return None
