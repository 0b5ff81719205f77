"""What one made-up invoice says, before it is laid out: parties, numbers, dates, lines, totals.

Invariant: amounts are whole cents and add up; the truth holds what the page will show.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.layouts.parties import Party, party

_RATES = {
    "FR": (2000, 1000, 550),
    "BE": (2100, 600),
    "DE": (1900, 700),
    "AT": (2000, 1000),
    "GB": (2000, 500),
    "US": (825, 600),
    "IE": (2300, 1350),
    "ES": (2100, 1000),
    "IT": (2200, 1000),
    "NL": (2100, 900),
}  # hundredths of a percent
_CURRENCIES = {"GB": "GBP", "US": "USD"}
_GOODS = {
    "fr": (
        "Installation du réseau",
        "Papier A4 80 g",
        "Forfait maintenance",
        "Heures de conseil",
        "Câble 3 m noir",
        "Peinture murale, deux couches, garage et cave",
    ),
    "de": (
        "Wartung Heizung",
        "Druckerpapier A4",
        "Beratung vor Ort",
        "Schrauben M8 x 40",
        "Lizenz Jahresabo",
        "Montage der Regale im Lager, inklusive Anfahrt",
    ),
    "en": (
        "Website maintenance",
        "Copy paper A4",
        "On-site consulting",
        "Steel bolts M8",
        "Annual licence",
        "Catering for the spring meeting, including service",
    ),
    "es": (
        "Mantenimiento anual",
        "Papel A4 80 g",
        "Horas de consultoría",
        "Tornillos M8",
        "Licencia anual",
        "Instalación eléctrica del almacén y la oficina",
    ),
    "it": (
        "Manutenzione impianto",
        "Carta A4 80 g",
        "Consulenza tecnica",
        "Viti M8",
        "Licenza annuale",
        "Fornitura e posa di piastrelle per il bagno",
    ),
    "nl": (
        "Onderhoud installatie",
        "Printpapier A4",
        "Advies op locatie",
        "Bouten M8",
        "Jaarlicentie",
        "Levering en montage van kasten in het kantoor",
    ),
}
_NUMBERS = (
    "F{y}-{n:04}",
    "{n:05}{n:02}",
    "{y}/{n:04}",
    "RE-{y}-{n:05}",
    "INV-{n:05}",
    "{s}-{n:03}",
    "VK/{y}/{n:05}",
    "{y}{n:05}",
    "A{n:06}",
    "{n:04}",
    "FA{s}{n:04}",
    "{n:03}/{s}",
    "SI-{n:07}",
)
CASES = (
    "plain",
    "plain",
    "plain",
    "rates",
    "rates",
    "discount",
    "deposit",
    "reverse",
    "credit",
    "foreign",
    "unsigned",
    "terms",
    "ibans",
    "undue",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `quantity` in hundredths, amounts in cents, `rate` in hundredths of a percent."""

    text: str
    quantity: int
    price: int
    rate: int

    @property
    def net(self) -> int:
        """Net amount in cents."""
        return (self.quantity * self.price + 50) // 100


@dataclass(frozen=True, slots=True)
class Facts:
    """One invoice. `taxes` are (rate, base, tax); `discount` and `deposit` in cents."""

    language: str
    case: str
    seller: Party
    buyer: Party
    number: str
    issued: date
    due: date
    days: int
    currency: str
    lines: tuple[Line, ...]
    discount: int
    deposit: int
    taxes: tuple[tuple[int, int, int], ...]
    decoys: tuple[str, str, str, str]

    @property
    def line_sum(self) -> int:
        """Sum of the lines in cents."""
        return sum(line.net for line in self.lines)

    @property
    def net(self) -> int:
        """Total without tax in cents."""
        return self.line_sum - self.discount

    @property
    def tax(self) -> int:
        """Tax total in cents."""
        return sum(tax for _, _, tax in self.taxes)

    @property
    def gross(self) -> int:
        """Total with tax in cents."""
        return self.net + self.tax


def facts(
    rng: Random, language: str, case: str, seller: Party | None = None, many: bool = False
) -> Facts:
    """One invoice; `many` lines fill more than a page."""
    seller = seller or party(rng, language)
    buyer = seller
    while buyer.name == seller.name:
        buyer = party(rng, language)
    numbering = Random(seller.name + seller.iban).choice(_NUMBERS)
    issued = date(2026, 1, 1) + timedelta(days=rng.randrange(330))
    days = rng.choice((7, 10, 14, 15, 21, 30, 30, 45, 60))
    rates = _RATES[seller.country]
    used = (0,) if case == "reverse" else rates[:2] if case == "rates" else rates[:1]
    count = rng.randint(34, 48) if many else rng.randint(1, 6)
    lines = tuple(_line(rng, language, used[at % len(used)]) for at in range(count))
    total = sum(line.net for line in lines)
    discount = total // 10 if case == "discount" else 0
    taxes = _taxes(lines, discount)
    gross = total - discount + sum(tax for _, _, tax in taxes)
    foreign = "USD" if seller.country != "US" else "EUR"
    home = _CURRENCIES.get(seller.country, "EUR")
    decoys = (
        str(rng.randint(10000, 99999)),
        f"PO-{rng.randint(1000, 99999)}",
        f"{rng.randint(26000000, 26999999)}",
        str(rng.randint(100, 9999)),
    )
    return Facts(
        language,
        case,
        seller,
        buyer,
        _number(rng, numbering, issued),
        issued,
        issued + timedelta(days=days),
        days,
        foreign if case == "foreign" else home,
        lines,
        discount,
        gross // 3 if case == "deposit" else 0,
        taxes,
        decoys,
    )


def _line(rng: Random, language: str, rate: int) -> Line:
    quantity = rng.choice((100, 100, 200, 300, 500, 1000, 150, 2500))
    return Line(rng.choice(_GOODS[language]), quantity, rng.randint(199, 89900), rate)


def _taxes(lines: tuple[Line, ...], discount: int) -> tuple[tuple[int, int, int], ...]:
    found = []
    for rate in sorted({line.rate for line in lines}, reverse=True):
        base = sum(line.net for line in lines if line.rate == rate) - discount
        found.append((rate, base, (base * rate + 5000) // 10000))
    return tuple(found)


def _number(rng: Random, pattern: str, issued: date) -> str:
    return pattern.format(y=issued.year, s=issued.year % 100, n=rng.randint(11, 9899))
