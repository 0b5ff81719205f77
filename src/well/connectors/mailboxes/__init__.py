"""Signing in at a mail provider, to send by the own mailbox of a workspace without a password.

Invariant: only what sending needs is asked for; a sign-in without a lasting token, or without the
permission to send, is given back and refused. Tokens reach nobody but the mailer that asks for
them. It sends no mail and reads none.
Sources: RFC 6749, RFC 7636; Google's and Microsoft's pages on OAuth for SMTP, read 2026-11-21.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import httpx

from well.connectors.failures import rejected
from well.connectors.http import Door, to
from well.connectors.oauth import Authority, Session, Style
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.ports.clock import Clock
from well.ports.connector import Scope
from well.ports.grants import Grant, Grants
from well.ports.mailer import Bearer, sign_in_of
from well.settings import MailProvider

LASTING = "offline_access"
"""Asks for a refresh token; servers may leave it out of what they say was granted."""

WHY = {
    "https://mail.google.com/": (
        "Send documents from your mailbox. Google has no smaller permission for this: it would "
        "also allow reading and deleting mail, and Well has no code that does."
    ),
    "https://outlook.office.com/SMTP.Send": (
        "Send documents from your mailbox. Nothing in it can be read."
    ),
    LASTING: "Go on sending without asking you each time.",
}
UNKNOWN = "Whoever runs this Well has it asked for sending mail."


class MailboxProvider:
    """One mail provider, complete with Well's client id."""

    def __init__(self, known: MailProvider, redirect_uri: str, door: Door, clock: Clock) -> None:
        self.known = known
        style = Style(title=known.title, basic=False, pkce=True, scopes=known.scopes)
        self._authority = Authority(style, known.provider, redirect_uri, door, clock)
        self._clock = clock
        self._door = door

    @property
    def title(self) -> str:
        """What people call it."""
        return self.known.title

    @property
    def hears(self) -> bool:
        """Whether it can be told that a permission has ended."""
        return bool(self.known.provider.revoke)

    @property
    def scopes(self) -> Sequence[Scope]:
        """What is asked for, and why."""
        return [Scope(name, WHY.get(name, UNKNOWN)) for name in self.known.scopes]

    def authorize_url(self, user: str, state: str, challenge: str) -> str:
        """Where the person signs in; the mailbox `user` is proposed there (OpenID Connect)."""
        asked = {**self.known.asks, "login_hint": user}
        url = httpx.URL(self._authority.authorize_url(state, challenge))
        return str(url.copy_merge_params(asked))

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Grant:
        """The grant of a redirect; the caller has checked `state`. `Failed` where it is no use."""
        grant = self._authority.exchange(answer, verifier)
        lacking = self._lacking(grant)
        if lacking:
            self._give_back(grant)
            sentence = f"{self.title} did not give {lacking}. Nothing was kept; sign in again."
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        return grant

    def revoke(self, grant: Grant) -> None:
        """End the sign-in there; `Failed` where the provider could not be told, or cannot be."""
        if not self.hears:
            raise rejected(f"{self.title} takes no word from Well that a permission has ended.")
        self._authority.revoke(grant)

    def bearer(self, connection: str, grants: Grants) -> Bearer:
        """The tokens of one connection."""
        name = sign_in_of(connection)
        return _Tokens(Session(name, grants, self._authority, self.title, self._clock), self.title)

    def close(self) -> None:
        """Close idle network connections."""
        self._door.close()

    def _lacking(self, grant: Grant) -> str:
        given = {scope.lower() for scope in grant.scopes}
        scopes = [s for s in self.known.scopes if s != LASTING and s.lower() not in given]
        if scopes:
            return f"the permission {', '.join(scopes)}"
        return "" if grant.refresh_token else "an access that lasts"

    def _give_back(self, grant: Grant) -> None:
        try:
            self.revoke(grant)
        except Failed:
            return  # It ends by itself within the hour, and nothing here has kept it.


class _Tokens:
    """The port `Bearer`, with the way back in its failures."""

    def __init__(self, own: Session, title: str) -> None:
        self._own = own
        self._title = title

    def token(self) -> str:
        """One that has not ended."""
        try:
            return self._own.token()
        except Failed as failed:
            raise self._worded(failed) from failed

    def newer(self, refused: str) -> str:
        """Another one."""
        try:
            return self._own.newer(refused)
        except Failed as failed:
            raise self._worded(failed) from failed

    def _worded(self, failed: Failed) -> Failed:
        if failed.failure.kind is not FailureKind.GRANT_LOST:
            return failed
        worded = replace(signed_out(self._title), operator_note=failed.failure.operator_note)
        return Failed(worded)


class MailboxProviders:
    """The port `Mailboxes`, and the consent at each provider that is offered."""

    def __init__(self, offered: Mapping[str, MailboxProvider]) -> None:
        self.offered = offered

    def bearer(self, provider: str, connection: str, grants: Grants) -> Bearer:
        """The tokens of a connection; `Failed` (grant lost) for a provider no longer offered."""
        known = self.offered.get(provider)
        if known is None:
            raise Failed(signed_out(provider.capitalize()))
        return known.bearer(connection, grants)


def signed_out(title: str) -> Failure:
    """Only a person can sign in again."""
    return Failure(
        FailureKind.GRANT_LOST,
        f"{title} does not let Well send from your mailbox. Everything is kept; sign in at {title} "
        "on the page “Delivery by e-mail” to go on.",
        way_out=WayOut.DELIVERY,
    )


def connect(
    providers: Sequence[MailProvider],
    base_url: str,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> MailboxProviders:
    """The providers that are complete; `transport` replaces the network in tests."""
    offered = {}
    for known in providers:
        if known.complete:
            asked = [known.provider.token, known.provider.revoke]
            rules = [to(url, "POST", exact=True) for url in asked if url]
            tls = known.provider.tls
            door = Door(known.title, rules, clock, transport=transport, tls=tls)
            redirect = f"{base_url}/connect/mailbox/{known.name}/callback"
            offered[known.name] = MailboxProvider(known, redirect, door, clock)
    return MailboxProviders(offered)
