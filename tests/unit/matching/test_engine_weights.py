"""The shipped tables: complete, ordered, grained, and never changed without a new version."""

from hashlib import sha256
from itertools import pairwise
from json import dumps

import pytest

from well.matching import weights
from well.matching.bits import GRAIN
from well.matching.levels import BOUNDED, LEVELS, MISSING, ORDERED

PARTY = {
    name: getattr(weights, f"PARTY_{name}")
    for name in ("SOURCE", "NUMBER", "IBAN", "DOMAIN", "COUNTRY", "NAME")
}
FIGURES = {
    "new": weights.NEW_BITS,
    "none": weights.NONE_BITS,
    "number and iban": weights.NUMBER_AND_IBAN_EXTRA,
    "supplier": weights.SUPPLIER_EXTRA,
    "habit": weights.HABIT_SHARE,
}


def test_the_figures_of_a_version_never_change() -> None:
    """A decision replays from the trail by its version: other figures need another version."""
    text = dumps([weights.VERSION, PARTY, weights.ENTRY, FIGURES], sort_keys=True)
    assert sha256(text.encode()).hexdigest()[:16] == "081a696ea44a6f47"


def test_single_figures_are_as_the_manual_says() -> None:
    assert FIGURES == {
        "new": 3.0,
        "none": 12.0,
        "number and iban": 3.0,
        "supplier": 1.0,
        "habit": 0.5,
    }


@pytest.mark.parametrize("feature", LEVELS)
def test_every_level_but_missing_has_a_worth(feature: str) -> None:
    assert set(weights.ENTRY[feature]) == set(LEVELS[feature]) - {MISSING}


def test_no_table_stands_for_a_feature_there_is_not() -> None:
    assert set(weights.ENTRY) == set(LEVELS)


@pytest.mark.parametrize("table", PARTY.values(), ids=PARTY)
def test_what_is_missing_of_a_counterparty_is_worth_nothing(table: weights.Table) -> None:
    assert table["missing"] == 0.0


@pytest.mark.parametrize("feature", ORDERED)
def test_a_closer_level_never_earns_less(feature: str) -> None:
    worth = [weights.ENTRY[feature][word] for word in ORDERED[feature]]
    assert all(closer >= farther for closer, farther in pairwise(worth))


@pytest.mark.parametrize(("feature", "better", "worse"), BOUNDED)
def test_a_bounded_level_never_earns_more_than_its_bound(
    feature: str, better: str, worse: str
) -> None:
    assert weights.ENTRY[feature][better] >= weights.ENTRY[feature][worse]


@pytest.mark.parametrize(
    "words",
    [
        ("equal", "equal, other legal form", "part of it", "similar", "partly alike"),
        ("equal", "in the text", "partly in the text", "not in the text", "nothing shared"),
        ("equal", "nearly equal", "similar", "initials", "partly alike", "common words only"),
        ("equal", "nearly equal", "initials", "common words only", "nothing shared"),
        ("equal", "nearly equal", "other numbers", "nothing shared"),
    ],
)
def test_names_that_agree_better_earn_no_less(words: tuple[str, ...]) -> None:
    worth = [weights.ENTRY["name"][word] for word in words]
    assert all(closer >= farther for closer, farther in pairwise(worth))


def test_agreeing_never_costs_and_differing_never_earns() -> None:
    for feature, order in ORDERED.items():
        table = weights.ENTRY[feature]
        assert table[order[0]] > 0 > table[order[-1]]


def test_no_date_earns_more_than_the_same_day() -> None:
    assert max(weights.ENTRY["date"].values()) == weights.ENTRY["date"]["same day"]


def test_an_opposite_sign_outweighs_all_that_can_agree() -> None:
    """A refund is never linked to an invoice by a good name."""
    best = [max(table.values()) for name, table in weights.ENTRY.items() if name != "amount"]
    most = sum(best) + weights.ENTRY["amount"]["opposite sign"]
    assert most < weights.NONE_BITS


def test_every_worth_is_a_multiple_of_the_grain() -> None:
    tables = [*weights.ENTRY.values(), *PARTY.values(), FIGURES]
    worth = [bits for table in tables for bits in table.values()]
    assert all((bits * GRAIN).is_integer() for bits in worth)
