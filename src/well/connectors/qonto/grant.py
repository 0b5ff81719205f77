"""Consent to mirror and upload supplier invoices at Qonto.

Invariant: the four scopes below and no other; PKCE is always sent. A consent that lacks one of
them is refused with a sentence, as half of the flow could not work.
Source: docs.qonto.com, OAuth 2.0, read 2026-11-21.
"""

from well.connectors.oauth import Style
from well.connectors.qonto.limits import TITLE
from well.ports.connector import Scope

NEEDED = (
    "organization.read",
    "supplier_invoice.read",
    "supplier_invoice.write",
    "attachment.read",
)
STYLE = Style(title=TITLE, basic=False, pkce=True, scopes=("offline_access", *NEEDED))
SCOPES = (
    Scope("offline_access", "Stay connected without asking you every hour."),
    Scope("organization.read", "Show the name of the connected organization."),
    Scope("supplier_invoice.read", "Find invoices that exist already, so none is posted twice."),
    Scope("supplier_invoice.write", "Upload the invoice files that cleared review."),
    Scope("attachment.read", "Download the files of supplier invoices; Qonto asks for it apart."),
    Scope("transactions, transfers, cards", "Well does not see or move money.", asked=False),
)


def missing(granted: tuple[str, ...]) -> tuple[str, ...]:
    """The needed scopes that were not granted."""
    return tuple(scope for scope in NEEDED if scope not in granted)
