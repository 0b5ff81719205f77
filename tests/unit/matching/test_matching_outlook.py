"""What missing evidence would change, and why the next best candidate lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.domain.candidate import Candidate, Evidence, Ranking
from well.matching import behind, flips, missing
from well.matching.explain import BEST_LEVEL
from well.matching.outlook import BEHIND_MAX, raised


def row(feature: str, level: str, bits: float) -> Evidence:
    return Evidence(feature, "a", "b", level, bits)


def candidate(confidence: float, *rows: Evidence, label: str = "INV-1") -> Candidate:
    return Candidate(label, label, sum(one.bits for one in rows), confidence, rows)


def all_but(*features: str) -> tuple[Evidence, ...]:
    return tuple(row(f, "far", -1.0) for f in BEST_LEVEL if f not in features)


def test_every_feature_nothing_is_known_of_is_named_the_strongest_first() -> None:
    found = missing(candidate(0.5))
    assert {one.feature for one in found} == set(BEST_LEVEL)
    assert [one.bits for one in found] == sorted((b for _, b in BEST_LEVEL.values()), reverse=True)
    assert found[0].words == "an equal number"


def test_a_feature_at_level_missing_is_missing_and_a_known_one_is_not() -> None:
    one = candidate(0.5, row("reference", "missing", 0.0), *all_but("reference"))
    assert [found.feature for found in missing(one)] == ["reference"]
    assert missing(candidate(0.5, *all_but())) == ()


def test_more_evidence_raises_the_odds_and_nothing_else() -> None:
    assert raised(0.5, 0.0) == 0.5
    assert raised(0.5, 1.0) == pytest.approx(2 / 3)
    assert raised(0.2, 4.0) == pytest.approx(0.8)
    assert (raised(0.0, 10.0), raised(1.0, 10.0)) == (0.0, 1.0)


def test_rounding_raises_nothing_above_one() -> None:
    assert 2.0**0.0048828125 + 1.0 - 1.0 < 2.0**0.0048828125
    assert raised(1.0, 0.0048828125) == 1.0


@given(st.floats(0, 1), st.floats(0, 30))
def test_agreement_never_lowers_a_confidence(confidence: float, bits: float) -> None:
    assert confidence - 1e-12 <= raised(confidence, bits) <= 1.0


def test_a_number_beside_an_agreeing_account_adds_only_what_both_may_earn() -> None:
    words, full = BEST_LEVEL["tax number"]
    alone = missing(candidate(0.5, *all_but("tax number", "bank account")))
    assert {one.feature: one.bits for one in alone}["tax number"] == full
    beside = candidate(
        0.5, row("bank account", "equal", 3.0), *all_but("tax number", "bank account")
    )
    (one,) = missing(beside)
    assert (one.words, one.bits) == (words, max(full, 3.0) + 1.0 - 3.0)
    against = candidate(
        0.5, row("bank account", "different", -1.0), *all_but("tax number", "bank account")
    )
    assert missing(against)[0].bits == full


def with_gap(confidence: float) -> Candidate:
    """Only the number is not known; equal, it would add 10 bits."""
    return candidate(confidence, *all_but("reference"))


def test_evidence_that_would_cross_a_limit_says_which() -> None:
    bits = BEST_LEVEL["reference"][1]
    told = f"An equal number would add {bits:g} bits"
    assert flips(with_gap(0.5), 0.85, 0.55) == (f"{told}: then it would be linked by itself.",)
    just = 0.7 / (0.7 + 0.3 * 2.0**bits)
    assert flips(with_gap(just), 0.85, 0.55) == (f"{told}: then a person would be asked about it.",)
    assert flips(with_gap(1e-6), 0.85, 0.55) == (f"{told} and change nothing alone.",)


def test_nothing_would_change_what_is_sure_already_or_has_all_its_evidence() -> None:
    assert flips(with_gap(0.85), 0.85, 0.55) == ()
    assert flips(with_gap(0.8499), 0.85, 0.55) != ()
    assert flips(candidate(0.5, *all_but()), 0.85, 0.55) == ()


def test_evidence_that_stays_within_the_band_is_not_told_beside_what_crosses() -> None:
    one = candidate(0.6, *all_but("reference", "bank account"))
    assert len(missing(one)) == 2
    assert len(flips(one, 0.999, 0.55)) == 1
    assert "equal number" in flips(one, 0.999, 0.55)[0]


def test_the_review_limit_is_crossed_only_from_below() -> None:
    one = candidate(0.6, *all_but("bank account"))
    assert flips(one, 0.99999, 0.55) == (
        f"An equal bank account would add {BEST_LEVEL['bank account'][1]:g} bits "
        "and change nothing alone.",
    )


def ranking(*candidates: Candidate) -> Ranking:
    return Ranking(candidates, 0.0)


def test_the_next_best_is_told_what_cost_it_most() -> None:
    best = candidate(0.9, row("amount", "equal", 6.0), row("name", "equal", 5.0), label="A")
    second = candidate(0.1, row("amount", "far", -9.0), row("name", "similar", 1.0), label="B")
    assert behind(ranking(best, second)) == ("B is 19.0 bits behind: amount far instead of equal.",)
    assert behind(ranking(best)) == ()
    assert behind(ranking()) == ()


def test_a_feature_only_one_of_them_has_counts_as_missing_of_the_other() -> None:
    best = candidate(0.9, row("tax number", "equal", 4.0), label="A")
    second = candidate(0.1, row("name", "equal", 1.0), label="B")
    assert behind(ranking(best, second)) == (
        "B is 3.0 bits behind: tax number missing instead of equal.",
    )
    third = candidate(0.1, row("owner", "taken", -4.0), label="C")
    assert behind(ranking(candidate(0.9, label="A"), third)) == (
        "C is 4.0 bits behind: owner taken instead of missing.",
    )


def test_an_equal_one_lost_to_another_record() -> None:
    best = candidate(0.6, row("amount", "equal", 6.0), label="A")
    twin = candidate(0.4, row("amount", "equal", 6.0), label="B")
    told = ("B has as much evidence, but is likelier to be of another record.",)
    assert behind(ranking(best, twin)) == told
    richer = candidate(0.4, row("amount", "equal", 7.0), label="B")
    assert behind(ranking(best, richer)) == told
    assert behind(ranking(candidate(0.6, label="A"), candidate(0.4, label="B"))) == told


def test_five_are_told_at_the_most() -> None:
    best = candidate(0.9, row("amount", "equal", 6.0), label="A")
    others = [candidate(0.01, row("amount", "far", -9.0), label=f"B{n}") for n in range(9)]
    assert BEHIND_MAX == 5
    assert len(behind(ranking(best, *others))) == 5
