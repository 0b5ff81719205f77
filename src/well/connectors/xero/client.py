"""Xero's Accounting API 2.0: one method per form of request that Well makes.

Invariant: books are only read, and an organisation can only be left; an answer is a `Reply` with
Xero's own time, or `Failed` is raised. It does not know what a bill means.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from well.connectors.failures import malformed, transient
from well.connectors.http import Answer, Call, Door, TooLargeError, UnansweredError
from well.connectors.jsontext import Node
from well.connectors.oauth import Session
from well.connectors.throttle import Throttle
from well.connectors.xero.dates import spell, time_of
from well.connectors.xero.limits import THROTTLED, TITLE, Day, failure_of, is_dead_token
from well.domain.failure import Failed, FailureKind
from well.ports.clock import Clock

LIST_SECONDS = 60.0
EMPTY_MINUTE = timedelta(seconds=15)
"""To wait when an answer says that no request of this minute is left; a 429 says it exactly."""

Params = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A JSON object. `as_of` is Xero's time of it, never ahead of our clock."""

    body: Node
    as_of: datetime

    def items(self, name: str) -> list[Node]:
        """The elements of the list `name`; `Failed` when the answer has no such list."""
        found = self.body.get(name)
        if found is None or not isinstance(found.value, list):
            raise malformed(TITLE, f"an answer without the list {name}")
        return found.items()


class Client:
    """One organisation (`tenant`) at Xero, reached through one connection's session.

    `doors` are the one that lets reads out, and the one to leave an organisation."""

    def __init__(
        self,
        api: str,
        tenant: str,
        session: Session,
        doors: tuple[Door, Door],
        throttle: Throttle,
        day: Day,
        clock: Clock,
    ) -> None:
        self._api = api
        self._tenant = tenant
        self._session = session
        self._door, self._leaving = doors
        self._throttle = throttle
        self._day = day
        self._clock = clock

    def list(self, path: str, params: Params = (), since: datetime | None = None) -> Reply:
        """A list under the Accounting API; `since` asks only for what was changed after it."""
        headers = {"If-Modified-Since": spell(since)} if since else {}
        answer = self._get(f"/api.xro/2.0/{path}", params, headers)
        body = self._json(answer)
        if not isinstance(body.value, dict):
            raise malformed(TITLE, "an answer that is no object")
        now = self._clock.now()
        return Reply(body, min(time_of(body.value.get("DateTimeUTC")) or now, now))

    def organisations(self) -> Node:
        """`/connections`: what the grant reaches."""
        return self._json(self._get("/connections", (), {}))

    def leave(self, connection: str) -> None:
        """`DELETE /connections/{id}`: the app is cut off from one organisation; no error when it
        was already."""

        def send(token: str) -> Answer:
            url = f"{self._api}/connections/{quote(connection, safe='')}"
            try:
                return self._leaving.send(Call("DELETE", url, self._headers(token)), self._throttle)
            except (UnansweredError, TooLargeError) as error:
                raise transient(TITLE, str(error)) from error

        answer = self._session.call(send, is_dead_token)
        if answer.status not in (200, 204, 404):
            raise transient(TITLE, f"leaving answered {answer.status}")

    def file(self, path: str) -> Answer:
        """The bytes of a file, whatever their type; `Failed` for any other answer."""

        def send(token: str) -> Answer:
            headers = self._headers(token) | {"Accept": "*/*"}
            return self._door.download(f"{self._api}/api.xro/2.0/{path}", headers, self._throttle)

        return self._checked(send)

    def check_reserve(self) -> None:
        """`Failed` (rate limited) while what is left of the day is kept for new records."""
        self._day.check_reserve(self._clock.now())

    def _get(self, path: str, params: Params, more: dict[str, str]) -> Answer:
        def send(token: str) -> Answer:
            headers = self._headers(token) | more
            call = Call("GET", f"{self._api}{path}", headers, params, seconds=LIST_SECONDS)
            return self._door.fetch(call, self._throttle)

        return self._checked(send)

    def _checked(self, send: Callable[[str], Answer]) -> Answer:
        answer = self._session.call(send, is_dead_token)
        now = self._clock.now()
        self._day.note(answer, now)
        failure = failure_of(answer, now)
        if failure is not None:
            if failure.failure.kind is FailureKind.RATE_LIMITED:
                self._throttle.pause(failure.failure.retry_at or now + THROTTLED)
            raise failure
        if answer.headers.get("X-MinLimit-Remaining", "").strip() == "0":
            self._throttle.pause(now + EMPTY_MINUTE)
        return answer

    def _headers(self, token: str) -> dict[str, str]:
        named = {"Xero-Tenant-Id": self._tenant} if self._tenant else {}
        return {"Authorization": f"Bearer {token}", "Accept": "application/json", **named}

    def _json(self, answer: Answer) -> Node:
        try:
            return answer.json()
        except ValueError as error:
            raise unreadable(str(error)) from error


def unreadable(why: str) -> Failed:
    """The failure for a body that is not the documented one."""
    return malformed(TITLE, why)


def under(*parts: str) -> str:
    """A path of parts that may hold anything."""
    return "/".join(quote(part, safe="") for part in parts)
