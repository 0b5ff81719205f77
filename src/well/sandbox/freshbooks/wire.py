"""What FreshBooks says over the wire: envelopes, money, two habits of writing a time, errors.

Invariant: amounts are texts with their currency; the times of expenses are US Eastern and those of
bills and vendors UTC, in the same form and without saying so. It knows no table.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse, Response

Body = dict[str, Any]
EASTERN = ZoneInfo("America/New_York")
FORM = "%Y-%m-%d %H:%M:%S"
NOT_FOUND, WRONG_TYPE = 1012, 1015
_RPC = {404: 5, 422: 3, 429: 8, 500: 13}


class Problem(Exception):
    """A request of the accounting API that gets an error; `errno` is the provider's number."""

    def __init__(
        self,
        status: int,
        errno: int,
        message: str,
        thing: str = "",
        field: str = "",
        value: str = "",
    ) -> None:
        """Keep what the body needs."""
        super().__init__(f"{errno} {message}")
        self.status, self.errno, self.message = status, errno, message
        self.about = {"object": thing, "message": message, "value": value[:80], "field": field}

    def old(self, status: int | None = None) -> Response:
        """The older form; the provider sends it with 200 now and then."""
        error = {"errno": self.errno, **self.about}
        return JSONResponse({"response": {"errors": [error]}}, status or self.status)

    def new(self) -> Response:
        """The newer form, in the manner of gRPC."""
        detail = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": str(self.errno),
            "domain": "accounting.api.freshbooks.com",
            "metadata": self.about,
        }
        message = f"Request failed with status_code: {self.status}"
        code = _RPC.get(self.status, 2)
        return JSONResponse({"code": code, "message": message, "details": [detail]}, self.status)


def unauthenticated() -> Response:
    """The answer to a call without a living token."""
    sentence = "This action requires authentication to continue."
    return JSONResponse({"error": "unauthenticated", "error_description": sentence}, 401)


def scope_missing(scope: str) -> Response:
    """The answer to a token that may not do this; it names the scope."""
    sentence = f"The token lacks a required scope: {scope}"
    return JSONResponse({"error": "insufficient_scope", "error_description": sentence}, 403)


def one(singular: str, body: Body) -> Response:
    """The envelope of one object."""
    return _json({"response": {"result": {singular: body}}})


def several(plural: str, bodies: list[Body], page: int, per_page: int, total: int) -> Response:
    """The envelope of a page of a list; `pages` is what a client should trust."""
    pages = -(-total // per_page)
    counts = {"page": page, "pages": pages, "per_page": per_page, "total": total}
    return _json({"response": {"result": {plural: bodies, **counts}}})


def _json(body: Body) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")


def money(amount: Decimal, currency: str) -> Body:
    """An amount as a text of two decimals, with its code."""
    return {"amount": f"{amount:.2f}", "code": currency}


def eastern(moment: datetime) -> str:
    """The time of an expense."""
    return moment.astimezone(EASTERN).strftime(FORM)


def universal(moment: datetime) -> str:
    """The time of a bill or a vendor."""
    return moment.astimezone(UTC).strftime(FORM)


def eastern_day(moment: datetime) -> date:
    """The day on which an expense was updated, as the filter by days sees it."""
    return moment.astimezone(EASTERN).date()
