"""Consent to read a FreshBooks business: its expenses and bills, and nothing that writes.

Invariant: read scopes only; a consent that brings a permission to write is refused, because Well
promises to hold none. PKCE is not documented, so no challenge is sent.
Source: FreshBooks' pages on authentication and scopes, read 2026-11-21.
"""

from well.connectors.freshbooks.limits import TITLE
from well.connectors.oauth import Style
from well.ports.connector import Scope

PROFILE, EXPENSES = "user:profile:read", "user:expenses:read"
BILLS, VENDORS = "user:bills:read", "user:bill_vendors:read"
NEEDED = (PROFILE, EXPENSES)
STYLE = Style(
    title=TITLE,
    basic=False,
    pkce=False,
    scopes=(PROFILE, EXPENSES, BILLS, VENDORS),
    refresh_redirect=True,
)
SCOPES = (
    Scope(PROFILE, "Find the businesses of your login and show the name of the connected one."),
    Scope(EXPENSES, "See the expenses that exist already, and that a mailed document arrived."),
    Scope(BILLS, "See the bills that exist already (plans with bills)."),
    Scope(VENDORS, "Tell whom a bill is from."),
    Scope(
        "user:expenses:write, user:bills:write",
        "Well writes nothing to FreshBooks. Documents go by e-mail to your receipts address, and "
        "you confirm the draft that FreshBooks makes of each.",
        asked=False,
    ),
    Scope("payments, clients, invoices", "Well has no use for them.", asked=False),
)
ONE = (
    f"{TITLE} may end the access of a company that was connected earlier with the same login. "
    "Well would tell you, and its documents would wait."
)
"""Whether it does is not published (read 2026-11-21): a refresh token is one of a login and app."""


def missing(granted: tuple[str, ...]) -> tuple[str, ...]:
    """The needed scopes that were not granted."""
    return tuple(scope for scope in NEEDED if scope not in granted)


def writing(granted: tuple[str, ...]) -> tuple[str, ...]:
    """The granted scopes that would let Well write."""
    return tuple(scope for scope in granted if not scope.endswith(":read"))


def sees(granted: tuple[str, ...]) -> bool:
    """Whether the ledger can be looked at; bills alone would hide most of it."""
    return EXPENSES in granted


def sees_bills(granted: tuple[str, ...]) -> bool:
    """Whether bills can be read together with the names of their vendors."""
    return BILLS in granted and VENDORS in granted
