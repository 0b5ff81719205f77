"""Whether the supplier a page names is the counterparty the record was resolved to.

Invariant: None when the page or the workspace tells too little. A page holds the buyer's tax
number, too, so a strange number counts only beside a strange name. It ranks nobody.
"""

from well.policy.alike import same_identifier, same_name
from well.policy.facts import Facts


def page_fits_party(facts: Facts) -> bool | None:
    """True, False, or None when there is nothing to compare."""
    page = facts.reading.invoice.seller if facts.reading and facts.reading.invoice else None
    if page is None or facts.party is None:
        return None
    known_number = any(
        same_identifier(page.vat_id, known) for known in facts.party.vat_ids if page.vat_id
    )
    if known_number or not page.name:
        return known_number or None
    return any(same_name(page.name, known) for known in facts.party.names)
