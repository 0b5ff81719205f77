"""Rows of evidence: what is shown, what they sum to, and what two that agree alike may earn."""

import pytest

from well.domain.candidate import Evidence
from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching import rank_parties
from well.matching.names import parse
from well.matching.party_levels import best_name_level
from well.matching.score import capped, level_row, row, total
from well.ports.store import Block


def worth(bits: float) -> Evidence:
    return row("account", "ours", "theirs", "equal", bits)


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (5.0, 4.0, 1.0),
        (4.0, 5.0, 2.0),
        (5.0, 0.5, 0.5),
        (5.0, -3.0, -3.0),
        (-5.0, 4.0, 4.0),
        (0.0, 4.0, 4.0),
        (5.0, 0.0, 0.0),
        (0.5, 0.25, 0.25),
    ],
)
def test_two_that_agree_alike_earn_the_larger_and_a_little(
    first: float, second: float, left: float
) -> None:
    found = capped(worth(first), worth(second), 1.0)
    assert found == worth(left)


def test_a_row_shows_120_signs_of_a_value_and_nothing_of_none() -> None:
    shown = row("memo", "x" * 120, "y" * 121, "equal", 1.0)
    assert (shown.source, shown.target) == ("x" * 120, "y" * 120)
    assert row("memo", None, 12, "equal", 1.0).source == ""
    assert row("memo", None, 12, "equal", 1.0).target == "12"


def test_the_sum_is_that_of_the_rows() -> None:
    rows = [worth(1.5), worth(-4.0), level_row("date", "", "", "same", {"same": 3.0})]
    assert total(rows) == 0.5


def test_the_first_couple_of_those_equally_good_is_shown() -> None:
    one, two = parse("Zorn Guadalupe"), parse("Zorn Guadalupa")
    other = parse("Zorn Guadalupo")
    assert best_name_level([one, two], [other]) == ("nearly equal", one, other)
    assert best_name_level([], [other]) == ("missing", None, None)


def test_the_row_of_a_name_shows_core_and_form() -> None:
    party = Counterparty("p1", ("Zorn Guadalupe SAS",))
    best = rank_parties(Seller(name="ZORN, Guadalupe"), Block((party,))).candidates[0]
    shown = next(one for one in best.evidence if one.feature == "name")
    form = parse("Zorn Guadalupe SAS").form
    assert (shown.source, shown.target) == ("zorn guadalupe", f"zorn guadalupe {form}")
