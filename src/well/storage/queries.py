"""What the pages list and count: read models of one workspace.

Invariant: every query goes through `scope.rows`, reads columns and never a sealed body, and its
number does not depend on how many rows it returns. It changes nothing and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from well.domain.case import CaseState
from well.domain.money import Money
from well.domain.posting import NEVER, PostingState
from well.storage.models import (
    CaseRow,
    EntryRow,
    FlowRow,
    MarkerRow,
    PostingRow,
    RecordRow,
    RecordVersion,
)
from well.storage.scope import Tenant, reading, rows

PAGE = 50
"""Rows of one page of a list."""
PAGES_MAX = 10_000
MATCHES_MAX = 1_000
"""Hits of a search at the most."""
FOUND_MAX = 20
ON_THE_WAY = (PostingState.PLANNED, PostingState.UNKNOWN, PostingState.SENT)

_COLUMNS = (
    *("id", "flow", "record", "kind", "state", "supplier", "number", "source_id", "issue_date"),
    *("amount_minor", "currency", "confidence", "reason", "failure", "updated_at"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A case as lists show it. `confidence` in [0,1]; `failure` a sentence or ""."""

    id: str
    flow: str
    record: str
    kind: str
    state: str
    supplier: str
    number: str
    source_id: str
    issued: date | None
    amount: Money | None
    confidence: float
    reason: str
    failure: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, numbers from 1. `total` counts all of it."""

    items: tuple[Item, ...]
    number: int
    pages: int
    total: int

    @property
    def before(self) -> int:
        """Number of the page before."""
        return self.number - 1

    @property
    def after(self) -> int:
        """Number of the page after."""
        return self.number + 1


@dataclass(frozen=True, slots=True)
class Around:
    """Where a case stands in its list: those before it (nearest first), those after, its place."""

    before: tuple[Item, ...]
    after: tuple[Item, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Found:
    """A target entry a person may pin."""

    id: str
    file_name: str
    number: str
    supplier: str
    issued: date | None
    amount: Money | None
    link: str


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Postings in one state; `due` is the earliest time one may be sent, None for at once.
    `delivery` tells mailed ones apart, "" for the others."""

    state: str
    count: int
    due: datetime | None
    delivery: str = ""


@dataclass(frozen=True, slots=True)
class VersionItem:
    """One version of a source record."""

    number: int
    changed_at: datetime
    digest: str
    deleted: bool


def counts(tenant: Tenant) -> Mapping[str, Mapping[str, int]]:
    """Number of cases by flow and state; states without a case are absent."""
    found: dict[str, dict[str, int]] = {}
    with reading(tenant):
        groups = rows(CaseRow, tenant).values("flow", "state").annotate(n=Count("*")).order_by()
        for group in groups:
            found.setdefault(group["flow"], {})[group["state"]] = group["n"]
    return found


def case_page(
    tenant: Tenant, flow: str, state: str, number: int, text: str = "", total: int | None = None
) -> Page:
    """One page of the cases in a state, most confident first. `total` spares the count if known.

    With `text`, only those whose supplier or number contains it, MATCHES_MAX at the most.
    """
    with reading(tenant):
        found = _in_state(tenant, flow, state).values_list("id", flat=True)
        if text:
            return _matches(tenant, found, text, number)
        total = found.count() if total is None else total
        number, pages = _clamped(number, total)
        start = (number - 1) * PAGE
        # Ids first: they come from the index alone, so a far page does not read the rows before it.
        items = _items(tenant, list(found[start : start + PAGE]))
    return Page(items, number, pages, total)


def _matches(tenant: Tenant, ids: QuerySet[CaseRow, str], text: str, number: int) -> Page:
    """A page of those that contain `text`; found in one pass, which no index can spare."""
    hits = ids.filter(Q(supplier__icontains=text) | Q(number__icontains=text))[:MATCHES_MAX]
    matching = list(hits)
    number, pages = _clamped(number, len(matching))
    start = (number - 1) * PAGE
    return Page(_items(tenant, matching[start : start + PAGE]), number, pages, len(matching))


def _clamped(number: int, total: int) -> tuple[int, int]:
    """A page number that exists, and how many there are."""
    pages = max(1, min(ceil(total / PAGE), PAGES_MAX))
    return max(1, min(number, pages)), pages


