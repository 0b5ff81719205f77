"""Whatever is typed into a flow's forms gives a sound flow or a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.values import a_flow
from well.domain.flow import EInvoiceBuyer
from well.web.pages.flow_forms import (
    E_INVOICE,
    months_of,
    percent,
    with_e_invoice,
    with_limits,
    with_times,
)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_gives_limits_that_hold_or_a_sentence(auto: str, review: str) -> None:
    try:
        flow = with_limits(a_flow(), auto, review)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert 0 < flow.rules.review <= flow.rules.auto_post <= 1


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_gives_times_that_hold_or_a_sentence(months: str, minutes: str) -> None:
    try:
        flow = with_times(a_flow(), months, minutes)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert 1 <= months_of(flow.backfill) <= 120


@pytest.mark.parametrize("text", ["85", " 85 ", "85 %", "85,0", "85.0"])
def test_a_percentage_may_be_typed_as_people_do(text: str) -> None:
    assert percent(text) == 85


def test_limits_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="must not be above"):
        with_limits(a_flow(), "50", "60")


def test_a_window_that_reads_the_same_is_not_changed_by_saving_it() -> None:
    flow = a_flow()
    assert with_times(flow, "36", "60") == flow


def typed(*values: str) -> dict[str, str]:
    return dict(zip(E_INVOICE, values, strict=True))


def test_the_e_invoice_is_off_until_it_is_ticked_and_names_a_buyer() -> None:
    flow = a_flow()
    assert flow.e_invoice is None
    on = with_e_invoice(flow, typed("yes", "  Café  Médoc SAS ", "fr"))
    assert on.e_invoice == EInvoiceBuyer("Café Médoc SAS", "FR")
    assert with_e_invoice(on, typed("", "Café Médoc SAS", "FR")) == flow


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_an_e_invoice_without_a_name_of_the_buyer_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="needs the name of your company"):
        with_e_invoice(a_flow(), typed("yes", name, "FR"))


@pytest.mark.parametrize("country", ["", "F", "FRA", "XQ", "75", "<b>", "001"])
def test_an_e_invoice_without_a_country_of_the_buyer_is_refused(country: str) -> None:
    with pytest.raises(ValueError, match="is no country code"):
        with_e_invoice(a_flow(), typed("yes", "x" * 200, country))
