"""Consent to read a QuickBooks company.

Invariant: the scope is the only accounting scope there is (Intuit has no read-only one), which
is why the door refuses to write; state is compulsory and PKCE is not sent, as it is not
documented. The answer's realmId is believed only when the new token can read that company.
Source: developer.intuit.com, OAuth 2.0, read 2026-11-21.
"""

from well.connectors.oauth import Style
from well.connectors.quickbooks.limits import TITLE
from well.ports.connector import Scope

SCOPE = "com.intuit.quickbooks.accounting"
STYLE = Style(
    title=TITLE,
    basic=True,
    pkce=False,
    scopes=(SCOPE,),
    refresh_life="x_refresh_token_expires_in",
    revoke_json=True,
)
SCOPES = (
    Scope(
        SCOPE,
        "Read bills, vendors, customers, tax codes and files. QuickBooks offers no read-only "
        "permission, so Well itself refuses to send anything that would write. Documents for "
        "QuickBooks go by e-mail to your company's address for receipts and bills.",
    ),
    Scope("Modify or delete QuickBooks records", "QuickBooks stays as it is.", asked=False),
    Scope("com.intuit.quickbooks.payment", "Well does not move money.", asked=False),
)
