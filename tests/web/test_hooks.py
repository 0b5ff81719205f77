"""Where providers knock: nothing without a signature, nothing but an early poll with one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from builders.office import BANK, Office, build_office
from well import bootstrap
from well.bootstrap import Well, well
from well.connectors.qonto import hints as qonto
from well.connectors.quickbooks import hints as quickbooks
from well.domain.flow import Connection, ConnectionState
from well.domain.ids import stable_id
from well.pipeline.hint import due_at
from well.web.pages import hooks
from well.web.pages.hooks import A_MINUTE, BODY_MAX, Turnstile

pytestmark = pytest.mark.django_db(databases="__all__")
KEY = "hook-key-canary"
REALM = "4620816365"
BOOKS = stable_id("connection", "quickbooks", REALM)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Well]:
    readers = {
        "quickbooks": quickbooks.reader(KEY),
        "qonto": qonto.reader("x-signature", KEY),
    }
    made = replace(well(), hints={**well().hints, **readers})
    monkeypatch.setattr(bootstrap, "well", lambda: made)
    monkeypatch.setattr(hooks, "well", lambda: made)
    monkeypatch.setattr(hooks, "_turnstile", Turnstile(A_MINUTE))
    yield made


@pytest.fixture
def office(hub: Well) -> Office:
    made = build_office(each=1)
    link = made.store.connection("books")
    made.store.save_connection(replace(link, id=BOOKS))
    made.store.save_flow(replace(made.flow, source=BOOKS))
    made.store.set_due("flow-1", hub.clock.now() + timedelta(days=1))
    return made


def _body(realm: str = REALM) -> bytes:
    return json.dumps({"eventNotifications": [{"realmId": realm}]}).encode()


def _knock(
    path: str, body: bytes, key: str = KEY, header: str = "intuit-signature"
) -> HttpResponse:
    made = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    answer = client.post(
        f"/hooks/{path}", body, content_type="application/json", headers={header: made}
    )
    assert isinstance(answer, HttpResponse)
    return answer


def _due(office: Office) -> datetime:
    far = well().clock.now() + timedelta(days=9)
    return dict(office.store.due_flows(far))["flow-1"]


def _early(office: Office) -> bool:
    return _due(office) <= due_at(well().clock.now())


@pytest.mark.parametrize("path", ["quickbooks", f"quickbooks/{BOOKS}"])
def test_a_signed_message_makes_its_companys_flows_due_within_a_minute(
    office: Office, path: str
) -> None:
    answer = _knock(path, _body())
    assert (answer.status_code, answer.content) == (200, b"")
    assert _early(office)
    due = _due(office)
    assert _knock(path, _body()).status_code == 200
    assert _due(office) <= due + timedelta(minutes=1)


def test_a_message_about_another_company_moves_nothing(office: Office) -> None:
    for path in ("quickbooks", f"quickbooks/{BOOKS}"):
        assert _knock(path, _body("999")).status_code == 200
        assert not _early(office)


def test_qonto_moves_the_connection_of_its_address_alone(office: Office) -> None:
    office.store.save_flow(replace(office.flow, id="back", source=BANK, target=BOOKS))
    office.store.set_due("back", well().clock.now() + timedelta(days=1))
    assert _knock("qonto", b"{}", header="x-signature").status_code == 200
    far = well().clock.now() + timedelta(days=9)
    soon = due_at(well().clock.now())
    assert all(at > soon for _, at in office.store.due_flows(far))
    assert _knock(f"qonto/{BANK}", b"{}", header="x-signature").status_code == 200
    due = dict(office.store.due_flows(far))
    assert due["back"] <= due_at(well().clock.now()) < due["flow-1"]


def test_every_refusal_looks_the_same(office: Office) -> None:
    office.store.save_connection(
        Connection("other", "qonto", "Other", "1", ConnectionState.CONNECTED)
    )
    refused = [
        _knock("quickbooks", _body(), key="guess"),
        _knock(f"quickbooks/{BOOKS}", _body(), key="guess"),
        _knock("quickbooks/none", _body()),
        _knock("quickbooks/none", _body(), key="guess"),
        _knock("quickbooks/other", _body()),
        _knock("nobody", _body()),
        _knock(f"nobody/{BOOKS}", _body()),
        _knock("xero", _body(), header="x-xero-signature"),
    ]
    headers = [{k: v for k, v in answer.headers.items() if "Policy" not in k} for answer in refused]
    assert {(answer.status_code, answer.content) for answer in refused} == {(401, b"")}
    assert all(one == headers[0] for one in headers)
    assert not _early(office)


def test_it_is_the_same_company_in_every_workspace_and_paused_flows_sleep_on(
    office: Office,
) -> None:
    office.store.save_flow(replace(office.flow, source=BOOKS, enabled=False))
    assert _knock("quickbooks", _body()).status_code == 200
    office.store.save_flow(replace(office.flow, source=BOOKS))
    assert not _early(office)


@pytest.mark.parametrize(("size", "status"), [(BODY_MAX, 200), (BODY_MAX + 1, 413)])
def test_a_message_too_long_is_not_looked_at(office: Office, size: int, status: int) -> None:
    body = _body()
    assert _knock("quickbooks", body + b" " * (size - len(body))).status_code == status
    assert _early(office) == (status == 200)


def test_more_messages_than_a_process_looks_at_are_sent_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_turnstile", Turnstile(2))
    found = [_knock("nobody", b"{}").status_code for _ in range(3)]
    assert found[:2] == [401, 401] and found[2] in (401, 429)
    assert _knock("quickbooks", _body()).status_code == 200


def test_a_turnstile_counts_each_name_and_begins_anew_with_the_minute() -> None:
    gate = Turnstile(2)
    assert [gate.lets("a", 1) for _ in range(3)] == [True, True, False]
    assert gate.lets("b", 1)
    assert gate.lets("a", 2)


def test_a_hook_is_posted_and_never_looked_at(office: Office) -> None:
    assert Client(headers={"host": "localhost"}).get("/hooks/quickbooks").status_code == 405
