"""A prepared product for the measurements: databases, a workspace, both connections, a flow.

Invariant: everything lies below the folder given; the consents are walked through the pages.
"""

import threading
import time
from pathlib import Path

import uvicorn
from django.core.management import call_command
from django.db import connections

from well.accounts.signin import make_signin_link
from well.accounts.workspaces import create_workspace
from well.bootstrap import well
from well.cli.demo_person import Person

DAY = 24 * 3600


def migrate() -> None:
    """Make the databases."""
    for alias in connections:
        call_command("migrate", database=alias, interactive=False, verbosity=0)


def workspace(name: str) -> str:
    """A workspace of that name; its id."""
    it = well()
    made, _ = create_workspace(name, "eu", "bench@example.com", it.clock.now())
    return str(made.id)


def connected_flow(data: Path) -> tuple[str, str]:
    """Ids of a workspace and of its flow, connected through the pages."""
    assert data.is_dir(), "the folder is made by the caller"
    migrate()
    it = well()
    made, user = create_workspace("bench", "eu", "bench@example.com", it.clock.now())
    config = uvicorn.Config("well.web.asgi:application", port=it.settings.port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    person = Person(it.settings.base_url)
    person.sign_in(make_signin_link(user, it.settings.base_url, it.clock))
    for connector in ("quickbooks", "qonto"):
        person.connect(str(made.id), connector)
    person.create_flow(str(made.id))
    server.should_exit = True
    thread.join()
    return str(made.id), it.store(str(made.id)).flows()[0].id
