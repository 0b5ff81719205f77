"""Seller, buyer and place of delivery in a CII file.

Invariant: identifiers are written with their schemes; a VAT id has the scheme VA and a tax number
FC. It knows nothing of amounts.
"""

from well.documents.writing.bill import Address, Party
from well.documents.writing.cii_nodes import Node, group, put
from well.documents.writing.siren import SIREN_SCHEME, siren_of


def put_party(node: Node, party: Party) -> None:
    """Write a party into its element."""
    put(node, "GlobalID" if party.id_scheme else "ID", party.id, schemeID=party.id_scheme)
    put(node, "Name", party.name)
    put(node, "Description", party.legal_text)
    _legal(node, party)
    if party.contact or party.phone or party.email:
        contact = group(node, "DefinedTradeContact")
        put(contact, "PersonName", party.contact)
        put(contact, "TelephoneUniversalCommunication/CompleteNumber", party.phone)
        put(contact, "EmailURIUniversalCommunication/URIID", party.email)
    put_address(node, party.address)
    address, scheme = party.electronic_address, party.electronic_scheme
    put(node, "URIUniversalCommunication/URIID", address, schemeID=scheme)
    put(node, "SpecifiedTaxRegistration/ID", party.vat_id, schemeID="VA")
    put(node, "SpecifiedTaxRegistration/ID", party.tax_number, schemeID="FC")


def put_place(node: Node, name: str | None, address: Address | None) -> None:
    """Write the place of delivery into its element."""
    put(node, "Name", name)
    if address:
        put_address(node, address)


def put_address(parent: Node, address: Address) -> None:
    """Write an address; without a country there is none (BR-09, BR-11, BR-57)."""
    if not address.country:
        return
    node = group(parent, "PostalTradeAddress")
    put(node, "PostcodeCode", address.post_code)
    put(node, "LineOne", address.street)
    put(node, "LineTwo", address.street2)
    put(node, "LineThree", address.street3)
    put(node, "CityName", address.city)
    put(node, "CountryID", address.country)
    put(node, "CountrySubDivisionName", address.region)


def _legal(node: Node, party: Party) -> None:
    """The legal id; a French one is the SIREN, which the VAT id holds too."""
    id, scheme = party.legal_id, party.legal_scheme
    french = party.address.country == "FR" and scheme in (None, SIREN_SCHEME)
    if french and (siren := siren_of(party)):
        id, scheme = siren, SIREN_SCHEME
    if id or party.trade_name:
        legal = group(node, "SpecifiedLegalOrganization")
        put(legal, "ID", id, schemeID=scheme)
        put(legal, "TradingBusinessName", party.trade_name)
