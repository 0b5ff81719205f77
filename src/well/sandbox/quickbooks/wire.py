"""What goes over the wire beside JSON: XML, times, faults.

Invariant: an amount is printed digit for digit as it was booked, never through a binary fraction.
It knows no entity and no table.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.sax.saxutils import escape

from well.sandbox.kit.json_text import envelope, from_json

Body = dict[str, Any]
NAMESPACE = "http://schema.intuit.com/finance/v3"
SUMMER = range(4, 11)
DEEPEST = 50
TAG = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


class Problem(Exception):
    """A request that is answered with a Fault.

    `code` is the provider's error code, `kind` the fault's type, `status` the HTTP status.
    """

    def __init__(
        self,
        code: str,
        message: str,
        detail: str = "",
        status: int = 400,
        kind: str = "ValidationFault",
    ) -> None:
        """Keep what the body needs."""
        super().__init__(f"{code} {message}: {detail}")
        self.code, self.message, self.detail = code, message, detail
        self.status, self.kind = status, kind

    def body(self) -> Body:
        """The Fault object without its envelope."""
        error = {
            "Message": self.message,
            "Detail": self.detail,
            "code": self.code,
            "element": "",
        }
        return {"Error": [error], "type": self.kind}


def not_found(entity: str, key: str) -> Problem:
    """Error 610."""
    return Problem("610", "Object Not Found", f"{entity} {key[:40]} is not in this company.")


def too_deep(body: Body) -> bool:
    """Whether a read body is nested deeper than any real one, and so would exhaust a walk."""
    level: list[dict[str, Any] | list[Any]] = [body]
    for _ in range(DEEPEST):
        inner = (part.values() if isinstance(part, dict) else part for part in level)
        level = [item for part in inner for item in part if isinstance(item, dict | list)]
        if not level:
            return False
    return True


def _elements(name: str, value: object) -> str:
    tag = name if TAG.match(name) else "Field"
    if isinstance(value, list):
        return "".join(_elements(name, item) for item in value)
    if isinstance(value, dict):
        inner = "".join(_elements(key, item) for key, item in value.items())
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else escape(str(value))
    return f"<{tag}>{inner}</{tag}>"


def to_xml(body: Mapping[str, Any], time: str) -> str:
    """The XML form of an answer, given to a client that did not ask for JSON."""
    plain = from_json(envelope({key: item for key, item in body.items() if key != "time"}))
    inner = "".join(_elements(key, item) for key, item in plain.items())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="{NAMESPACE}" time="{time}">{inner}</IntuitResponse>'
    )


def local(moment: datetime) -> datetime:
    """The moment with the offset in which the provider writes times (Pacific, months roughly)."""
    hours = -7 if moment.month in SUMMER else -8
    return moment.astimezone(timezone(timedelta(hours=hours)))


def stamp(moment: datetime) -> str:
    """A record's time: 2026-04-22T01:10:05-07:00."""
    return local(moment).isoformat(timespec="seconds")


def answer_time(moment: datetime) -> str:
    """An answer's time: 2026-04-22T01:10:05.123-07:00."""
    return local(moment).isoformat(timespec="milliseconds")


def read_time(text: str) -> datetime:
    """A time of a query, a date alone included. ValueError when it is none.

    Without an offset it is meant in the provider's own.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=local(moment.replace(tzinfo=UTC)).tzinfo)
    try:
        return moment.astimezone(UTC)
    except OverflowError as far:
        raise ValueError("out of range") from far


def millis(moment: datetime) -> int:
    """The form in which times are stored and compared: milliseconds since 1970."""
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
