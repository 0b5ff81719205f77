"""Contract: the receipts inbox of QuickBooks: a list that no API shows, refusals in words."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders.posting_mail import message, pdf, post, return_server
from builders.running_standin import Running, running
from builders.tiny_company import TinyCompany
from well.sandbox.quickbooks import FAULT_MODES, create


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A stand-in that reads a mail at once."""
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as made:
        made.settings(read_ms=0)
        yield made


def listed(server: Running) -> list[dict[str, Any]]:
    """The list for review."""
    answer: list[dict[str, Any]] = server.admin.get("/_admin/for-review").json()
    return answer


def bills(server: Running) -> list[str]:
    """The bodies of all bills."""
    rows = server.state.db().execute("select body from object where entity = 'Bill' order by num")
    return [row["body"] for row in rows]


def test_a_mailed_invoice_waits_for_review_and_is_no_bill_yet(server: Running) -> None:
    assert server.mail["inbox"].endswith("@qbodocs.com")
    before = bills(server)
    post(server.mail)
    (line,) = listed(server)
    assert (line["vendor"], line["number"], line["total"], line["date"]) == (
        "Algolia SAS",
        "INV-2026-04-100",
        "1284.00",
        "2026-04-22",
    )
    assert bills(server) == before


def test_a_person_makes_one_bill_of_a_line_however_often_asked(server: Running) -> None:
    post(server.mail)
    (line,) = listed(server)
    url = f"/_admin/for-review/{line['id']}/confirm"
    first, second = (server.admin.post(url).json()["bill"] for _ in range(2))
    assert first == second
    made = bills(server)
    assert len(made) == 6
    assert '"TotalAmt":1284.00' in made[-1] and '"value":"56"' in made[-1]
    assert server.admin.post("/_admin/for-review/99/confirm").status_code == 404


def test_a_diligent_company_confirms_by_itself_with_a_new_vendor(server: Running) -> None:
    server.settings(confirms_itself=1)
    page = pdf("Épicerie du Port", "Invoice number: E-7", "Total with VAT: 12.00 EUR")
    post(server.mail, message(server.mail, ("ticket.pdf", page)))
    (line,) = listed(server)
    assert line["bill"]
    assert '"name":"Épicerie du Port"' in bills(server)[-1]


@pytest.mark.parametrize("sender", ["stranger@else.example", "office+well@company.example"])
def test_a_refusal_is_a_letter_in_words_to_the_envelope_sender(
    server: Running, sender: str
) -> None:
    server.admin.post("/_admin/senders", json={"address": "office+well@company.example"})
    with return_server() as (kept, port):
        server.admin.post("/_admin/return-server", json={"host": "127.0.0.1", "port": port})
        post(server.mail, message(server.mail, sender=sender), "NEVER")
        for _ in range(200):
            if kept.came:
                break
            time.sleep(0.02)
    ((_, _, letter),) = kept.came
    assert letter.get_content_type() == "text/plain"
    assert "not registered" in letter.get_content()
    assert letter["In-Reply-To"] == "<p1@well.example>"
    assert letter["From"].addresses[0].domain == "qbodocs.com"
    assert listed(server) == []
