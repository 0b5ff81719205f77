"""The SIREN of a French company, from its own number or from its VAT id.

Invariant: nine digits or None. A French VAT id ends with the SIREN (CGI ann. IV, art. 121 Z);
a SIRET begins with it.
"""

from well.documents.writing.bill import Party

SIREN_SCHEME = "0002"
"""ISO 6523 code of SIRENE."""


def siren_of(party: Party) -> str | None:
    """The nine digits, None when the party states no number that holds them."""
    digits = "".join((party.legal_id or "").split())
    if digits.isdigit() and len(digits) in (9, 14):
        return digits[:9]
    vat_id = "".join((party.vat_id or "").split()).upper()
    if vat_id.startswith("FR") and len(vat_id) == 13 and vat_id[4:].isdigit():
        return vat_id[4:]
    return None