def around(tenant: Tenant, item: Item, reach: int = 12) -> Around:
    """The neighbours of a case in the list of its state."""
    with reading(tenant):
        same = _in_state(tenant, item.flow, item.state)
        sure, name = item.confidence, item.id
        earlier = same.filter(confidence__gte=sure).filter(
            Q(confidence__gt=sure) | Q(confidence=sure, id__lt=name)
        )
        later = same.filter(confidence__lte=sure).filter(
            Q(confidence__lt=sure) | Q(confidence=sure, id__gt=name)
        )
        before = list(earlier.order_by("confidence", "-id").values_list("id", flat=True)[:reach])
        after = list(later.values_list("id", flat=True)[:reach])
        items = {one.id: one for one in _items(tenant, before + after)}
        position = earlier.count() + 1
    return Around(
        tuple(items[i] for i in before if i in items),
        tuple(items[i] for i in after if i in items),
        position,
    )


def item(tenant: Tenant, case_id: str) -> Item | None:
    """One case as lists show it."""
    with reading(tenant):
        return next(iter(_items(tenant, [case_id])), None)


def search_entries(tenant: Tenant, connection: str, text: str) -> Sequence[Found]:
    """Up to FOUND_MAX entries of a target whose number, supplier or file name contains `text`."""
    words = text.split()
    if not words:
        return ()
    with reading(tenant):
        found = rows(EntryRow, tenant).filter(connection=connection)
        for word in words[:5]:
            found = found.filter(
                Q(number__icontains=word)
                | Q(supplier__icontains=word)
                | Q(file_name__icontains=word)
            )
        values = found.order_by("-issue_date", "id").values(
            "id",
            "file_name",
            "number",
            "supplier",
            "issue_date",
            "amount_minor",
            "currency",
            "link",
        )[:FOUND_MAX]
        return tuple(
            Found(
                v["id"],
                v["file_name"],
                v["number"],
                v["supplier"],
                v["issue_date"],
                _money(v),
                v["link"],
            )
            for v in values
        )


def on_the_way(tenant: Tenant, flows: Sequence[str]) -> Sequence[OnTheWay]:
    """Postings that are not finished, by state in the order they pass through it."""
    with reading(tenant):
        groups = (
            rows(PostingRow, tenant)
            .filter(flow__in=list(flows), state__in=ON_THE_WAY)
            .values("state", "delivery")
            .annotate(n=Count("*"), due=Min("not_before"))
            .order_by()
        )
        found = [OnTheWay(g["state"], g["n"], _soon(g["due"]), g["delivery"]) for g in groups]
    order = [state.value for state in ON_THE_WAY]
    return tuple(sorted(found, key=lambda one: (order.index(one.state), one.delivery)))


def _soon(due: datetime | None) -> datetime | None:
    return None if due is None or due.year >= NEVER.year else due


def flow_names(tenant: Tenant) -> Mapping[str, str]:
    """Names of all flows by id, in the order of their names."""
    with reading(tenant):
        return dict(rows(FlowRow, tenant).order_by("name", "id").values_list("id", "name"))


def last_syncs(tenant: Tenant) -> Mapping[str, datetime]:
    """For each connection, up to when its furthest stream is stored."""
    with reading(tenant):
        groups = rows(MarkerRow, tenant).values("connection").annotate(at=Max("at")).order_by()
        return {group["connection"]: group["at"] for group in groups}


def markers(tenant: Tenant, connection: str) -> Mapping[str, datetime]:
    """Up to when each stream of a connection is stored."""
    with reading(tenant):
        found = rows(MarkerRow, tenant).filter(connection=connection)
        return dict(found.values_list("stream", "at"))


def versions(tenant: Tenant, record: str) -> Sequence[VersionItem]:
    """Versions of a source record, the newest first."""
    fields = ("version", "changed_at", "digest", "deleted")
    with reading(tenant):
        newest = rows(RecordRow, tenant).filter(id=record).values_list(*fields)
        former = rows(RecordVersion, tenant).filter(id=record).values_list(*fields)
        found = {row[0]: VersionItem(*row) for row in [*former, *newest]}
    return tuple(found[number] for number in sorted(found, reverse=True))


def _in_state(tenant: Tenant, flow: str, state: str) -> QuerySet[CaseRow]:
    found = rows(CaseRow, tenant).filter(flow=flow, state=CaseState(state))
    return found.order_by("-confidence", "id")


def _items(tenant: Tenant, ids: Sequence[str]) -> tuple[Item, ...]:
    """In the order of `ids`; unknown ones are left out."""
    values = rows(CaseRow, tenant).filter(id__in=list(ids)).values(*_COLUMNS)
    found = {value["id"]: _item(value) for value in values}
    return tuple(found[one] for one in ids if one in found)


def _item(value: Mapping[str, Any]) -> Item:
    plain = {name: value[name] for name in _COLUMNS if name in Item.__slots__}
    return Item(issued=value["issue_date"], amount=_money(value), **plain)


def _money(value: Mapping[str, Any]) -> Money | None:
    if value["amount_minor"] is None or not value["currency"]:
        return None
    return Money(value["amount_minor"], value["currency"])
