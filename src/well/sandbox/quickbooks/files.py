"""Attached files: temporary links that are signed, expire, and carry no other credential.

Invariant: a link opens one file until its second of expiry and nothing else; a request that sends
an Authorization header beside the signature is refused, as the providers' file stores do.
"""

import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.state import State

LINK_SECONDS = 15 * 60


def _refused(status: int, code: str, sentence: str) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Error><Code>{code}</Code><Message>{sentence}</Message></Error>"
    )
    return Response(body, status, media_type="application/xml")


class Files:
    """Makes links and serves them."""

    def __init__(self, state: State, company: Company, clock: StandInClock, base_url: str) -> None:
        """The signing key is kept in the state."""
        if state.note("link_key") is None:
            with state.transaction():
                state.remember("link_key", secrets.token_hex(32))
        self._key = (state.note("link_key") or "").encode()
        self._company = company
        self._clock = clock
        self._base = base_url

    def link(self, key: str) -> str:
        """A link to the file of this Attachable, valid for 15 minutes."""
        expires = str(self._clock.seconds() + LINK_SECONDS)
        fields = {"expires": expires, "signature": self._signature(key, expires)}
        return f"{self._base}/_files/{quote(key)}?{urlencode(fields)}"

    def _signature(self, key: str, expires: str) -> str:
        return hmac.new(self._key, f"{key}\n{expires}".encode(), hashlib.sha256).hexdigest()

    def serve(self, request: Request) -> Response:
        """GET /_files/{key}."""
        if "authorization" in request.headers:
            sentence = "Only one authentication mechanism is allowed."
            return _refused(400, "InvalidArgument", sentence)
        key = str(request.path_params["key"])
        expires = request.query_params.get("expires", "")
        given = request.query_params.get("signature", "")
        right = hmac.compare_digest(given.encode(), self._signature(key, expires).encode())
        if not right or int(expires) <= self._clock.seconds():
            return _refused(403, "AccessDenied", "The link is not valid or has expired.")
        try:
            name, kind, content = self._company.file(key)
        except KeyError:
            return _refused(404, "NoSuchKey", "There is no such file.")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(content, media_type=kind, headers=headers)
