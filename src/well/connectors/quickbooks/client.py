"""QuickBooks Online Accounting API v3: one method per endpoint that Well reads.

Invariant: reads only; an answer is a `Reply` with the provider's own time, or `Failed` is raised.
It does not know what a bill means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from well.connectors.failures import malformed
from well.connectors.http import Answer, Call, Door
from well.connectors.jsontext import Node, moment
from well.connectors.oauth import Session
from well.connectors.quickbooks.limits import (
    MINOR_VERSION,
    THROTTLED,
    TITLE,
    failure_of,
    fault_of,
    is_dead_token,
    tid_of,
)
from well.connectors.throttle import Throttle
from well.domain.failure import Failed, FailureKind
from well.ports.clock import Clock

QUERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A body without a Fault. `as_of` is QuickBooks' time of it, never ahead of our clock; `tid`
    is its intuit_tid, which Intuit's support asks for."""

    body: Node
    as_of: datetime
    tid: str

    def unreadable(self, why: str) -> Failed:
        """The failure for a body that is not the documented one."""
        return malformed(TITLE, f"{why}, intuit_tid {self.tid}")


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

    def preferences(self) -> Reply:
        """`preferences`: how the company works, its home currency among it."""
        return self._get("preferences", [])

    def query(self, text: str) -> Reply:
        """`query`: rows of one entity, at most 1000."""
        return self._get("query", [("query", text)])

    def changes(self, entities: Sequence[str], since: datetime) -> Reply:
        """`cdc`: full bodies of what changed since, deletions included; 30 days, 1000 objects."""
        return self._get("cdc", [("entities", ",".join(entities)), ("changedSince", spell(since))])

    def file(self, link: str) -> bytes:
        """The bytes behind a TempDownloadUri, asked for without our token (it is signed)."""
        answer = self._door.download(link)
        if 300 <= answer.status < 500 and answer.status not in (408, 429):
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
            raise malformed(TITLE, f"{why}; status {answer.status}, intuit_tid {tid_of(answer)}")
        as_of = min(moment(body.value.get("time")) or now, now)
        return Reply(body, as_of, tid_of(answer))


def spell(at: datetime) -> str:
    """A time as the query language takes it: whole seconds with an offset."""
    return at.replace(microsecond=0).isoformat()
