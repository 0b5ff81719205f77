"""Signs messages (DKIM, RFC 6376) so that the From can be proven.

Invariant: a message is signed by the domain of its From or not sent at all, where keys are
configured; relaxed/relaxed, over the headers a receiver shows. It makes no keys.
"""

from collections.abc import Callable
from pathlib import Path

import dkim

from well.domain.delivery import domain_of
from well.domain.failure import Failure, FailureKind, WayOut
from well.ports.mailer import WayLost

HEADERS = (
    *(b"From", b"To", b"Subject", b"Date", b"Message-ID"),
    *(b"MIME-Version", b"Content-Type"),
)
KeyOf = Callable[[str], bytes | None]
"""The private key (PEM) of a domain, None where there is none."""


def keys_in(path: str, own: str) -> KeyOf | None:
    """Keys of a folder of `<domain>.pem`, or the one file that is the key of `own`; None without
    a path: then nothing is signed."""
    if not path:
        return None
    place = Path(path)

    def key_of(domain: str) -> bytes | None:
        file = place / f"{domain}.pem" if place.is_dir() else place
        known = place.is_dir() or domain == own
        return file.read_bytes() if known and file.is_file() else None

    return key_of


def signed(message: bytes, sender: str, selector: str, key_of: KeyOf) -> bytes:
    """The message with its signature in front; `WayLost` (rejected) where the sender's domain has
    no key, since a receiver would not believe it."""
    domain = domain_of(sender)
    key = key_of(domain)
    if key is None:
        raise WayLost(_no_key(domain))
    try:
        header = dkim.sign(
            message,
            selector.encode("ascii"),
            domain.encode("ascii"),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(HEADERS),
        )
    except (dkim.DKIMException, ValueError) as error:
        raise WayLost(_no_key(domain, str(error))) from error
    return bytes(header) + message


def _no_key(domain: str, note: str = "") -> Failure:
    return Failure(
        FailureKind.REJECTED,
        f"Well has no usable key to sign mail of {domain}, so the receiver would not believe it. "
        "Nothing was sent and everything is kept. On the page “Delivery by e-mail” choose another "
        "sender or your own mail server; or ask whoever runs Well for a key, then press “Look "
        "again” there.",
        note[:300],
        way_out=WayOut.DELIVERY,
    )
