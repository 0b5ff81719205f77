"""kill -9 between taking up a notice and the mail server's answer: its owner is told."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from builders.mail_server import Inbox, mail_server
from builders.product import Product

MAILING = """
import sys
from dataclasses import replace
from datetime import timedelta
import django
django.setup()
from well.bootstrap import well
from well.worker.notices import mail_notices

class Later:
    def now(self):
        return well().clock.now() + timedelta(hours=int(sys.argv[1]))

print(mail_notices(replace(well(), clock=Later())))
"""
"""What the worker's loop does at each turn, some hours from now."""

TEXT = "QuickBooks no longer lets Well in."


class Silent(Inbox):
    """An inbox that stops answering at one command: MAIL, when nothing was sent yet, or DATA, when
    it has taken the mail."""

    def __init__(self) -> None:
        super().__init__()
        self.at = ""
        self.reached = threading.Event()

    async def _stay(self, command: str) -> None:
        if self.at == command:
            self.reached.set()
            await asyncio.sleep(3600)

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802
        await self._stay("MAIL")
        return await super().handle_MAIL(*given)

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(*given)
        await self._stay("DATA")
        return answer


def _a_notice(product: Product, workspace: str) -> None:
    with closing(sqlite3.connect(product.data / "control.sqlite3")) as database, database:
        database.execute(
            "insert into notice (workspace_id, subject, text, level, created_at, mailed_to,"
            " mail_tries) values (?, 'books', ?, 'warning', ?, '[]', 0)",
            (workspace.replace("-", ""), TEXT, str(datetime.now(UTC).replace(tzinfo=None))),
        )


def _mailing(product: Product, hours: int) -> subprocess.Popen[str]:
    env = product.env | {"DJANGO_SETTINGS_MODULE": "well.django_settings"}
    return subprocess.Popen(
        [sys.executable, "-c", MAILING, str(hours)],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _killed_at(product: Product, inbox: Silent, command: str, hours: int) -> None:
    inbox.at = command
    inbox.reached.clear()
    child = _mailing(product, hours)
    try:
        assert inbox.reached.wait(60), command
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate(timeout=30)
    inbox.at = ""


def _turn(product: Product, hours: int) -> int:
    child = _mailing(product, hours)
    told, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return int(told)


@pytest.mark.slow
def test_a_kill_before_or_after_the_mail_was_taken_costs_no_owner_the_notice(
    tmp_path: Path,
) -> None:
    inbox = Silent()
    with mail_server(inbox) as port:
        settings = {
            "WELL_MAIL_HOST": "localhost",
            "WELL_MAIL_PORT": str(port),
            "WELL_MAIL_SECURITY": "none",
            "WELL_MAIL_SENDER": "well@well.example",
        }
        product = Product(tmp_path / "well", {}, settings)
        product.data.mkdir()
        product.command("migrate")
        made = product.command("workspace", "create", "Kill", "--owner", "kill@example.com")
        _a_notice(product, made.split()[1])
        _killed_at(product, inbox, "MAIL", hours=0)
        assert inbox.received == []
        assert _turn(product, hours=0) == 0, "whoever was killed might still be at it"
        _killed_at(product, inbox, "DATA", hours=1)
        assert len(inbox.received) == 1
        assert [_turn(product, hours) for hours in (2, 3)] == [1, 0]
    ids = [message_from_bytes(bytes(got.content or b""))["Message-ID"] for got in inbox.received]
    assert ids == ["<notice-1@well.example>"] * 2, "a mailbox drops the second of the same name"
