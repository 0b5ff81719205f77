"""The words a person reads beside each figure, and the order they stand in."""

import pytest

from well.matching.levels import (
    BOUNDED,
    FEATURES,
    LEVELS,
    MISSING,
    NEVER_FOR,
    ORDERED,
    among,
    level,
)

SAME = ["missing", "equal", "different"]

WORDS = {
    "reference": [
        "missing",
        "equal",
        "equal, 4 or 5 signs",
        "equal, short",
        "equal but for look-alikes",
        "same digits",
        "in the text",
        "one slip",
        "different",
        "another of the same series",
    ],
    "amount": [
        "missing",
        "equal",
        "equal, one of 2",
        "equal, one of 3 to 5",
        "equal, one of many",
        "cents apart",
        "cents apart, one of several",
        "equal, unlike supplier",
        "within 1 %",
        "within 3 %",
        "within 6 %",
        "within 12 %",
        "far",
        "net of VAT",
        "VAT on top",
        "a half or a third",
        "twice",
        "other currency",
        "opposite sign",
        "the same at the rate told",
    ],
    "date": [
        "missing",
        "same day",
        "1 day after",
        "2 days after",
        "3 days after",
        "4-7 days after",
        "8-13 days after",
        "14-19 days after",
        "20-27 days after",
        "28-34 days after",
        "35-43 days after",
        "44-50 days after",
        "51-58 days after",
        "59-65 days after",
        "66-88 days after",
        "89-95 days after",
        "over 95 days after",
        "1-3 days before",
        "4-10 days before",
        "11-31 days before",
        "over 31 days before",
        "on the due date",
    ],
    "habit": [
        "missing",
        "as usual",
        "near the usual day",
        "unlike usual",
        "as the time before",
        "unlike the time before",
    ],
    "name": [
        "missing",
        "equal",
        "equal, other legal form",
        "nearly equal",
        "part of it",
        "similar",
        "initials",
        "partly alike",
        "common words only",
        "other numbers",
        "nothing shared",
        "in the text",
        "partly in the text",
        "not in the text",
    ],
    "memo": ["missing", "equal", "cut short", "nearly equal", "alike", "similar", "different"],
    "tax number": ["missing", "equal", "same legal person", "different"],
    "bank account": SAME,
    "domain": SAME,
    "address": ["missing", "equal", "alike", "different"],
    "phone": SAME,
    "country": SAME,
    "owner": ["missing", "taken"],
}


def test_every_feature_has_exactly_these_words_in_this_order() -> None:
    assert {feature: list(words) for feature, words in LEVELS.items()} == WORDS
    assert list(LEVELS) == list(WORDS)


def test_features_are_shown_in_the_order_of_the_table() -> None:
    assert tuple(WORDS) == FEATURES


@pytest.mark.parametrize("feature", WORDS)
def test_missing_is_the_first_level_of_every_feature(feature: str) -> None:
    assert level(feature, MISSING) == 0
    assert level(feature, "missing") == 0


@pytest.mark.parametrize("feature", WORDS)
def test_a_word_has_the_number_of_its_place_and_stands_once(feature: str) -> None:
    numbers = [level(feature, word) for word in WORDS[feature]]
    assert numbers == list(range(len(WORDS[feature])))


def test_a_word_that_is_no_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'equal' is no level of 'owner'"):
        level("owner", "equal")


def test_levels_fit_in_a_byte() -> None:
    assert max(map(len, LEVELS.values())) <= 256


ORDER = {
    "reference": ["equal", "equal but for look-alikes", "same digits", "one slip", "different"],
    "amount": [
        "equal",
        "equal, one of 2",
        "equal, one of 3 to 5",
        "equal, one of many",
        "cents apart, one of several",
        "within 1 %",
        "within 3 %",
        "within 6 %",
        "within 12 %",
        "far",
    ],
    "name": ["equal", "nearly equal", "similar", "nothing shared"],
    "memo": ["equal", "cut short", "nearly equal", "alike", "similar", "different"],
    "tax number": ["equal", "same legal person", "different"],
    "bank account": ["equal", "different"],
    "domain": ["equal", "different"],
    "address": ["equal", "alike", "different"],
    "phone": ["equal", "different"],
    "country": ["equal", "different"],
}


def test_closer_levels_stand_first_in_the_orders_a_learned_table_keeps() -> None:
    assert {feature: list(words) for feature, words in ORDERED.items()} == ORDER


def test_a_gap_of_cents_and_a_converted_total_are_bounded_by_equality() -> None:
    assert BOUNDED == (
        ("amount", "equal", "cents apart"),
        ("amount", "equal", "the same at the rate told"),
    )


def test_what_is_not_compared_never_earns() -> None:
    assert NEVER_FOR == {"amount": ("opposite sign", "other currency")}
    assert set(NEVER_FOR["amount"]) <= set(LEVELS["amount"])


@pytest.mark.parametrize("feature", ORDER)
def test_every_ordered_word_is_a_level_of_its_feature(feature: str) -> None:
    assert set(ORDERED[feature]) <= set(LEVELS[feature]) - {MISSING}


def test_levels_among_some_words_are_marked_by_their_numbers() -> None:
    assert among("tax number", ["different", "equal"]).tolist() == [False, True, False, True]
    assert among("owner", []).tolist() == [False, False]
