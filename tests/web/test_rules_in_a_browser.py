"""Rules and mappings of a flow in a real browser, wide and narrow, with one wrong input each."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from builders.browser import CHROMIUM, browsing, complaints_of, serving, sign_in
from builders.office import AT, BOOKS, Office, build_office
from well.connectors.quickbooks.mapping import DEFAULT
from well.domain.money import Converted, Money
from well.domain.source_record import Kind, RecordKey, SourceRecord

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not here: apt-get install chromium"),
    pytest.mark.django_db(databases=["default", "eu"], transaction=True),
]
SHOTS = os.environ.get("PAGE_SHOTS", "")
"""A folder for pictures of the pages, for whoever wants to look at them."""


@pytest.fixture
def base() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with browsing() as opened:
        yield opened


def looked_at(page: Page, name: str) -> None:
    """Nothing is wider than the window, wide or narrow, light or dark."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        for scheme in ("light", "dark") if SHOTS else ():
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            shot = Path(SHOTS) / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=shot, full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def an_office() -> Office:
    """With a bill of real fields, and a record that is worth something in other books."""
    office = build_office(each=1)
    body = {
        "DocNumber": "INV-7",
        "TxnDate": "2026-04-22",
        "CurrencyRef": {"value": "USD"},
        "VendorRef": {"value": "5", "name": "Algolia SAS"},
        "TotalAmt": 12.5,
    }
    key, changed = RecordKey(BOOKS, "bills", "real-7"), AT.replace(year=2027)
    bill = SourceRecord(key, Kind.SUPPLIER_INVOICE, "d7", json.dumps(body).encode(), changed)
    case = office.cases["review"][0]
    assert case.invoice is not None
    worth = Converted(Decimal("1183.349999"), "EUR", Decimal("0.921345678"), date(2026, 4, 22))
    invoice = replace(case.invoice, gross_total=Money(128_437, "USD"), currency="USD")
    with office.store.unit():
        office.store.save_flow(replace(office.flow, mapping=DEFAULT))
        office.store.keep_records([bill], AT)
        office.store.save_cases([replace(case, invoice=replace(invoice, converted=worth))], AT)
    return office


def test_a_rule_is_written_tried_and_ordered(base: str, context: BrowserContext) -> None:
    office = an_office()
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/flows/flow-1/")
    page.get_by_role("link", name="Change rules").click()
    page.get_by_label("Name").fill("Rent")
    page.get_by_role("button", name="Save rule").click()
    page.get_by_text("Say which records the rule is about").wait_for()
    assert page.get_by_label("Name").input_value() == "Rent"
    looked_at(page, "rules-wrong")
    for name, least in (("Rent", "100.00 EUR"), ("Large", "5000.00 EUR")):
        page.goto(f"{base}/w/{office.workspace}/flows/flow-1/exceptions/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("What it asks").select_option("ask")
        page.get_by_label("Total from").fill(least)
        page.get_by_role("button", name="Preview").click()
        page.get_by_text("Nothing was decided in this time").wait_for()
        page.get_by_role("button", name="Save rule").click()
        page.get_by_text("Saved. It applies to records decided from now on.").wait_for()
    looked_at(page, "rules")
    page.get_by_role("button", name="Move Large up").click()
    page.get_by_text("Saved.").wait_for()
    rules = office.store.flows()[0].rules.exceptions
    assert [rule.name for rule in rules] == ["Large", "Rent"]
    page.goto(f"{base}/w/{office.workspace}/flows/flow-1/")
    looked_at(page, "flow")
    # A refused form answers with 400, which a browser's console counts as an error.
    assert [one for one in complaints if "400" not in one] == []


def test_a_mapping_row_is_written_and_tried(base: str, context: BrowserContext) -> None:
    office = an_office()
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/flows/flow-1/")
    page.get_by_role("link", name="Change fields and values").click()
    page.get_by_label("What invoice_number of invoice reads").select_option("value")
    value = page.get_by_label("Field or value for invoice_number of invoice")
    value.fill("{DocNumber")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("has a brace without its partner").wait_for()
    looked_at(page, "mapping-wrong")
    value.fill("{DocNumber}-{VendorRef.name}")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("INV-7-Algolia SAS").first.wait_for()
    looked_at(page, "mapping")
    page.get_by_role("button", name="Save mapping").click()
    page.get_by_text("Saved. It applies to records decided from now on.").wait_for()
    assert [one for one in complaints if "400" not in one] == []


def test_a_record_shows_both_amounts_and_the_rate(base: str, context: BrowserContext) -> None:
    office = an_office()
    page = context.new_page()
    sign_in(page, base, office)
    case = office.cases["review"][0].id
    for kind in ("records", "review"):
        page.goto(f"{base}/w/{office.workspace}/{kind}/{case}/")
        page.get_by_text("1,183.349999 EUR, at 0.921345678 for 1 USD on 22 Apr 2026").wait_for()
        looked_at(page, kind)
