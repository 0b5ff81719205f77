"""A QuickBooks vendor or customer as a counterparty.

Invariant: pure; a masked tax id or account number is never taken for one; a mailbox at a public
provider is not the company's domain. No balance and no plain account number is kept.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

from well.connectors.fields import currency_of
from well.connectors.jsontext import mapping, text
from well.connectors.quickbooks.mapping import COMPANY, value_of
from well.domain.counterparty import Counterparty
from well.domain.mapping import FieldMapping

_VAT = re.compile(r"(?=.*[0-9])[A-Z]{2}[0-9A-Z+*]{5,13}")
_MASK = re.compile(r"X{2,}|[*•#]")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
PUBLIC_MAIL = frozenset(files("well.connectors").joinpath("public_mail.txt").read_text().split())


def company_of(body: Mapping[str, Any], table: FieldMapping, record_id: str) -> Counterparty | None:
    """The counterparty with no id yet; None when it has no name at all."""
    names = _names(body, table)
    if not names:
        return None
    tax_ids = [
        value_of(body, table, COMPANY, "supplier_tax_id"),
        body.get("BusinessNumber"),
        body.get("PrimaryTaxIdentifier"),
    ]
    vat_ids, legal_ids = _sorted_ids(tax_ids)
    return Counterparty(
        id="",
        names=names,
        vat_ids=vat_ids,
        legal_ids=legal_ids,
        ibans=_ibans(mapping(body.get("VendorPaymentBankDetail"))),
        domains=_domains(body, value_of(body, table, COMPANY, "supplier_website")),
        country=country_of(mapping(body.get("BillAddr"))),
        source_ids=(record_id,),
    )


def home_currency(preferences: Any) -> str:
    """`CurrencyPrefs.HomeCurrency` of the Preferences body, "" where it does not say."""
    told = mapping(mapping(mapping(preferences).get("CurrencyPrefs")).get("HomeCurrency"))
    return currency_of(told.get("value")) or ""


def _unique(values: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _names(body: Mapping[str, Any], table: FieldMapping) -> tuple[str, ...]:
    display = text(value_of(body, table, COMPANY, "supplier_name"))
    spelled = [text(body.get(key)) for key in ("CompanyName", "PrintOnCheckName")]
    if display or any(spelled):
        return _unique([display, *spelled])
    person = [text(body.get("GivenName")), text(body.get("FamilyName"))]
    return _unique([" ".join(part for part in person if part)])


def _sorted_ids(values: list[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """VAT identifiers, and registration numbers without a country prefix."""
    vat: list[str | None] = []
    legal: list[str | None] = []
    for value in values:
        plain = re.sub(r"[\s./-]", "", text(value) or "").upper()
        if not plain or _MASK.search(plain) or not re.search(r"[0-9]", plain):
            continue
        (vat if _VAT.fullmatch(plain) else legal).append(plain[:32])
    return _unique(vat), _unique(legal)


def _ibans(bank: Mapping[str, Any]) -> tuple[str, ...]:
    found = [re.sub(r"\s", "", text(value) or "").upper() for value in bank.values()]
    return _unique([value for value in found if _is_iban(value)])


def _is_iban(value: str) -> bool:
    """ISO 13616: the rearranged digits leave 1 when divided by 97."""
    if not _IBAN.fullmatch(value):
        return False
    return int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1


def _domains(body: Mapping[str, Any], website: Any) -> tuple[str, ...]:
    site = _host(text(website) or "")
    mail = (text(mapping(body.get("PrimaryEmailAddr")).get("Address")) or "").rpartition("@")[2]
    mailed = _host(mail.split(",")[0])
    return _unique([site, None if mailed in PUBLIC_MAIL else mailed])


def _host(url: str) -> str | None:
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", url.strip().lower())
    host = re.split(r"[/?#:\s]", host)[0].rpartition("@")[2].removeprefix("www.").rstrip(".")
    return host if _HOST.fullmatch(host) else None


def country_of(address: Mapping[str, Any]) -> str | None:
    """ISO 3166 code of an address whose country is a code or a name in English, French, German."""
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
