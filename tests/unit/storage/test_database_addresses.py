"""Addresses of databases, and the settings that keep SQLite safe."""

import sqlite3
import threading

import pytest
from django.db import connections

from builders.stores import REGION
from well.storage.database import database_config
from well.storage.scope import Tenant, unit
from well.storage.store import DjangoStore


def test_an_sqlite_address_is_a_path() -> None:
    config = database_config("sqlite:////var/lib/well/data.sqlite3")
    assert config["NAME"] == "/var/lib/well/data.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 30


def test_a_postgres_address_has_its_parts() -> None:
    config = database_config("postgresql://us%40er:p%3Aw@db.eu:6432/well?sslmode=require")
    assert (config["USER"], config["PASSWORD"]) == ("us@er", "p:w")
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.eu", "6432", "well")
    assert config["OPTIONS"] == {"sslmode": "require"}
    assert database_config("postgresql:///well?host=/run/pg")["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite://", "sqlite:///", "postgresql://h"])
def test_another_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="address") as refused:
        database_config(url)
    assert "mysql" not in str(refused.value)


@pytest.mark.django_db(databases=["default", "eu"])
def test_sqlite_survives_kill_and_checks_references() -> None:
    if connections[REGION].vendor != "sqlite":
        pytest.skip("SQLite's own settings")
    with connections[REGION].cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "eu"], transaction=True)
def test_writers_wait_for_one_another_and_none_fails() -> None:
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for _ in range(10):
                with unit(Tenant(f"ws{number}", REGION)):
                    pass
        except (sqlite3.Error, AssertionError) as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_the_parts_of_the_store_do_not_hide_each_other() -> None:
    seen: dict[str, str] = {}
    for part in DjangoStore.__mro__[1:-1]:
        for name in vars(part):
            if not name.startswith("__"):
                assert name not in seen, f"{name} is in {seen.get(name)} and {part.__name__}"
                seen[name] = part.__name__
