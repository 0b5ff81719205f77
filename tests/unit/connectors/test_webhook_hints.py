"""Webhooks are believed only when signed over their very bytes, and name accounts at the most."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.connectors.qonto import hints as qonto
from well.connectors.quickbooks import hints as quickbooks
from well.connectors.signed import ACCOUNTS_MAX
from well.connectors.xero import hints as xero
from well.ports.hints import EVERY, HintReader
from well.settings import Hooks, load

KEY = "webhook-key-canary"
READERS: dict[str, tuple[HintReader, str]] = {
    "quickbooks": (quickbooks.reader(KEY), "intuit-signature"),
    "xero": (xero.reader(KEY), "x-xero-signature"),
    "qonto": (qonto.reader("X-Some-Signature", KEY), "x-some-signature"),
}


def _sign(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def _read(name: str, message: Any, headers: Mapping[str, str] | None = None) -> Any:
    reader, header = READERS[name]
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return reader({header: _sign(body)} if headers is None else headers, body)


def test_quickbooks_names_companies_in_both_forms() -> None:
    entity = {"name": "Bill", "id": "145", "operation": "Create"}
    one = {"realmId": "4620816365", "dataChangeEvent": {"entities": [entity]}}
    assert _read("quickbooks", {"eventNotifications": [one, {"realmId": "77"}]}) == {
        "4620816365",
        "77",
    }
    event = {"type": "qbo.bill.created.v1", "intuitentityid": "145", "intuitaccountid": "4620"}
    assert _read("quickbooks", [event, {**event, "intuitaccountid": "78"}]) == {"4620", "78"}


def test_xero_names_organisations_and_an_intent_to_receive_names_none() -> None:
    event = {"tenantId": "c2cc9b6e", "eventCategory": "INVOICE", "eventType": "UPDATE"}
    assert _read("xero", {"events": [event], "firstEventSequence": 1}) == {"c2cc9b6e"}
    assert _read("xero", {"events": [], "entropy": "S0m3r4Nd0mt3xt"}) == frozenset()


def test_qonto_is_about_the_connection_of_its_address_and_signs_in_either_form() -> None:
    reader, header = READERS["qonto"]
    made = hmac.new(KEY.encode(), b"anything", hashlib.sha256)
    assert reader({header: made.hexdigest()}, b"anything") == {EVERY}
    assert reader({header: _sign(b"anything")}, b"anything") == {EVERY}


def test_only_qonto_takes_hexadecimal() -> None:
    for name in ("quickbooks", "xero"):
        reader, header = READERS[name]
        made = hmac.new(KEY.encode(), b"[]", hashlib.sha256)
        assert reader({header: made.hexdigest()}, b"[]") is None


@pytest.mark.parametrize("name", list(READERS))
def test_what_is_not_signed_over_these_bytes_is_nothing(name: str) -> None:
    reader, header = READERS[name]
    body = b'{"eventNotifications": [{"realmId": "1"}]}'
    good = _sign(body)
    assert reader({header: good}, body) is not None
    for headers in (
        {},
        {header: ""},
        {header: good[:-4]},
        {header: good.lower()},
        {header: _sign(body, "other")},
        {header: "é" * 44},
        {"authorization": good},
    ):
        assert reader(headers, body) is None
    assert reader({header: good}, body + b" ") is None
    assert reader({header: good}, body.replace(b" ", b"")) is None


@pytest.mark.parametrize(
    "reader", [quickbooks.reader(""), xero.reader(""), qonto.reader("h", ""), qonto.reader("", KEY)]
)
def test_without_a_secret_nothing_is_signed(reader: HintReader) -> None:
    for header in ("intuit-signature", "x-xero-signature", "h", ""):
        for key in ("", KEY):
            assert reader({header: _sign(b"x", key)}, b"x") is None


@pytest.mark.parametrize("name", ["quickbooks", "xero"])
@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        "text",
        {},
        {"events": None, "eventNotifications": "x"},
        {"events": [None, 3, {"tenantId": 4}], "eventNotifications": [[], {"realmId": None}]},
        [{"intuitaccountid": {"a": 1}}, {"tenantId": ""}],
        [{"intuitaccountid": "x" * 65}],
        {"events": [{"tenantId": "x" * 65}]},
        b"\xff\xfe not json",
        b"[" * 100_000,
        b'{"events": NaN}',
        b"",
    ],
)
def test_an_odd_message_that_is_signed_names_nobody(name: str, message: Any) -> None:
    assert _read(name, message) == frozenset()


def test_accounts_of_one_message_are_bounded() -> None:
    events = [{"tenantId": f"t{number}"} for number in range(ACCOUNTS_MAX + 1)]
    assert len(_read("xero", {"events": events})) == ACCOUNTS_MAX
    assert _read("xero", {"events": [{"tenantId": "x" * 64}]}) == {"x" * 64}


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=200))
def test_any_signed_bytes_give_accounts_and_any_unsigned_none(name: str, body: bytes) -> None:
    found = _read(name, body)
    assert isinstance(found, frozenset)
    assert _read(name, body, {READERS[name][1]: "x"}) is None


def test_secrets_are_settings_and_not_printed() -> None:
    assert load({}).hooks == Hooks()
    hooks = load(
        {
            "WELL_QUICKBOOKS_HOOK_SECRET": f"{KEY}-1",
            "WELL_XERO_HOOK_SECRET": f"{KEY}-2",
            "WELL_QONTO_HOOK_SECRET": f"{KEY}-3",
            "WELL_QONTO_HOOK_HEADER": "X-Signature",
        }
    ).hooks
    assert hooks == Hooks(f"{KEY}-1", f"{KEY}-2", f"{KEY}-3", "X-Signature")
    assert KEY not in repr(hooks)
