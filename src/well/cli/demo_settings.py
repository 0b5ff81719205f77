"""The settings that point the product at stand-ins, from the addresses that they tell.

Invariant: what a stand-in does not tell is not set. It starts nothing and changes no environment;
the only file it makes is the key that signs the demo's mail.
"""

from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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


INSTALLATION = "well.example"
"""The domain of whoever runs Well in the demo: another than that of the company it serves."""


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


def mail_settings(at: Mapping[str, str], keys: Path) -> dict[str, str]:
    """Variables for outgoing mail through a stand-in's own server, fast and verified by its CA, and
    signed with a key for the company's domain, which is made in the folder `keys`."""
    make_key(keys / f"{at['sender'].partition('@')[2]}.pem")
    told = {
        "HOST": at["smtp_host"],
        "PORT": at["smtp_port"],
        "USER": at["smtp_user"],
        "PASSWORD": at["smtp_password"],
        "CA_FILE": at["smtp_ca"],
        "SENDER": at["sender"],
        "DOMAIN": INSTALLATION,
        "DKIM_KEY": str(keys),
        "DKIM_SELECTOR": "well",
        "SPF": f"include:_spf.{INSTALLATION}",
        "DNS": at["dns"],
        "PACE": "0",
        "RETRY": "3",
    }
    return {f"WELL_MAIL_{name}": value for name, value in told.items()}


def make_key(path: Path) -> None:
    """A key to sign mail with, once."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_bytes(pem)
    beside.replace(path)
