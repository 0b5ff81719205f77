"""Ten page layouts; each supplier keeps to one of them.

Invariant: every layout shows seller, buyer, facts, lines, totals and payment as plain text, each
in its own place and type. They differ as real suppliers do, so that no reader fits them all by
one position.
"""

from collections.abc import Callable

from well.sandbox.world.pages import blocks
from well.sandbox.world.pages.canvas import Sheet
from well.sandbox.world.pages.wording import Words
from well.sandbox.world.paper import Paper

Layout = Callable[[Paper, Words], Sheet]


def _foot(sheet: Sheet, paper: Paper, words: Words, y: float = 800, x: float = 50) -> None:
    sheet.text(x, y, blocks.legal_line(paper, words), 7, ink=0.3)


def classic(paper: Paper, words: Words) -> Sheet:
    """Seller top left, facts top right with labels left of values, totals bottom right."""
    sheet = Sheet()
    sheet.text(50, 60, paper.seller.name, 14, True)
    sheet.column(50, 76, [*blocks.seller_lines(paper)[1:], blocks.contact_line(paper)])
    sheet.text(545, 60, blocks.title(paper, words), 18, True, "r")
    y = 90.0
    for label, value in blocks.facts(paper, words):
        sheet.text(350, y, label)
        sheet.text(545, y, value, align="r")
        y += 14
    sheet.text(50, 170, words.label("customer"), 9, True)
    sheet.column(50, 184, blocks.buyer_lines())
    y = blocks.table(sheet, paper, words, 260, (50, 340, 440, 545))
    y = blocks.pairs_right(sheet, blocks.totals(paper, words), 350, 545, y + 10)
    sheet.column(50, y + 30, [blocks.payment_line(paper, words), *blocks.notes(paper, words)])
    _foot(sheet, paper, words)
    return sheet


def boxed(paper: Paper, words: Words) -> Sheet:
    """A row of boxes with the labels above the values; totals boxed at the bottom."""
    sheet = Sheet()
    sheet.text(298, 56, paper.seller.name.upper(), 13, True, "c")
    sheet.text(298, 70, ", ".join(blocks.seller_lines(paper)[1:]), 8, align="c")
    sheet.text(40, 110, blocks.title(paper, words), 15, True)
    facts = blocks.facts(paper, words)
    width = 515 / len(facts)
    for index, (label, value) in enumerate(facts):
        x = 40 + index * width
        sheet.box(x, 124, width, 34)
        sheet.text(x + 5, 136, label, 7, ink=0.25)
        sheet.text(x + 5, 151, value, 9, True)
    sheet.column(340, 190, [words.label("customer"), *blocks.buyer_lines()])
    y = blocks.table(sheet, paper, words, 280, (45, 330, 430, 550))
    totals = blocks.totals(paper, words)
    sheet.box(330, 640, 225, 16 * len(totals) + 10)
    blocks.pairs_right(sheet, totals, 338, 547, 656, 10, 16)
    sheet.column(45, max(y, 660), [blocks.payment_line(paper, words), *blocks.notes(paper, words)])
    _foot(sheet, paper, words)
    return sheet


def total_on_top(paper: Paper, words: Words) -> Sheet:
    """What is to be paid stands large at the top, the account of it below."""
    sheet = Sheet()
    sheet.column(50, 50, blocks.seller_lines(paper), 10)
    sheet.box(330, 40, 225, 62, 0.9)
    label, value = blocks.totals(paper, words)[-1]
    sheet.text(340, 60, label, 10)
    sheet.text(545, 88, value, 18, True, "r")
    y = 130.0
    for name, text in blocks.facts(paper, words):
        sheet.text(50, y, f"{name} : {text}" if words.lang == "fr" else f"{name}: {text}", 10)
        y += 15
    sheet.column(330, 130, [words.label("customer"), *blocks.buyer_lines()], 10, 14)
    y = blocks.table(sheet, paper, words, max(y, 220) + 20, (50, 320, 430, 545))
    y = blocks.pairs_right(sheet, blocks.totals(paper, words)[:-1], 330, 545, y + 6)
    sheet.column(50, y + 24, [blocks.payment_line(paper, words), *blocks.notes(paper, words)])
    _foot(sheet, paper, words)
    return sheet


def modern(paper: Paper, words: Words) -> Sheet:
    """Much white, labels above values in a left column, totals right under the lines."""
    sheet = Sheet()
    sheet.text(40, 80, blocks.title(paper, words), 28)
    y = 120.0
    for label, value in blocks.facts(paper, words):
        sheet.text(40, y, label, 7.5, ink=0.45)
        sheet.text(40, y + 12, value, 10)
        y += 32
    sheet.column(220, 132, [*blocks.seller_lines(paper), *blocks.contact_line(paper).split("  ")])
    sheet.column(400, 120, [words.label("customer"), *blocks.buyer_lines()])
    y = blocks.table(sheet, paper, words, max(y, 300), (40, 350, 450, 555), 9.5)
    for label, value in blocks.totals(paper, words):
        sheet.text(450, y + 8, label, 9.5, align="r", ink=0.35)
        sheet.text(555, y + 8, value, 9.5, True, "r")
        y += 20
    sheet.column(40, y + 40, [blocks.payment_line(paper, words), *blocks.notes(paper, words)], 8.5)
    _foot(sheet, paper, words, x=40)
    return sheet


