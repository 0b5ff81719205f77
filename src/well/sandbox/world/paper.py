"""What stands on a supplier's page: the document in full, ready to be laid out.

Invariant: the lines' nets add up to the groups, the groups and their tax to the total; the same
document always gives the same paper. Knows no layout, language of labels or file format.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from well.sandbox.world.chance import stream
from well.sandbox.world.model import Document, Groups, Person, gross_of, money, net_of
from well.sandbox.world.trades import TRADES


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line: `quantity` times `unit` is `net`, in minor units; `rate` in 1/100 percent."""

    text: str
    quantity: int
    unit: int
    net: int
    rate: int


@dataclass(frozen=True, slots=True)
class Paper:
    """All facts of one page. `number` is None when the page does not show one."""

    seller: Person
    credit: bool
    number: str | None
    issued: date
    due: date
    currency: str
    lines: tuple[PaperLine, ...]
    groups: Groups
    iban: str | None
    customer: str
    order: str
    xml_shift: int

    @property
    def net(self) -> int:
        """Sum without tax, minor units."""
        return net_of(self.groups)

    @property
    def total(self) -> int:
        """Sum with tax, minor units."""
        return gross_of(self.groups)


def _split(net: int, parts: int, draws: list[float]) -> list[int]:
    """`net` in `parts` whole parts by the weights of `draws`; the last takes the rest."""
    weights = [0.3 + draw for draw in draws[:parts]]
    shares = [int(net * weight / sum(weights)) for weight in weights]
    shares[-1] += net - sum(shares)
    return shares


def paper_lines(groups: Groups, seed: int, trade: str, lang: str) -> tuple[PaperLine, ...]:
    """The lines of a document; more of them for telecom and energy."""
    chance = stream("lines", seed)
    texts = TRADES[trade].lines(lang)
    found: list[PaperLine] = []
    for place, (rate, net) in enumerate(groups):
        parts = chance.randrange(1, len(texts) + 1) if net > 2000 and len(groups) == 1 else 1
        draws = [chance.random() for _ in range(parts)]
        for index, share in enumerate(_split(net, parts, draws)):
            wish = chance.choice((1, 1, 1, 2, 3, 4, 5, 8, 10, 12))
            quantity = wish if share % wish == 0 else 1
            text = texts[(index + place) % len(texts)]
            found.append(PaperLine(text, quantity, share // quantity, share, rate))
    return tuple(found)


def paper_of(document: Document) -> Paper:
    """The page's facts of a document."""
    seller = document.seller
    return Paper(
        seller=seller,
        credit=document.credit,
        number=document.number if document.shows_number else None,
        issued=document.issued,
        due=document.due,
        currency=document.currency,
        lines=paper_lines(document.groups, document.seed, seller.trade, seller.lang),
        groups=document.groups,
        iban=document.iban,
        customer=f"C{10000 + abs(seller.index) * 37 % 89999}",
        order=document.order,
        xml_shift=document.xml_shift,
    )


def printed(document: Document) -> dict[str, Any]:
    """What a reader with good eyes finds on the page; amounts are positive major units."""
    paper, currency = paper_of(document), document.currency
    return {
        "number": paper.number,
        "supplier": paper.seller.name,
        "issue_date": paper.issued,
        "due_date": paper.due,
        "currency": currency,
        "gross": money(paper.total, currency),
        "net": money(paper.net, currency),
        "tax": money(paper.total - paper.net, currency),
        "iban": paper.iban,
        "vat_number": paper.seller.vat,
        "credit_note": paper.credit,
    }
