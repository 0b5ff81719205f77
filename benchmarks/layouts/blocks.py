"""The blocks of a page: parties, numbers and dates, totals, foot. Each writes in its style.

Invariant: every style shows the same facts; where a block does not show one, the page's truth
does not hold it (see `make`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from benchmarks.layouts.facts import Facts
from benchmarks.layouts.formats import Format
from benchmarks.layouts.parties import Party
from benchmarks.layouts.sheet import Sheet


@dataclass(slots=True)
class Pen:
    """What every block needs: where to write, what, and in which words and forms.

    `words` are one language's wordings, `english` those for a second language in the labels.
    """

    sheet: Sheet
    facts: Facts
    form: Format
    words: dict[str, list[str]]
    rng: Random
    quirks: tuple[str, ...]
    english: dict[str, list[str]]
    salt: str = ""
    chosen: dict[str, str] = field(default_factory=dict)

    def word(self, key: str) -> str:
        """This supplier's wording of a label, the same each time it is asked."""
        if key not in self.chosen:
            rng = Random(f"{self.salt} {key}")
            text = rng.choice(self.words[key])
            if "bilingual" in self.quirks and self.facts.language != "en":
                text = f"{text} / {rng.choice(self.english[key])}"
            self.chosen[key] = capitals(text) if "caps" in self.quirks else text
        return self.chosen[key]

    def pairs(self) -> list[tuple[str, str]]:
        """Labels and values of the document, its decoys among them."""
        facts, form = self.facts, self.form
        found = [(self.word("number"), facts.number), (self.word("date"), form.date(facts.issued))]
        if facts.case == "terms":
            found.append(("", self.word("terms").format(days=facts.days)))
        elif facts.case != "undue":
            found.append((self.word("due"), form.date(facts.due)))
        decoys = [
            (self.word("customer"), facts.decoys[0]),
            (self.word("order"), facts.decoys[1]),
            (self.word("delivery"), facts.decoys[2]),
            (self.word("delivered"), form.date(facts.issued - timedelta(days=3))),
        ]
        for decoy in self.rng.sample(decoys, self.rng.choice((0, 1, 2, 2, 3))):
            found.insert(self.rng.randint(0, len(found)), decoy)
        return found

    @property
    def title(self) -> str:
        """The heading: invoice or credit note."""
        return self.word("credit" if self.facts.case == "credit" else "title")


def capitals(text: str) -> str:
    """The text in capitals, the names in its braces as they were."""
    return re.sub(r"\{\w+\}", lambda found: found[0].lower(), text.upper())


def meta(pen: Pen, style: str, y: float) -> float:
    """Number, dates and references; returns where the block ends."""
    pairs, sheet = pen.pairs(), pen.sheet
    if style == "sentence":
        return _sentence(pen, pairs, y)
    sheet.put(50 if style not in ("right", "right_labels") else 340, y, pen.title, 15, bold=True)
    y += 20
    if style == "strip":
        texts = [f"{label}: {value}" if label else value for label, value in pairs]
        for at in range(0, len(texts), 3):
            sheet.put(50, y, " | ".join(texts[at : at + 3]), 8)
            y += 12
        return y
    return _STYLES[style](pen, pairs, y)