def two_columns(paper: Paper, words: Words) -> Sheet:
    """Seller and buyer side by side, facts in a grey band, totals in a grey box."""
    sheet = Sheet()
    sheet.box(40, 40, 515, 24, 0.2)
    sheet.text(48, 57, f"{blocks.title(paper, words)}", 13, True, ink=1)
    sheet.column(48, 90, [*blocks.seller_lines(paper), blocks.contact_line(paper)], 9, 13)
    sheet.column(310, 90, [words.label("customer"), *blocks.buyer_lines()], 9, 13)
    sheet.box(40, 170, 515, 44, 0.92)
    for index, (label, value) in enumerate(blocks.facts(paper, words)):
        x, row = 48 + index % 2 * 262, 182 + index // 2 * 14
        sheet.text(x, row, label, 8.5, True)
        sheet.text(x + 110, row, value, 8.5)
    y = blocks.table(sheet, paper, words, 250, (48, 330, 430, 548))
    totals = blocks.totals(paper, words)
    sheet.box(320, y, 235, 15 * len(totals) + 8, 0.92)
    y = blocks.pairs_right(sheet, totals, 328, 548, y + 14, 9.5, 15)
    sheet.column(48, y + 20, [blocks.payment_line(paper, words), *blocks.notes(paper, words)])
    _foot(sheet, paper, words)
    return sheet


def letter(paper: Paper, words: Words) -> Sheet:
    """A letter in a serif type: the facts in one line, amounts in a short account."""
    sheet = Sheet(font="serif")
    sheet.column(70, 70, [*blocks.seller_lines(paper), blocks.contact_line(paper)], 10.5, 14)
    sheet.column(350, 140, blocks.buyer_lines(), 10.5, 14)
    sheet.text(350, 220, f"{paper.seller.city.split(',')[0]}, {words.day(paper.issued)}", 10.5)
    number = blocks.number_fact(paper, words)
    head = " ".join(number[0]) if number else blocks.title(paper, words)
    sheet.text(70, 262, head, 12, True)
    sheet.text(70, 290, words.label("dear"), 10.5)
    sheet.text(70, 310, words.label("letter"), 10.5)
    y = 340.0
    for line in paper.lines:
        sheet.text(90, y, line.text, 10.5)
        sheet.text(500, y, words.amount(line.net), 10.5, align="r")
        y += 16
    sheet.rule(380, y - 4, 120)
    y = blocks.pairs_right(sheet, blocks.totals(paper, words), 250, 500, y + 12, 10.5, 16)
    facts = [pair for pair in blocks.facts(paper, words) if pair not in number]
    tail = [
        f"{label} : {value}" if words.lang == "fr" else f"{label}: {value}"
        for label, value in facts
    ]
    tail += [blocks.payment_line(paper, words), *blocks.notes(paper, words)]
    sheet.column(70, y + 20, tail, 10.5, 15)
    _foot(sheet, paper, words, x=70)
    return sheet


def receipt(paper: Paper, words: Words) -> Sheet:
    """A till roll: narrow, fixed pitch, label and value at the two edges."""
    rows = len(paper.lines) * 2 + len(paper.groups)
    sheet = Sheet((227, 330 + rows * 12), "mono")
    y = 24.0
    for text in (paper.seller.name[:32], *blocks.seller_lines(paper)[1:], paper.seller.phone):
        sheet.text(113, y, text, 8, align="c")
        y += 11
    sheet.text(113, y + 8, blocks.title(paper, words), 11, True, "c")
    y += 26
    for label, value in blocks.facts(paper, words):
        sheet.text(10, y, label[:27], 7)
        sheet.text(217, y, value, 7, align="r")
        y += 11
    sheet.rule(10, y - 4, 207)
    for line in paper.lines:
        sheet.text(10, y + 8, f"{line.quantity} x {line.text}"[:34], 7)
        sheet.text(217, y + 18, words.bare(line.net), 7, align="r")
        y += 22
    sheet.rule(10, y + 4, 207)
    y = blocks.pairs_right(sheet, blocks.totals(paper, words), 10, 217, y + 18, 8, 12)
    sheet.text(10, y + 10, ledger_name(), 7)
    sheet.column(
        10,
        y + 22,
        [
            blocks.payment_line(paper, words)[:50],
            f"{words.label('vat')}: {paper.seller.vat or '-'}",
        ],
        6.5,
        10,
    )
    return sheet


def ledger_name() -> str:
    """The buyer's name alone."""
    return blocks.buyer_lines()[0]


