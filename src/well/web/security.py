"""Headers that keep a page from running or loading what is not ours.

Invariant: every answer carries a content security policy with a nonce made for that request; no
inline style, no other origin. A page that sends a form on to a provider names that origin.
It does not escape values: templates do.
"""

from collections.abc import Callable
from secrets import token_urlsafe
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'{forms}; frame-ancestors 'none'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types htmx"
)
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For files: whatever the bytes are, the browser runs and loads nothing from them."""


def nonce_of(request: HttpRequest) -> str:
    """The nonce of this request's scripts, made at the first use."""
    nonce: str | None = getattr(request, "csp_nonce", None)
    if nonce is None:
        nonce = token_urlsafe(18)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
    return nonce


def allow_forms_to(request: HttpRequest, urls: list[str]) -> None:
    """Let forms of this page be redirected to the origins of `urls` (a provider's consent page)."""
    origins = {f"{part.scheme}://{part.netloc}" for part in map(urlsplit, urls) if part.netloc}
    request.csp_forms = " ".join(sorted(origins))  # type: ignore[attr-defined]


class SecurityHeaders:
    """Middleware; a view may set a stricter policy of its own."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._next(request)
        forms = getattr(request, "csp_forms", "")
        policy = POLICY.format(nonce=nonce_of(request), forms=f" {forms}" if forms else "")
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