def _sentence(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    facts = pen.facts
    text = pen.word("sentence").format(number=facts.number, date=pen.form.date(facts.issued))
    if facts.case == "credit":
        text = text.replace(text.split()[0], pen.title, 1)
    pen.sheet.put(50, y, text, 13, bold=True)
    kept = [pair for pair in pairs if pair[0] not in (pen.word("number"), pen.word("date"))]
    texts = [f"{label}: {value}" if label else value for label, value in kept]
    return pen.sheet.lines(50, y + 18, texts)


def _pairs(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    colon = pen.rng.choice((": ", " : ", " "))
    texts = [f"{label}{colon}{value}" if label else value for label, value in pairs]
    return pen.sheet.lines(50, y, texts)


def _gap(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    for label, value in pairs:
        pen.sheet.put(50, y, label)
        pen.sheet.put(190, y, value, bold=True)
        y += 13
    return y


def _right(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    for label, value in pairs:
        pen.sheet.put(340, y, label)
        pen.sheet.put(545, y, value, to="right")
        y += 12
    return y


def _right_labels(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    for label, value in pairs:
        pen.sheet.put(440, y, label + ":" if label else "", to="right")
        pen.sheet.put(446, y, value)
        y += 12
    return y


def _stacked(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    for label, value in pairs:
        pen.sheet.put(50, y, label, 7)
        pen.sheet.put(50, y + 11, value, 10, bold=True)
        y += 26
    return y


def _row(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    wide = 500 / len(pairs)
    for at, (label, value) in enumerate(pairs):
        size = 9 if wide > 110 else 7
        pen.sheet.put(50 + at * wide, y, label, size if wide > 90 else 6, bold=True)
        pen.sheet.put(50 + at * wide, y + 14, value, size)
    return y + 30


def _grid(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    for at, (label, value) in enumerate(pairs):
        x, top = 55 + (at % 3) * 165, y + (at // 3) * 30
        pen.sheet.put(x + 70, top, label, 7, to="middle")
        pen.sheet.put(x + 70, top + 12, value, 10, to="middle")
    return y + 30 * ((len(pairs) + 2) // 3)


def _table(pen: Pen, pairs: list[tuple[str, str]], y: float) -> float:
    for at in range(0, len(pairs), 2):
        for x, (label, value) in zip((50, 310), pairs[at : at + 2], strict=False):
            pen.sheet.put(x, y, f"{label}:" if label else "")
            pen.sheet.put(x + 130, y, value)
        y += 14
    return y


_STYLES: dict[str, Callable[[Pen, list[tuple[str, str]], float], float]] = {
    "pairs": _pairs,
    "gap": _gap,
    "right": _right,
    "right_labels": _right_labels,
    "stacked": _stacked,
    "row": _row,
    "grid": _grid,
    "table": _table,
}


def seller(pen: Pen, style: str) -> None:
    """The seller at the head of the page; `foot` leaves only its picture there."""
    one, sheet = pen.facts.seller, pen.sheet
    contact = [f"{pen.word('phone')} 01 23 45 {pen.rng.randint(10, 99)} 67", f"info@{one.domain}"]
    texts = [one.street, one.town, *contact[: pen.rng.randint(0, 2)]]
    if style == "foot":
        sheet.picture(50, 40, one.name)
    elif style == "window":
        sheet.put(50, 110, f"{one.name} · {one.street} · {one.town}", 6.5)
        sheet.put(400, 50, one.name.rsplit(" ", 1)[0] if pen.rng.random() < 0.5 else one.name, 14)
    elif style == "center":
        sheet.put(297, 45, one.name, 14, bold=True, to="middle")
        sheet.put(297, 58, " - ".join(texts), 8, to="middle")
    else:
        x, y = (360, 50) if style == "right" else (50, 50)
        if style == "labelled":
            sheet.put(x, y, pen.word("seller"), 8, bold=True)
            y += 13
        sheet.put(x, y, one.name, 11, bold=style != "labelled")
        sheet.lines(x, y + 13, texts, 8.5, 11)


def buyer(pen: Pen, style: str) -> None:
    """The buyer below, with a label or, like the seller, without one."""
    one, sheet = pen.facts.buyer, pen.sheet
    x, y = (340.0, 130.0) if style == "right" else (50.0, 130.0)
    texts = [one.name, one.street, one.town]
    if one.vat_id and pen.rng.random() < 0.4:
        texts.append(f"{pen.word('vat_id')} {pen.form.vat_id(one.vat_id)}")
    if style == "table":
        sheet.put(x, y, f"{pen.word('buyer')}: {texts[0]}")
        sheet.lines(x, y + 12, texts[1:])
        return
    if style != "bare":
        sheet.put(x, y, pen.word("buyer"), 8, bold=True)
        y += 13
    sheet.lines(x, y, texts)


def totals(pen: Pen, style: str, y: float) -> float:
    """The totals below the lines; returns where they end."""
    if style in ("row", "vat_table"):
        return _across(pen, style, y)
    label_x, end_x = {"wide": (50, 545), "boxed": (400, 540)}.get(style, (330, 545))
    for label, cents in _total_rows(pen, style):
        at_right = style == "boxed"
        pen.sheet.put(
            label_x + (60 if at_right else 0), y, label, to="right" if at_right else "left"
        )
        pen.sheet.put(end_x, y, pen.form.money(cents), to="right", bold=label == pen.word("gross"))
        y += 14
    return y + 6


def _total_rows(pen: Pen, style: str) -> list[tuple[str, int]]:
    facts = pen.facts
    rows: list[tuple[str, int]] = []
    sign = -1 if facts.case == "credit" and pen.rng.random() < 0.3 else 1
    if facts.discount:
        rows += [(pen.word("discount").format(rate=10), -facts.discount)]
    rates = [
        (pen.word("tax").format(rate=pen.form.rate(rate)), tax) for rate, _, tax in facts.taxes
    ]
    gross = (pen.word("gross"), facts.gross)
    if facts.case == "reverse":
        rows += [(pen.word("net"), facts.net)] if style != "included" else []
        rows += [gross]
    elif style == "included":
        parts = [
            (pen.word("included").format(rate=pen.form.rate(rate)), tax)
            for rate, _, tax in facts.taxes
        ]
        rows += [gross, *parts]
    elif style == "short":
        rows += [(pen.word("net"), facts.net), (pen.word("tax_total"), facts.tax), gross]
    else:
        rows += [(pen.word("net"), facts.net), *rates, gross]
    if facts.deposit:
        rows += [(pen.word("deposit"), -facts.deposit)]
        rows += [(pen.word("payable"), facts.gross - facts.deposit)]
    return [(label, sign * cents) for label, cents in rows]


def _across(pen: Pen, style: str, y: float) -> float:
    facts, form, sheet = pen.facts, pen.form, pen.sheet
    if style == "row":
        heads = [(pen.word("net"), facts.net), (pen.word("tax_total"), facts.tax)]
        for at, (label, cents) in enumerate([*heads, (pen.word("gross"), facts.gross)]):
            sheet.put(150 + at * 197, y, label, 8, to="right")
            sheet.put(150 + at * 197, y + 13, form.money(cents), 10, to="right", bold=at == 2)
        y += 32
    else:
        for at, key in enumerate(("rate", "net", "tax_total")):
            label = pen.word(key) if key != "rate" else "%"
            sheet.put(120 + at * 90, y, label, 7, to="right")
        for number, (rate, base, tax) in enumerate(facts.taxes):
            top = y + 12 * (number + 1)
            sheet.put(120, top, f"{form.rate(rate)} %", 8, to="right")
            sheet.put(210, top, form.plain(base), 8, to="right")
            sheet.put(300, top, form.plain(tax), 8, to="right")
        sheet.put(330, y + 12, pen.word("gross"), 9, bold=True)
        sheet.put(545, y + 12, form.money(facts.gross), 10, bold=True, to="right")
        y += 30 + 12 * len(facts.taxes)
    if facts.deposit:
        sheet.put(330, y, f"{pen.word('payable')}: {form.money(facts.gross - facts.deposit)}")
        y += 14
    return y


def foot(pen: Pen, style: str) -> None:
    """Registry numbers, VAT id and account at the foot of the page."""
    one, sheet = pen.facts.seller, pen.sheet
    gap = pen.rng.choice((" ", ": "))
    tax_id = f"{pen.word('vat_id')}{gap}{pen.form.vat_id(one.vat_id)}" if one.vat_id else ""
    bank = _bank(pen, one)
    address = [one.name, one.street, one.town]
    registry = [f"www.{one.domain}", _registry(pen, one), tax_id]
    if style == "line":
        sheet.put(297, 800, " · ".join(filter(None, [*address, tax_id])), 6.5, to="middle")
        sheet.put(297, 810, " - ".join(bank), 6.5, to="middle")
    elif style in ("bank", "slip"):
        sheet.put(50, 700, pen.word("bank"), 9, bold=True)
        sheet.lines(50, 713, bank)
        if style == "slip":
            sheet.put(50, 760, "- " * 80, 7)
            sheet.put(50, 772, one.name, 8)
            sheet.put(300, 772, pen.form.money(pen.facts.gross - pen.facts.deposit), 9)
            sheet.put(50, 784, pen.facts.number, 8)
        sheet.put(50, 812, " - ".join(filter(None, [one.name, *registry[1:]])), 7)
    else:
        sheet.lines(50, 780, address, 7, 9)
        sheet.lines(220, 780, list(filter(None, registry)), 7, 9)
        sheet.lines(390, 780, bank, 7, 9)


def _bank(pen: Pen, one: Party) -> list[str]:
    if not one.iban:
        return ["Routing 123456789", f"Account {pen.facts.decoys[3]}5521"]
    found = [
        f"IBAN {pen.form.iban(one.iban)}",
        f"BIC {one.iban[4:8].replace('0', 'A')}{one.country}2X",
    ]
    if pen.facts.case == "ibans":
        found.append(f"IBAN {pen.form.iban(one.second_iban)}")
    return found


def _registry(pen: Pen, one: Party) -> str:
    number = f"{pen.rng.randint(100, 999)} {pen.rng.randint(100, 999)} {pen.rng.randint(100, 999)}"
    label = {"FR": "RCS Lyon", "DE": "HRB", "GB": "Company no.", "NL": "KvK", "IT": "REA MI"}
    return f"{label.get(one.country, 'Reg.')} {number}"
