"""Signing in to a mailbox in a real browser: to the provider and back, at a desk and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from builders.connectors import MachineClock
from builders.mailbox_provider import NAME, mail_at, provider_at
from builders.office import build_office
from builders.running_standin import running
from builders.tiny_company import TinyCompany
from web import test_in_a_browser as browser
from well.bootstrap import well
from well.connectors.mailboxes import connect
from well.domain.flow import Connection, ConnectionState
from well.sandbox.mailbox import FAULT_MODES, create

pytestmark = browser.pytestmark
base, context = browser.base, browser.context
LEDGER = "ledger"


def test_a_person_signs_in_to_the_mailbox_and_mails_the_test_without_complaint(
    base: str, context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = build_office(each=0)
    link = Connection(LEDGER, "freshbooks", "FreshBooks", "ABC123", ConnectionState.CONNECTED)
    office.store.save_connection(link)
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as server:
        offered = connect([provider_at(server)], base, MachineClock()).offered
        monkeypatch.setattr(well().mailboxes, "offered", offered)
        monkeypatch.setattr(well().outbox, "mail", mail_at(server))
        page = context.new_page()
        complaints = browser.complaints_of(page)
        browser.sign_in(page, base, office)
        here = f"{base}/w/{office.workspace}/connections/{LEDGER}/mail"
        page.goto(here)
        page.fill("#inbox", "acme@in.freshbooks.example")
        page.fill("#sender", server.mail["sender"])
        page.check(f"input[value='at:{NAME}']")
        page.click("main form button.main")
        page.wait_for_selector("text=not signed in")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
        page.click("text=Sign in at Mailbox >> nth=-1")
        page.click("text=Approve")
        page.wait_for_selector("text=Signed in at Mailbox")
        assert page.url == here
        page.click("text=Send the test >> nth=-1")
        page.wait_for_selector("text=The mail server took the test")
        assert complaints == []
