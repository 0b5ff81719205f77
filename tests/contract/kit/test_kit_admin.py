"""The admin port, on the QuickBooks stand-in with a tiny company.

Invariant: a wrong wish is a 400 with a sentence and changes nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.running_standin import Running, running
from builders.tiny_company import TinyCompany
from well.sandbox.quickbooks import create


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("admin")
    with running(create, TinyCompany(1), folder) as started:
        yield started


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("faults", b""),
        ("faults", b"\xff"),
        ("faults", b"[" * 100_000),
        ("faults", b'{"mode": "dragon"}'),
        ("settings", b"[]"),
        ("settings", b'{"dragon": 1}'),
        ("settings", b'{"concurrent": -1}'),
        ("settings", b'{"concurrent": true}'),
        ("redirects", b"{}"),
        ("redirects", b'{"redirect_uri": ""}'),
        ("expire-tokens?kind=dragon", b""),
    ],
)
def test_a_wrong_wish_is_refused_with_a_sentence(
    server: Running, path: str, content: bytes
) -> None:
    before = server.admin.get("/_admin/settings").json()
    answer = server.admin.post(f"/_admin/{path}", content=content)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert server.admin.get("/_admin/settings").json() == before
    assert server.admin.get("/_admin/faults").json() == []


def test_settings_are_shown_and_changed(server: Running) -> None:
    server.settings(batches_per_minute=7, access_seconds=60)
    shown = server.admin.get("/_admin/settings").json()
    assert (shown["batches_per_minute"], shown["access_seconds"]) == (7, 60)
    server.settings(access_seconds=3600)


def test_faults_are_listed_and_cleared(server: Running) -> None:
    server.fault("rate_limit", count=1, path="/nowhere")
    assert server.admin.get("/_admin/faults").json()[0]["path"] == "/nowhere"
    assert server.admin.delete("/_admin/faults").json() == []
    assert server.admin.get("/_admin/faults").json() == []


def test_the_admin_port_is_not_on_the_api_port(server: Running) -> None:
    answer = server.admin.get(f"{server.base}/_admin/health")
    assert answer.status_code == 404


def test_the_log_can_be_cleared(server: Running) -> None:
    server.admin.get(f"{server.base}/nowhere")
    assert server.admin.get("/_admin/log").json()
    assert server.admin.delete("/_admin/log").json() == []
    assert server.admin.get("/_admin/log").json() == []
