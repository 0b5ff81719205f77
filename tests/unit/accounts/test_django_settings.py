"""Django's settings follow from the product's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = """
import json
from well import django_settings as s
names = [n for n in dir(s) if n.isupper() and n != "WELL"]
print(json.dumps({n: getattr(s, n) for n in names}, default=str))
"""


def _settings(folder: Path, **env: str) -> dict[str, object]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("WELL_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=clean | {"WELL_DATA": str(folder), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("https")
    return _settings(
        folder,
        WELL_BASE_URL="https://well.example",
        WELL_REGIONS="eu=postgresql://well@db.eu/well us=postgresql://well@db.us/well",
    )


def test_over_https_cookies_are_bound_to_the_host(https: dict[str, object]) -> None:
    assert https["SESSION_COOKIE_NAME"] == "__Host-session"
    assert https["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert https["SESSION_COOKIE_SECURE"] is https["CSRF_COOKIE_SECURE"] is True
    assert https["SECURE_HSTS_SECONDS"] == 31_536_000
    assert https["ALLOWED_HOSTS"] == ["well.example"]
    assert https["CSRF_TRUSTED_ORIGINS"] == ["https://well.example"]


def test_each_region_is_a_database_of_its_own(https: dict[str, object]) -> None:
    databases = https["DATABASES"]
    assert isinstance(databases, dict)
    assert {name: d["ENGINE"].rpartition(".")[2] for name, d in databases.items()} == {
        "default": "sqlite3",
        "eu": "postgresql",
        "us": "postgresql",
    }


def test_on_one_machine_defaults_are_enough_and_secrets_stay(tmp_path: Path) -> None:
    first, second = _settings(tmp_path), _settings(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert (tmp_path / "keys" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert first["SESSION_COOKIE_SECURE"] is False
    assert "localhost" in first["ALLOWED_HOSTS"]  # type: ignore[operator]
    assert first["SESSION_COOKIE_HTTPONLY"] is first["CSRF_COOKIE_HTTPONLY"] is True
