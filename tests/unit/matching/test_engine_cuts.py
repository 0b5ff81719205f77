"""When a block of candidates that was cut forbids acting by itself."""

import numpy as np
import pytest

from builders.engine import ints
from well.matching.blocking import (
    AMOUNT,
    DIGITS,
    FOLDED,
    PARTY,
    PARTY_AMOUNT,
    PARTY_REFERENCE,
    REFERENCE,
    REPEATED,
    WORD,
)
from well.matching.cuts import harmful, may_hide
from well.matching.levels import FEATURES, LEVELS, level

EVERY = (REFERENCE, FOLDED, DIGITS, PARTY_REFERENCE, PARTY_AMOUNT, PARTY, AMOUNT, WORD)


def levels(*rows: dict[str, str]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    """Levels of pairs; what is not named is missing."""
    return {
        feature: np.array(
            [level(feature, row.get(feature, "missing")) for row in rows], dtype=np.uint8
        )
        for feature in FEATURES
    }


def harming(**words: str) -> set[int]:
    """The kinds of keys whose cut forbids acting on a best candidate of these levels."""
    reached = levels({name.replace("_", " "): word for name, word in words.items()})
    return {kind for kind in (*EVERY, REPEATED) if harmful(ints(1 << kind), reached, ints(0))[0]}


SUPPLIERS = [
    ("name", "equal"),
    ("name", "equal, other legal form"),
    ("tax number", "equal"),
    ("tax number", "same legal person"),
    ("bank account", "equal"),
    ("domain", "equal"),
]
LONG = ["equal", "equal, 4 or 5 signs"]
NUMBERS = [*LONG, "equal, short", "equal but for look-alikes"]
AMOUNTS = [
    "equal",
    "equal, one of 2",
    "equal, one of 3 to 5",
    "equal, one of many",
    "equal, unlike supplier",
    "cents apart",
]


@pytest.mark.parametrize(("feature", "word"), SUPPLIERS)
def test_beside_the_supplier_only_the_combined_key_counts(feature: str, word: str) -> None:
    assert harming(**{feature: word}, reference="equal") == {PARTY_REFERENCE}
    assert harming(**{feature: word}, amount="equal") == {PARTY_AMOUNT}


def test_a_look_alike_number_is_safe_but_for_a_cut_of_the_key_of_look_alikes() -> None:
    word = "equal but for look-alikes"
    assert harming(reference=word) == {FOLDED}
    assert harming(reference=word, amount="equal") == {FOLDED}
    assert harming(reference=word, name="equal") == {FOLDED}


def test_a_short_number_is_a_key_only_beside_its_supplier() -> None:
    assert harming(reference="equal, short", name="equal") == {PARTY_REFERENCE}
    assert harming(reference="equal, short", amount="equal") == {AMOUNT}
    assert harming(reference="equal, short") == set(EVERY)


@pytest.mark.parametrize("word", LONG)
def test_an_equal_number_is_safe_but_for_a_cut_of_its_own_key(word: str) -> None:
    assert harming(reference=word) == {REFERENCE}
    assert harming(reference=word, amount="equal") == {REFERENCE}
    assert harming(reference=word, name="similar") == {REFERENCE}


@pytest.mark.parametrize("word", AMOUNTS)
def test_an_equal_total_is_safe_but_for_a_cut_of_its_own_key(word: str) -> None:
    assert harming(amount=word) == {AMOUNT}
    assert harming(amount=word, reference="different") == {AMOUNT}


@pytest.mark.parametrize(
    ("feature", "words"),
    [("reference", set(LEVELS["reference"]) - set(NUMBERS)),
     ("amount", set(LEVELS["amount"]) - set(AMOUNTS))],
)  # fmt: skip
def test_where_neither_number_nor_total_agrees_every_cut_harms(
    feature: str, words: set[str]
) -> None:
    assert len(words) > 5
    for word in words:
        assert harming(**{feature: word}) == set(EVERY)
        assert harming(**{feature: word}, name="equal") == set(EVERY)


def test_no_supplier_agrees_by_a_weaker_level() -> None:
    strong = set(SUPPLIERS)
    for feature in ("name", "tax number", "bank account", "domain"):
        for word in LEVELS[feature]:
            if (feature, word) not in strong:
                assert harming(**{feature: word}, reference="equal") == {REFERENCE}


def test_each_document_is_judged_by_its_own_cut_and_its_best_pair() -> None:
    reached = levels({"amount": "far"}, {"reference": "equal"}, {"amount": "equal"})
    cut = ints(1 << REFERENCE | 1 << WORD, 1 << REFERENCE)
    assert harmful(cut, reached, ints(1, 2)).tolist() == [True, False]
    assert harmful(ints(0, 0), reached, ints(0, 0)).tolist() == [False, False]
    assert harmful(ints(), reached, ints()).tolist() == []


@pytest.mark.parametrize("reached", [{}, {"amount": "far"}, {"amount": "equal", "name": "equal"}])
def test_a_cut_of_rows_that_only_repeat_a_total_harms_nobody(reached: dict[str, str]) -> None:
    best = levels(reached)
    assert harmful(ints(1 << REPEATED), best, ints(0)).tolist() == [False]
    assert harmful(ints(1 << REPEATED | 1 << PARTY_AMOUNT), best, ints(0)).tolist() == [True]
    hidden = ints(1 << REPEATED, 1 << WORD, 1 << REPEATED | 1 << WORD, 0)
    assert may_hide(hidden).tolist() == [False, True, True, False]
