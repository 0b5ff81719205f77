"""Migrations say what the models say, and each table stands in one kind of database."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections

from builders.stores import REGION
from well.storage.router import Router

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO(), skip_checks=True)


def test_control_and_data_tables_stand_apart() -> None:
    control = set(connections["default"].introspection.table_names())
    data = set(connections[REGION].introspection.table_names())
    assert control & data <= {"django_migrations"}
    assert {"person", "workspace", "membership", "notice", "django_session"} <= control
    assert {"source_record", "case_row", "trail", "grant_sealed", "workspace_key"} <= data


def test_the_router_keeps_apps_apart() -> None:
    router = Router()
    assert router.allow_migrate("eu", "storage")
    assert router.allow_migrate("default", "accounts")
    assert not router.allow_migrate("default", "storage")
    assert not router.allow_migrate("eu", "accounts")
    assert not router.allow_migrate("eu", "auth")
