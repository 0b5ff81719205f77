"""Webhooks as Xero sends them: the intent to receive, then events signed over their raw bytes.

Invariant: a receiver is kept only when it took every correctly signed probe with 200 and refused
every other with 401; events carry ids and no data. Nothing is told
twice.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from typing import Any

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.oauth import read_fields
from well.sandbox.kit.state import State
from well.sandbox.xero.kinds import BY_NAME
from well.sandbox.xero.rest import ROOT

SIGNATURE = "x-xero-signature"
SECONDS = 5
CATEGORIES = {"Invoice": "INVOICE", "Contact": "CONTACT"}
Event = tuple[str, str, str]
"""(kind, id, CREATE or UPDATE)"""


def signature(key: str, body: bytes) -> str:
    """base64(HMAC-SHA256(raw body, key))."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256)).decode()


class Webhooks:
    """One receiver at most, kept in the state; the key is the app's and never changes."""

    def __init__(self, state: State, clock: StandInClock, base: str, tenant: str) -> None:
        """Nobody listens at first."""
        self._state = state
        self._clock = clock
        self._base = base
        self._tenant = tenant
        if state.note("webhook_key") is None:
            with state.transaction():
                state.remember("webhook_key", secrets.token_urlsafe(48))
        self.key = state.note("webhook_key") or ""

    def subscribe(self, url: str) -> dict[str, Any]:
        """The intent to receive: two probes signed rightly, two wrongly; how they were answered."""
        body, keys = self._body([]), (self.key, f"no{self.key}", self.key, self.key[1:])
        answers = [_post(url, body, signature(key, body)) for key in keys]
        accepted = answers == [200, 401, 200, 401]
        if accepted:
            with self._state.transaction():
                self._state.remember("webhook_url", url)
        return {"url": url, "answers": answers, "accepted": accepted}

    def announce(self, events: Iterable[Event]) -> int | None:
        """Tell the receiver of changes; its status, None when nobody listens or nothing is told."""
        url, told = self._state.note("webhook_url"), list(map(self._event, _known(events)))
        if not url or not told:
            return None
        body = self._body(told)
        return _post(url, body, signature(self.key, body))

    def _event(self, event: Event) -> dict[str, str]:
        kind, key, change = event
        return {
            "resourceUrl": f"{self._base}{ROOT}/{BY_NAME[kind].plural}/{key}",
            "resourceId": key,
            "tenantId": self._tenant,
            "tenantType": "ORGANISATION",
            "eventCategory": CATEGORIES[kind],
            "eventType": change,
            "eventDateUtc": f"{self._clock.now():%Y-%m-%dT%H:%M:%S.000}",
        }

    def _body(self, events: list[dict[str, str]]) -> bytes:
        last = int(self._state.note("webhook_sequence") or 0)
        with self._state.transaction():
            self._state.remember("webhook_sequence", str(last + len(events)))
        numbers = {
            "firstEventSequence": last + 1 if events else 0,
            "lastEventSequence": last + len(events) if events else 0,
        }
        return json.dumps({"events": events, **numbers, "entropy": secrets.token_hex(10)}).encode()

    def route(self) -> Route:
        """The admin port's: POST {"url": ...} to make somebody the receiver."""

        async def subscribe(request: Request) -> Response:
            fields = await read_fields(request)
            answer = await run_in_threadpool(self.subscribe, fields.get("url", ""))
            return JSONResponse(answer)

        return Route("/_admin/webhooks", subscribe, methods=["POST"])


def _known(events: Iterable[Event]) -> list[Event]:
    """Those of kinds that Xero tells about, each thing once."""
    return list(dict.fromkeys(event for event in events if event[0] in CATEGORIES))


def _post(url: str, body: bytes, signed: str) -> int:
    """The status of the receiver's answer; 0 when there was none within five seconds."""
    headers = {SIGNATURE: signed, "Content-Type": "application/json"}
    try:
        return httpx.post(url, content=body, headers=headers, timeout=SECONDS).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0
