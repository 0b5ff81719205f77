"""How a document spells what the ledger spells properly: names, references, amounts.

Invariant: each kind of noise is drawn apart, with the share its constant states; the same generator
gives the same noise. It never sees which entry a document belongs to.
"""

import numpy as np
import numpy.typing as npt

from benchmarks.ledger_firms import folded
from benchmarks.ledger_words import CARD_OPENINGS

Ints = npt.NDArray[np.int64]
FORM_DROPPED, UPPER_CASE, TYPO, CUT, CARD_STYLE, REORDERED = 0.30, 0.25, 0.15, 0.10, 0.10, 0.08
REFERENCE_MISSING, REFERENCE_CONFUSED = 0.25, 0.10
NET_OF_VAT, CENTS_OFF, HALF = 0.05, 0.03, 0.02
CONFUSED = dict(zip("O0I1S5Z2B8G6", "0O1I5S2Z8B6G", strict=True))
LETTERS = "aeionrstlu"


def noisy_names(
    chance: np.random.Generator, names: list[str], forms: list[tuple[str, ...]], places: list[str]
) -> list[str]:
    """Each name as a document spells it; 33 % come out as they are."""
    draws = chance.random((len(names), 6)).tolist()
    where = chance.integers(0, 2**31, (len(names), 3)).tolist()
    rows = zip(names, forms, places, draws, where, strict=True)
    return [_noisy(name, form, place, draw, at) for name, form, place, draw, at in rows]


def _noisy(name: str, forms: tuple[str, ...], place: str, draw: list[float], at: list[int]) -> str:
    form = max((f for f in forms if name.endswith(f" {f}")), key=len, default="")
    body = name.removesuffix(f" {form}") if form else name
    if draw[0] < REORDERED and " " in body:
        first, _, rest = body.partition(" ")
        body = f"{rest} {first}"
    if draw[1] < TYPO:
        body = _typo(body, at[0], at[1])
    text = body if draw[2] < FORM_DROPPED else f"{body} {form}".strip()
    if draw[3] < CARD_STYLE:
        opening = CARD_OPENINGS[at[2] % len(CARD_OPENINGS)]
        return f"{opening}{folded(body).upper()[: 12 + at[0] % 7].strip()} {folded(place).upper()}"
    if draw[4] < CUT:
        text = text[: max(8, len(text) * 6 // 10)].strip()
    return text.upper() if draw[5] < UPPER_CASE else text


def _typo(text: str, place: int, kind: int) -> str:
    """One letter left out, doubled, changed, or swapped with the next; the first one stays."""
    at = 1 + place % max(1, len(text) - 2)
    before, here, after = text[:at], text[at], text[at + 1 :]
    return (
        before + after,
        before + here + here + after,
        before + LETTERS[kind // 4 % len(LETTERS)] + after,
        before + after[:1] + here + after[1:],
    )[kind % 4]


def noisy_references(chance: np.random.Generator, references: list[str]) -> list[str]:
    """Missing 25 %; one letter or digit read as its double 10 %, where it has one."""
    draws = chance.random(len(references)).tolist()
    where = chance.integers(0, 2**31, len(references)).tolist()
    found = []
    for text, draw, at in zip(references, draws, where, strict=True):
        if draw < REFERENCE_MISSING:
            found.append("")
        elif draw < REFERENCE_MISSING + REFERENCE_CONFUSED:
            found.append(_confused(text, at))
        else:
            found.append(text)
    return found


def _confused(text: str, at: int) -> str:
    places = [i for i, c in enumerate(text) if c in CONFUSED]
    if not places:
        return text
    place = places[at % len(places)]
    return text[:place] + CONFUSED[text[place]] + text[place + 1 :]


def noisy_amounts(chance: np.random.Generator, minor: Ints, rates: Ints) -> Ints:
    """Net of VAT 5 %, one or two cents off 3 %, half or double 1 % each; the rest equal.

    `minor` is in cents, `rates` in tenths of a percent.
    """
    draw = chance.random(minor.size)
    cents = chance.choice(np.array([-2, -1, 1, 2]), size=minor.size)
    net = (minor * 2000 + (1000 + rates)) // (2 * (1000 + rates))
    edges = np.cumsum([NET_OF_VAT, CENTS_OFF, HALF / 2, HALF / 2])
    chosen: Ints = np.select(
        [draw < edge for edge in edges],
        [net, np.maximum(1, minor + cents), (minor + 1) // 2, minor * 2],
        default=minor,
    )
    return chosen
