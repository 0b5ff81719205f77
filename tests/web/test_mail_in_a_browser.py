"""The page of delivery by e-mail in a real browser, on a desk and on a phone."""

from playwright.sync_api import BrowserContext

from builders.office import build_office
from web import test_in_a_browser as browser
from web.test_mail_pages import LEDGER, TYPED
from well.domain.flow import Connection, ConnectionState

pytestmark = browser.pytestmark
base, context = browser.base, browser.context


def test_the_way_of_a_mail_is_entered_without_complaint_and_fits_a_phone(
    base: str,
    context: BrowserContext,
) -> None:
    office = build_office(each=1)
    link = Connection(LEDGER, "freshbooks", "FreshBooks", "ABC123", ConnectionState.CONNECTED)
    office.store.save_connection(link)
    page = context.new_page()
    complaints = browser.complaints_of(page)
    browser.sign_in(page, base, office)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{base}/w/{office.workspace}/connections/{LEDGER}/mail")
    page.fill("#inbox", TYPED["inbox"])
    page.fill("#sender", TYPED["sender"])
    page.click("main form button.main")
    page.wait_for_selector("text=Send the test")
    page.wait_for_selector("#domain[aria-busy=false]")
    assert "could not be asked now" in page.inner_text("#domain")
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    route = office.store.connection(LEDGER).mail
    assert route is not None
    assert route.inbox == TYPED["inbox"]
