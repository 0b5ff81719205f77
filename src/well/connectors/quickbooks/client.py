"""QuickBooks Online Accounting API v3: one method per endpoint that Well reads.

Invariant: reads only; an answer is a `Reply` with the provider's own time, or `Failed` is raised.
It does not know what a bill means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from well.connectors.failures import malformed, rejected
from well.connectors.http import FILE_MAX, Answer, Call, Door, TooLargeError
from well.connectors.jsontext import Node, moment
from well.connectors.oauth import Session
from well.connectors.quickbooks.limits import (
    MINOR_VERSION,
    THROTTLED,
    TITLE,
    failure_of,
    fault_of,
    is_dead_token,
)
from well.connectors.throttle import Throttle
from well.domain.failure import Failed, FailureKind, WayOut
from well.ports.clock import Clock

QUERY_SECONDS = 60.0
FILE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A body without a Fault. `as_of` is QuickBooks' time of it, never ahead of our clock."""

    body: Node
    as_of: datetime


class StaleLinkError(Exception):
    """A signed file link was refused; a fresh one may work."""


class Client:
    """One company (`realm`) at QuickBooks, reached through one connection's session."""

    def __init__(
        self, base: str, realm: str, session: Session, door: Door, throttle: Throttle, clock: Clock
    ) -> None:
        self._base = f"{base}/v3/company/{quote(realm, safe='')}"
        self._realm = realm
        self._session = session
        self._door = door
        self._throttle = throttle
        self._clock = clock

    def company(self) -> Reply:
        """`companyinfo`: the company itself."""
        return self._get(f"companyinfo/{quote(self._realm, safe='')}", [])

    def query(self, text: str) -> Reply:
        """`query`: rows of one entity, at most 1000."""
        return self._get("query", [("query", text)])

    def changes(self, entities: Sequence[str], since: datetime) -> Reply:
        """`cdc`: full bodies of what changed since, deletions included; 30 days, 1000 objects."""
        return self._get("cdc", [("entities", ",".join(entities)), ("changedSince", spell(since))])

    def file(self, link: str) -> bytes:
        """The bytes behind a TempDownloadUri, asked for without our token (it is signed)."""
        call = Call("GET", link, size_max=FILE_MAX, seconds=FILE_SECONDS)
        answer = _file(self._door, call)
        if answer.status in (400, 401, 403, 404, 410):
            raise StaleLinkError(f"file host answered {answer.status}")
        failure = failure_of(answer, None, self._clock.now())
        if failure is not None:
            raise failure
        return answer.body

    def _get(self, path: str, params: list[tuple[str, str]]) -> Reply:
        def send(token: str) -> Answer:
            call = Call(
                "GET",
                f"{self._base}/{path}",
                {"Authorization": f"Bearer {token}", "Accept": "application/json"},
                [*params, ("minorversion", MINOR_VERSION)],
                seconds=QUERY_SECONDS,
            )
            return self._door.fetch(call, self._throttle)

        answer = self._session.call(send, is_dead_token)
        return self._reply(answer)

    def _reply(self, answer: Answer) -> Reply:
        now = self._clock.now()
        body, why = None, "no JSON object"
        try:
            body = answer.json()
        except ValueError as error:
            why = str(error)
        failure = failure_of(answer, fault_of(body.value) if body else None, now)
        if failure is not None:
            if failure.failure.kind is FailureKind.RATE_LIMITED:
                self._throttle.pause(failure.failure.retry_at or now + THROTTLED)
            raise failure
        if body is None or not isinstance(body.value, dict):
            raise unreadable(answer, why)
        return Reply(body, min(moment(body.value.get("time")) or now, now))


def spell(at: datetime) -> str:
    """A time as the query language takes it: whole seconds with an offset."""
    return at.replace(microsecond=0).isoformat()


def unreadable(answer: Answer, why: str) -> Failed:
    """The failure for an answer that is not the documented JSON."""
    tid = answer.headers.get("intuit_tid", "-")[:80]
    return malformed(TITLE, f"{why}; status {answer.status}, intuit_tid {tid}")


def _file(door: Door, call: Call) -> Answer:
    try:
        door.check("GET", call.url)
        return door.fetch(call)
    except TooLargeError as error:
        limit = call.size_max // (1024 * 1024)
        sentence = f"The file at {TITLE} is larger than {limit} MB; Well does not take it."
        raise rejected(sentence, str(error), WayOut.FIX_AND_RETRY) from error
