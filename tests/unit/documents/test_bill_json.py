"""The JSON of a bill: every mistake is one sentence with its path, and no bytes are an error."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.bills import cases, german
from well.documents.writing.bill_json import BadBill, bill_of_json
from well.documents.writing.json_model import BillIn
from well.documents.writing.sheet import sheet
from well.documents.writing.sums import complete


def sentences(content: bytes) -> list[str]:
    with pytest.raises(BadBill) as bad:
        bill_of_json(content)
    return bad.value.sentences


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "file: it is not JSON (Expecting value at line 1, column 1)"),
        (b"[]", "file: it must be one JSON object"),
        (b"\xff\xfe{", "file: it is not written in UTF-8"),
        (b'{"x":' + b"[" * 100_000, "file: it is nested too deeply"),
        (b'{"a":1,"a":2}', "file: the name 'a' stands twice in one object"),
        (b'{"net_total":NaN}', "file: NaN is not a number"),
        (b'{"qty":1}', "qty: there is no such field"),
        (b'{"lines":{}}', "lines: it must be a list"),
        (b'{"lines":[1]}', "lines[0]: it must be an object"),
        (b'{"lines":[{"qty":1}]}', "lines[0].qty: there is no such field"),
        (b'{"lines":[{"quantity":"abc"}]}', "lines[0].quantity: 'abc' is not a number"),
        (b'{"issue_date":"2026-02-30"}', "issue_date: '2026-02-30' is no day of the calendar"),
        (
            b'{"issue_date":"22/04/2026"}',
            "issue_date: '22/04/2026' is not a date like 2026-04-22",
        ),
        (b'{"currency":"euro"}', "currency: 'euro' is not a currency code like EUR"),
        (b'{"net_total":"1.234"}', "net_total: 1.234 has more than two decimals"),
        (b'{"net_total":1e400}', "net_total: '1E+400' is not a number"),
        (b'{"net_total":true}', "net_total: it must be a number"),
        (b'{"tax_total":"1,5"}', "tax_total: '1,5' is not a number"),
        (b'{"kind":"order"}', "kind: it must be 'invoice' or 'credit_note'"),
        (b'{"seller_address":"12 rue"}', "seller_address: it must be an object"),
        (
            b'{"seller":{"adress":{}}}',
            "seller_adress: there is no such field; did you mean seller_address?",
        ),
        (
            b'{"lines":[{"allowances":[{"amount":-1}]}]}',
            "lines[0].allowances[0].amount: it must be greater than or equal to 0",
        ),
        (b'{"charges":[{}]}', "charges[0].amount: it must be given"),
        (
            b'{"lines":[{"tax_rate":101}]}',
            "lines[0].tax_rate: it must be less than or equal to 100",
        ),
        (b'{"notes":[1]}', "notes[0]: it must be an object"),
        (
            b'{"type_code":"380","kind":"credit_note"}',
            "type_code: 380 is no code of a credit note",
        ),
        (b'{"lines":[' + b"{}," * 2000 + b"{}]}", "lines: it must have at most 2000 entries"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_path(content: bytes, sentence: str) -> None:
    assert sentences(content) == [sentence]


def test_all_mistakes_are_told_at_once() -> None:
    assert len(sentences(b'{"qty":1,"currency":"x","lines":[{"tax_rate":"y"}]}')) == 3


def test_a_line_of_well_read_is_a_bill() -> None:
    read = {
        "file": "a.pdf",
        "ok": True,
        "kind": "credit_note",
        "fields": {
            "invoice_number": "A-1",
            "issue_date": "2026-04-22",
            "gross_total": "120.00",
            "seller_name": "Dupont",
            "lines": [{"description": "Work", "net_amount": "100.00"}],
        },
        "confidence": {"invoice_number": 0.9},
    }
    bill = bill_of_json(json.dumps(read).encode())
    assert (bill.number, bill.issue_date, bill.credit_note) == ("A-1", date(2026, 4, 22), True)
    assert bill.totals.gross == Decimal("120.00") and bill.lines[0].description == "Work"


def test_parties_may_be_objects_and_addresses_loose() -> None:
    bill = bill_of_json(
        b'{"seller":{"name":"A","vat_id":"FR 40 303265045","country":"fr"},"buyer_city":"Lyon"}'
    )
    assert (bill.seller.vat_id, bill.seller.address.country) == ("FR40303265045", "FR")
    assert bill.buyer.address.city == "Lyon" and bill.language == "fr"


def test_null_is_the_same_as_absent() -> None:
    nulls = dict.fromkeys(BillIn.model_fields)
    assert bill_of_json(json.dumps(nulls).encode()) == bill_of_json(b"{}")


def test_numbers_are_exact_and_texts_are_clean() -> None:
    bill = bill_of_json(
        b'{"net_total":0.10,"invoice_number":1.50,"note":"a\\u0000b\\u202ec\\ud800\\nd",'
        b'"lines":[{"unit_price":0.123456}]}'
    )
    assert bill.totals.net == Decimal("0.10") and bill.number == "1.50"
    assert bill.lines[0].unit_price == Decimal("0.123456")
    assert bill.notes[0].text == "a bc d"


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error(content: bytes) -> None:
    with suppress(BadBill):
        bill_of_json(content)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(german())), _VALUES)
def test_no_value_of_a_field_is_an_error(field: str, value: Any) -> None:
    given_bill = german() | {field: value}
    with suppress(BadBill):
        sheet(complete(bill_of_json(json.dumps(given_bill).encode())))


@pytest.mark.parametrize("name", cases())
def test_every_case_is_a_bill(name: str) -> None:
    assert bill_of_json(json.dumps(cases()[name]).encode()).lines
