"""Qonto Business API v2: one method per endpoint that Well uses.

Invariant: reads may be repeated, the one write never is; an answer is a parsed body or `Failed`
is raised. It does not know what an invoice means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from well.connectors.failures import http_date, malformed, rejected
from well.connectors.http import Answer, Call, Door, Part
from well.connectors.jsontext import Node
from well.connectors.oauth import Session
from well.connectors.qonto.limits import PER_PAGE, THROTTLED, TITLE, failure_of
from well.connectors.throttle import Throttle
from well.domain.failure import FailureKind
from well.ports.clock import Clock
from well.settings import Provider

BULK = "/v2/supplier_invoices/bulk"
UPLOAD_SECONDS = 90.0
Params = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A body, and a time at which everything it could hold had happened: Qonto's own (its Date
    header), and never later than before it was asked."""

    body: Node
    as_of: datetime


class Client:
    """Qonto, reached through one connection's session."""

    def __init__(
        self, provider: Provider, session: Session, door: Door, throttle: Throttle, clock: Clock
    ) -> None:
        self._base = provider.api
        self._session = session
        self._door = door
        self._throttle = throttle
        self._clock = clock
        self._headers = {"Accept": "application/json", **staging(provider)}

    def organization(self) -> Node:
        """`GET /v2/organization`."""
        return self._member(self._get("/v2/organization", []), "organization")

    def supplier_invoices(self, params: Params, rows: int = PER_PAGE) -> Reply:
        """`GET /v2/supplier_invoices`: one page of at most `rows` with its `meta`."""
        return self._get("/v2/supplier_invoices", [*params, ("per_page", str(rows))])

    def attachment(self, attachment: str) -> Node:
        """`GET /v2/attachments/{id}`: its name and a signed link of 30 minutes."""
        path = f"/v2/attachments/{quote(attachment, safe='')}"
        return self._member(self._get(path, []), "attachment")

    def file(self, link: str) -> bytes:
        """The bytes behind a signed link, asked for without our token."""
        answer = self._door.download(link)
        if 300 <= answer.status < 500 and answer.status not in (408, 429):
            raise rejected(f"{TITLE} does not hand out this file.", f"status {answer.status}")
        failure = failure_of(answer, self._clock.now())
        if failure is not None:
            raise failure
        return answer.body

    def bulk_create(self, parts: Sequence[Part], key: str) -> Answer:
        """`POST /v2/supplier_invoices/bulk`: the answer as it came; see `http.py` for its errors.

        Sent once. A 401 means that nothing was done, so only then it goes out again with a
        renewed token.
        """

        def send(token: str) -> Answer:
            headers = {
                **self._headers,
                "Authorization": f"Bearer {token}",
                "X-Qonto-Idempotency-Key": key,
            }
            url = f"{self._base}{BULK}"
            call = Call("POST", url, headers, parts=parts, seconds=UPLOAD_SECONDS)
            return self._door.send(call, self._throttle)

        answer = self._session.call(send, _is_dead_token)
        self._note_limit(answer)
        return answer

    def _get(self, path: str, params: Params) -> Reply:
        before = self._clock.now()

        def send(token: str) -> Answer:
            headers = {**self._headers, "Authorization": f"Bearer {token}"}
            call = Call("GET", f"{self._base}{path}", headers, params)
            return self._door.fetch(call, self._throttle)

        answer = self._session.call(send, _is_dead_token)
        self._note_limit(answer)
        failure = failure_of(answer, self._clock.now())
        if failure is not None:
            raise failure
        try:
            body = answer.json()
        except ValueError as error:
            raise malformed(TITLE, f"{error}; status {answer.status}") from error
        theirs = http_date(answer.headers.get("Date", ""))
        return Reply(body, min(before, theirs) if theirs else before)

    def _note_limit(self, answer: Answer) -> None:
        now = self._clock.now()
        failed = failure_of(answer, now)
        if failed is not None and failed.failure.kind is FailureKind.RATE_LIMITED:
            self._throttle.pause(failed.failure.retry_at or now + THROTTLED)

    def _member(self, reply: Reply, name: str) -> Node:
        member = reply.body.get(name)
        if member is None or not isinstance(member.value, dict):
            raise malformed(TITLE, f"an answer without {name}")
        return member


def staging(provider: Provider) -> dict[str, str]:
    """The header that Qonto's sandbox demands; nothing in production."""
    token = provider.staging_token
    return {"X-Qonto-Staging-Token": token} if token else {}


def _is_dead_token(answer: Answer) -> bool:
    return answer.status == 401
