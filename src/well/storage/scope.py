"""The only door to tenant rows.

Invariant: every query names the workspace it is for and runs inside a scope opened for that very
workspace; on PostgreSQL the scope also tells the database, so row security agrees. A house test
refuses Django's managers and cursors everywhere else. It does not check who may see a workspace.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from django.db import connections, transaction
from django.db.models import Model, QuerySet

from well.storage.row_security import SETTING
from well.storage.tenant import TenantModel

M = TypeVar("M", bound=TenantModel)

CHUNK = 500
"""Rows of one statement: small enough for every database's number of parameters."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Tenant:
    """A workspace and the region (the alias of the data database) it lives in."""

    workspace: str
    region: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.workspace):
            raise ValueError("a workspace id is made of letters, digits, - and _")


_scope: ContextVar[Tenant | None] = ContextVar("well_scope", default=None)


@contextmanager
def unit(tenant: Tenant) -> Iterator[None]:
    """One transaction of `tenant`; inside another one of the same tenant, a part of it."""
    outermost = _scope.get() is None
    with transaction.atomic(using=tenant.region, savepoint=outermost), _entered(tenant):
        yield


@contextmanager
def reading(tenant: Tenant) -> Iterator[None]:
    """A scope for reads. On SQLite it begins no transaction, which would take the write lock."""
    if connections[tenant.region].vendor == "postgresql":
        with unit(tenant):
            yield
    else:
        with _entered(tenant):
            yield


def rows(model: type[M], tenant: Tenant) -> QuerySet[M]:
    """All rows of `tenant` in `model`'s table; use it inside `unit` or `reading` of the tenant."""
    _assert_inside(tenant)
    found: QuerySet[M] = model._default_manager.using(tenant.region)
    return found.filter(workspace_id=tenant.workspace)


_HITS = """
SELECT key, target FROM (
    SELECT key, target, ROW_NUMBER() OVER (PARTITION BY key ORDER BY target) AS place
    FROM block_key WHERE workspace_id = %s AND space = %s AND key IN ({})
) AS placed WHERE place <= %s ORDER BY target
"""


def hits(tenant: Tenant, space: str, keys: Sequence[str], most: int) -> list[tuple[str, str]]:
    """(key, target) of the first `most` targets under each key of the tenant, by target.

    In plain SQL, since it is asked for every document and building it costs more than its answer.
    """
    _assert_inside(tenant)
    asked = _HITS.format(", ".join(["%s"] * len(keys)))
    with connections[tenant.region].cursor() as cursor:
        cursor.execute(asked, [tenant.workspace, space, *keys, most])
        return list(cursor.fetchall())


def put(tenant: Tenant, items: Sequence[M], replace: Sequence[str] | None = None) -> None:
    """Insert rows of one table; where the key exists, replace the columns `replace`.

    None inserts new rows only (an existing key is an error), an empty `replace` leaves
    existing rows as they are. Nothing is read back.
    """
    _assert_inside(tenant)
    if not items:
        return
    assert all(item.workspace_id == tenant.workspace for item in items), "rows of one workspace"
    model = type(items[0])
    manager = model._default_manager.using(tenant.region)
    if replace is None:
        manager.bulk_create(items, CHUNK)
    elif not replace:
        manager.bulk_create(items, CHUNK, ignore_conflicts=True)
    else:
        manager.bulk_create(
            items,
            CHUNK,
            update_conflicts=True,
            update_fields=list(replace),
            unique_fields=key_fields(model),
        )


def key_fields(model: type[Model]) -> list[str]:
    """Names of the columns of a tenant table's key."""
    return [field.name for field in model._meta.pk_fields]


def columns(model: type[Model]) -> list[str]:
    """Names of the columns that are no part of the key: what a replacement replaces."""
    key = {*key_fields(model), "pk", "workspace_id"}
    return [field.name for field in model._meta.concrete_fields if field.name not in key]


def chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """`items` without repeats, CHUNK at a time."""
    distinct = list(dict.fromkeys(items))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


@contextmanager
def _entered(tenant: Tenant) -> Iterator[None]:
    current = _scope.get()
    assert current is None or current == tenant, "a unit of another workspace is open"
    if current is None:
        _tell_database(tenant)
    token = _scope.set(tenant)
    try:
        yield
    finally:
        _scope.reset(token)


def _tell_database(tenant: Tenant) -> None:
    connection = connections[tenant.region]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # True: for this transaction only, so a pooled connection does not hand it on.
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, tenant.workspace])


def _assert_inside(tenant: Tenant) -> None:
    assert _scope.get() == tenant, "open `unit` or `reading` of the workspace first"
