"""Names, numbers and hosts by which a company is known, as providers spell them.

Invariant: pure; a masked tax id or account number is never taken for one; a mailbox at a public
provider is not the company's domain. It knows no provider.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

from well.connectors.jsontext import text

PUBLIC_MAIL = frozenset(files("well.connectors").joinpath("public_mail.txt").read_text().split())
_VAT = re.compile(r"(?=.*[0-9])[A-Z]{2}[0-9A-Z+*]{5,13}")
_MASK = re.compile(r"X{2,}|[*•#]")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """The values that are there, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))


def sorted_ids(values: Iterable[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """VAT identifiers, and registration numbers without a country prefix."""
    vat: list[str | None] = []
    legal: list[str | None] = []
    for value in values:
        plain = re.sub(r"[\s./-]", "", text(value) or "").upper()
        if not plain or _MASK.search(plain) or not re.search(r"[0-9]", plain):
            continue
        (vat if _VAT.fullmatch(plain) else legal).append(plain[:32])
    return unique(vat), unique(legal)


def ibans_of(values: Iterable[Any]) -> tuple[str, ...]:
    """The values that are account numbers with right check digits, without spaces."""
    found = [re.sub(r"\s", "", text(value) or "").upper() for value in values]
    return unique(value for value in found if is_iban(value))


def is_iban(value: str) -> bool:
    """ISO 13616: the rearranged digits leave 1 when divided by 97."""
    if not _IBAN.fullmatch(value):
        return False
    return int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1


def domains_of(website: Any, mail: Any) -> tuple[str, ...]:
    """The host of a website, and that of a mail address where it is the company's own."""
    mailed = host_of((text(mail) or "").rpartition("@")[2].split(",")[0])
    return unique([host_of(text(website) or ""), None if mailed in PUBLIC_MAIL else mailed])


def host_of(url: str) -> str | None:
    """The host name of an address, with or without a scheme; None where there is none."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", url.strip().lower())
    host = re.split(r"[/?#:\s]", host)[0].rpartition("@")[2].removeprefix("www.").rstrip(".")
    return host if _HOST.fullmatch(host) else None


def country_of(address: Mapping[str, Any]) -> str | None:
    """ISO 3166 code of an address whose country is a code or a name in a European language."""
    named = (text(address.get("Country")) or "").casefold()
    return _countries().get(named)


@cache
def _countries() -> Mapping[str, str]:
    found = {"uk": "GB", "usa": "US", "fra": "FR", "deu": "DE", "gbr": "GB", "esp": "ES"}
    for language in ("en", "fr", "de", "es", "it", "nl"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(str(name).casefold(), code)
                found.setdefault(code.casefold(), code)
    return found
