"""The kit's faults and edge, on a server that knows no provider.

Invariant: what a client sees here it sees of every stand-in. Provider bodies are tested with the
providers.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from builders.running_standin import NO_TLS
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.edge import FaultMiddleware, RequestLog
from well.sandbox.kit.faults import BadFaultError, Faults
from well.sandbox.kit.listen import Listener, address, bind


@dataclass
class Served:
    """A server that counts what was written."""

    faults: Faults
    log: RequestLog
    http: httpx.Client
    written: list[str] = field(default_factory=list)


@pytest.fixture
def served() -> Iterator[Served]:
    clock = StandInClock()
    faults, log = Faults(clock, {"own"}), RequestLog()
    written: list[str] = []

    async def write(request: Request) -> Response:
        written.append((await request.body()).decode())
        return JSONResponse({"written": "x" * 2000})

    app = Starlette(
        routes=[Route("/write", write, methods=["GET", "POST"])],
        middleware=[Middleware(FaultMiddleware, faults=faults, log=log)],
    )
    sock = bind(0)
    base = address(sock)
    listener = Listener([(app, sock)])
    listener.start()
    with httpx.Client(base_url=base, verify=NO_TLS) as http:
        yield Served(faults, log, http, written)
    listener.stop()


def test_without_faults_requests_pass(served: Served) -> None:
    assert served.http.post("/write", content="a").status_code == 200
    assert served.written == ["a"]


@pytest.mark.parametrize(("mode", "written"), [("error_before", []), ("error_after", ["a"])])
def test_an_error_comes_before_or_after_the_write(
    served: Served, mode: str, written: list[str]
) -> None:
    served.faults.add({"mode": mode, "status": 502})
    assert served.http.post("/write", content="a").status_code == 502
    assert served.written == written
    assert served.http.get("/write").status_code == 200


@pytest.mark.parametrize(
    ("mode", "written"), [("cut_before", []), ("cut_after", ["a"]), ("cut_body", ["a"])]
)
def test_a_cut_closes_the_connection_without_a_whole_answer(
    served: Served, mode: str, written: list[str]
) -> None:
    served.faults.add({"mode": mode})
    with pytest.raises(httpx.TransportError):
        served.http.post("/write", content="a")
    assert served.written == written
    assert served.http.get("/write").status_code == 200


def test_a_cut_while_the_body_is_still_coming_is_a_cut(served: Served) -> None:
    served.faults.add({"mode": "cut_before"})
    with pytest.raises(httpx.TransportError):
        served.http.post("/write", content=b"x" * 5_000_000)
    assert served.written == []


def test_a_slow_body_drips_and_arrives_whole(served: Served) -> None:
    served.faults.add({"mode": "slow_body", "seconds": 1})
    begun = time.monotonic()
    answer = served.http.get("/write")
    assert time.monotonic() - begun > 0.8
    assert len(answer.json()["written"]) == 2000


def test_a_storm_counts_requests(served: Served) -> None:
    served.faults.add({"mode": "rate_limit", "count": 2})
    assert [served.http.get("/write").status_code for _ in range(3)] == [429, 429, 200]


def test_a_storm_lasts_seconds(served: Served) -> None:
    served.faults.add({"mode": "rate_limit", "seconds": 60, "retry_after": 7})
    answers = [served.http.get("/write") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 429]
    assert answers[0].headers["Retry-After"] == "7"
    served.faults.add({"mode": "clock_skew", "seconds": 61})
    assert served.http.get("/write").status_code == 200


def test_a_fault_strikes_only_what_it_matches(served: Served) -> None:
    served.faults.add({"mode": "error_before", "match": {"path": "/wr", "method": "post"}})
    assert served.http.get("/write").status_code == 200
    assert served.http.post("/write").status_code == 500
    served.faults.add({"mode": "error_before", "path": "/other"})
    assert served.http.get("/write").status_code == 200


def test_chance_is_the_same_for_the_same_seed(served: Served) -> None:
    def statuses() -> list[int]:
        served.faults.clear()
        given = {"mode": "error_before", "count": None, "probability": 0.5, "seed": 4}
        served.faults.add(given)
        return [served.http.get("/write").status_code for _ in range(20)]

    first = statuses()
    assert set(first) == {200, 500}
    assert statuses() == first


def test_a_spent_fault_stays_visible_until_cleared(served: Served) -> None:
    served.faults.add({"mode": "error_before"})
    served.http.get("/write")
    assert (served.faults.view()[0]["struck"], served.faults.view()[0]["count"]) == (1, 0)
    served.faults.clear()
    assert served.faults.view() == []


def test_the_log_tells_method_path_status_and_fault(served: Served) -> None:
    served.faults.add({"mode": "cut_after", "method": "POST"})
    served.http.get("/write", params={"a": "1"})
    with pytest.raises(httpx.TransportError):
        served.http.post("/write")
    rows = [tuple(row.values()) for row in served.log.view()]
    assert rows == [
        ("GET", "/write", "a=1", 200, None),
        ("POST", "/write", "", 0, "cut_after"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        {"mode": "dragon"},
        {"mode": 5},
        {"mode": "rate_limit", "count": "2"},
        {"mode": "rate_limit", "seconds": 1.5},
        {"mode": "rate_limit", "probability": 2},
        {"mode": "rate_limit", "probability": "often"},
        {"mode": "rate_limit", "match": {"path": 5}},
        {"mode": "rate_limit", "method": ["GET"]},
    ],
)
def test_a_senseless_fault_is_refused_with_a_sentence(given: object) -> None:
    with pytest.raises(BadFaultError, match=r"\.$"):
        Faults(StandInClock()).add(given)


def test_clearing_sets_the_clock_right() -> None:
    clock = StandInClock()
    faults = Faults(clock)
    before = clock.seconds()
    faults.add({"mode": "clock_skew", "seconds": -3600})
    assert clock.seconds() <= before - 3599
    faults.clear()
    assert clock.seconds() >= before
