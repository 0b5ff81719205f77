"""A flow's mapping page: each row written, tried on real records, refused with a sentence."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.office import AT, BOOKS, Office, build_office
from builders.pages import as_, at, text_of
from well.bootstrap import well
from well.connectors.quickbooks import DEFAULT
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.web.pages.mapping_form import rows_of

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
NUMBER = next(n for n, row in enumerate(DEFAULT.rows) if row.target_field == "invoice_number")
DUE = next(n for n, row in enumerate(DEFAULT.rows) if row.target_field == "due_date")
KNOWN = {"invoice": {"DocNumber", "VendorRef.name", "TxnDate"}}


@pytest.fixture
def office() -> Office:
    """With three bills of real fields, newer than all other records."""
    office = build_office(each=1)
    office.store.save_flow(replace(office.flow, mapping=DEFAULT))
    bills = [_bill(f"INV-{n}", n) for n in range(3)]
    with office.store.unit():
        office.store.keep_records(bills, AT)
    return office


def _bill(number: str, serial: int) -> SourceRecord:
    body = {
        "DocNumber": number,
        "TxnDate": "2026-04-22",
        "CurrencyRef": {"value": "EUR"},
        "VendorRef": {"value": "5", "name": "Algolia SAS"},
        "TotalAmt": 12.5,
        "PrivateNote": "PO 77",
    }
    key = RecordKey(BOOKS, "bills", f"real-{serial}")
    changed = AT.replace(year=2027)
    return SourceRecord(key, Kind.SUPPLIER_INVOICE, number, json.dumps(body).encode(), changed)


def press(office: Office, do: str = "save", role: str = "admin", **typed: str) -> Any:
    version = str(office.store.flows()[0].mapping.version)
    data = {"version": version, "do": do} | {k.replace("_", "-"): v for k, v in typed.items()}
    return as_(office, role).post(at(office, "flows/flow-1/rows/change"), data)


def number_row(use: str, text: str = "") -> dict[str, str]:
    return {f"use_{NUMBER}": use, f"with_{NUMBER}": text}


def test_the_fields_offered_are_those_records_really_have(office: Office) -> None:
    page = as_(office).get(at(office, "flows/flow-1/rows/")).content.decode()
    assert '<option value="VendorRef.name">Algolia SAS</option>' in page
    assert '<option value="TotalAmt">12.5</option>' in page
    assert "SyncToken" not in page


def test_a_row_is_saved_as_the_next_version_and_rows_beside_it_stay(office: Office) -> None:
    assert press(office, **number_row("value", "{DocNumber}-{VendorRef.name}")).status_code == 302
    mapping = office.store.flows()[0].mapping
    assert mapping.version == 2
    changed = replace(DEFAULT.rows[NUMBER], value="{DocNumber}-{VendorRef.name}")
    assert mapping.rows == (*DEFAULT.rows[:NUMBER], changed, *DEFAULT.rows[NUMBER + 1 :])
    assert DEFAULT in [flow.mapping for flow in office.store.flow_versions("flow-1")]
    press(office, **number_row("other", "PrivateNote"))
    assert office.store.flows()[0].mapping.rows[NUMBER].override == "PrivateNote"
    press(office, **number_row("ignored"))
    row = office.store.flows()[0].mapping.rows[NUMBER]
    assert (row.enabled, row.override) == (False, "PrivateNote")
    press(office, **number_row("mapped"))
    assert office.store.flows()[0].mapping.rows == DEFAULT.rows


def test_the_preview_reads_three_real_records_and_saves_nothing(office: Office) -> None:
    text = text_of(press(office, "preview", **number_row("value", "{DocNumber}/{TxnDate}")))
    assert "What the newest records would say" in text
    for n in range(3):
        assert f"INV-{n} becomes INV-{n}/2026-04-22" in text
    assert "It would be read the same" not in text
    assert office.store.flows()[0].mapping == DEFAULT
    same = text_of(press(office, "preview"))
    assert same.count("It would be read the same.") == 3


def test_the_preview_says_what_would_keep_a_record_from_being_posted(office: Office) -> None:
    typed = {f"use_{DUE}": "value", f"with_{DUE}": "{DocNumber}"}
    text = text_of(press(office, "preview", **typed))
    assert "which gives no value: “INV-0” is no due date." in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (number_row("other", "Nothing"), "None of the newest records has a field “Nothing”."),
        (number_row("other", ""), "“” is no field; choose one of the list."),
        (number_row("value", "{Nothing}"), "None of the newest records has a field “Nothing”."),
        (number_row("value", "{DocNumber"), "has a brace without its partner"),
        (number_row("value", ""), "A value is a text of 1 to 200 characters."),
        (number_row("magic"), "Choose what the row reads."),
        ({f"use_{n}": "ignored" for n in range(len(DEFAULT.rows))}, "At least one row has to"),
        ({"version": "9"}, "The mapping changed meanwhile. Look again."),
    ],
)
def test_a_wrong_row_is_one_sentence_beside_it_and_saves_nothing(
    office: Office, typed: dict[str, str], sentence: str
) -> None:
    page = press(office, **typed)
    assert page.status_code == 400
    assert sentence in text_of(page)
    assert office.store.flows()[0].mapping == DEFAULT


def test_only_who_may_change_a_flow_changes_its_mapping(office: Office) -> None:
    assert press(office, role="reviewer", **number_row("ignored")).status_code == 403
    page = as_(office, "viewer").get(at(office, "flows/flow-1/rows/"))
    assert page.status_code == 200
    assert "Save mapping" not in text_of(page)


def test_the_flow_page_says_how_many_rows_there_are_and_which_differ(office: Office) -> None:
    def card() -> str:
        return text_of(as_(office).get(at(office, "flows/flow-1/")))

    assert f"{len(DEFAULT.rows)} rows for fields of QuickBooks. All are as published." in card()
    press(office, **number_row("value", "{DocNumber}!"))
    assert "1 of them differs from the published mapping:" in card()
    assert "invoice number invoice A value: {DocNumber}!" in card()
    press(office, **{f"use_{DUE}": "ignored"})
    assert "version 3" in card()
    assert "2 of them differ from the published mapping:" in card()
    assert "due date invoice Ignored" in card()
    assert well().store(office.workspace).flows()[0].mapping.rows[NUMBER].custom


def test_the_flow_page_has_no_second_way_to_change_the_mapping(office: Office) -> None:
    page = as_(office, "admin").get(at(office, "flows/flow-1/")).content.decode()
    assert at(office, "flows/flow-1/rows/") in page
    assert 'name="row"' not in page


@given(
    st.dictionaries(
        st.sampled_from([f"{name}-{n}" for name in ("use", "with") for n in range(3)]),
        st.sampled_from(["mapped", "other", "value", "ignored", "DocNumber", "{DocNumber}"])
        | st.text(max_size=8),
        max_size=9,
    )
)
def test_whatever_is_typed_gives_rows_or_sentences(typed: dict[str, str]) -> None:
    read = rows_of(DEFAULT, typed, KNOWN)
    assert len(read.rows) == len(DEFAULT.rows)
    for sentence in read.errors.values():
        assert sentence.endswith(".")
    for row, was in zip(read.rows, DEFAULT.rows, strict=True):
        assert (row.source_field, row.target_field) == (was.source_field, was.target_field)


def test_the_example_names_fields_of_the_flows_own_source(office: Office) -> None:
    page = as_(office).get(at(office, "flows/flow-1/rows/")).content.decode()
    assert "<code>FR-&#123;DocNumber&#125;</code>" in page
    assert "<code>&#123;TxnDate + 30 days&#125;</code>" in page
