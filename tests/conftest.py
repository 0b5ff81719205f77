"""The suite's own data folder and databases, on SQLite or on PostgreSQL.

Invariant: a test process works below a folder of its own that goes with it; no setting of the
machine reaches a test. With WELL_TEST_DATABASE=postgres everything runs on a private PostgreSQL
server, as a role that owns no table and cannot pass row security.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
import pytest_django
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import settings

from builders.postgres import APPLICATION, OWNER, Cluster, binaries

pytest.register_assert_rewrite("contract.suite")
# The same examples every time, however slow the machine; WELL_EXPLORE=1 looks for new ones.
settings.register_profile("well", deadline=None, derandomize="WELL_EXPLORE" not in os.environ)
settings.load_profile("well")

POSTGRES = os.environ.get("WELL_TEST_DATABASE") == "postgres"
_SOCKET = "WELL_TEST_POSTGRES"
"""Where the server of the controlling process listens, for its parallel workers."""

_FOLDER = Path(tempfile.mkdtemp(prefix="well-tests-"))
_cluster: Cluster | None = None


def _prepare_environment() -> None:
    """Before Django reads its settings (pytest-django does so after this file is loaded)."""
    kept = {"WELL_TEST_DATABASE", _SOCKET}
    for name in [n for n in os.environ if n.startswith("WELL_") and n not in kept]:
        del os.environ[name]
    os.environ["WELL_DATA"] = str(_FOLDER)
    os.environ["WELL_MAIL_DNS"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "well.django_settings"
    if POSTGRES:
        folder = os.environ.get(_SOCKET) or _start_postgres()
        os.environ["WELL_CONTROL_DATABASE"] = f"postgresql://{OWNER}@/control?host={folder}"
        os.environ["WELL_REGIONS"] = f"eu=postgresql://{OWNER}@/data_eu?host={folder}"


def _start_postgres() -> str:
    global _cluster
    where = binaries()
    if where is None:
        pytest.exit("WELL_TEST_DATABASE=postgres needs PostgreSQL: apt-get install postgresql", 3)
    _cluster = Cluster.start(where)
    os.environ[_SOCKET] = str(_cluster.folder)
    return str(_cluster.folder)


_prepare_environment()


def pytest_configure() -> None:
    """Django is ready before a test file is imported."""
    django.setup()


@atexit.register
def pytest_unconfigure() -> None:
    """Leave nothing behind, also after a run that never began."""
    global _cluster
    if _cluster is not None:
        _cluster.stop()
        _cluster = None
        os.environ.pop(_SOCKET, None)
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Databases are made and dropped by the owner of their tables; tests run as another role."""
    if POSTGRES:
        _connect_as(APPLICATION)
    yield
    if POSTGRES:
        with django_db_blocker.unblock():
            for connection in connections.all():
                _end_other_sessions(connection)
        _connect_as(OWNER)


def _connect_as(role: str) -> None:
    for connection in connections.all():
        connection.close()
        connection.settings_dict["USER"] = role
        connections.settings[connection.alias]["USER"] = role


def _end_other_sessions(connection: BaseDatabaseWrapper) -> None:
    """Threads that are gone may have left a session, and a database in use is not dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
