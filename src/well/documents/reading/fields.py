"""The fields of an invoice from the text of its pages: candidates near labels, then a choice.

Invariant: every value stands on a page and says where; missing is missing. Hidden text is never
looked at.
"""

from collections.abc import Sequence

from well.documents.reading.calibrate import calibrated
from well.documents.reading.currency import read_currency
from well.documents.reading.dates import read_dates
from well.documents.reading.draft import Draft
from well.documents.reading.kinds import other_kind
from well.documents.reading.layout import Layout
from well.documents.reading.learned import recall, settle
from well.documents.reading.lines import read_lines
from well.documents.reading.names import read_seller_name
from well.documents.reading.numbers import read_number, says_credit_note
from well.documents.reading.pages import Page
from well.documents.reading.party import read_contacts, read_iban, read_vat_id
from well.documents.reading.totals import read_totals
from well.domain.invoice import FieldReading
from well.domain.learned_layout import LearnedLayout


def read_printed(pages: Sequence[Page]) -> Draft:
    """Only what is compared with an e-invoice (number, totals, VAT id), in a third of the time."""
    layout = Layout(pages)
    return Draft(None, False, read_number(layout) | read_totals(layout) | read_vat_id(layout))


def read_fields(pages: Sequence[Page], known: Sequence[LearnedLayout] = ()) -> Draft:
    """Draft of what the pages say; `known` layouts were learned from reviewed ones."""
    layout = Layout(pages)
    if other_kind(layout):
        return Draft(None, False, {})
    found = {name: calibrated(one) for name, one in _found(layout).items()}
    found = settle(found, recall(layout, known))
    return Draft(None, says_credit_note(layout), found, read_lines(layout, found))


def scored(pages: Sequence[Page]) -> Draft:
    """Draft with the finder's own scores, which the calibration is fitted on."""
    return Draft(None, False, _found(Layout(pages)))


def _found(layout: Layout) -> dict[str, FieldReading]:
    found: dict[str, FieldReading] = {}
    found |= read_number(layout)
    found |= read_dates(layout)
    found |= read_totals(layout)
    found |= read_currency(layout, found.get("gross_total"))
    found |= read_iban(layout)
    found |= read_contacts(layout)
    found |= read_seller_name(layout, found)
    name = found["seller.name"].value if "seller.name" in found else None
    return found | read_vat_id(layout, name)
