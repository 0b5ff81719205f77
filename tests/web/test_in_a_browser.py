"""A real browser judges with the keyboard, without a word of complaint from its console."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext

from builders.browser import CHROMIUM, browsing, complaints_of, serving, sign_in
from builders.office import AT, Office, build_office
from well.bootstrap import well
from well.domain.case import CaseState
from well.domain.flow import Connection, ConnectionState
from well.domain.learning import SpotCheck

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not here: apt-get install chromium"),
    pytest.mark.django_db(databases=["default", "eu"], transaction=True),
]


@pytest.fixture
def base() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    # The browser's own event loop runs in this thread; the tests still read the database here.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with browsing() as opened:
        yield opened


def state_of(office: Office, case: str) -> CaseState:
    return office.store.cases([case])[case].state


def test_a_queue_is_judged_by_keys_alone(base: str, context: BrowserContext) -> None:
    office = build_office(each=3)
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office, "reviewer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/**")
    listed = [case.id for case in office.cases["review"]]
    first = page.url.rstrip("/").rsplit("/", 1)[-1]
    assert first in listed
    page.keyboard.press("2")
    page.wait_for_url("**entry=**")
    page.keyboard.press("a")
    page.wait_for_url(lambda url: first not in url)
    assert state_of(office, first) is CaseState.LINKED
    second = page.url.rstrip("/").rsplit("/", 1)[-1]
    page.keyboard.press("j")
    page.wait_for_url(lambda url: second not in url)
    page.keyboard.press("k")
    page.wait_for_url(f"**{second}**")
    page.keyboard.press("r")
    page.wait_for_url(lambda url: second not in url)
    assert state_of(office, second) is CaseState.REFUSED
    page.keyboard.press("0")
    page.wait_for_url("**entry=none")
    page.keyboard.press("?")
    assert page.locator("#keys-help").is_visible()
    page.keyboard.press("a")
    assert page.locator("#keys-help").is_visible(), "no verdict from behind the help"
    assert complaints == []


def test_a_key_does_nothing_while_typing_or_when_switched_off(
    base: str, context: BrowserContext
) -> None:
    office = build_office(each=1)
    page = context.new_page()
    sign_in(page, base, office)
    case = office.cases["review"][0].id
    page.goto(f"{base}/w/{office.workspace}/review/{case}/")
    page.keyboard.press("p")
    page.keyboard.type("arr")
    assert page.input_value("#find") == "arr"
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Switch keys off").click()
    page.wait_for_selector('html[data-keys="off"]')
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    assert state_of(office, case) is CaseState.REVIEW


def test_searching_an_entry_to_pin_renews_only_the_list(base: str, context: BrowserContext) -> None:
    office = build_office(each=1)
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/review/{office.cases['review'][0].id}/")
    page.fill("#find", "26/05")
    page.locator("#pins a").first.wait_for()
    page.locator("#pins a").first.click()
    page.wait_for_url("**entry=**")
    assert page.get_by_role("button", name="Pin to this entry").is_visible()
    assert complaints == []


def test_limits_are_tried_while_typing_and_without_scripts_by_a_press(
    base: str, context: BrowserContext
) -> None:
    office = build_office(each=1)
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/flows/flow-1/")
    page.fill("#auto", "95")
    page.get_by_text("Nothing was decided in this time").wait_for()
    page.fill("#review", "99")
    page.get_by_text("Nothing was saved or tried.").wait_for()
    assert office.store.flows()[0].rules.auto_post == 0.85
    assert complaints == []
    assert context.browser is not None
    plain = context.browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/flows/flow-1/")
    page.fill("#auto", "95")
    page.get_by_role("button", name="Preview").click()
    assert page.get_by_text("What these limits would have done").is_visible()
    assert page.input_value("#auto") == "95"
    plain.close()


def test_every_verdict_works_without_scripts(base: str, context: BrowserContext) -> None:
    office = build_office(each=1)
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, base, office)
    case = office.cases["review"][0].id
    page.goto(f"{base}/w/{office.workspace}/review/{case}/?entry=none")
    page.get_by_role("button", name="Post to Qonto").click()
    assert state_of(office, case) is CaseState.WAITING
    page.goto(f"{base}/w/{office.workspace}/status/")
    page.get_by_role("button", name="Retry").first.click()
    assert state_of(office, office.cases["failed"][0].id) is CaseState.WAITING
    plain.close()


def chosen(office: Office, *states: str) -> list[str]:
    """Records of those states, chosen for a spot check."""
    cases = [case for state in states for case in office.cases[state]]
    office.store.save_spot_checks(
        [SpotCheck(case.id, case.flow, case.record, 0.93, 1.0, AT) for case in cases]
    )
    return [case.id for case in cases]


def test_spot_checks_are_answered_by_keys_alone(base: str, context: BrowserContext) -> None:
    office = build_office(each=2)
    ids = chosen(office, "posted", "linked")
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office, "reviewer")
    page.goto(f"{base}/w/{office.workspace}/checks/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checks/*/")
    first = page.url.rstrip("/").rsplit("/", 1)[-1]
    assert first in ids
    page.keyboard.press("a")
    page.wait_for_url(lambda url: first not in url)
    check = office.store.spot_check(first)
    assert check is not None
    assert check.right is True
    linked = office.cases["linked"][0].id
    page.goto(f"{base}/w/{office.workspace}/checks/{linked}/")
    send = page.get_by_role("button", name="Send: it is wrong")
    assert not send.is_visible()
    page.keyboard.press("r")
    send.wait_for()
    page.keyboard.press("p")
    page.keyboard.type("26/05")
    page.locator("#pins a").first.click()
    page.wait_for_url("**entry=**")
    assert page.locator("input[name=answer]:checked").count() == 1
    send.click()
    page.wait_for_url(lambda url: linked not in url)
    assert state_of(office, linked) is CaseState.LINKED
    assert office.store.cases([linked])[linked].entry != office.cases["linked"][0].entry
    assert complaints == []


def test_a_spot_check_is_answered_without_scripts(base: str, context: BrowserContext) -> None:
    office = build_office(each=1)
    (linked,) = chosen(office, "linked")
    assert context.browser is not None
    plain = context.browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, base, office, "reviewer")
    page.goto(f"{base}/w/{office.workspace}/checks/{linked}/")
    page.locator("details.wrong > summary").click()
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Send: it is wrong").click()
    page.wait_for_url(f"**/review/{linked}/")
    assert state_of(office, linked) is CaseState.REVIEW
    plain.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_overflows_a_phone_or_breaks_its_policy(
    base: str, context: BrowserContext, scheme: str
) -> None:
    office = build_office(each=1)
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    paths = ["queue/", "records/", "flows/flow-1/", "connections/", "status/", "notices/"]
    paths += [f"review/{cases[0].id}/" for cases in office.cases.values()]
    paths += [f"records/{cases[0].id}/" for cases in office.cases.values()]
    paths += [f"review/{case.id}/correct" for case in office.cases["review"]]
    paths += ["checks/", *(f"checks/{id}/" for id in chosen(office, "posted", "linked"))]
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        for path in paths:
            page.goto(f"{base}/w/{office.workspace}/{path}")
            needed = page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, (path, width, needed)
    assert complaints == []


LIT = ".paper a.lit"


def test_a_field_in_focus_lights_its_box_and_brings_it_into_view(
    base: str, context: BrowserContext
) -> None:
    office = build_office(each=1)
    page = context.new_page()
    complaints = complaints_of(page)
    page.set_viewport_size({"width": 1280, "height": 420})
    sign_in(page, base, office)
    case = office.cases["review"][0].id
    page.goto(f"{base}/w/{office.workspace}/review/{case}/")
    page.wait_for_function("document.querySelector('.paper img').complete")
    page.locator("tr[data-field='gross_total'] a.place").focus()
    assert page.locator(LIT).get_attribute("id") == "box-gross_total"
    box = page.locator("[id='box-gross_total'] rect").bounding_box()
    assert box is not None and 0 <= box["y"] <= 420 - box["height"]
    page.get_by_role("button", name="Number, F-2026-0100, page 1").focus()
    assert page.locator("tr.lit").get_attribute("data-field") == "number"
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#box-number"
    page.keyboard.press("Enter")
    assert page.locator("[id='box-number']").evaluate("box => box.matches(':target')")
    assert complaints == []


def test_a_field_is_corrected_by_the_keyboard_alone(base: str, context: BrowserContext) -> None:
    office = build_office(each=1)
    page = context.new_page()
    complaints = complaints_of(page)
    sign_in(page, base, office, "reviewer")
    case = office.cases["review"][0].id
    page.goto(f"{base}/w/{office.workspace}/review/{case}/")
    page.keyboard.press("e")
    page.wait_for_url("**/correct")
    page.wait_for_function("document.activeElement.name === 'number'")
    assert page.locator(LIT).get_attribute("id") == "box-number"
    page.keyboard.press("Control+A")
    page.keyboard.type("F-77")
    while page.evaluate("document.activeElement.name") != "seller.iban":
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("FR00")
    page.keyboard.press("Enter")
    page.wait_for_selector("[aria-invalid]")
    assert page.evaluate("document.activeElement.name") == "seller.iban"
    assert page.input_value("[name='number']") == "F-77", "what was right is kept"
    page.keyboard.press("Control+A")
    page.keyboard.type("FR76 3000 6000 0112 3456 7890 189")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/{case}/")
    invoice = office.store.cases([case])[case].invoice
    assert invoice is not None and invoice.number == "F-77"
    assert state_of(office, case) is CaseState.WAITING
    # The browser says so itself of an answer that refuses the form.
    assert [c for c in complaints if "422" not in c] == []


def test_boxes_and_fields_lead_to_one_another_without_scripts(
    base: str, context: BrowserContext
) -> None:
    office = build_office(each=1)
    case = office.cases["review"][0].id
    assert context.browser is not None
    page = context.browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/review/{case}/")
    page.click("tr[data-field='gross_total'] a.place")
    assert page.url.endswith("#box-gross_total")
    page.get_by_role("button", name="Number, F-2026-0100, page 1").click(force=True)
    assert page.url.endswith("#at-number")


def test_a_flow_is_started_paused_and_rewound_on_a_phone(
    base: str, context: BrowserContext
) -> None:
    office = build_office(each=1)
    other = Connection("other", "quickbooks", "Other books", "77", ConnectionState.CONNECTED)
    office.store.save_connection(other)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    complaints = complaints_of(page)
    sign_in(page, base, office)
    page.goto(f"{base}/w/{office.workspace}/connections/")
    made = page.locator("form", has_text="Other books")
    made.locator("button", has_text="Create this flow").click()
    page.fill("#first-months", "0")
    page.click("text=Start the first sync")
    assert "is no whole number" in page.inner_text("[role=alert]")
    assert page.input_value("#first-months") == "0"
    assert complaints.pop().startswith("Failed to load resource"), "the browser notes a 400"
    page.fill("#first-months", "6")
    page.click("text=Start the first sync")
    assert "The first sync starts now" in page.inner_text("main")
    page.goto(f"{base}/w/{office.workspace}/flows/flow-1/")
    page.click("text=Pause the history only")
    assert "The history is paused." in page.inner_text("#course")
    page.fill("#rewind", (well().clock.now() - timedelta(days=2)).date().isoformat())
    page.click("#course >> text=Continue >> nth=-1")
    assert "Nothing is posted twice" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("text=Read them again")
    assert "choose an earlier one" in page.inner_text("body")
    assert complaints == []
