"""What the endpoints share: state, clock, files, company, settings.

Invariant: everything here lives as long as the stand-in; nothing belongs to one request.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from unicodedata import normalize
from uuid import NAMESPACE_URL, uuid5

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.files import Files
from well.sandbox.kit.state import State

KEY_SECONDS = 30 * 60
LINK_SECONDS = 30 * 60
FILES_MAX = 20
FILE_BYTES_MAX = 10 * 1024 * 1024


def default_settings() -> dict[str, int]:
    """Changed through the admin port while running; the limits are the published ones.

    `analysis_*_ms`: how long reading an upload takes. `staging_token`: 1 demands the header.
    `item_errors`, `item_errors_written`: that many next uploads answer internal_server_error,
    without or after having been created.
    """
    return {
        "analysis_min_ms": 300,
        "analysis_max_ms": 1500,
        "requests_per_10_seconds": 1_000,
        "requests_per_10_minutes": 10_000,
        "unauthorized_per_hour": 200,
        "staging_token": 0,
        "item_errors": 0,
        "item_errors_written": 0,
    }


@dataclass
class Desk:
    """One stand-in's belongings; `base_url` is the address that signed links lead to."""

    state: State
    company: Company
    clock: StandInClock
    files: Files
    base_url: str
    settings: dict[str, int] = field(default_factory=default_settings)

    def now(self) -> datetime:
        """The stand-in's time, whole milliseconds, as it is told to clients."""
        now = self.clock.now()
        return now - timedelta(microseconds=now.microsecond % 1000)

    @cached_property
    def organization(self) -> dict[str, Any]:
        """The company as Qonto describes it (with an invented bank account)."""
        known = self.company.company
        name = str(known.get("CompanyName") or "The company")
        country = (known.get("CompanyAddr") or {}).get("CountrySubDivisionCode")
        return {
            "id": str(uuid5(NAMESPACE_URL, f"organization/{name}")),
            "slug": _slug(name),
            "name": name,
            "legal_name": str(known.get("LegalName") or name),
            "legal_country": str(known.get("Country") or country or "FR")[:2],
            "legal_number": _legal_number(known),
            "locale": "fr",
            "bank_accounts": [_ACCOUNT],
        }

    @cached_property
    def buyer(self) -> tuple[str, ...]:
        """Names and numbers that are the organisation's own, never a supplier's."""
        known = self.organization
        own = (known["name"], known["legal_name"], known["legal_number"] or "")
        return tuple(dict.fromkeys(text for text in own if text))

    def secret(self, name: str) -> str:
        """A secret made once and remembered."""
        found = self.state.note(name)
        if found is None:
            found = secrets.token_hex(16)
            self.state.remember(name, found)
        return found


def _slug(name: str) -> str:
    """The name in plain lower case letters: it is a login, and a header is ASCII."""
    plain = normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "-".join([*words, "4242"])


def _legal_number(known: dict[str, Any]) -> str | None:
    """The company's registration number, wherever its description has one."""
    for name in ("EmployerId", "BusinessNumber", "LegalNumber", "TaxIdentifier"):
        if known.get(name):
            return str(known[name])
    return None


_ACCOUNT = {
    "slug": "main-account",
    "iban": "FR7616958000010000000000042",
    "bic": "QNTOFRP1XXX",
    "currency": "EUR",
    "balance": "15230.75",
    "authorized_balance": "15230.75",
    "name": "Main account",
    "status": "active",
    "main": True,
}
