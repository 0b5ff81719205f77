"""Xero in tests: settings that lead to a stand-in, registrations in memory, a tool's text.

Invariant: the text is written label by label as the official server does, so that a test can put
any value anywhere; nothing here reads what the connector wrote.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from builders.connectors import provider_of
from well.ports.registrations import Registration
from well.settings import Xero, load

VERIFIER = "v" * 50
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
INVOICE_ID = "7e1f0a9c-0000-4000-8000-000000000001"
CONTACT_ID = "a1b2c3d4-0000-4000-8000-000000000002"


class MemoryRegistrations:
    """The port `Registrations`, with every registration ever kept."""

    def __init__(self) -> None:
        self.kept: list[Registration] = []

    def find(self, issuer: str, redirect_uri: str) -> Registration | None:
        found = [r for r in self.kept if (r.issuer, r.redirect_uri) == (issuer, redirect_uri)]
        return found[-1] if found else None

    def keep(self, registration: Registration) -> None:
        self.kept.append(registration)


def xero_settings(addresses: Mapping[str, str], rest: str = "same", per_minute: int = 6000) -> Xero:
    """Settings that lead to a stand-in; its limits are raised by the test where it needs that."""
    return Xero(
        provider=provider_of(addresses),
        mcp=addresses["mcp"],
        authorities=(addresses["issuer"],),
        rest=rest,
        scopes=load({}).xero.scopes,
        per_minute=per_minute,
    )


def invoice_text(
    number: str = "INV-1",
    reference: str = "",
    name: str = "Algolia SAS",
    **more: str,
) -> str:
    """One bill as `list-invoices` writes it; `more` replaces values by label, "" leaves one out."""
    values = {
        "Invoice ID": INVOICE_ID,
        "Invoice": number,
        "Reference": reference,
        "Type": "ACCPAY",
        "Status": "AUTHORISED",
        "Contact": f"{name} ({CONTACT_ID})",
        "Date": "Wed Apr 22 2026 00:00:00 GMT+0000 (Coordinated Universal Time)",
        "Due Date": "2026-05-22",
        "Line Amount Types": "Exclusive",
        "Sub Total": "1027.2",
        "Total Tax": "256.8",
        "Total": "1284",
        "Currency": "EUR",
        "Currency Rate": "1",
        "Last Updated": "Wed Apr 22 2026 09:00:00 GMT+0000 (Coordinated Universal Time)",
        "Amount Due": "1284",
    } | {label.replace("_", " "): value for label, value in more.items()}
    return "\n".join(f"{label}: {value}" for label, value in values.items() if value)


def bank_text(
    reference: str = "Card 4711", name: str = "Algolia SAS", account: str = "Main account"
) -> str:
    """One transaction as `list-bank-transactions` writes it."""
    lines = [
        f"Bank Transaction ID: {INVOICE_ID}",
        f"Bank Account: {account} (b1b2c3d4-0000-4000-8000-000000000003)",
        f"Contact: {name} ({CONTACT_ID})",
        f"Reference: {reference}" if reference else "",
        "Date: 2026-04-22",
        "Sub Total: 10",
        "Total Tax: 2",
        "Total: 12",
        "Reconciled",
        "Currency Code: EUR",
        "AUTHORISED",
        "Line Amount Types: Exclusive",
        "Has attachments",
        "Line Items: Description: Coffee\nQuantity: 1\nUnit Amount: 10",
    ]
    return "\n".join(line for line in lines if line)
