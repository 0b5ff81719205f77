"""Contract: Qonto as the place where the company's invoices arrive, with the truth of that pair."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.posting_mail import message, post
from builders.running_standin import NO_TLS
from well.sandbox.serve import Sandbox
from well.sandbox.world import score

pytestmark = pytest.mark.slow
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(["qonto", "freshbooks"], tmp_path_factory.mktemp("s"), 120, 5, today=DAY) as made:
        qonto(made, "_admin/settings", {"analysis_min_ms": 0, "analysis_max_ms": 0})
        yield made


def qonto(sandbox: Sandbox, path: str, body: Any = None) -> Any:
    """A call of Qonto's API by its key, or of its admin port."""
    there = sandbox.addresses["qonto"]
    base = there["admin" if path.startswith("_admin") else "api"]
    with httpx.Client(verify=NO_TLS, headers={"Authorization": there["api_key"]}) as client:
        url = f"{base}/{path}"
        answer = client.get(url) if body is None else client.post(url, json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """Every supplier invoice by its id."""
    found: dict[str, dict[str, Any]] = {}
    page = 1
    while page:
        answer = qonto(sandbox, f"v2/supplier_invoices?page={page}")
        found |= {invoice["id"]: invoice for invoice in answer["supplier_invoices"]}
        page = answer["meta"].get("next_page") or 0
    return found


def test_every_bill_is_a_supplier_invoice_and_the_second_act_changes_what_the_truth_says(
    sandbox: Sandbox,
) -> None:
    truth = sandbox.truth("qonto")
    before = listed(sandbox)
    first = [record for record in truth["records"] if record["act"] == 1]
    assert truth["source"] == "qonto"
    assert set(before) == {record["id"] for record in first}
    assert all(record["entity"] == "SupplierInvoice" for record in first)
    assert truth["expected"]["Attachment"] == len(before)
    assert qonto(sandbox, "_admin/second-act", {})["applied"] > 0
    assert qonto(sandbox, "_admin/second-act", {})["applied"] == 0
    after = listed(sandbox)
    assert set(after) == {record["id"] for record in truth["records"]}
    changed = {key for key in before if after[key] != before[key]}
    assert changed == {r["id"] for r in first if r.get("change")}
    uploaded = [after[key] for key in set(after) - set(before)]
    assert all(invoice["analyzed_at"] and invoice["total_amount"] for invoice in uploaded)


def test_the_second_act_is_judged_as_qonto_shows_it(sandbox: Sandbox) -> None:
    records = sandbox.truth("qonto")["records"]
    judged = {record.get("change", ""): record.get("ok_after") for record in records}
    assert judged["archived"] is None and judged["paid"] is None
    assert judged["amount"] == ["review", "held"]
    assert "late_file" not in judged and "deleted" not in judged


def test_the_mess_of_the_books_is_kept(sandbox: Sandbox) -> None:
    books = listed(sandbox)
    by_scenario = {r["scenario"]: books[r["id"]] for r in sandbox.truth("qonto")["records"]}
    assert by_scenario["twice"]["has_duplicates"]
    assert not by_scenario["normal"]["has_duplicates"]
    assert by_scenario["number_on_page_only"]["invoice_number"] is None
    assert by_scenario["vendor_credit"]["is_credit_note"]
    assert by_scenario["yen"]["total_amount"]["currency"] == "JPY"
    assert by_scenario["future_date"]["issue_date"].startswith("2027")
    assert {Counter(invoice.keys())["attachment_id"] for invoice in books.values()} == {1}


@pytest.mark.parametrize("scenario", ["normal", "no_file", "scan", "text_file", "huge"])
def test_every_supplier_invoice_has_a_file(sandbox: Sandbox, scenario: str) -> None:
    books = listed(sandbox)
    record = next(r for r in sandbox.truth("qonto")["records"] if r["scenario"] == scenario)
    file = books[record["id"]]["attachment_id"]
    told = qonto(sandbox, f"v2/attachments/{file}")["attachment"]
    content = httpx.get(told["url"], verify=NO_TLS).content
    assert content.startswith(b"%PDF-")
    assert (len(content) > 10 * 1024 * 1024) is (scenario == "huge")


def test_freshbooks_has_the_entries_that_the_truth_names(sandbox: Sandbox) -> None:
    truth = sandbox.truth("qonto")
    admin = sandbox.addresses["freshbooks"]["admin"]
    entries = httpx.get(f"{admin}/_admin/entries", verify=NO_TLS).json()
    assert {entry["id"]: entry["document"] for entry in entries} == truth["entries"]
    assert all(entry["party"] and entry["amount"] != "0.00" for entry in entries)
    assert {entry["kind"] for entry in entries} == {"expense", "bill"}


def test_quickbooks_as_the_target_holds_the_entries_and_takes_documents_by_mail(
    tmp_path: Path,
) -> None:
    with Sandbox(["qonto", "quickbooks"], tmp_path, 60, 5, today=DAY) as made:
        truth, there = made.truth("qonto"), made.addresses["quickbooks"]
        admin = httpx.Client(base_url=there["admin"], verify=NO_TLS)
        admin.post("/_admin/settings", json={"read_ms": 0, "confirms_itself": 1})
        before = admin.get("/_admin/entries").json()
        assert {entry["id"] for entry in before} == set(truth["entries"])
        record = next(r for r in truth["records"] if r["scenario"] == "normal")
        file = listed(made)[record["id"]]["attachment_id"]
        told = qonto(made, f"v2/attachments/{file}")["attachment"]
        content = httpx.get(told["url"], verify=NO_TLS).content
        name = f"F-1--qonto-supplierinvoice-{record['id']}.pdf"
        post(there, message(there, (name, content)))
        after = admin.get("/_admin/entries").json()
        admin.close()
    assert len(after) == len(before) + 1 and after[-1]["file_name"] == name
    result = score(truth, [], after, len(before))
    assert (result["duplicates"], result["unknown_entries"]) == (0, 0)


def test_the_score_counts_a_second_entry_of_a_mailed_file_as_a_duplicate(sandbox: Sandbox) -> None:
    truth = sandbox.truth("qonto")
    record = next(r for r in truth["records"] if r["scenario"] == "normal")
    name = f"F-1--qonto-supplierinvoice-{record['id']}.pdf"
    entries = [{"id": str(n), "document": None, "file_name": name} for n in (1, 2)]
    assert score(truth, [], entries[:1], 0)["duplicates"] == 0
    assert score(truth, [], entries, 0)["duplicates"] == 1


def test_a_restart_goes_on_with_the_same_invoices_ports_and_address(tmp_path: Path) -> None:
    with Sandbox(["qonto", "freshbooks"], tmp_path, 60, 5, today=DAY) as first:
        before, mail = set(listed(first)), first.addresses["freshbooks"]
    with Sandbox(["qonto", "freshbooks"], tmp_path, 60, 5) as second:
        again = second.addresses["freshbooks"]
        assert set(listed(second)) == before
        same = ("api", "smtp_port", "inbox", "account", "client_id", "sender")
        assert [again[name] for name in same] == [mail[name] for name in same]
    with Sandbox(["quickbooks", "qonto"], tmp_path / "other", 60, 5, today=DAY) as target:
        assert len(listed(target)) < 20
        assert target.truth("qonto") == {}
