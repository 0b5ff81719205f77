"""Bad days of the provider, met over a real connection.

Invariant: a fault "after" the write leaves the write done, a fault "before" leaves it undone. The
kit's own faults are tested with the kit.
"""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from builders.quickbooks_client import Client

COUNT = "select count(*) from Bill"
GIVEN = {"VendorRef": {"value": "56"}, "Line": [{"Amount": 1}], "TotalAmt": 1}


def bills(client: Client) -> int:
    return int(client.query(COUNT)["totalCount"])


def test_a_storm_of_429_has_the_throttle_body(client: Client) -> None:
    client.server.fault("rate_limit", count=2, retry_after=3, path="/v3")
    answers = [client.get("query", query=COUNT) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "3"
    fault = answers[0].json()["Fault"]
    assert (fault["type"], fault["Error"][0]["code"]) == ("SERVICE", "3001")


def test_a_fault_may_come_with_status_200(client: Client) -> None:
    client.server.fault("fault_200")
    answer = client.get("query", query=COUNT)
    assert (answer.status_code, answer.json()["Fault"]["type"]) == (200, "SystemFault")
    assert bills(client) == 5


def test_a_gateway_error_is_html(client: Client) -> None:
    client.server.fault("error_before", status=503)
    answer = client.get("query", query=COUNT)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")


def test_an_error_before_the_write_leaves_it_undone_and_after_it_done(client: Client) -> None:
    client.server.fault("error_before", method="POST")
    assert client.post("bill", GIVEN).status_code == 500
    assert bills(client) == 5
    client.server.fault("error_after", method="POST")
    assert client.post("bill", GIVEN).json()["Fault"]["type"] == "SystemFault"
    assert bills(client) == 6


@pytest.mark.parametrize(("mode", "left"), [("cut_before", 5), ("cut_after", 6), ("cut_body", 6)])
def test_a_cut_connection_gives_no_answer(client: Client, mode: str, left: int) -> None:
    client.server.fault(mode, method="POST")
    with pytest.raises(httpx.TransportError):
        client.post("bill", GIVEN)
    assert bills(client) == left


def test_a_token_is_revoked_in_the_middle(client: Client) -> None:
    client.server.fault("token_revoked", path=f"/v3/company/{client.realm}/cdc")
    assert bills(client) == 5
    assert client.get("cdc", entities="Bill", changedSince="2026-01-01").status_code == 401
    assert client.get("query", query=COUNT).status_code == 401


def test_too_many_requests_a_minute_are_refused(client: Client) -> None:
    client.server.settings(requests_per_minute=3)
    statuses = [client.get("query", query=COUNT).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_more_than_ten_at_once_are_refused(client: Client) -> None:
    client.server.settings(concurrent=0)
    assert client.get("query", query=COUNT).status_code == 429
    client.server.settings(concurrent=10)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: client.get("bill/1001").status_code, range(40)))
    assert set(statuses) == {200}
