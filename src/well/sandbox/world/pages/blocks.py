"""Parts that several layouts share: who, to whom, facts, lines, totals and payment.

Invariant: the facts and totals listed here are all that a page says of them; layouts only choose
where each goes.
"""

from well.sandbox.world import ledger
from well.sandbox.world.model import tax_of
from well.sandbox.world.pages.canvas import Sheet
from well.sandbox.world.pages.wording import Words
from well.sandbox.world.paper import Paper

Pairs = list[tuple[str, str]]


def words_of(paper: Paper) -> Words:
    """How this page's supplier writes."""
    seller = paper.seller
    return Words(seller.lang, seller.wording, seller.country, paper.currency)


def title(paper: Paper, words: Words) -> str:
    """Invoice or credit note."""
    return words.label("credit" if paper.credit else "invoice")


def seller_lines(paper: Paper) -> list[str]:
    """Name and address of the supplier."""
    seller = paper.seller
    return [seller.name, seller.street, f"{seller.postcode} {seller.city}"]


def contact_line(paper: Paper) -> str:
    """Telephone and address in the web."""
    return f"{paper.seller.phone}  www.{paper.seller.domain}"


def buyer_lines() -> list[str]:
    """Name and address of the invented company."""
    street, postcode, city, country = ledger.ADDRESS
    return [ledger.NAME, street, f"{postcode} {city}", country]


def number_fact(paper: Paper, words: Words) -> Pairs:
    """The number with its label, or nothing."""
    label = words.label("credit_number" if paper.credit else "number")
    return [(label, paper.number)] if paper.number else []


def facts(paper: Paper, words: Words) -> Pairs:
    """Number, dates, order and customer account."""
    pairs = number_fact(paper, words)
    pairs.append((words.label("issued"), words.day(paper.issued)))
    if not paper.credit:
        pairs.append((words.label("due"), words.day(paper.due)))
    if paper.order:
        pairs.append((words.label("order"), paper.order))
    return [*pairs, (words.label("account"), paper.customer)]


def totals(paper: Paper, words: Words) -> Pairs:
    """Net, tax by rate, total; the total is the last."""
    pairs = [(words.label("net"), words.amount(paper.net))]
    for rate, net in paper.groups:
        label = f"{words.label('tax')} {words.percent(rate)}"
        pairs.append((label, words.amount(tax_of(rate, net))))
    return [*pairs, (words.label("total"), words.amount(paper.total))]


def legal_line(paper: Paper, words: Words) -> str:
    """Register number and VAT id in one line."""
    seller = paper.seller
    parts = [f"{seller.name}", f"{words.label('register')} {seller.register}"]
    if seller.vat:
        parts.append(f"{words.label('vat')} {seller.vat}")
    return " - ".join(parts)


def spaced(iban: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def payment_line(paper: Paper, words: Words) -> str:
    """Where to pay; American suppliers name an account instead of an IBAN."""
    if paper.iban is None:
        return f"ACH routing 121000358, account {paper.customer[1:]}77410"
    return (
        f"{words.label('iban')} : {spaced(paper.iban)}"
        if words.lang == "fr"
        else (f"{words.label('iban')}: {spaced(paper.iban)}")
    )


def notes(paper: Paper, words: Words) -> list[str]:
    """The reverse charge sentence where no tax is charged inside the Union, and thanks."""
    charged = any(rate for rate, _ in paper.groups)
    reverse = paper.seller.country in ledger.EU and not charged
    return ([words.label("reverse")] if reverse else []) + [words.label("thanks")]


def buyer_vat(words: Words) -> str:
    """The company's own VAT id as suppliers print it."""
    return f"{words.label('customer')} {words.label('vat')}: {ledger.VAT}"


def table(
    sheet: Sheet,
    paper: Paper,
    words: Words,
    y: float,
    edges: tuple[float, float, float, float],
    size: float = 9,
) -> float:
    """Text, quantity, unit price and amount in columns; returns the y below."""
    left, quantity, unit, right = edges
    heads = ((left, "text", "l"), (quantity, "quantity", "r"), (unit, "unit", "r"))
    for x, name, align in (*heads, (right, "amount", "r")):
        sheet.text(x, y, words.label(name), size, True, align)
    sheet.rule(left, y + 4, right - left)
    y += size * 1.8
    for line in paper.lines:
        sheet.text(left, y, line.text, size)
        sheet.text(quantity, y, str(line.quantity), size, align="r")
        sheet.text(unit, y, words.bare(line.unit), size, align="r")
        sheet.text(right, y, words.bare(line.net), size, align="r")
        y += size * 1.7
    sheet.rule(left, y - size * 0.7, right - left)
    return y + 6


def pairs_right(
    sheet: Sheet, pairs: Pairs, x: float, right: float, y: float, size: float = 9, step: float = 14
) -> float:
    """Label left at x, value right aligned; the last pair bold. Returns the y below."""
    for index, (label, value) in enumerate(pairs):
        bold = index == len(pairs) - 1
        sheet.text(x, y, label, size, bold)
        sheet.text(right, y, value, size, bold, "r")
        y += step
    return y
