"""Computed values: what the grammar allows, what a record gives, and that nothing ever raises."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.domain.mapping import FieldMapping, Mapped, MappingRow
from well.domain.template import (
    DAYS_MAX,
    FIELDS_MAX,
    TEMPLATE_MAX,
    VALUE_MAX,
    fields,
    fill,
    parse,
    scalar,
    take,
)

BODY: dict[str, Any] = {
    "DocNumber": "INV-1",
    "TxnDate": "2026-02-27",
    "VendorRef": {"name": "Algolia  SAS", "value": "56"},
    "TotalAmt": Decimal("1284.370"),
    "Line": [{"Description": "First"}, {"Description": "Second"}],
    "Paid": True,
    "Due Date": "2026-04-22",
    "Empty": "",
}
ROW = MappingRow("invoice", "Bill.DocNumber", "invoice_number", "number")


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{DocNumber}-{VendorRef.name}", "INV-1-Algolia SAS"),
        ("EUR", "EUR"),
        ("{TotalAmt}", "1284.370"),
        ("{TxnDate + 2 days}", "2026-03-01"),
        ("{TxnDate+1 day}", "2026-02-28"),
        ("{TxnDate - 58 days}", "2025-12-31"),
        ("{ Due Date + 0 days }", "2026-04-22"),
        ("{Line.1.Description}", "Second"),
        ("{{{DocNumber}}}", "{INV-1}"),
        ("{Paid}", "true"),
    ],
)
def test_a_template_joins_fields_and_text(template: str, value: str) -> None:
    assert fill(template, BODY) == value


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("", "1 to 200 characters"),
        ("x" * (TEMPLATE_MAX + 1), "1 to 200 characters"),
        ("{DocNumber", "a brace without its partner"),
        ("DocNumber}", "a brace without its partner"),
        ("{}", "“{}” names no field"),
        ("{a.b.c.d.e.f.g}", "names no field"),
        ("{__import__('os')}", "names no field"),
        ("{DocNumber!r}", "names no field"),
        ("{TxnDate + x days}", "names no field"),
        (f"{{TxnDate + {DAYS_MAX + 1} days}}", "No more than 3660 days"),
        ("{a}" * (FIELDS_MAX + 1), "8 fields at the most"),
    ],
)
def test_what_breaks_the_grammar_is_refused_when_it_is_saved(template: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("{", r"\{")):
        parse(template)


def test_the_longest_template_and_the_most_fields_and_days_are_fine() -> None:
    assert parse("x" * TEMPLATE_MAX) == ("x" * TEMPLATE_MAX,)
    assert fields("{a}" * FIELDS_MAX) == ("a",) * FIELDS_MAX
    assert fields(f"{{a - {DAYS_MAX} days}}") == ("a",)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{Nothing}", "The record has no Nothing."),
        ("{VendorRef}", "VendorRef holds no single value."),
        ("{Line.9.Description}", "The record has no Line.9.Description."),
        ("{DocNumber + 1 day}", "DocNumber is “INV-1”, which is no date to add days to."),
        ("{Empty}", "Nothing is left of the value."),
    ],
)
def test_what_a_record_cannot_give_is_a_sentence(template: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        fill(template, BODY)


def test_a_value_has_a_longest_length_and_a_date_an_end() -> None:
    assert fill("{a}", {"a": "x" * VALUE_MAX}) == "x" * VALUE_MAX
    with pytest.raises(ValueError, match="longer than 500"):
        fill("{a}", {"a": "x" * (VALUE_MAX + 1)})
    with pytest.raises(ValueError, match="no date to add days to"):
        fill("{a + 1 day}", {"a": "9999-12-31"})


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1000"),
        (12, "12"),
        (Decimal("1E+999999"), None),
        (Decimal("1E-999999"), None),
        (10**31, None),
        (Decimal("NaN"), None),
        (None, None),
        ({}, None),
    ],
)
def test_numbers_keep_their_digits_and_giants_are_no_value(raw: Any, shown: str | None) -> None:
    assert scalar(raw) == shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "0"]), inner, max_size=3)
    ),
    max_leaves=8,
)
TEMPLATES = st.text(alphabet="{}ab.0 +-1days", max_size=30)


@given(st.dictionaries(st.sampled_from(["a", "b", "0"]), JSON, max_size=3), TEMPLATES)
def test_a_row_never_raises_whatever_the_record_and_the_value(
    body: dict[str, Any], template: str
) -> None:
    table = FieldMapping(1, (replace(ROW, value=template),))
    found = table.take(body, "invoice", "invoice_number")
    assert isinstance(found, Mapped)
    if template:
        assert (found.value is None) == bool(found.problem)
        assert found.problem == "" or found.problem.endswith(".")


@given(JSON, st.text(alphabet="ab0.", min_size=1, max_size=12))
def test_a_path_never_raises(body: Any, path: str) -> None:
    take(body, path)


def test_rows_of_a_version_never_change() -> None:
    table = FieldMapping(1, (ROW,))
    before = json.dumps([repr(row) for row in table.rows])
    for value in ("{DocNumber}", "{Nothing}", "x"):
        changed = replace(table, version=2, rows=(replace(ROW, value=value),))
        changed.take(BODY, "invoice", "invoice_number")
        table.take(BODY, "invoice", "invoice_number")
    assert json.dumps([repr(row) for row in table.rows]) == before
    with pytest.raises(AttributeError):
        table.rows[0].value = "y"  # type: ignore[misc]


def test_a_row_reads_as_mapped_another_field_or_a_value_and_off_reads_nothing() -> None:
    def read(**changes: Any) -> Mapped:
        table = FieldMapping(1, (replace(ROW, **changes),))
        return table.take(BODY, "invoice", "invoice_number")

    assert read().value == "INV-1"
    assert read(override="VendorRef.value").value == "56"
    assert read(value="{DocNumber}/{VendorRef.value}").value == "INV-1/56"
    assert read(enabled=False) == Mapped()
    assert read(value="{Nothing}").problem == "The record has no Nothing."
    with pytest.raises(AssertionError, match="not both"):
        read(override="a", value="b")


def test_only_what_is_read_from_a_field_has_a_source() -> None:
    def source(**changes: Any) -> str | None:
        return FieldMapping(1, (replace(ROW, **changes),)).source_of("invoice", "invoice_number")

    assert source() == "Bill.DocNumber"
    assert source(override="VendorRef.name") == "Bill.VendorRef.name"
    assert source(value="x") is None
    assert source(enabled=False) is None


def test_days_are_added_to_dates_in_the_form_of_the_provider() -> None:
    def day_of(text: str) -> date | None:
        return date(2026, 4, 22) if text == "today" else None

    assert fill("{a + 9 days}", {"a": "today"}, day_of) == "2026-05-01"
    with pytest.raises(ValueError, match="no date to add days to"):
        fill("{a + 9 days}", {"a": "2026-04-22"}, day_of)
