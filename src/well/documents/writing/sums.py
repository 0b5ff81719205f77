"""The arithmetic of a bill: what follows from its lines, and what contradicts them.

Invariant: a figure that the bill states is never replaced; only figures it leaves out are worked
out, by the rules of EN 16931 (BR-CO-10 to BR-CO-17). It makes no text for the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from well.documents.writing.bill import Adjustment, Bill, BillLine, TaxGroup, Totals

CENT = Decimal("0.01")
ZERO = Decimal(0)
UNTAXED = ("E", "AE", "K", "G", "Z")
"""VAT categories whose rate is zero by definition (UNTDID 5305)."""
EXPLAINED = ("E", "AE", "K", "G", "O")
"""Categories that owe the reader a reason why no VAT is charged (BR-E-10 and its like)."""
_Key = tuple[str | None, Decimal | None]


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to two decimals, as EN 16931 (BR-DEC) asks of every total."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def complete(bill: Bill) -> Bill:
    """`bill` with the amounts that follow from others filled in."""
    lines = tuple(_line(line) for line in bill.lines)
    adjustments = tuple(_taxed(x, lines) for x in bill.adjustments)
    bill = replace(bill, lines=lines, adjustments=adjustments)
    if not lines or any(line.net_amount is None for line in lines):
        return bill
    taxes = bill.taxes or breakdown(bill)
    bill = replace(bill, taxes=tuple(_reasoned(bill, tax) for tax in taxes))
    return replace(bill, totals=_totals(bill))


def breakdown(bill: Bill) -> tuple[TaxGroup, ...]:
    """VAT by category and rate (BG-23), from the lines and the document's adjustments."""
    bases: dict[_Key, Decimal] = {}
    parts: list[tuple[_Key, Decimal]] = [
        ((line.tax_category, line.tax_rate), line.net_amount or ZERO) for line in bill.lines
    ]
    parts += [((one.tax_category, one.tax_rate), one.signed) for one in bill.adjustments]
    for key, amount in parts:
        bases[key] = bases.get(key, ZERO) + amount
    groups = [
        TaxGroup(category, rate, cents(base), cents(base * (rate or ZERO) / 100))
        for (category, rate), base in sorted(bases.items(), key=_order)
    ]
    return tuple(_rounded_by_line(bill, groups))


def contradictions(bill: Bill) -> Iterator[str]:
    """A sentence for each stated figure that the others contradict; `bill` is complete."""
    for at, line in enumerate(bill.lines):
        yield from _line_contradiction(f"lines[{at}]", line)
    totals, sums = bill.totals, _totals(replace(bill, totals=_given(bill.totals)))
    for name, stated, found, why in (
        ("line_total", totals.lines, sums.lines, "the lines add up to"),
        ("allowance_total", totals.allowances, sums.allowances, "the discounts add up to"),
        ("charge_total", totals.charges, sums.charges, "the charges add up to"),
        ("net_total", totals.net, sums.net, "lines, discounts and charges give"),
        ("tax_total", totals.tax, sums.tax, "the VAT of the rates adds up to"),
        ("gross_total", totals.gross, sums.gross, "net and VAT give"),
        ("due_payable", totals.payable, sums.payable, "total, prepaid and rounding give"),
    ):
        if bill.lines and stated is not None and found is not None and stated != found:
            yield f"{name}: {stated} is stated, but {why} {found}"
    yield from _tax_contradictions(bill)


def _order(item: tuple[_Key, Decimal]) -> tuple[str, Decimal]:
    (category, rate), _ = item
    return category or "", -(rate or ZERO)


def _rounded_by_line(bill: Bill, groups: list[TaxGroup]) -> list[TaxGroup]:
    """VAT rounded line by line differs by a cent a line: a stated total within that is kept."""
    stated = bill.totals.tax
    if stated is None or len(groups) != 1:
        return groups
    slack = min(CENT * len(bill.lines) / 2, Decimal("0.99"))
    near = abs(stated - groups[0].tax_amount) <= slack and groups[0].tax_rate
    return [replace(groups[0], tax_amount=stated)] if near else groups


def _line(line: BillLine) -> BillLine:
    category, rate = _tax(line.tax_category, line.tax_rate)
    net = line.net_amount
    if net is None and (worth := _worth(line)) is not None:
        net = cents(worth)
    return replace(line, net_amount=net, tax_category=category, tax_rate=rate)


def _worth(line: BillLine) -> Decimal | None:
    """Quantity times price with discounts and charges, unrounded."""
    if line.quantity is None or line.unit_price is None:
        return None
    of_units = line.quantity * line.unit_price / (line.price_quantity or Decimal(1))
    return of_units + _sum(x.signed for x in line.adjustments)


