"""A real browser on the pages: what finds it, and how a person signs in with it.

Invariant: it ends what it starts; nothing here asserts.
"""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.db import connections
from playwright.sync_api import BrowserContext, Page, sync_playwright

from builders.office import Office
from builders.product import free_port
from well.accounts.signin import make_signin_link
from well.bootstrap import well
from well.web.asgi import application

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def complaints_of(page: Page) -> list[str]:
    """Filled with what the browser's console complains about (a broken policy, a script error)."""
    found: list[str] = []
    page.on("console", lambda m: found.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def sign_in(page: Page, base: str, office: Office, role: str = "owner") -> None:
    """Sign in by a link, as a member with this role."""
    page.goto(make_signin_link(office.people[role], base, well().clock))
    page.click("main button")
    page.wait_for_url("**/queue/")


@contextmanager
def serving() -> Iterator[str]:
    """The pages on a free port, on the test's databases; gives their address."""
    port = free_port()
    config = uvicorn.Config(application, port=port, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(10)
    connections.close_all()


@contextmanager
def browsing() -> Iterator[BrowserContext]:
    """A browser of its own; Django has to be told that its event loop may stand beside."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser.new_context(viewport={"width": 1280, "height": 900})
        browser.close()
