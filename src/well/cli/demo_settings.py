"""The settings that point the product at stand-ins, from the addresses that they tell.

Invariant: what a stand-in does not tell is not set. It starts nothing and changes no environment.
"""

from collections.abc import Mapping
from pathlib import Path

Addresses = Mapping[str, Mapping[str, str]]
SAME = ("api", "authorize", "token", "revoke", "client_id", "client_secret", "mcp")
"""What stands in an address and in a setting under the same name."""
OTHER = {"api": "APP", "issuer": "AUTHORITIES"}
PER_PROVIDER = {
    "xero": {"PER_MINUTE": "100000", "PER_DAY": "1000000"},
    "freshbooks": {"SETTLE": "15"},
}
"""A stand-in's limits are raised in the demo, and so are our own counts of them; its mailbox reads
within a second, so a mail that is not seen soon is asked about."""


def environment(addresses: Addresses, data: Path, port: int) -> dict[str, str]:
    """Variables for a product with this data folder and port."""
    env = {
        "WELL_DATA": str(data),
        "WELL_PORT": str(port),
        "WELL_BASE_URL": f"http://localhost:{port}",
    }
    for name, at in addresses.items():
        told = {key.upper(): at[key] for key in SAME if key in at}
        told |= {setting: at[key] for key, setting in OTHER.items() if key in at}
        told |= PER_PROVIDER.get(name, {})
        env |= {f"WELL_{name.upper()}_{key}": value for key, value in told.items()}
    return env


def mail_settings(at: Mapping[str, str]) -> dict[str, str]:
    """Variables for outgoing mail through a stand-in's own server, fast and verified by its CA."""
    told = {
        "HOST": at["smtp_host"],
        "PORT": at["smtp_port"],
        "USER": at["smtp_user"],
        "PASSWORD": at["smtp_password"],
        "CA_FILE": at["smtp_ca"],
        "SENDER": at["sender"],
        "DOMAIN": at["sender"].partition("@")[2],
        "PACE": "0",
        "RETRY": "3",
    }
    return {f"WELL_MAIL_{name}": value for name, value in told.items()}