def _taxed(one: Adjustment, lines: tuple[BillLine, ...]) -> Adjustment:
    """Where all lines have one rate, a discount on the whole bill can have no other."""
    stated = {(line.tax_category, line.tax_rate) for line in lines}
    if (one.tax_category, one.tax_rate) == (None, None) and len(stated) == 1:
        ((category, rate),) = stated
    else:
        category, rate = _tax(one.tax_category, one.tax_rate)
    return replace(one, tax_category=category, tax_rate=rate)


def _tax(category: str | None, rate: Decimal | None) -> tuple[str | None, Decimal | None]:
    """A positive rate is standard rated (S), and exempt categories have the rate zero."""
    if category is None and rate is not None and rate > 0:
        return "S", rate
    if category in UNTAXED and rate is None:
        return category, ZERO
    return category, rate


_REASONS = {
    "AE": ("VATEX-EU-AE", "Reverse charge", "Autoliquidation"),
    "K": ("VATEX-EU-IC", "Intra-Community supply", "Livraison intracommunautaire"),
    "G": ("VATEX-EU-G", "Export outside the EU", "Exportation hors de l’Union européenne"),
    "O": ("VATEX-EU-O", "Not subject to VAT", "Non soumis à la TVA"),
}
"""Category: VATEX code, English, French. E (exempt) needs a reason of its own."""


def _reasoned(bill: Bill, tax: TaxGroup) -> TaxGroup:
    """The reason why no VAT is due: the stated one, else the one that its category means."""
    if tax.tax_category not in EXPLAINED or tax.exemption_reason or tax.exemption_code:
        return tax
    code, english, french = _REASONS.get(tax.tax_category, (None, None, None))
    mine = bill.exemption_reason or bill.exemption_code
    if mine:
        return replace(
            tax, exemption_reason=bill.exemption_reason, exemption_code=bill.exemption_code or code
        )
    words = french if bill.language == "fr" else english
    return replace(tax, exemption_reason=words, exemption_code=code)


def _given(totals: Totals) -> Totals:
    """Only what can be known from nowhere else."""
    return Totals(
        tax_accounting=totals.tax_accounting, prepaid=totals.prepaid, rounding=totals.rounding
    )


def _totals(bill: Bill) -> Totals:
    """Stated totals, and the others worked out."""
    stated = bill.totals
    lines = cents(_sum(line.net_amount or ZERO for line in bill.lines))
    allowances = cents(_sum(x.amount for x in bill.adjustments if not x.charge))
    charges = cents(_sum(x.amount for x in bill.adjustments if x.charge))
    net = lines - allowances + charges
    tax = _sum(x.tax_amount for x in bill.taxes)
    gross = net + tax
    payable = gross - (stated.prepaid or ZERO) + (stated.rounding or ZERO)
    return replace(
        stated,
        lines=_or(stated.lines, lines),
        allowances=_or(stated.allowances, allowances),
        charges=_or(stated.charges, charges),
        net=_or(stated.net, net),
        tax=_or(stated.tax, tax),
        gross=_or(stated.gross, gross),
        payable=_or(stated.payable, payable),
    )


def _line_contradiction(where: str, line: BillLine) -> Iterator[str]:
    worth = _worth(line)
    if worth is None or line.net_amount is None or line.unit_price is None:
        return
    # A price printed with two decimals hides up to half a cent for each unit.
    step = Decimal(1).scaleb(int(line.unit_price.as_tuple().exponent)) / 2
    slack = CENT + abs(line.quantity or ZERO) * min(step, CENT / 2)
    if abs(worth - line.net_amount) > slack:
        yield (
            f"{where}.net_amount: {line.net_amount} is stated, "
            f"but quantity and price give {cents(worth)}"
        )


def _tax_contradictions(bill: Bill) -> Iterator[str]:
    """Stated rows of the breakdown against the lines (BR-S-08, BR-CO-17 and their like)."""
    if not bill.lines or any(line.net_amount is None for line in bill.lines):
        return
    mine = {(x.tax_category, x.tax_rate): x for x in breakdown(replace(bill, taxes=()))}
    for at, tax in enumerate(bill.taxes):
        found = mine.get((tax.tax_category, tax.tax_rate))
        base = found.base_amount if found else ZERO
        if tax.base_amount != base:
            yield f"taxes[{at}].base_amount: {tax.base_amount} is stated, but the lines give {base}"
        due = cents(tax.base_amount * (tax.tax_rate or ZERO) / 100)
        if abs(due - tax.tax_amount) >= 1:
            yield f"taxes[{at}].tax_amount: {tax.tax_amount} is stated, but the rate gives {due}"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _or(stated: Decimal | None, found: Decimal) -> Decimal:
    return found if stated is None else stated
