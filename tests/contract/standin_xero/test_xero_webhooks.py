"""Webhooks of the Xero stand-in, received by a server of the standard library.

Invariant: the receiver checks signatures by its own means; it ends with its test.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from builders.running_standin import Running
from builders.xero_client import XeroClient


@contextmanager
def _receiver(key: str, strict: bool = True) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A receiver on a free port; what it took."""
    taken: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
            right = self.headers["x-xero-signature"] == base64.b64encode(digest).decode()
            if right:
                taken.append(json.loads(body))
            self.send_response(200 if right or not strict else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hooks", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_second_act_is_told_to_a_receiver_that_checks_signatures(
    server: Running, client: XeroClient
) -> None:
    with _receiver(server.standin.addresses["webhook_key"]) as (url, taken):
        answer = server.admin.post("/_admin/webhooks", json={"url": url}).json()
        assert answer == {"url": url, "answers": [200, 401, 200, 401], "accepted": True}
        assert [message["events"] for message in taken] == [[], []]
        server.admin.post("/_admin/second-act")
    events = taken[-1]["events"]
    assert len(taken) == 3
    assert {event["tenantId"] for event in events} == {client.tenant}
    assert {event["eventType"] for event in events} == {"CREATE", "UPDATE"}
    assert {"INVOICE"} <= {event["eventCategory"] for event in events} <= {"INVOICE", "CONTACT"}
    assert taken[-1]["lastEventSequence"] == len(events) == len({json.dumps(e) for e in events})
    told = client.http.get(events[0]["resourceUrl"])
    assert told.status_code == 200


def test_a_receiver_that_takes_anything_is_not_kept(server: Running) -> None:
    with _receiver(server.standin.addresses["webhook_key"], strict=False) as (url, taken):
        answer = server.admin.post("/_admin/webhooks", json={"url": url}).json()
        assert (answer["answers"], answer["accepted"]) == ([200, 200, 200, 200], False)
        server.admin.post("/_admin/second-act")
    assert all(message["events"] == [] for message in taken)


def test_nobody_there_is_no_answer(server: Running) -> None:
    for url in ("http://127.0.0.1:9/hooks", "", "no address"):
        answer = server.admin.post("/_admin/webhooks", json={"url": url}).json()
        assert (answer["answers"], answer["accepted"]) == ([0, 0, 0, 0], False)
