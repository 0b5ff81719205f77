"""Where providers knock: webhooks, taken as hints that start a poll early.

Invariant: the answer has no body and is the same for a bad signature, an unknown connection and a
connector without webhooks; no session, no form check, no page. Its content is never data.
"""

from collections import Counter
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from well.bootstrap import well

BODY_MAX = 256 * 1024
"""Bytes of one message: hundreds of events."""
A_MINUTE = 300
"""Messages of one connector that a process looks at in one minute."""


class Turnstile:
    """Counts by whole minute; only the current one is kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._seen: Counter[str] = Counter()
        self._lock = Lock()

    def lets(self, name: str, minute: int) -> bool:
        """Whether one more of `name` may pass in this minute."""
        with self._lock:
            if minute != self._minute:
                self._minute, self._seen = minute, Counter()
            self._seen[name] += 1
            return self._seen[name] <= self._most


_turnstile = Turnstile(A_MINUTE)


@csrf_exempt
@require_POST
def hook(request: HttpRequest, connector: str, connection: str | None = None) -> HttpResponse:
    """200 when it was signed, 401 when not, 413 when too long, 429 when too many."""
    hub = well()
    known = connector if connector in hub.hints else ""
    if not _turnstile.lets(known, int(hub.clock.now().timestamp()) // 60):
        return HttpResponse(status=429)
    body = request.read(BODY_MAX + 1)
    if len(body) > BODY_MAX:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return HttpResponse(status=200 if hub.hint(connector, connection, headers, body) else 401)
