"""Registrable domains of web addresses and e-mails.

Invariant: None for shared ones (free mail, platforms), addresses of machines and nonsense, so a
domain always points at one owner. The public suffix list is the one shipped with the package;
nothing is looked up.
"""

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from well.matching.shipped import read_json

VERSION = "domains-1"

TEXT_MAX = 400
HOST_MAX = 253
"""Signs of a host name (RFC 1035)."""

_LISTS: dict[str, str] = read_json("free_mail.json")
SHARED = frozenset(word for words in _LISTS.values() for word in words.split())
"""Registrable domains that belong to many: free mail, access providers, shops, networks."""

_SUFFIXES = PublicSuffixList(accept_unknown=False)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#\s]*@)?([^/?#\s:@]+)(?:[:/?#].*)?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


@lru_cache(maxsize=131_072)
def domain(text: str) -> str | None:
    """The registrable domain of an address or e-mail, lower case, punycode where it has accents."""
    found = _ADDRESS.fullmatch(_bare(text))
    host = _ascii(found[1].rstrip(".")) if found else None
    if host is None:
        return None
    if not all(map(_LABEL.fullmatch, host.split("."))):
        return None
    name = _SUFFIXES.privatesuffix(host)
    return None if name in SHARED else name


def _bare(text: str) -> str:
    """Without blanks around it and the name in front of an e-mail in angle brackets."""
    short = text[:TEXT_MAX].strip().lower()
    return short[:-1].rpartition("<")[2].strip() if short.endswith(">") else short


def _ascii(host: str) -> str | None:
    """The host in ASCII (IDNA); None when it has no such form or is too long."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return host if len(host) <= HOST_MAX else None
