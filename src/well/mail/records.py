"""The records of a sender's domain: which to publish, and what is published (DKIM, SPF, DMARC).

Invariant: a record is called published only where what was found does what it must; what could
not be asked is never called missing. At most LOOKUPS names are asked for one look. It sends
nothing and remembers nothing.
"""

import base64
import re
from collections.abc import Sequence
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from publicsuffixlist import PublicSuffixList

from well.domain.sender import RecordKind, RecordState, Remark, SenderRecord
from well.mail.names import Texts

LOOKUPS = 10
"""Includes of one SPF record that are followed (RFC 7208, 4.6.4)."""
SHOWN = 600
"""Signs of a record of others that are shown."""
_SPF = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_DMARC = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
POLICY = "v=DMARC1; p=none"
"""The least that says that somebody looks after the domain."""


def key_record(pem: bytes) -> str:
    """What to publish for a private key (RFC 6376 3.6.1, RFC 8463); ValueError for one that is
    neither RSA nor Ed25519."""
    key = load_pem_private_key(pem, None)
    if isinstance(key, RSAPrivateKey):
        kind, public = "rsa", key.public_key().public_bytes(_DER, _SPKI)
    elif isinstance(key, Ed25519PrivateKey):
        kind, public = "ed25519", key.public_key().public_bytes(_RAW, PublicFormat.Raw)
    else:
        raise ValueError("the key is neither RSA nor Ed25519")
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode('ascii')}"


def signs_with(pem: bytes) -> bool:
    """Whether mail can be signed with a key: with RSA alone, as few receivers know Ed25519 yet."""
    return key_record(pem).startswith("v=DKIM1; k=rsa;")


_DER, _RAW, _SPKI = Encoding.DER, Encoding.Raw, PublicFormat.SubjectPublicKeyInfo


def dkim_record(domain: str, selector: str, pem: bytes, texts: Texts) -> SenderRecord:
    """Whether the world finds the key that Well signs with; ValueError for an unusable key."""
    name, value = f"{selector}._domainkey.{domain}", key_record(pem)

    def said(state: RecordState, found: str = "", remark: Remark = Remark.NONE) -> SenderRecord:
        return SenderRecord(RecordKind.DKIM, name, value, state, found[:SHOWN], remark)

    found = texts(name)
    if found is None:
        return said(RecordState.UNASKED)
    if not found:
        return said(RecordState.MISSING)
    if len(found) > 1:
        # A receiver may take any of them (RFC 6376 3.6.2.2), so none can be counted on.
        return said(RecordState.OTHER, " | ".join(found), Remark.SEVERAL)
    tags, wanted = _tags(found[0]), _tags(value)
    if tags is None or wanted is None:
        return said(RecordState.OTHER, found[0], Remark.UNREADABLE)
    if tags.get("p") == "":
        return said(RecordState.OTHER, found[0], Remark.REVOKED)
    same = tags.get("p") == wanted["p"] and tags.get("k", "rsa").lower() == wanted["k"]
    fits = same and tags.get("v", "DKIM1") == "DKIM1" and _for_mail(tags)
    return said(RecordState.PUBLISHED if fits else RecordState.OTHER, found[0])


def _for_mail(tags: dict[str, str]) -> bool:
    """Whether the record lets the key sign mail with SHA-256."""
    hashes = tags.get("h", "sha256").lower().split(":")
    services = tags.get("s", "*").lower().split(":")
    return "sha256" in hashes and bool({"*", "email"} & set(services))


