"""FreshBooks' API: one method per endpoint that Well reads.

Invariant: reads only; an answer is a parsed result without errors, or `Failed` is raised. It does
not know what an expense means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from well.connectors.failures import http_date, malformed
from well.connectors.freshbooks.limits import PER_PAGE, THROTTLED, TITLE, failure_of
from well.connectors.http import Answer, Call, Door
from well.connectors.jsontext import mapping, sequence
from well.connectors.oauth import Session
from well.connectors.throttle import Throttle
from well.domain.failure import FailureKind
from well.ports.clock import Clock

Params = Sequence[tuple[str, str]]
ROWS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a list. `pages` and `total` as FreshBooks says; `as_of` never ahead of us."""

    rows: tuple[Any, ...]
    page: int
    pages: int
    total: int
    as_of: datetime


class Client:
    """FreshBooks, reached through one connection's session."""

    def __init__(
        self, base: str, session: Session, door: Door, throttle: Throttle, clock: Clock
    ) -> None:
        self._base = base
        self._session = session
        self._door = door
        self._throttle = throttle
        self._clock = clock

    def me(self) -> Any:
        """`GET users/me`: the person and the businesses of the login."""
        body, _ = self._get("/auth/api/v1/users/me", [])
        return mapping(mapping(body).get("response"))

    def expenses(self, account: str, page: int, params: Params) -> Rows:
        """One page of expenses; the result's filters have to be checked row by row, because a
        filter that FreshBooks does not know is ignored without a word."""
        return self._rows(account, "expenses/expenses", "expenses", page, params)

    def bills(self, account: str, page: int, params: Params) -> Rows:
        """One page of bills; there is no filter by date."""
        return self._rows(account, "bills/bills", "bills", page, params)

    def vendors(self, account: str, page: int) -> Rows:
        """One page of the vendors of bills; there is no filter at all."""
        return self._rows(account, "bill_vendors/bill_vendors", "bill_vendors", page, ())

    def _rows(self, account: str, path: str, name: str, page: int, params: Params) -> Rows:
        asked = [*params, ("page", str(page)), ("per_page", str(PER_PAGE))]
        whole, as_of = self._get(f"/accounting/account/{quote(account, safe='')}/{path}", asked)
        result = mapping(mapping(mapping(whole).get("response")).get("result"))
        if not isinstance(result.get(name), list):
            raise malformed(TITLE, f"a list without {name}")
        rows = tuple(sequence(result[name])[:ROWS_MAX])
        pages, total = _count(result.get("pages")), _count(result.get("total"))
        return Rows(rows, page, pages, total, as_of)

    def _get(self, path: str, params: Params) -> tuple[Any, datetime]:
        before = self._clock.now()

        def send(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
            call = Call("GET", f"{self._base}{path}", headers, params)
            return self._door.fetch(call, self._throttle)

        answer = self._session.call(send, _is_dead_token)
        body = self._read(answer)
        theirs = http_date(answer.headers.get("Date", ""))
        return body, min(before, theirs) if theirs else before

    def _read(self, answer: Answer) -> Any:
        now = self._clock.now()
        try:
            body, why = answer.json().value, ""
        except ValueError as error:
            body, why = None, str(error)
        failure = failure_of(answer, body, now)
        if failure is not None:
            if failure.failure.kind is FailureKind.RATE_LIMITED:
                self._throttle.pause(failure.failure.retry_at or now + THROTTLED)
            raise failure
        if not isinstance(body, dict):
            raise malformed(TITLE, f"{why or 'no JSON object'}; status {answer.status}")
        return body


def _count(value: Any) -> int:
    """A number of pages or rows; 0 when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _is_dead_token(answer: Answer) -> bool:
    return answer.status == 401
