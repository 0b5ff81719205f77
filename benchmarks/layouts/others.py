"""Documents that are no invoices though they look like them: quotes, reminders, delivery notes.

Invariant: a right reader reads nothing from any of them, so their truth is empty.
"""

import tomllib
from pathlib import Path
from random import Random

from benchmarks.layouts.blocks import Pen, buyer, foot, meta, seller, totals
from benchmarks.layouts.facts import facts
from benchmarks.layouts.formats import format_of
from benchmarks.layouts.make import LANGUAGES, WORDINGS, Made, cents
from benchmarks.layouts.sheet import Sheet
from benchmarks.layouts.tables import table

_TEXTS: dict[str, dict[str, list[list[str]]]] = tomllib.loads(
    Path(__file__).with_name("others.toml").read_text("utf-8")
)
_PRICED = ("quote", "order")
_STYLES = (("pairs", "left"), ("gap", "right"), ("row", "window"), ("stacked", "center"))


def others(held: bool, seed: int) -> list[Made]:
    """Every kind in every language, once."""
    return [
        _other(kind, language, held, Random(f"{seed} {kind} {language} {held}"))
        for language in LANGUAGES
        for kind in _TEXTS[language]
    ]


def _other(kind: str, language: str, held: bool, rng: Random) -> Made:
    title, label, sentence = _TEXTS[language][kind][held]
    made = facts(rng, language, "undue")
    words = WORDINGS[language]["held" if held else "seen"]
    words = words | {"title": [title], "number": [label]} if label else words | {"title": [title]}
    form = format_of(rng, language, made.seller.country, made.currency, True)
    pen = Pen(Sheet(), made, form, words, rng, (), words)
    style, head = rng.choice(_STYLES)
    seller(pen, head)
    buyer(pen, "left")
    if kind in ("letter", "contract", "dunning"):
        y = _headed(pen, title, label)
    else:
        y = meta(pen, style, 215) + 20
    y = _body(pen, kind, y)
    pen.sheet.put(50, y + 16, sentence.format(
        number=made.number, date=form.date(made.issued), amount=form.money(made.gross)
    ))  # fmt: skip
    foot(pen, rng.choice(("columns", "line")))
    return Made(f"{kind}-{language}", pen.sheet.draw((), rng), {})


def _headed(pen: Pen, title: str, label: str) -> float:
    """Place and date, a subject line, and a reference where there is one."""
    pen.sheet.put(380, 200, f"{pen.facts.seller.town}, {pen.form.date(pen.facts.issued)}")
    pen.sheet.put(50, 235, title, 12, bold=True)
    if label:
        pen.sheet.put(50, 252, f"{label} {pen.facts.decoys[0]}")
    return 275


def _body(pen: Pen, kind: str, y: float) -> float:
    if kind in _PRICED:
        return totals(pen, pen.rng.choice(("pairs", "wide", "short")), table(pen, "full", y))
    if kind == "delivery":
        return pen.sheet.lines(
            50, y, [f"{line.quantity // 100 or 1} x {line.text}" for line in pen.facts.lines]
        )
    if kind == "statement":
        for number in range(4):
            pen.sheet.put(50, y, f"{pen.words['title'][0][:1]}{number + 100}-{cents(77)[-2:]}")
            pen.sheet.put(200, y, pen.form.date(pen.facts.issued))
            pen.sheet.put(545, y, pen.form.money(pen.facts.gross // 4), to="right")
            y += 13
    return y
