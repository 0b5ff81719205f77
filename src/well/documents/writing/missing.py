"""What a bill lacks to become an e-invoice: the names of the missing business terms.

Invariant: nothing is invented; a term on this list keeps any XML from being written. The rules
are those of EN 16931-1 (BR-01 to BR-65, BR-CO, BR-E/AE/IC/G/O) and of the French BR-FR set.
"""

from collections.abc import Iterator

from well.documents.writing.bill import Adjustment, Bill, BillLine, Party, TaxGroup
from well.documents.writing.siren import siren_of
from well.documents.writing.sums import EXPLAINED

_Row = tuple[object, str]


def missing_terms(bill: Bill) -> list[str]:
    """Terms that EN 16931 asks for and the bill does not have, as "BT-1 invoice number"."""
    rows = [*_header(bill), *_parties(bill), *_payment(bill), *_categories(bill)]
    for number, line in enumerate(bill.lines, 1):
        rows += _line(line, f"line {number}")
    for one in bill.adjustments:
        rows += _adjustment(one)
    return _absent(rows)


def missing_french_terms(bill: Bill) -> list[str]:
    """Terms that the French rules (BR-FR) ask for besides EN 16931."""
    subjects = [note.subject for note in bill.notes]
    rows: list[_Row] = [
        (bill.process, "BT-23 business process (S1, B1, M1 ...)"),
        (siren_of(bill.seller), "BT-30 SIREN of the seller"),
        (siren_of(bill.buyer), "BT-47 SIREN of the buyer"),
        (bill.seller.electronic_address, "BT-34 electronic address of the seller"),
        (bill.buyer.electronic_address, "BT-49 electronic address of the buyer"),
        ("PMT" in subjects, "BT-22 note PMT (recovery costs)"),
        ("PMD" in subjects, "BT-22 note PMD (late payment)"),
        ("AAB" in subjects, "BT-22 note AAB (discount for early payment)"),
    ]
    if bill.credit_note:
        dated = any(one.issue_date for one in bill.references.preceding)
        rows.append((dated, "BT-25 and BT-26 number and date of the invoice that is credited"))
    if bill.currency and bill.currency != "EUR":
        rows.append((bill.totals.tax_accounting, "BT-111 total VAT in euros"))
    return _absent(rows)


def is_french(bill: Bill) -> bool:
    """Whether both parties are in France, where the BR-FR rules hold."""
    return {bill.seller.address.country, bill.buyer.address.country} == {"FR"}


def _absent(rows: Iterator[_Row] | list[_Row]) -> list[str]:
    found = [name for value, name in rows if value is None or value is False or value == ""]
    return list(dict.fromkeys(found))


def _header(bill: Bill) -> Iterator[_Row]:
    totals = bill.totals
    yield bill.number, "BT-1 invoice number"
    yield bill.issue_date, "BT-2 issue date"
    yield bill.currency, "BT-5 currency"
    yield bool(bill.lines), "BG-25 lines"
    if bill.lines:
        yield totals.net, "BT-109 total without VAT"
        yield totals.gross, "BT-112 total with VAT"
        yield totals.payable, "BT-115 amount due"
    if bill.tax_currency and bill.tax_currency != bill.currency:
        yield totals.tax_accounting, "BT-111 total VAT in the accounting currency"


def _parties(bill: Bill) -> Iterator[_Row]:
    seller, buyer = bill.seller, bill.buyer
    yield seller.name, "BT-27 seller name"
    yield seller.address.country, "BT-40 seller country"
    yield buyer.name, "BT-44 buyer name"
    yield buyer.address.country, "BT-55 buyer country"
    known = seller.vat_id or seller.legal_id or seller.id
    yield known, "BT-31 seller VAT id (or BT-30 legal id, or BT-29 id)"
    for party, term, who in ((seller, "BT-34-1", "seller"), (buyer, "BT-49-1", "buyer")):
        if party.electronic_address:
            yield party.electronic_scheme, f"{term} scheme of the electronic address of the {who}"


def _payment(bill: Bill) -> Iterator[_Row]:
    payable = bill.totals.payable
    if payable is not None and payable > 0:
        yield bill.due_date or bill.payment.terms, "BT-9 due date (or BT-20 payment terms)"


def _line(line: BillLine, where: str) -> Iterator[_Row]:
    yield line.description, f"BT-153 description ({where})"
    yield line.quantity is not None, f"BT-129 quantity ({where})"
    yield line.unit, f"BT-130 unit ({where})"
    yield line.unit_price is not None, f"BT-146 unit price ({where})"
    yield line.net_amount is not None, f"BT-131 net amount ({where})"
    yield line.tax_category, f"BT-151 VAT category ({where})"
    if line.tax_category != "O":
        yield line.tax_rate is not None, f"BT-152 VAT rate ({where})"
    for one in line.adjustments:
        name = "BT-144 reason of the charge" if one.charge else "BT-139 reason of the discount"
        yield one.reason or one.reason_code, f"{name} ({where})"


def _adjustment(one: Adjustment) -> Iterator[_Row]:
    kind = "charge" if one.charge else "discount"
    reason, category = ("BT-104", "BT-102") if one.charge else ("BT-97", "BT-95")
    yield one.reason or one.reason_code, f"{reason} reason of the {kind}"
    yield one.tax_category, f"{category} VAT category of the {kind}"


def _categories(bill: Bill) -> Iterator[_Row]:
    for tax in bill.taxes:
        yield from _category(bill, tax)


def _category(bill: Bill, tax: TaxGroup) -> Iterator[_Row]:
    seller, buyer, kind = bill.seller, bill.buyer, tax.tax_category
    if kind in ("S", "Z", "E", "AE"):
        yield seller.vat_id or seller.tax_number, f"BT-31 seller VAT id (category {kind})"
    if kind in ("K", "G"):
        yield seller.vat_id, f"BT-31 seller VAT id (category {kind})"
    if kind == "AE":
        yield buyer.vat_id or buyer.legal_id, "BT-48 buyer VAT id (category AE)"
    if kind == "K":
        yield buyer.vat_id, "BT-48 buyer VAT id (category K)"
        yield _delivered(bill), "BT-72 delivery date (category K)"
        yield _delivered_to(bill, buyer), "BT-80 country of delivery (category K)"
    if kind in EXPLAINED:
        reason = tax.exemption_reason or tax.exemption_code
        yield reason, f"BT-120 reason of the exemption (category {kind})"


def _delivered(bill: Bill) -> object:
    return bill.delivery.day or bill.delivery.period_start or bill.delivery.period_end


def _delivered_to(bill: Bill, buyer: Party) -> str | None:
    return bill.delivery.address.country if bill.delivery.address else buyer.address.country
