"""Every tenant table begins its key and indexes with the workspace, and PostgreSQL guards it."""

import pytest
from django.apps import apps
from django.db import connections, models
from django.db.models import Model
from django.db.utils import ProgrammingError

from builders.stores import REGION
from well.storage.models import MarkerRow, RecordRow
from well.storage.row_security import POLICY, is_tenant
from well.storage.scope import Tenant, put, reading, rows, unit
from well.storage.tenant import TenantModel

TABLES = list(apps.get_app_config("storage").get_models())
A, B = Tenant("a", REGION), Tenant("b", REGION)
databases = pytest.mark.django_db(databases=["default", "eu"])


def _postgres() -> bool:
    return connections[REGION].vendor == "postgresql"


def _marker(tenant: Tenant) -> MarkerRow:
    return MarkerRow(
        workspace_id=tenant.workspace, connection="c", stream="s", at="2026-01-01T00:00:00Z"
    )


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m._meta.db_table)
def test_a_table_of_the_storage_is_a_tenant_table(model: type[Model]) -> None:
    assert issubclass(model, TenantModel)
    assert is_tenant(model)


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m._meta.db_table)
def test_keys_and_indexes_begin_with_the_workspace(model: type[Model]) -> None:
    assert model._meta.pk_fields[0].name == "workspace_id"
    for index in model._meta.indexes:
        assert index.fields[0] == "workspace_id", index.name
    for field in model._meta.concrete_fields:
        alone = field.unique and len(model._meta.pk_fields) > 1
        assert not field.db_index
        assert not alone
        assert not isinstance(field, models.ForeignKey), "no relation: ids are plain columns"


@databases
def test_the_database_itself_agrees() -> None:
    connection = connections[REGION]
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            for name, found in connection.introspection.get_constraints(cursor, table).items():
                if found["index"] or found["primary_key"] or found["unique"]:
                    assert found["columns"][0] == "workspace_id", f"{table}.{name}"


@databases
def test_postgres_forces_row_security_on_every_table() -> None:
    if not _postgres():
        pytest.skip("row security is PostgreSQL's")
    with connections[REGION].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, p.qual, p.with_check "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "LEFT JOIN pg_policies p ON p.tablename = c.relname AND p.policyname = %s "
            "WHERE c.relkind = 'r' AND a.attname = 'workspace_id'",
            [POLICY],
        )
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    assert set(found) == {model._meta.db_table for model in TABLES}
    for table, (enabled, forced, using, check) in found.items():
        assert enabled, table
        assert forced, table
        assert "current_setting('well.workspace'" in using, table
        assert using == check, table


@databases
def test_the_application_role_can_pass_no_wall() -> None:
    if not _postgres():
        pytest.skip("roles are PostgreSQL's")
    with connections[REGION].cursor() as cursor:
        cursor.execute(
            "SELECT r.rolsuper, r.rolbypassrls, "
            "(SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) "
            "FROM pg_roles r WHERE r.rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, 0)


@databases
def test_without_a_scope_postgres_shows_no_row_and_takes_none() -> None:
    if not _postgres():
        pytest.skip("row security is PostgreSQL's")
    with unit(A):
        put(A, [_marker(A)], [])
    connection = connections[REGION]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('well.workspace', '', true)")
        cursor.execute("SELECT count(*) FROM marker")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE marker SET stream = 'x'")
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute("INSERT INTO marker VALUES ('b', 'c', 's', now())")


@databases
def test_a_query_that_forgot_its_workspace_is_stopped_by_postgres() -> None:
    if not _postgres():
        pytest.skip("row security is PostgreSQL's")
    with unit(A):
        put(A, [_marker(A)], [])
    with unit(B), connections[REGION].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marker")
        assert cursor.fetchone() == (0,)
    with reading(A), connections[REGION].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marker")
        assert cursor.fetchone() == (1,)


@databases
def test_rows_outside_a_scope_are_refused() -> None:
    with pytest.raises(AssertionError, match="open"):
        rows(RecordRow, A)
    with reading(B), pytest.raises(AssertionError, match="open"):
        rows(RecordRow, A)
    with unit(B), pytest.raises(AssertionError, match="another workspace"), unit(A):
        pass


@databases
def test_rows_of_another_workspace_are_not_written() -> None:
    with unit(A), pytest.raises(AssertionError, match="one workspace"):
        put(A, [_marker(B)], [])


@databases
def test_a_scope_does_not_outlive_its_block() -> None:
    with unit(A):
        put(A, [_marker(A)], [])
        with reading(A):
            assert rows(MarkerRow, A).count() == 1
    with unit(B):
        assert rows(MarkerRow, B).count() == 0


@pytest.mark.parametrize("id", ["", "a/b", "..", "a b", "x" * 65, "é", "a\x00"])
def test_a_workspace_id_is_plain(id: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        Tenant(id, REGION)