def _tags(text: str) -> dict[str, str] | None:
    """A tag list (RFC 6376 3.2), blanks taken out of values; None where it is none."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals or name.strip() in tags:
            return None
        tags[name.strip()] = "".join(value.split())
    return tags


def spf_record(domain: str, terms: str, texts: Texts) -> SenderRecord:
    """Whether the domain's SPF lets the server send that `terms` (`include:spf.example.net
    ip4:192.0.2.1`) stand for, directly or one include deep."""
    found = _spf_of(domain, texts)
    if found is None or not found:
        state = RecordState.UNASKED if found is None else RecordState.MISSING
        return SenderRecord(RecordKind.SPF, domain, f"v=spf1 {terms} ~all", state)
    if len(found) > 1:
        # Several are a permanent error: receivers use none of them (RFC 7208 4.5).
        several = " | ".join(found)[:SHOWN]
        return SenderRecord(
            RecordKind.SPF, domain, terms, RecordState.OTHER, several, Remark.SEVERAL
        )
    (text,) = found
    wanted = [_term(term) for term in terms.split()]
    missing = [term for term in wanted if term not in _passes(text)]
    value = " ".join([text.split()[0], terms, *text.split()[1:]]) if missing else text
    state, remark = _lets(text, missing, texts)
    return SenderRecord(RecordKind.SPF, domain, value[:SHOWN], state, text[:SHOWN], remark)


def _lets(text: str, missing: Sequence[str], texts: Texts) -> tuple[RecordState, Remark]:
    if "all" in _passes(text):
        return RecordState.PUBLISHED, Remark.EVERYBODY
    if not missing:
        return RecordState.PUBLISHED, Remark.NONE
    deeper = [_spf_of(name, texts) for name in _led_to(text)]
    granted = {term for found in deeper if found and len(found) == 1 for term in _passes(found[0])}
    if all(term in granted for term in missing):
        return RecordState.PUBLISHED, Remark.NONE
    unasked = any(found is None for found in deeper)
    return (RecordState.UNASKED if unasked else RecordState.OTHER), Remark.NONE


def _spf_of(name: str, texts: Texts) -> list[str] | None:
    found = texts(name)
    return None if found is None else [text for text in found if _SPF.match(text)]


def _passes(text: str) -> list[str]:
    """Mechanisms that let a sender pass; what stands behind `all` is never looked at."""
    passing: list[str] = []
    for term in text.split()[1:]:
        bare = _term(term)
        if term[0] not in "-~?":
            passing.append(bare)
        if bare.lstrip("-~?") == "all":
            break
    return passing


def _term(term: str) -> str:
    return term.removeprefix("+").rstrip(".").lower()


def _led_to(text: str) -> list[str]:
    """Names whose records are part of this one; those made by macros are left out."""
    names = [t.partition(":")[2] for t in _passes(text) if t.startswith("include:")]
    every = [_term(term).lstrip("-~?") for term in text.split()[1:]]
    if "all" not in every:
        names += [t.partition("=")[2] for t in every if t.startswith("redirect=")]
    return [name for name in names if _HOST.fullmatch(name)][:LOOKUPS]


def dmarc_record(domain: str, texts: Texts) -> SenderRecord:
    """The policy that receivers apply to mail of this domain, its own or its parent's."""
    name = f"_dmarc.{domain}"
    found = _policies(name, texts)
    parent = organisation(domain)
    if found == [] and parent != domain:
        found = _policies(f"_dmarc.{parent}", texts)
        if found:
            text = found[0][:SHOWN]
            state = RecordState.PUBLISHED if len(found) == 1 else RecordState.OTHER
            return SenderRecord(RecordKind.DMARC, name, "", state, text, Remark.PARENT)
    if found is None:
        return SenderRecord(RecordKind.DMARC, name, "", RecordState.UNASKED)
    if not found:
        return SenderRecord(RecordKind.DMARC, name, POLICY, RecordState.MISSING)
    text = " | ".join(found)[:SHOWN]
    if len(found) > 1:
        return SenderRecord(RecordKind.DMARC, name, "", RecordState.OTHER, text, Remark.SEVERAL)
    return SenderRecord(RecordKind.DMARC, name, "", RecordState.PUBLISHED, text)


def _policies(name: str, texts: Texts) -> list[str] | None:
    found = texts(name)
    return None if found is None else [text for text in found if _DMARC.match(text)]


def organisation(domain: str) -> str:
    """The domain that belongs to one owner, under the public suffix list that is shipped with the
    package; itself where the list does not tell."""
    return _suffixes().privatesuffix(domain) or domain


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def aligned(sender: str, envelope: str, policy: SenderRecord) -> bool:
    """Whether SPF of the envelope's domain counts for the From's (RFC 7489 3.1.2)."""
    tags = _tags(policy.found) or {}
    if sender == envelope:
        return True
    strict = tags.get("aspf", "r").lower() == "s"
    return not strict and organisation(sender) == organisation(envelope)
