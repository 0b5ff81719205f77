"""A QuickBooks vendor or customer as a counterparty.

Invariant: pure; what is masked or public mail counts for nothing (see connectors/identifiers). No
balance and no plain account number is kept.
"""

from collections.abc import Mapping
from typing import Any

from well.connectors.fields import currency_of
from well.connectors.identifiers import country_of, domains_of, ibans_of, sorted_ids, unique
from well.connectors.jsontext import mapping, text
from well.connectors.quickbooks.mapping import COMPANY, value_of
from well.domain.counterparty import Counterparty
from well.domain.mapping import FieldMapping


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
    vat_ids, legal_ids = sorted_ids(tax_ids)
    website = value_of(body, table, COMPANY, "supplier_website")
    return Counterparty(
        id="",
        names=names,
        vat_ids=vat_ids,
        legal_ids=legal_ids,
        ibans=ibans_of(mapping(body.get("VendorPaymentBankDetail")).values()),
        domains=domains_of(website, mapping(body.get("PrimaryEmailAddr")).get("Address")),
        country=country_of(mapping(body.get("BillAddr"))),
        source_ids=(record_id,),
    )


def home_currency(preferences: Any) -> str:
    """`CurrencyPrefs.HomeCurrency` of the Preferences body, "" where it does not say."""
    told = mapping(mapping(mapping(preferences).get("CurrencyPrefs")).get("HomeCurrency"))
    return currency_of(told.get("value")) or ""


def _names(body: Mapping[str, Any], table: FieldMapping) -> tuple[str, ...]:
    display = text(value_of(body, table, COMPANY, "supplier_name"))
    spelled = [text(body.get(key)) for key in ("CompanyName", "PrintOnCheckName")]
    if display or any(spelled):
        return unique([display, *spelled])
    person = [text(body.get("GivenName")), text(body.get("FamilyName"))]
    return unique([" ".join(part for part in person if part)])
