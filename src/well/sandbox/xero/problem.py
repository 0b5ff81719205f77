"""Refusals of the API, in the forms that Xero gives them.

Invariant: a refusal by the gate (token, organisation, limits) has Title and Detail; one by the
endpoint has ErrorNumber and Message; an address that leads nowhere is plain text.
"""

from collections.abc import Mapping
from uuid import uuid4

from starlette.responses import JSONResponse, PlainTextResponse, Response

TITLES = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests"}


class Problem(Exception):
    """A request that is refused; `status` is the HTTP status."""

    def __init__(self, status: int, detail: str, kind: str = "", number: int = 0) -> None:
        """`kind` and `number` name a refusal by the endpoint; empty for one by the gate."""
        super().__init__(f"{status} {kind} {detail}")
        self.status, self.detail, self.kind, self.number = status, detail, kind, number
        self.headers: dict[str, str] = {}

    def with_headers(self, headers: Mapping[str, str]) -> "Problem":
        """The same, with these headers on its answer."""
        self.headers |= headers
        return self

    def response(self) -> Response:
        """The answer."""
        return JSONResponse(self._body(), self.status, headers=self.headers)

    def _body(self) -> dict[str, object]:
        if self.kind:
            body: dict[str, object] = {
                "ErrorNumber": self.number,
                "Type": self.kind,
                "Message": self.detail,
            }
            return body | ({"Elements": []} if self.kind == "ValidationException" else {})
        return {
            "Type": None,
            "Title": TITLES.get(self.status, "Error"),
            "Status": self.status,
            "Detail": self.detail,
            "Instance": str(uuid4()),
            "Extensions": {},
        }


def not_found() -> Response:
    """404, plain."""
    return PlainTextResponse("The resource you're looking for cannot be found", 404)


def unreadable(detail: str) -> Problem:
    """400 for a where or order that cannot be read."""
    return Problem(400, detail, "QueryParseException", 16)


def invalid(detail: str) -> Problem:
    """400 for a parameter that makes no sense."""
    return Problem(400, detail, "ValidationException", 10)
