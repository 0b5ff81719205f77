"""OAuth 2.0 as a client: asking for a grant, renewing it once for all workers, ending it.

Invariant: a renewed grant is stored before it is used, and only one holder of the lease asks for
it; a token never stands in an address or a sentence. What differs between providers is `Style`.
Sources: RFC 6749 5, RFC 7636 (PKCE), RFC 7009 (revocation), RFC 9700 2.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import quote_plus, urlsplit

import httpx

from well.connectors.failures import clean, grant_lost, rejected, retry_after, transient
from well.connectors.http import Answer, Call, Door, TooLargeError, UnansweredError
from well.connectors.jsontext import mapping, number
from well.domain.failure import Failed, WayOut
from well.ports.clock import Clock
from well.ports.grants import Grant, Grants
from well.settings import Provider

EARLY = timedelta(minutes=2)
"""An access token is renewed this long before it ends."""

TOKEN_SECONDS = 8.0
"""Twice this fits into the lease of 20 s, so that a retry never outlives the right to store."""

TOKEN_MAX = 8192
LIFETIME = 3600
_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Style:
    """How a provider wants it. `basic`: client password in a header, else in the form.

    `refresh_life` names the answer's field with the refresh token's seconds, where there is one;
    `refresh_redirect` sends the redirect address with a renewal as well.
    `resource` is the server the token is for (RFC 8707). `issuer`, where it is known, is what an
    answer's `iss` must be exactly, and `names_issuer` that it must be there (RFC 9207).
    `registered`: the client id came from a registration of ours, which the server may forget.
    """

    title: str
    basic: bool
    pkce: bool
    scopes: tuple[str, ...]
    refresh_life: str = ""
    revoke_json: bool = False
    refresh_redirect: bool = False
    resource: str = ""
    issuer: str = ""
    names_issuer: bool = False
    registered: bool = False


class Renewer(Protocol):
    """Whoever can renew a grant."""

    def refresh(self, grant: Grant) -> Grant:
        """A renewed grant; `Failed` when there is none to be had."""
        ...


class Authority:
    """The provider's authorization server, as one installation of Well uses it."""

    def __init__(
        self,
        style: Style,
        provider: Provider,
        redirect_uri: str,
        door: Door,
        clock: Clock,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._headers = {"Accept": "application/json", **(headers or {})}
        self._style = style
        self._provider = provider
        self._redirect_uri = redirect_uri
        self._door = door
        self._clock = clock

    def authorize_url(self, state: str, challenge: str) -> str:
        """Where the person approves."""
        asked = {
            "client_id": self._provider.client_id,
            "response_type": "code",
            "scope": " ".join(self._style.scopes),
            "redirect_uri": self._redirect_uri,
            "state": state,
            **self._resource(),
        }
        if self._style.pkce:
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return str(httpx.URL(self._provider.authorize).copy_merge_params(asked))

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Grant:
        """The grant for a redirect's query. `Failed` when the person or the provider said no."""
        self._check_redirect(answer)
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": self._redirect_uri,
            **self._resource(),
        }
        if self._style.pkce:
            form["code_verifier"] = verifier
        try:
            return self._grant(self._ask(form), None)
        except UnansweredError as error:
            raise transient(self._style.title, str(error)) from error

    def refresh(self, grant: Grant) -> Grant:
        """A renewed grant; asked again once with the same token when the answer was lost.

        The second try is safe where the former token stays valid for a while (QuickBooks), and
        where it does not (Qonto) the grant was lost with the first answer.
        """
        form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        if self._style.refresh_redirect:
            form["redirect_uri"] = self._redirect_uri
        form |= self._resource()
        try:
            return self._grant(self._ask(form), grant)
        except UnansweredError as error:
            if not error.left:
                raise transient(self._style.title, str(error)) from error
        try:
            return self._grant(self._ask(form), grant)
        except UnansweredError as error:
            raise transient(self._style.title, str(error)) from error

    def revoke(self, grant: Grant) -> None:
        """End the grant at the provider; `Failed` (transient) when it could not be told."""
        token = grant.refresh_token or grant.access_token
        if self._style.revoke_json:
            content = json.dumps({"token": token}).encode()
            call = self._call(self._provider.revoke, {}, content)
        else:
            call = self._call(self._provider.revoke, {"token": token}, None)
        try:
            answer = self._door.send(call)
        except (UnansweredError, TooLargeError) as error:
            raise transient(self._style.title, str(error)) from error
        # RFC 7009 2.2: an unknown token is answered with 200; 400 is used for it as well.
        if answer.status not in (200, 204, 400):
            raise transient(self._style.title, f"revoke answered {answer.status}")

    def _check_redirect(self, answer: Mapping[str, str]) -> None:
        title = self._style.title
        error = answer.get("error", "")
        if error == "access_denied":
            sentence = f"You did not approve the connection to {title}. Nothing was changed."
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        if error:
            note = f"{error} {answer.get('error_description', '')}"
            raise rejected(f"{title} refused the connection.", note, WayOut.RECONNECT)
        if not 0 < len(answer.get("code", "")) <= TOKEN_MAX:
            raise rejected(f"{title} sent no authorization code.", way_out=WayOut.RECONNECT)
        if not self._is_own(answer.get("iss")):
            note = f"iss {answer.get('iss')}"
            raise rejected(f"The answer is not from {title}.", note, WayOut.RECONNECT)

    def _is_own(self, issuer: str | None) -> bool:
        """RFC 9207: an answer that names another server is a mix-up."""
        if issuer is None:
            return not self._style.names_issuer
        if self._style.issuer:
            return issuer == self._style.issuer
        return _host(issuer) in self._own_hosts()

    def _resource(self) -> dict[str, str]:
        return {"resource": self._style.resource} if self._style.resource else {}

    def _own_hosts(self) -> set[str]:
        return {_host(self._provider.authorize), _host(self._provider.token)}

    def _call(self, url: str, form: Mapping[str, str], content: bytes | None) -> Call:
        provider = self._provider
        headers = dict(self._headers)
        if content is not None:
            headers["Content-Type"] = "application/json"
        if self._style.basic:
            # RFC 6749 2.3.1: both halves are form-encoded before they are joined.
            pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form = {**form, "client_id": provider.client_id}
            if provider.client_secret:
                form["client_secret"] = provider.client_secret
        return Call(
            "POST",
            url,
            headers,
            form=form if content is None else None,
            content=content,
            size_max=256 * 1024,
            seconds=TOKEN_SECONDS,
        )

    def _ask(self, form: Mapping[str, str]) -> Mapping[str, object]:
        try:
            answer = self._door.send(self._call(self._provider.token, form, None))
        except TooLargeError as error:
            raise transient(self._style.title, str(error)) from error
        try:
            body = mapping(answer.json().value)
        except ValueError:
            body = {}
        if answer.status != 200:
            raise self._refused(answer, body)
        return body

    def _refused(self, answer: Answer, body: Mapping[str, object]) -> Failed:
        title, error = self._style.title, body.get("error")
        note = clean(f"token answered {answer.status} {error} {body.get('error_description')}")
        if error == "invalid_grant":
            return grant_lost(title, note)
        if error == "invalid_client" and self._style.registered:
            return grant_lost(title, note, "has forgotten that Well registered there")
        if error == "invalid_client":
            sentence = f"{title} does not accept Well's own client id and secret."
            return rejected(f"{sentence} Whoever runs Well has to correct them.", note)
        if answer.status == 429 or answer.status >= 500:
            wait = timedelta(seconds=60 if answer.status == 429 else 5)
            retry_at = retry_after(answer.headers.get("Retry-After"), self._clock.now(), wait)
            return transient(title, note, retry_at)
        return rejected(f"{title} refused to give access.", note, WayOut.RECONNECT)

    def _grant(self, body: Mapping[str, object], before: Grant | None) -> Grant:
        access, renewal = _token(body, "access_token"), _token(body, "refresh_token")
        kind = body.get("token_type", "bearer")
        if access is None or not isinstance(kind, str) or kind.lower() != "bearer":
            raise transient(self._style.title, "the token answer holds no usable bearer token")
        now, scope = self._clock.now(), body.get("scope")
        life = number(body.get(self._style.refresh_life)) if self._style.refresh_life else None
        scopes = tuple(scope.split()) if isinstance(scope, str) else None
        return Grant(
            access_token=access,
            refresh_token=renewal or (before.refresh_token if before else ""),
            expires_at=now + timedelta(seconds=_seconds(body.get("expires_in"))),
            scopes=scopes or (before.scopes if before else self._style.scopes),
            refresh_expires_at=now + timedelta(seconds=min(int(life), 10**9)) if life else None,
        )


