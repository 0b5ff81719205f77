"""A Xero contact as a counterparty.

Invariant: pure; what is masked or public mail counts for nothing (see connectors/identifiers). A
contact that a tool told has no tax number and no website: they stay unknown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from well.connectors.identifiers import country_of, domains_of, ibans_of, sorted_ids, unique
from well.connectors.jsontext import mapping, sequence, text
from well.connectors.xero.mapping import COMPANY, value_of
from well.domain.counterparty import Counterparty
from well.domain.mapping import FieldMapping


def company_of(body: Mapping[str, Any], table: FieldMapping, record_id: str) -> Counterparty | None:
    """The counterparty with no id yet; None when it has no name at all."""
    names = _names(body, table)
    if not names:
        return None
    tax_ids = [value_of(body, table, COMPANY, "supplier_tax_id"), body.get("CompanyNumber")]
    vat_ids, legal_ids = sorted_ids(tax_ids)
    website = value_of(body, table, COMPANY, "supplier_website")
    return Counterparty(
        id="",
        names=names,
        vat_ids=vat_ids,
        legal_ids=legal_ids,
        ibans=ibans_of(_accounts(body)),
        domains=domains_of(website, body.get("EmailAddress")),
        country=next(filter(None, map(country_of, _addresses(body))), None),
        source_ids=(record_id,),
    )


def _names(body: Mapping[str, Any], table: FieldMapping) -> tuple[str, ...]:
    named = text(value_of(body, table, COMPANY, "supplier_name"))
    if named:
        return (named,)
    person = [text(body.get("FirstName")), text(body.get("LastName"))]
    return unique([" ".join(part for part in person if part)])


def _accounts(body: Mapping[str, Any]) -> Sequence[Any]:
    """Where the account of a contact may stand."""
    batch = mapping(body.get("BatchPayments"))
    return [body.get("BankAccountDetails"), batch.get("BankAccountNumber")]


def _addresses(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The addresses, that of the street before that of the post box."""
    found = [mapping(address) for address in sequence(body.get("Addresses"))]
    return sorted(found, key=lambda address: address.get("AddressType") != "STREET")
