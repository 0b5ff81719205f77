"""Consent to read a Xero organisation.

Invariant: every scope that is asked only reads; PKCE, state and the resource are always sent.
Xero's server tells who gives its tokens, and Well registers itself there without a secret; where
the API does not take those tokens (`own`), Xero's ordinary consent is asked instead.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from well.connectors.failures import rejected
from well.connectors.http import Door
from well.connectors.oauth import Authority, Style
from well.connectors.xero.discovery import Authorization, discover
from well.connectors.xero.limits import TITLE
from well.connectors.xero.registration import registered
from well.domain.failure import WayOut
from well.ports.clock import Clock
from well.ports.connector import Scope
from well.ports.grants import Grant
from well.ports.registrations import Registration, Registrations
from well.settings import Provider, Xero

FRESH = timedelta(hours=1)
"""How long what a server says of itself is believed without asking again."""

WHY: Mapping[str, str] = {
    "offline_access": "Stay connected without asking you every half hour.",
    "accounting.invoices.read": "Read bills, sales invoices, credit notes and purchase orders.",
    "accounting.payments.read": "Read which bill a payment settles.",
    "accounting.banktransactions.read": "Read money spent and received.",
    "accounting.transactions.read": "Read bills, credit notes, payments and bank transactions.",
    "accounting.contacts.read": "Read contacts, to know which company a bill is from.",
    "accounting.settings.read": "Read accounts, tax rates and tracking categories.",
    "accounting.attachments.read": "Read the files attached to bills.",
}
REFUSED = (
    Scope("Modify or delete Xero records", "Xero stays as it is.", asked=False),
    Scope("payroll, reports, bank feeds", "Well does not need them.", asked=False),
)
UNSEEN = (
    Scope(
        "Files, contacts' tax numbers and websites",
        "Xero's MCP server does not give them, and this installation does not use Xero's own API. "
        "Well draws a page from the fields of a bill instead, and a person releases each.",
        asked=False,
    ),
    Scope(
        "Purchase orders, with an older server",
        "Only newer versions of Xero's MCP server list them.",
        asked=False,
    ),
    Scope(
        "Bank transactions changed later than 45 days after their date",
        "Xero's MCP server lists them by date only.",
        asked=False,
    ),
)


def scopes_of(setting: Xero) -> tuple[Scope, ...]:
    """What is asked, what is refused on purpose, and what this installation cannot see."""
    asked = tuple(Scope(name, WHY.get(name, "Read only.")) for name in readable(setting.scopes))
    return (*asked, *REFUSED, *(UNSEEN if setting.rest == "off" else ()))


def readable(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes that can change nothing; a setting cannot make Well ask for another."""
    return tuple(s for s in scopes if s == "offline_access" or s.endswith(".read"))


class ServerConsent:
    """The consent that the MCP server leads to."""

    def __init__(
        self,
        setting: Xero,
        redirect_uri: str,
        kept: Registrations,
        server: Door,
        authorities: Door,
        clock: Clock,
    ) -> None:
        self._setting = setting
        self._redirect_uri = redirect_uri
        self._kept = kept
        self._server = server
        self._authorities = authorities
        self._clock = clock
        self._lock = Lock()
        self._found: tuple[datetime, Authorization] | None = None

    def authorize_url(self, state: str, challenge: str) -> str:
        """Where the person approves; registers Well there when it is not known."""
        at = self._at()
        made = registered(at, self._redirect_uri, self._scopes(at), self._kept, self._authorities)
        return self._authority(at, made).authorize_url(state, challenge)

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Grant:
        """The grant for a redirect's query."""
        return self._current().exchange(answer, verifier)

    def refresh(self, grant: Grant) -> Grant:
        """A renewed grant; see `Authority.refresh`."""
        return self._current().refresh(grant)

    def revoke(self, grant: Grant) -> None:
        """End the grant; nothing to do where the server offers no way."""
        if self._at().revoke:
            self._current().revoke(grant)

    def _current(self) -> Authority:
        at = self._at()
        made = self._kept.find(at.issuer, self._redirect_uri)
        if made is None:
            sentence = f"Well is not registered with {TITLE} any more. Connect it again."
            raise rejected(sentence, f"no registration at {at.issuer}", WayOut.RECONNECT)
        return self._authority(at, made)

    def _at(self) -> Authorization:
        if not self._setting.mcp:
            sentence = f"This installation knows no address of {TITLE}'s MCP server."
            raise rejected(f"{sentence} Whoever runs Well has to set it.", "WELL_XERO_MCP is empty")
        with self._lock:
            now = self._clock.now()
            if self._found is None or now - self._found[0] > FRESH:
                found = discover(self._setting.mcp, self._server, self._authorities)
                self._found = (now, found)
            return self._found[1]

    def _scopes(self, at: Authorization) -> tuple[str, ...]:
        """Ours that the server knows; all of ours when it does not say or knows none of them."""
        ours = readable(self._setting.scopes)
        known = tuple(s for s in ours if at.scopes is None or s in at.scopes)
        return known or ours

    def _authority(self, at: Authorization, made: Registration) -> Authority:
        style = Style(
            title=TITLE,
            basic=False,
            pkce=True,
            scopes=self._scopes(at),
            resource=at.resource,
            issuer=at.issuer,
            names_issuer=at.names_issuer,
            registered=True,
        )
        provider = Provider("", at.authorize, at.token, at.revoke, client_id=made.client_id)
        return Authority(style, provider, self._redirect_uri, self._authorities, self._clock)


def ordinary(setting: Xero, redirect_uri: str, door: Door, clock: Clock) -> Authority:
    """Xero's ordinary consent, for a client that whoever runs Well has registered by hand."""
    basic = bool(setting.provider.client_secret)
    style = Style(title=TITLE, basic=basic, pkce=True, scopes=readable(setting.scopes))
    return Authority(style, setting.provider, redirect_uri, door, clock)