def _token(body: Mapping[str, object], name: str) -> str | None:
    """A token fit for a header: visible ASCII, of a bounded length."""
    token = body.get(name)
    if isinstance(token, str) and len(token) <= TOKEN_MAX and _TOKEN.fullmatch(token):
        return token
    return None


def _seconds(value: object) -> int:
    found = number(value)
    return LIFETIME if found is None else min(max(int(found), 0), 10 * 365 * 86400)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class Session:
    """The bearer token of one connection, renewed before it ends and at a 401."""

    def __init__(
        self, connection: str, grants: Grants, authority: Renewer, title: str, clock: Clock
    ) -> None:
        self._connection = connection
        self._grants = grants
        self._authority = authority
        self._title = title
        self._clock = clock

    def call(self, send: Callable[[str], Answer], dead: Callable[[Answer], bool]) -> Answer:
        """`send` with a token; once more with a renewed one when the answer says it is `dead`."""
        grant = self._fresh()
        answer = send(grant.access_token)
        if not dead(answer):
            return answer
        answer = send(self._renew(grant.access_token).access_token)
        if dead(answer):
            raise grant_lost(self._title, f"answered {answer.status} to a renewed token")
        return answer

    def token(self) -> str:
        """An access token that has not ended; for what does not speak HTTP."""
        return self._fresh().access_token

    def newer(self, refused: str) -> str:
        """Another access token than the one that was refused."""
        return self._renew(refused).access_token

    def _fresh(self) -> Grant:
        grant = self._grants.load(self._connection)
        if grant is None:
            raise grant_lost(self._title, "no grant is stored", "is not connected")
        ending = grant.expires_at - EARLY <= self._clock.now()
        return self._renew(grant.access_token) if ending else grant

    def _renew(self, used: str) -> Grant:
        with self._grants.refreshing(self._connection) as lease:
            stored = lease.current()
            if stored.access_token != used:
                return stored
            if not stored.refresh_token:
                raise grant_lost(self._title, "the grant has no refresh token")
            renewed = self._authority.refresh(stored)
            lease.save(renewed)
            return renewed
