"""Single objects, changes, attachments, writing and the forms of answers.

Invariant: what is written can be read back at once and is a change afterwards. Queries are tested
by themselves.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from builders.quickbooks_client import Client, let_in
from builders.running_standin import running
from builders.tiny_company import SCAN, Body, TinyCompany, bill
from well.sandbox.quickbooks import create


def since(**ago: int) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="seconds")


def test_one_object_is_read_by_its_id(shared: Client) -> None:
    body = shared.get("bill/1001").json()
    assert body["Bill"]["DocNumber"] == "INV-1001"
    assert body["time"][-6:] in ("-07:00", "-08:00")


@pytest.mark.parametrize("path", ["bill/77", "bill/x", "bill/01001", "vendor/1001"])
def test_an_object_that_is_not_there_is_error_610(shared: Client, path: str) -> None:
    answer = shared.get(path)
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "610")


def test_the_company_introduces_itself(shared: Client) -> None:
    body = shared.get(f"companyinfo/{shared.realm}").json()["CompanyInfo"]
    assert (body["CompanyName"], body["Country"]) == ("Brûlerie & Fils", "FR")


def test_every_answer_has_a_trace_id_of_its_own(shared: Client) -> None:
    ids = {shared.get(path).headers["intuit_tid"] for path in ("bill/1001", "bill/77")}
    assert len(ids) == 2


def test_without_accept_the_answer_is_xml(shared: Client) -> None:
    answer = shared.http.get(
        f"/v3/company/{shared.realm}/query",
        params={"query": "select * from Dragon"},
        headers={"Accept": "*/*"},
    )
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text.startswith("<?xml")
    assert "<code>4001</code>" in answer.text


@pytest.mark.parametrize(("version", "status"), [("4", 200), ("75", 200), ("x", 400)])
def test_old_minor_versions_are_taken_as_75(shared: Client, version: str, status: int) -> None:
    assert shared.get("bill/1001", minorversion=version).status_code == status


@pytest.mark.parametrize("path", ["dragon/1", "bill", "reports/x", "bill/1/pdf", ""])
def test_an_unknown_address_is_a_fault(shared: Client, path: str) -> None:
    answer = shared.get(path)
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == "500"


def test_changes_come_grouped_in_the_asked_order(shared: Client) -> None:
    answer = shared.get("cdc", entities="Vendor,Bill,Attachable", changedSince=since(hours=60))
    groups = answer.json()["CDCResponse"][0]["QueryResponse"]
    assert groups[0] == {}
    assert [row["Id"] for row in groups[1]["Bill"]] == ["1003", "1004", "1005"]
    assert groups[2] == {}


@pytest.mark.parametrize(
    ("entities", "changed_since", "code"),
    [
        ("Bill,TaxCode", 1, "500"),
        ("Dragon", 1, "500"),
        ("Bill", 31, "4002"),
        ("Bill", "soon", "2010"),
        ("Bill", "", "2010"),
    ],
)
def test_changes_refuse_what_they_do_not_follow(
    shared: Client, entities: str, changed_since: int | str, code: str
) -> None:
    start = since(days=changed_since) if isinstance(changed_since, int) else changed_since
    answer = shared.get("cdc", entities=entities, changedSince=start)
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == code


def test_the_second_act_happens_once_and_shows_as_changes(client: Client) -> None:
    start = since(seconds=1)
    assert client.server.admin.post("/_admin/second-act").json() == {"applied": 3}
    assert client.server.admin.post("/_admin/second-act").json() == {"applied": 0}
    answer = client.get("cdc", entities="Bill", changedSince=start)
    rows = {row["Id"]: row for row in answer.json()["CDCResponse"][0]["QueryResponse"][0]["Bill"]}
    assert rows["1002"]["status"] == "Deleted"
    assert (rows["1001"]["SyncToken"], rows["1001"]["DocNumber"]) == ("1", "INV-1001")
    assert rows["5001"]["TotalAmt"] == 99
    assert "1002" not in client.ids("select * from Bill")
    assert client.get("bill/1002").status_code == 400


def test_changes_are_cut_at_1000_objects(tmp_path: Path) -> None:
    class Many(TinyCompany):
        def quickbooks_objects(self) -> Iterator[tuple[str, Body]]:
            return (("Bill", bill(key, 1, "10.00")) for key in range(1, 1202))

    with running(create, Many(), tmp_path) as server:
        entered = let_in(server)
        with entered.http:
            answer = entered.get("cdc", entities="Vendor,Bill", changedSince=since(days=2))
    groups = answer.json()["CDCResponse"][0]["QueryResponse"]
    assert len(groups[1]["Bill"]) == 1000


def test_a_file_is_fetched_by_its_temporary_link_without_a_token(shared: Client) -> None:
    row = shared.query("select * from Attachable where Id = '9001'")["Attachable"][0]
    answer = httpx.get(row["TempDownloadUri"])
    assert (answer.status_code, answer.content) == (200, SCAN)
    assert answer.headers["content-type"] == "application/pdf"


def test_a_temporary_link_refuses_the_bearer_token(shared: Client) -> None:
    row = shared.query("select * from Attachable where Id = '9001'")["Attachable"][0]
    assert shared.http.get(row["TempDownloadUri"]).status_code == 400


def test_a_temporary_link_dies_after_15_minutes(client: Client) -> None:
    link = client.get("download/9001").text
    assert httpx.get(link).status_code == 200
    client.server.fault("clock_skew", seconds=901)
    assert httpx.get(link).status_code == 403


@pytest.mark.parametrize(
    ("old", "new"), [("9001", "9002"), ("expires=", "expires=9"), ("signature=", "signature=0")]
)
def test_a_temporary_link_opens_nothing_else(shared: Client, old: str, new: str) -> None:
    link = shared.get("download/9001").text
    assert httpx.get(link.replace(old, new)).status_code == 403


def test_a_bill_can_be_written_changed_and_deleted(client: Client) -> None:
    given = {"VendorRef": {"value": "56"}, "Line": [{"Amount": 1.10}], "TotalAmt": 1.10}
    made = client.post("bill", given).json()["Bill"]
    assert made["SyncToken"] == "0"
    changed = client.post("bill", {"Id": made["Id"], "SyncToken": "0", "DocNumber": "N-1"})
    assert changed.json()["Bill"]["SyncToken"] == "1"
    assert client.ids("select * from Bill where DocNumber = 'N-1'") == [made["Id"]]
    gone = client.post("bill", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert gone.json()["Bill"]["status"] == "Deleted"
    log = client.server.admin.get("/_admin/log", params={"method": "POST"}).json()
    assert [row["path"].rsplit("/", 1)[1] for row in log].count("bill") == 3


@pytest.mark.parametrize(
    ("path", "given", "code"),
    [
        ("bill", {"Line": []}, "2020"),
        ("bill", [], "2010"),
        ("bill", {"Id": "1001", "SyncToken": "7"}, "5010"),
        ("bill", {"Id": "77", "SyncToken": "0"}, "610"),
        ("vendor", {"DisplayName": "Algolia SAS"}, "6240"),
        ("vendor", {"Id": "56", "SyncToken": "0"}, "500"),
        ("attachable", {"AttachableRef": 5}, "2010"),
    ],
)
def test_a_wrong_write_changes_nothing(shared: Client, path: str, given: object, code: str) -> None:
    operation = "delete" if path == "vendor" and "Id" in str(given) else ""
    answer = shared.post(path, given, operation=operation)
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == code
    assert shared.query("select count(*) from Bill") == {"totalCount": 5}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"{" * 50_000,
        b'{"VendorRef":{"value":"5"},"Line":[1],"TotalAmt":1e999999999}',
        b'{"VendorRef":{"value":"5"},"Line":[1],"TotalAmt":NaN}',
        b'{"VendorRef":{"value":"5"},"Line":[1],"DocNumber":"\\ud800"}',
        b'{"VendorRef":{"value":"5"},"Line":' + b"[" * 900 + b"]" * 900 + b"}",
    ],
)
def test_a_hostile_body_is_answered_not_crashed(client: Client, content: bytes) -> None:
    answer = client.http.post(f"/v3/company/{client.realm}/bill", content=content)
    assert answer.status_code in (200, 400)
    assert client.get("bill/1001").status_code == 200


def test_a_batch_answers_each_of_its_operations(client: Client) -> None:
    items = [
        {"bId": "a", "Query": "select count(*) from Bill"},
        {"bId": "b", "operation": "create", "Vendor": {"DisplayName": "New Ltd"}},
        {"bId": "c", "Query": "select"},
        {"bId": "d"},
    ]
    rows = client.post("batch", {"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert rows[0]["QueryResponse"] == {"totalCount": 5}
    assert rows[1]["Vendor"]["DisplayName"] == "New Ltd"
    assert [row["Fault"]["Error"][0]["code"] for row in rows[2:]] == ["4000", "2010"]


def test_a_restart_keeps_books_tokens_and_credentials(tmp_path: Path) -> None:
    from_first: dict[str, str] = {}
    with running(create, TinyCompany(), tmp_path) as server:
        from_first |= {"id": server.client_id, "realm": server.standin.addresses["realm"]}
        server.admin.post("/_admin/second-act")
    with running(create, TinyCompany(bills=1), tmp_path) as server:
        assert from_first == {"id": server.client_id, "realm": server.standin.addresses["realm"]}
        count = server.state.db().execute(
            "select count(*) from object where entity = 'Bill' and deleted = 0"
        )
        assert count.fetchone()[0] == 5
        assert server.admin.post("/_admin/second-act").json() == {"applied": 0}


def test_an_amount_survives_writing_digit_for_digit(client: Client) -> None:
    content = b'{"VendorRef":{"value":"56"},"Line":[{"Amount":0.10}],"TotalAmt":1284.00}'
    answer = client.http.post(f"/v3/company/{client.realm}/bill", content=content)
    assert '"TotalAmt":1284.00' in answer.text
    assert Decimal("1284") == answer.json()["Bill"]["TotalAmt"]