def dense(paper: Paper, words: Words) -> Sheet:
    """A telecom bill: small type, a summary box on top, a long table of usage below."""
    sheet = Sheet()
    sheet.text(36, 44, paper.seller.name, 12, True)
    sheet.text(36, 55, " - ".join(blocks.seller_lines(paper)[1:]), 6.5, ink=0.3)
    sheet.column(350, 44, [*blocks.buyer_lines(), blocks.buyer_vat(words)], 7.5, 9.5)
    sheet.box(36, 100, 250, 92)
    y = 114.0
    for label, value in blocks.facts(paper, words):
        sheet.text(42, y, label, 7.5)
        sheet.text(280, y, value, 7.5, True, "r")
        y += 12
    totals = blocks.totals(paper, words)
    sheet.box(306, 100, 253, 92, 0.94)
    blocks.pairs_right(sheet, totals, 312, 553, 116, 8.5, 14)
    sheet.text(36, 214, f"{blocks.title(paper, words)} - {words.label('page')}", 8, True)
    y = blocks.table(sheet, paper, words, 232, (36, 330, 440, 559), 7)
    for index in range(18):
        # Usage that adds nothing to the bill: small figures a reader must not take for totals.
        day = paper.issued.replace(day=1 + index)
        sheet.text(
            36, y, f"{words.day(day)}  {3 + index * 7 % 11}:{10 + index * 13 % 50}", 6, ink=0.3
        )
        sheet.text(330, y, f"00:{index * 3 % 60:02d}:{index * 17 % 60:02d}", 6, align="r", ink=0.3)
        sheet.text(559, y, words.bare(0), 6, align="r", ink=0.3)
        y += 8.5
    sheet.column(
        36, y + 14, [blocks.payment_line(paper, words), *blocks.notes(paper, words)], 7, 10
    )
    _foot(sheet, paper, words, x=36)
    return sheet


def statement(paper: Paper, words: Words) -> Sheet:
    """A software vendor's page: key and value rows, one large sentence, seller at the foot."""
    sheet = Sheet()
    sheet.text(60, 70, blocks.title(paper, words), 20, True)
    y = 100.0
    for label, value in blocks.facts(paper, words):
        sheet.text(60, y, label, 9, True)
        sheet.text(180, y, value)
        y += 14
    sheet.column(60, y + 20, blocks.seller_lines(paper), 9, 13)
    sheet.column(320, y + 20, [words.label("customer"), *blocks.buyer_lines()], 9, 13)
    label, value = blocks.totals(paper, words)[-1]
    sheet.text(60, y + 120, f"{label} {value}", 15, True)
    y = blocks.table(sheet, paper, words, y + 156, (60, 350, 445, 540))
    blocks.pairs_right(sheet, blocks.totals(paper, words), 350, 540, y + 6)
    sheet.column(60, 720, [blocks.payment_line(paper, words), *blocks.notes(paper, words)], 8)
    _foot(sheet, paper, words, x=60)
    return sheet


def ruled(paper: Paper, words: Words) -> Sheet:
    """Labels right aligned against their values; totals at the left below a ruled table."""
    sheet = Sheet(font="serif")
    sheet.text(545, 60, paper.seller.name, 15, True, "r")
    sheet.column(545, 76, blocks.seller_lines(paper)[1:], 9.5, 12, "r")
    sheet.column(50, 120, [words.label("customer"), *blocks.buyer_lines()], 10, 13)
    sheet.text(50, 215, blocks.title(paper, words), 16, True)
    y = 130.0
    for label, value in blocks.facts(paper, words):
        sheet.text(430, y, label, 9.5, True, "r")
        sheet.text(440, y, value, 9.5)
        y += 15
    y = blocks.table(sheet, paper, words, 245, (50, 340, 440, 545), 9.5)
    for label, value in blocks.totals(paper, words):
        sheet.text(170, y + 10, label, 10, True, "r")
        sheet.text(180, y + 10, value, 10)
        y += 17
    sheet.column(
        50, y + 40, [blocks.payment_line(paper, words), *blocks.notes(paper, words)], 9.5, 13
    )
    _foot(sheet, paper, words)
    return sheet


LAYOUTS: tuple[Layout, ...] = (
    classic,
    boxed,
    total_on_top,
    modern,
    two_columns,
    letter,
    receipt,
    dense,
    statement,
    ruled,
)


def lay_out(paper: Paper) -> Sheet:
    """The page in its supplier's layout."""
    return LAYOUTS[paper.seller.layout](paper, blocks.words_of(paper))


def delivery_note(paper: Paper) -> Sheet:
    """A delivery note of the same goods: quantities and no amounts."""
    words = blocks.words_of(paper)
    sheet = Sheet()
    sheet.column(50, 60, blocks.seller_lines(paper), 10)
    sheet.text(50, 130, words.label("delivery"), 18, True)
    sheet.text(50, 150, f"BL {paper.customer}-{paper.issued:%m%d}  {words.day(paper.issued)}")
    sheet.column(340, 130, blocks.buyer_lines(), 10)
    for index, line in enumerate(paper.lines):
        sheet.text(50, 240 + index * 18, line.text, 10)
        sheet.text(540, 240 + index * 18, str(line.quantity), 10, align="r")
    return sheet
