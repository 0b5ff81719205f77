"""The gate before the API: rate limits per address and the staging token.

Invariant: the limits are those of the settings at the moment of the request, counted per client
address over whole windows of 10 s and 10 min; too many 401 answers within an hour close the gate
too. Signed links and nothing else pass uncounted.
"""

import hmac
from collections import Counter, deque

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.keys import AUTHORIZE
from well.sandbox.qonto.wire import Refusal

HOUR = 3600
_WINDOWS = ((10, "requests_per_10_seconds"), (600, "requests_per_10_minutes"))


class Gate:
    """ASGI middleware; runs on the event loop's thread only, so it needs no lock."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        """Count from now on."""
        self._app, self._desk = app, desk
        self._counts: Counter[tuple[str, int, int]] = Counter()
        self._refused: dict[str, deque[int]] = {}
        self._storms = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith("/_files/"):
            await self._app(scope, receive, send)
            return
        address = str((scope.get("client") or ("?", 0))[0])
        refusal = self._limit(address) or self._staging(scope)

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._refused.setdefault(address, deque()).append(self._desk.clock.seconds())
            await send(message)

        if refusal:
            await refusal.response()(scope, receive, watch)
        else:
            await self._app(scope, receive, watch)

    def _limit(self, address: str) -> Refusal | None:
        now, settings = self._desk.clock.seconds(), self._desk.settings
        if len(self._counts) > 10_000:
            self._counts.clear()
        for seconds, name in _WINDOWS:
            key = (address, seconds, now // seconds)
            self._counts[key] += 1
            if self._counts[key] > settings[name]:
                return self._too_many(seconds - now % seconds)
        refused = self._refused.get(address, deque())
        while refused and refused[0] <= now - HOUR:
            refused.popleft()
        if len(refused) > settings["unauthorized_per_hour"]:
            return self._too_many(refused[0] + HOUR - now)
        return None

    def _too_many(self, wait: int) -> Refusal:
        """Every second answer tells how long to wait: the header is not promised."""
        self._storms += 1
        headers = {"Retry-After": str(wait)} if self._storms % 2 else None
        return Refusal(429, "too_many_requests", "rate limit reached", headers=headers)

    def _staging(self, scope: Scope) -> Refusal | None:
        # A person's browser opens the consent page and cannot send the header.
        if not self._desk.settings["staging_token"] or scope["path"] == AUTHORIZE:
            return None
        given = Headers(scope=scope).get("x-qonto-staging-token", "")
        if hmac.compare_digest(given.encode(), self._desk.secret("staging_token").encode()):
            return None
        return Refusal(401, "unauthorized", "X-Qonto-Staging-Token is missing or wrong")
