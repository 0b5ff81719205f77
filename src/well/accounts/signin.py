"""One-time sign-in links: made by the operator, used by a person once.

Invariant: a link lets in once, before it ends, and only by a button a person presses, so a mail
scanner that opens it uses nothing up. Only the digest of its token is stored.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.contrib.auth import login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.generic import View

from well.accounts.models import SigninLink, User
from well.ports.clock import Clock

LIFE = timedelta(minutes=15)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GONE = "This sign-in link was used already or has ended. Ask for a new one, or sign in below."


def make_signin_link(user: User, base_url: str, clock: Clock, life: timedelta = LIFE) -> str:
    """The address of a page that lets `user` in once within `life`. Ended links are cleared."""
    now = clock.now()
    SigninLink.objects.filter(Q(expires_at__lte=now) | Q(used_at__isnull=False)).delete()
    token = token_urlsafe(32)
    SigninLink.objects.create(digest=_digest(token), user=user, expires_at=now + life)
    return f"{base_url}/signin/{token}/"


def use_signin_link(token: str, now: datetime) -> User | None:
    """Who the link lets in; None when it was used, has ended or never was."""
    digest = _digest(token)
    fresh = SigninLink.objects.filter(digest=digest, used_at=None, expires_at__gt=now)
    if not fresh.update(used_at=now):
        return None
    user = SigninLink.objects.select_related("user").get(digest=digest).user
    return user if user.is_active else None


class SigninView(View):
    """`/signin/<token>/`: a page with a button (GET), and the way in (POST).

    Wire it as `SigninView.as_view(clock=...)`; the template is `accounts/signin.html`.
    """

    clock: Clock | None = None

    def get(self, request: HttpRequest, **_token: str) -> HttpResponse:
        """The button; it does not say whether the link is good."""
        return _page(request, "")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Sign in and go home."""
        assert self.clock is not None, "as_view(clock=...)"
        user = use_signin_link(token, self.clock.now())
        if user is None:
            return _page(request, GONE, 410)
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(resolve_url("/"))


def _page(request: HttpRequest, trouble: str, status: int = 200) -> HttpResponse:
    answer = render(request, "accounts/signin.html", {"trouble": trouble}, status=status)
    # The address holds the token: no cache keeps it and no other site is told. ("no-referrer"
    # would make the browser send `Origin: null` with the form, which the form check refuses.)
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
