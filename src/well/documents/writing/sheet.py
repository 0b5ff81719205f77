"""What stands on the page of a bill, as plain texts for the template.

Invariant: every value is a text; labels and order are fixed, so that a simple text reader finds
each value beside its label. It knows no page layout and works no amount out.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from well.documents.writing.bill import Address, Adjustment, Bill, BillLine, Party, TaxGroup
from well.documents.writing.siren import siren_of
from well.documents.writing.units import unit_words
from well.documents.writing.wording import amount, day, number, word
from well.domain.money import minor_digits

Rows = list[tuple[str, str]]
_WORD_MAX = 30
"""Letters of a word that may have to go over several lines."""


def sheet(bill: Bill) -> dict[str, Any]:
    """The texts of one bill; JSON-ready."""
    say = _Language(bill)
    kind = "credit_note" if bill.credit_note else "invoice"
    notice, translated = notices(bill)
    return {
        "title": f"{say(kind)} {bill.number or ''}".strip(),
        "author": bill.seller.name or "",
        "keywords": [f"{bill.source.label}:{bill.source.id}", "rendition"],
        "language": say.language,
        "notice": notice,
        "notice_translated": translated,
        "heading": say(kind),
        "head": _head(bill, say, kind),
        "seller": _party(bill.seller, say, "supplier"),
        "buyer": _party(bill.buyer, say, "customer"),
        "delivery": _delivery(bill, say),
        "columns": [
            say(x) for x in ("description", "quantity", "unit_price", "vat_rate", "net_amount")
        ],
        "lines": [_line(line, say) for line in bill.lines],
        "totals": _totals(bill, say),
        "payment": _payment(bill, say),
        "notes": [breakable(note.text) for note in bill.notes],
        "note_label": say("note"),
    }


def notices(bill: Bill) -> tuple[str, str]:
    """What a rendition says about itself: in the page's language, and in the other one."""
    label, id = bill.source.label, bill.source.id
    record = " ".join(x for x in (label, "record", id) if x)
    named = " ".join(x for x in (label, id) if x)
    english = f"Rendition of {record}, not the original invoice"
    french = f"Reproduction de l’enregistrement {named}, et non la facture originale"
    return (french, english) if bill.language == "fr" else (english, french)


def breakable(text: str) -> str:
    """`text` in which a very long word may go over several lines."""
    return " ".join(
        "\u200b".join(word[at : at + _WORD_MAX] for at in range(0, len(word), _WORD_MAX))
        for word in text.split(" ")
    )


class _Language:
    """The words and numbers of one bill's language and currency."""

    def __init__(self, bill: Bill) -> None:
        self.language = "fr" if bill.language == "fr" else "en"
        self.currency = bill.currency or ""
        self.decimals = minor_digits(self.currency)

    def __call__(self, name: str) -> str:
        return word(name, self.language)

    def number(self, value: Decimal | None) -> str:
        return number(value, self.language)

    def amount(self, value: Decimal | None) -> str:
        return amount(value, self.language, self.decimals)

    def money(self, value: Decimal | None) -> str:
        return f"{self.amount(value)} {self.currency}".strip() if value is not None else ""


def _present(rows: Iterable[tuple[str, str | None]]) -> Rows:
    return [(label, value) for label, value in rows if value]


def _head(bill: Bill, say: _Language, kind: str) -> Rows:
    references, delivery = bill.references, bill.delivery
    earlier = ", ".join(
        " ".join(x for x in (one.number, day(one.issue_date, say.language)) if x)
        for one in references.preceding
    )
    rows = [
        (say(f"{kind}_number"), bill.number),
        (say("issue_date"), day(bill.issue_date, say.language)),
        (say("due_date"), day(bill.due_date, say.language)),
        (say("currency"), bill.currency),
        (say("purchase_order"), references.purchase_order),
        (say("sales_order"), references.sales_order),
        (say("contract"), references.contract),
        (say("buyer_reference"), references.buyer_reference),
        (say("preceding"), earlier),
        (say("delivery_date"), day(delivery.day, say.language)),
        (say("period"), _period(delivery.period_start, delivery.period_end, say)),
    ]
    return _present(rows)


def _period(start: Any, end: Any, say: _Language) -> str:
    parts = [(say("from"), day(start, say.language)), (say("to"), day(end, say.language))]
    return " ".join(f"{label} {value}" for label, value in parts if value)


def _party(party: Party, say: _Language, role: str) -> dict[str, Any]:
    siren = siren_of(party) if party.address.country == "FR" else None
    other = None if siren and (party.legal_id or siren)[:9] == siren else party.legal_id
    vat_label = "vat_id" if role == "supplier" else "customer_vat_id"
    rows = [
        (say("siren"), siren),
        (say(vat_label), party.vat_id),
        (say("company_id"), other),
        (say("tax_number"), party.tax_number),
        (say("contact"), party.contact),
        (say("phone"), party.phone),
        (say("email"), party.email),
        (say("website"), party.website),
    ]
    names = [x for x in (party.trade_name,) if x and x != party.name]
    return {
        "label": say(role) if party.name or party.vat_id else "",
        "name": breakable(party.name or ""),
        "lines": [breakable(x) for x in [*names, *_address(party.address)]],
        "rows": [(label, breakable(value)) for label, value in _present(rows)],
        "legal": breakable(party.legal_text or ""),
    }


