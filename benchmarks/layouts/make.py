"""Made-up documents: a plan, a language and a seed to a PDF and its truth.

Invariant: the same arguments make the same bytes; the truth holds only what the page shows.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.layouts.blocks import Pen, buyer, foot, meta, seller, totals
from benchmarks.layouts.facts import CASES, Facts, facts
from benchmarks.layouts.formats import format_of
from benchmarks.layouts.parties import Party
from benchmarks.layouts.sheet import Sheet
from benchmarks.layouts.tables import table

LANGUAGES = ("fr", "de", "en", "es", "it", "nl")
_HERE = Path(__file__).parent
WORDINGS: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads(
    (_HERE / "wordings.toml").read_text("utf-8")
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One layout: the styles of its blocks (meta, seller, buyer, totals, foot, table)."""

    name: str
    parts: tuple[str, ...]
    quirks: tuple[str, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A document and what is true of it; `fields` is empty for one that is no invoice."""

    name: str
    content: bytes
    fields: dict[str, str]
    lines: tuple[dict[str, str], ...] = ()
    derived: frozenset[str] = frozenset()


def plans(held: bool) -> list[Plan]:
    """The layouts of one half."""
    rows = tomllib.loads((_HERE / "plans.toml").read_text("utf-8"))["plan"]
    found = [
        Plan(row["name"], tuple(row["parts"]), tuple(row.get("quirks", ())), row.get("held", False))
        for row in rows
    ]
    return [plan for plan in found if plan.held is held]


def invoices(held: bool, seed: int) -> list[Made]:
    """Every layout of a half in every language, once."""
    found = []
    for at, plan in enumerate(plans(held)):
        for language in LANGUAGES:
            rng = Random(f"{seed} {plan.name} {language}")
            case = CASES[(at * 5 + LANGUAGES.index(language) * 3 + seed) % len(CASES)]
            found.append(invoice(plan, language, case, rng))
    return found


def supplier(plan: Plan, language: str, seed: int, documents: int) -> list[Made]:
    """Several invoices of one supplier: its layout, words and forms stay, its facts change."""
    found = []
    first = facts(Random(f"{seed} {plan.name} {language}"), language, "plain").seller
    for number in range(documents):
        style = Random(f"{seed} {plan.name} {language} style")
        rng = Random(f"{seed} {plan.name} {language} {number}")
        case = ("plain", "rates", "plain", "deposit", "plain", "discount")[number % 6]
        found.append(invoice(plan, language, case, rng, first, style))
    return found


def invoice(
    plan: Plan, language: str, case: str, rng: Random,
    known: Party | None = None, style: Random | None = None,
) -> Made:  # fmt: skip
    """One document; `style` makes the choices of wording and form, `rng` the facts."""
    style = style or rng
    made = facts(rng, language, case, known, many="pages" in plan.quirks)
    pen = _pen(plan, made, style)
    _write(pen, plan)
    content = pen.sheet.draw(plan.quirks, style)
    lines = tuple(_line(line) for line in made.lines)
    derived = frozenset({"due_date"} if case == "terms" else ())
    return Made(f"{plan.name}-{language}-{case}", content, _truth(made, plan), lines, derived)


def _pen(plan: Plan, made: Facts, style: Random) -> Pen:
    half = "held" if plan.held else "seen"
    sheet = Sheet(
        0.62 if "tiny" in plan.quirks else 0.85 if "compact" in plan.quirks else 1.0,
        18.0 if "shifted" in plan.quirks else 0.0,
    )
    signed = made.case != "unsigned"
    form = format_of(style, made.language, made.seller.country, made.currency, signed)
    words = WORDINGS[made.language][half]
    english = WORDINGS["en"][half]
    return Pen(sheet, made, form, words, style, plan.quirks, english, str(style.random()))


def _write(pen: Pen, plan: Plan) -> None:
    kind, selling, buying, summing, footing, listing = plan.parts
    seller(pen, selling)
    buyer(pen, buying)
    end = meta(pen, kind, 215 if kind not in ("right", "right_labels") or buying == "right" else 95)
    if pen.facts.case == "unsigned":
        pen.sheet.put(50, max(end, 215) + 12, f"{pen.facts.currency}", 8)
        end += 12
    end = totals(pen, summing, table(pen, listing, max(end, 215) + 24))
    if pen.facts.case == "reverse":
        pen.sheet.put(50, end + 10, pen.word("reverse"), 8)
    foot(pen, footing)


def _truth(made: Facts, plan: Plan) -> dict[str, str]:
    amounts = {"net_total": made.net, "tax_total": made.tax, "gross_total": made.gross}
    if plan.parts[3] == "included":
        amounts.pop("net_total")
    if made.case == "reverse" and plan.parts[3] not in ("row", "short"):
        amounts.pop("tax_total")
    found = {
        "invoice_number": made.number,
        "issue_date": made.issued.isoformat(),
        "due_date": made.due.isoformat() if made.case != "undue" else "",
        "currency": made.currency,
        "seller_name": made.seller.name,
        "seller_vat_id": made.seller.vat_id,
        "iban": made.seller.iban,
        **{name: cents(amount) for name, amount in amounts.items()},
    }
    return {name: value for name, value in found.items() if value}


def cents(amount: int) -> str:
    """Cents as a plain decimal."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def _line(line: Any) -> dict[str, str]:
    return {"description": line.text, "quantity": cents(line.quantity), "net": cents(line.net)}
