"""Who calls: the token, its scope, the account, and how many calls a minute.

Invariant: no endpoint answers before this module let the call pass. The provider publishes no
rate, so it is a setting; it counts in memory.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from well.sandbox.freshbooks.resources import SCOPES
from well.sandbox.freshbooks.wire import Body, scope_missing, unauthenticated
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.oauth import OAuthServer, OAuthStyle, Unauthorized

AUTHORIZE, TOKEN, REVOKE = "/oauth/authorize", "/auth/oauth/token", "/auth/oauth/revoke"
WINDOW_SECONDS = 60


class Refused(Exception):
    """A call that does not get in; it carries its answer."""

    def __init__(self, response: Response) -> None:
        """Keep the answer."""
        super().__init__(response.status_code)
        self.response = response


def oauth_style(company: str, clock: StandInClock) -> OAuthStyle:
    """OAuth as FreshBooks does it: tokens of 12 hours, refresh tokens of a single use."""

    def extra() -> Body:
        return {"token_type": "Bearer", "created_at": clock.seconds()}

    return OAuthStyle(
        provider="FreshBooks",
        authorize=AUTHORIZE,
        token=TOKEN,
        revoke=REVOKE,
        client_auth="post",
        scopes=SCOPES,
        access_seconds=12 * 3600,
        rotation="strict",
        needs_state=False,
        extra_answer=extra,
        company=company,
        invalid_grant=(
            "The provided authorization grant is invalid, expired, revoked, does not match the"
            " redirection URI used in the authorization request, or was issued to another client."
        ),
    )


def too_many() -> Response:
    """The body of a 429, whose form is not published."""
    sentence = "Too many requests."
    return JSONResponse({"error": "rate_limited", "error_description": sentence}, 429)


class Gate:
    """Lets calls in; the settings are read at each call."""

    def __init__(self, oauth: OAuthServer, settings: Mapping[str, int]) -> None:
        """Start with an empty count."""
        self._oauth = oauth
        self._settings = settings
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()

    def admit(self, request: Request, scope: str) -> None:
        """Refused with 401, 403 or 429."""
        try:
            token = self._oauth.check(request)
        except Unauthorized as why:
            raise Refused(unauthenticated()) from why
        # Every app has the profile scope, asked for or not.
        if scope not in token.scopes and scope != "user:profile:read":
            raise Refused(scope_missing(scope))
        if not self._room():
            response = too_many()
            response.headers["Retry-After"] = "20"
            raise Refused(response)

    def _room(self) -> bool:
        now = time.monotonic()
        with self._lock:
            while self._recent and self._recent[0] <= now - WINDOW_SECONDS:
                self._recent.popleft()
            if len(self._recent) >= self._settings["requests_per_minute"]:
                return False
            self._recent.append(now)
        return True