def _address(address: Address) -> list[str]:
    town = " ".join(x for x in (address.post_code, address.city) if x)
    region = ", ".join(x for x in (address.region, address.country) if x)
    parts = (address.street, address.street2, address.street3, town, region)
    return [part for part in parts if part]


def _delivery(bill: Bill, say: _Language) -> Rows:
    stated = bill.delivery
    where = _address(stated.address) if stated.address else []
    text = ", ".join(x for x in (stated.name, *where) if x)
    return _present([(say("delivery"), breakable(text))])


def _line(line: BillLine, say: _Language) -> dict[str, Any]:
    small = [
        line.item_id,
        line.details,
        line.note,
        _period(line.period_start, line.period_end, say),
    ]
    small += [f"{_reason(one, say)}: {say.amount(one.signed)}" for one in line.adjustments]
    per = f" / {say.number(line.price_quantity)}" if line.price_quantity else ""
    unit = unit_words(line.unit, say.language) if line.unit else ""
    return {
        "description": breakable(line.description),
        "small": [breakable(x) for x in small if x],
        "numbers": [
            f"{say.number(line.quantity)} {unit}".strip(),
            f"{say.amount(line.unit_price)}{per}".strip(),
            _rate(line.tax_category, line.tax_rate, say),
            say.amount(line.net_amount),
        ],
    }


def _rate(category: str | None, rate: Decimal | None, say: _Language) -> str:
    """The rate; a category other than the standard one (S) shows its code (UNTDID 5305)."""
    code = category if category and category != "S" else ""
    return " ".join(x for x in (say.number(rate), code) if x)


def _reason(one: Adjustment, say: _Language) -> str:
    reason = one.reason or say("charge" if one.charge else "discount")
    return f"{reason} ({say.number(one.percent)} %)" if one.percent is not None else reason


def _totals(bill: Bill, say: _Language) -> list[tuple[str, str, str]]:
    """Label, amount and weight: "part", "sum" or "total"."""
    totals, rows = bill.totals, []
    if bill.adjustments:
        rows.append((say("lines_total"), say.money(totals.lines), "part"))
        rows += [(_reason(x, say), say.money(x.signed), "part") for x in bill.adjustments]
    rows.append((say("net_total"), say.money(totals.net), "sum"))
    if len(bill.taxes) > 1 or any(tax.tax_category != "S" for tax in bill.taxes):
        rows += [(_tax_label(tax, say), say.money(tax.tax_amount), "part") for tax in bill.taxes]
    label = say("tax_total")
    if len(bill.taxes) == 1 and bill.taxes[0].tax_rate:
        label = f"{label} {say.number(bill.taxes[0].tax_rate)} %"
    rows.append((label, say.money(totals.tax), "sum"))
    if totals.tax_accounting is not None and bill.tax_currency:
        money = f"{amount(totals.tax_accounting, say.language)} {bill.tax_currency}"
        rows.append((say("tax_accounting"), money, "part"))
    rows.append((say("gross_total"), say.money(totals.gross), "total"))
    if totals.prepaid or totals.rounding:
        prepaid = -totals.prepaid if totals.prepaid else None
        rows.append((say("prepaid"), say.money(prepaid), "part"))
        rows.append((say("rounding"), say.money(totals.rounding or None), "part"))
        rows.append((say("payable"), say.money(totals.payable), "total"))
    return [row for row in rows if row[1]]


def _tax_label(tax: TaxGroup, say: _Language) -> str:
    rate = f" {say.number(tax.tax_rate)} %" if tax.tax_rate is not None else ""
    category = f" ({tax.tax_category})" if tax.tax_category not in ("S", None) else ""
    return f"{say('vat_on')}{rate}{category} {say('on')} {say.amount(tax.base_amount)}"


def _payment(bill: Bill, say: _Language) -> Rows:
    payment = bill.payment
    reasons = dict.fromkeys(
        tax.exemption_reason or tax.exemption_code
        for tax in bill.taxes
        if tax.tax_category not in ("S", None)
    )
    rows = [
        (say("iban"), _grouped(payment.iban)),
        (say("bic"), payment.bic),
        (say("account_name"), payment.account_name),
        (say("payment_terms"), payment.terms),
        (say("payment_reference"), payment.reference),
        (say("exempt"), "; ".join(reason for reason in reasons if reason)),
    ]
    return [(label, breakable(value)) for label, value in _present(rows)]


def _grouped(iban: str | None) -> str:
    """An IBAN in groups of four (ISO 13616, print format)."""
    iban = iban or ""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
