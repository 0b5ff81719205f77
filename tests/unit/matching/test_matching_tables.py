"""Tables made of a prior and of counts: exact figures, fading, order, and no leak."""

from collections.abc import Mapping
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.bits import grained
from well.matching.learn import MISSING, NOTHING, PARTY, Alias, Key, Learned, Observation, gather
from well.matching.levels import ORDERED
from well.matching.tables import (
    FADE,
    LEAST,
    STRENGTH,
    UNSEEN,
    Table,
    alias_bits,
    none_bits,
    shares,
    tables,
)
from well.matching.weights import ENTRY

MONTH = 24_312
PRIOR = {
    "name": {"equal": 5.0, "similar": 1.0, MISSING: 0.0, "other": -6.0},
    "owner": {"taken": -4.0},
}
ORDER = {"name": ["equal", "similar", "other"]}


def _seen(
    level: str | None,
    others: tuple[str, ...] = (),
    times: int = 1,
    month: int = MONTH,
    space: str = "entry",
) -> list[Observation]:
    matched = None if level is None else {"name": level}
    rejected = tuple({"name": other} for other in others)
    return [Observation("x", month, matched, rejected, space=space)] * times


def _name(learned: Learned, month: int = MONTH, space: str = "entry") -> dict[str, float]:
    return dict(tables(PRIOR, learned, month, ORDER, space)["name"])


def test_without_observations_a_table_is_its_prior() -> None:
    assert tables(PRIOR, NOTHING, MONTH, ORDER) == PRIOR
    assert tables(PRIOR, NOTHING, MONTH, {}) == PRIOR


def test_shares_stand_for_the_table() -> None:
    bits = {"equal": 5.0, "similar": 1.0, "other": -6.0}
    m, u = shares(bits)
    assert sum(m.values()) == pytest.approx(1.0, abs=1e-12)
    assert sum(u.values()) == pytest.approx(1.0, abs=1e-12)
    assert {level: log2(m[level] / u[level]) for level in bits} == pytest.approx(bits, abs=1e-9)


@given(st.floats(0.01, 40), st.floats(0.01, 40), st.lists(st.floats(-40, 40), max_size=4))
def test_shares_exist_for_every_table_that_speaks_both_ways(
    top: float, low: float, rest: list[float]
) -> None:
    bits = {str(n): value for n, value in enumerate([top, -low, *rest])}
    m, u = shares(bits)
    assert sum(m.values()) == pytest.approx(1.0, abs=1e-9)
    assert sum(u.values()) == pytest.approx(1.0, abs=1e-9)


def test_counts_move_a_level_by_dirichlet_means() -> None:
    m, u = shares({"equal": 5.0, "similar": 1.0, "other": -6.0})
    learned = gather(_seen("similar", ("other",), times=50))
    strength = 10 + 100 * 200 / 250
    match = strength * m["similar"] + 50
    assert _name(learned)["similar"] == grained(log2(match / (strength * u["similar"])))
    against = strength * m["other"] / (strength * u["other"] + 50)
    assert _name(learned)["other"] == grained(log2(against))
    assert _name(learned)["equal"] == 5.0


def test_matches_and_others_are_shares_of_their_own_number() -> None:
    m, u = shares({"equal": 5.0, "similar": 1.0, "other": -6.0})
    learned = gather(_seen("similar", ("other", "other", "other"), times=50))
    # The prior is worth 90 matches and, beside three times as many others, 90 * 240 / 140.
    match = (90 * m["similar"] + 50) / (90 + 50)
    beside = 90 * 240 / 140
    other = beside * u["similar"] / (beside + 150)
    assert _name(learned)["similar"] == grained(log2(match / other))


def test_the_prior_fades_and_never_goes() -> None:
    assert (STRENGTH, FADE, LEAST, UNSEEN) == (100.0, 200.0, 10.0, 0.5)
    m, u = shares({"equal": 2.0, "other": -2.0})
    for times in (1, 200, 1_000_000):
        worth = LEAST + STRENGTH * FADE / (FADE + times)
        table = _two(2.0, {"equal": times}, {"other": times})
        match, other = (worth * m["equal"] + times), worth * u["equal"]
        assert table["equal"] == grained(log2(match / other))


def _counts(match: Mapping[str, int], other: Mapping[str, int], feature: str) -> Learned:
    both = {"match": match, "other": other}
    return Learned(
        {
            Key("entry", kind, feature, level, MONTH): count
            for kind, counts in both.items()
            for level, count in counts.items()
            if count
        }
    )


def _two(
    bits: float, match: Mapping[str, int], other: Mapping[str, int], low: float | None = None
) -> Table:
    """A table of two levels, worth as much for as against, after these counts."""
    prior = {"equal": bits, "other": -bits if low is None else low}
    return tables({"name": prior}, _counts(match, other, "name"), MONTH, {})["name"]


@pytest.mark.parametrize(("bits", "bounded"), [(5.0, False), (6.0, True)])
def test_a_level_that_no_match_showed_counts_as_shown_half_a_time_at_the_least(
    bits: float, bounded: bool
) -> None:
    # Of two levels worth b and -b, matches have the second once in 2 ** b + 1.
    worth = 10 + 100 * 200 / 1200
    expected = worth / (2**bits + 1)
    assert (expected < UNSEEN) is bounded
    beside = worth * (worth + 3000) / (worth + 1000)
    match = max(expected, 0.5) / (worth + 1000)
    other = (beside * 2**bits / (2**bits + 1) + 3000) / (beside + 3000)
    found = _two(bits, {"equal": 1000}, {"other": 3000})
    assert found["other"] == grained(log2(match / other))
    assert found["other"] < -bits


def test_a_level_that_was_worth_less_than_never_seen_proves_stays_there() -> None:
    assert _two(6.0, {"equal": 1000}, {"other": 3000}, low=-40.0)["other"] == -40.0
    assert _two(6.0, {"equal": 1000}, {"other": 3000}, low=-11.0)["other"] < -11.0
    seen = _two(6.0, {"equal": 1000, "other": 1}, {"other": 3000}, low=-40.0)["other"]
    assert -11.0 < seen < -9.0


LADDER = {"equal": 5.0, "near": 2.0, "even": 0.0, "off": -3.0, "opposite": -40.0}
COUNTS = st.fixed_dictionaries({level: st.integers(0, 20_000) for level in LADDER})


@given(COUNTS, COUNTS, st.sampled_from(sorted(LADDER)))
def test_what_neither_matches_nor_others_showed_keeps_its_bits(
    match: dict[str, int], other: dict[str, int], unseen: str
) -> None:
    learned = _counts({**match, unseen: 0}, {**other, unseen: 0}, "name")
    assert tables({"name": LADDER}, learned, MONTH, {})["name"][unseen] == LADDER[unseen]


@given(COUNTS, COUNTS, st.sampled_from(sorted(LADDER)), st.integers(1, 5_000))
def test_more_matches_never_lower_a_level_that_others_do_not_show(
    match: dict[str, int], other: dict[str, int], level: str, more: int
) -> None:
    # At least as many others as matches, as wherever several candidates are compared.
    other = {**other, level: 0}
    other["near" if level != "near" else "off"] += sum(match.values()) + more
    after = {**match, level: match[level] + more}
    low, high = (
        tables({"name": LADDER}, _counts(counts, other, "name"), MONTH, {})["name"][level]
        for counts in (match, after)
    )
    assert high >= low


@given(st.integers(0, 9_000), st.integers(0, 90_000), st.integers(0, 90_000))
def test_an_opposite_sign_that_never_came_up_stays_a_reason_against(
    matches: int, far: int, near: int
) -> None:
    learned = _counts({"equal": matches, "cents apart": 1}, {"far": far, "twice": near}, "amount")
    made = tables(ENTRY, learned, MONTH, ORDERED)["amount"]
    assert made["opposite sign"] == -40.0
    shown = _counts({"equal": matches}, {"far": far, "opposite sign": 3}, "amount")
    assert tables(ENTRY, shown, MONTH, ORDERED)["amount"]["opposite sign"] < -30.0


def test_shares_of_two_levels_are_the_only_ones_there_are() -> None:
    m, u = shares({"equal": 2.0, "other": -1.0})
    assert (u["equal"], u["other"]) == (pytest.approx(1 / 7), pytest.approx(6 / 7))
    assert (m["equal"], m["other"]) == (pytest.approx(4 / 7), pytest.approx(3 / 7))


def test_shares_within_a_group_go_by_half_the_bits() -> None:
    m, u = shares({"equal": 4.0, "near": 2.0, "even": 0.0, "off": -2.0})
    assert u["near"] / u["equal"] == pytest.approx(2.0)
    assert m["equal"] / m["near"] == pytest.approx(2.0)
    assert u["off"] / u["even"] == pytest.approx(2.0)


@pytest.mark.parametrize("prior", [{"equal": 3.0, "other": 0.0}, {"equal": 0.0, "other": -3.0}])
def test_a_table_that_only_speaks_one_way_cannot_be_learned(prior: dict[str, float]) -> None:
    learned = gather(_seen("other", ("equal",), times=50))
    assert tables({"name": prior}, learned, MONTH, ORDER)["name"] == prior


def test_a_table_of_half_bits_is_learned() -> None:
    prior = {"name": {"equal": 0.5, "other": -0.5}}
    learned = gather(_seen("equal", ("other",), times=50))
    assert tables(prior, learned, MONTH, ORDER)["name"]["equal"] > 0.5


def test_only_rejected_candidates_teach_too() -> None:
    learned = gather(_seen(None, ("equal",), times=40))
    assert _name(learned)["equal"] < PRIOR["name"]["equal"]


def test_missing_is_worth_nothing_whatever_was_seen() -> None:
    learned = gather(_seen("equal", (MISSING, "other"), times=500))
    assert _name(learned)[MISSING] == 0.0


def test_a_feature_that_speaks_one_way_only_keeps_its_prior() -> None:
    learned = gather([Observation("x", MONTH, {"owner": "taken"})] * 99)
    assert tables(PRIOR, learned, MONTH, ORDER)["owner"] == {"taken": -4.0}


def test_an_observation_counts_half_after_twelve_months() -> None:
    old = gather(_seen("similar", ("other",), times=40, month=MONTH - 12))
    new = gather(_seen("similar", ("other",), times=20))
    assert _name(old) == _name(new)
    assert _name(old) != _name(gather(_seen("similar", ("other",), times=40)))


def test_an_observation_of_a_later_month_counts_whole() -> None:
    later = gather(_seen("similar", ("other",), times=40, month=MONTH + 12))
    assert _name(later) == _name(gather(_seen("similar", ("other",), times=40)))


def test_closer_levels_are_pooled_where_counts_contradict_the_order() -> None:
    table = _name(gather(_seen("similar", ("equal",), times=400)))
    assert table["equal"] == table["similar"]
    assert table["similar"] > table["other"]


def test_agreeing_never_costs_and_the_farthest_level_never_earns() -> None:
    low = _name(gather(_seen("other", ("equal", "similar"), times=2_000)))
    assert low["equal"] == 0.0 > low["similar"] == low["other"]
    high = _name(gather(_seen("other", times=2_000) + _seen("other", ("equal",), times=20)))
    assert high["equal"] == high["similar"] > 0.0 == high["other"]


def test_without_an_order_levels_are_not_pooled() -> None:
    learned = gather(_seen("similar", ("equal",), times=400))
    table = tables(PRIOR, learned, MONTH, {})["name"]
    assert table["similar"] > 0 > table["equal"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["equal", "similar", "other", MISSING, None]),
            st.sampled_from(["equal", "similar", "other", MISSING]),
            st.integers(MONTH - 40, MONTH + 3),
        ),
        max_size=30,
    )
)
def test_every_table_is_ordered_exact_and_independent_of_order(
    seen: list[tuple[str | None, str, int]],
) -> None:
    one = [o for level, other, month in seen for o in _seen(level, (other,), month=month)]
    table = _name(gather(one))
    assert table == _name(gather(reversed(one)))
    assert table["equal"] >= table["similar"] >= table["other"]
    assert all((bits * 1024).is_integer() for bits in table.values())


def test_training_one_workspace_leaves_the_other_as_it_was() -> None:
    b = gather(_seen("equal", ("other",), times=3))
    before = repr(tables(PRIOR, b, MONTH, ORDER)), alias_bits(b, "acme", "p", MONTH)
    a = gather([Observation("a", MONTH, aliases=(Alias("acme", "p", True),), space=PARTY)] * 90)
    tables(PRIOR, a, MONTH, ORDER)
    assert (repr(tables(PRIOR, b, MONTH, ORDER)), alias_bits(b, "acme", "p", MONTH)) == before


def test_spaces_do_not_mix() -> None:
    learned = gather(_seen("similar", ("other",), times=40, space=PARTY))
    assert _name(learned) == PRIOR["name"]
    assert _name(learned, space=PARTY) == _name(gather(_seen("similar", ("other",), times=40)))


def _alias(confirmed: int, rejected: int, month: int = MONTH) -> Learned:
    return gather(
        [Observation("x", month, aliases=(Alias("acme", "p", True),), space=PARTY)] * confirmed
        + [Observation("x", month, aliases=(Alias("acme", "p", False),), space=PARTY)] * rejected
    )


@pytest.mark.parametrize(
    ("confirmed", "rejected", "bits"),
    [
        (0, 0, 0.0),
        (1, 0, 1.0),
        (3, 0, 2.0),
        (0, 1, -1.0),
        (3, 1, 1.0),
        (63, 0, 6.0),
        (64, 0, 6.0),
        (0, 63, -6.0),
        (0, 99, -6.0),
    ],
)
def test_the_memory_of_a_name_is_beta_log_odds(confirmed: int, rejected: int, bits: float) -> None:
    assert alias_bits(_alias(confirmed, rejected), "acme", "p", MONTH) == bits


def test_the_memory_of_a_name_fades() -> None:
    assert alias_bits(_alias(6, 0), "acme", "p", MONTH + 12) == 2.0


def test_a_name_says_nothing_of_a_counterparty_it_was_not_seen_with() -> None:
    assert alias_bits(_alias(6, 0), "acme", "q", MONTH) == 0.0
    assert alias_bits(_alias(6, 0), "other", "p", MONTH) == 0.0
    assert alias_bits(_alias(6, 0), "acme", "p", MONTH, "entry") == 0.0


def test_none_keeps_its_default_weight_without_observations() -> None:
    assert none_bits(NOTHING, 12.0, MONTH) == 12.0


def test_none_follows_the_share_of_documents_without_an_answer() -> None:
    half = gather(_seen(None, times=100) + _seen("equal", times=100))
    strength = 100 * 200 / 400
    odds = (strength * 0.15 + 100) / (strength * 0.85 + 100)
    assert none_bits(half, 12.0, MONTH) == grained(12.0 + log2(odds) - log2(0.15 / 0.85))
    assert none_bits(half, 12.0, MONTH, share=0.5) == 12.0
    assert none_bits(half, 12.0, MONTH, space=PARTY) == 12.0


def test_none_moves_by_six_bits_at_the_most() -> None:
    always = gather(_seen(None, times=20_000))
    never = gather(_seen("equal", times=200_000))
    assert none_bits(always, 12.0, MONTH) == 18.0
    assert none_bits(never, 12.0, MONTH) == 6.0


def test_the_shares_of_a_table_with_a_level_worth_nothing_are_one_in_all() -> None:
    table = {"equal": 3.0, "near": 1.0, "missing": 0.0, "different": -4.0}
    m, u = shares(table)
    assert (sum(m.values()), sum(u.values())) == (pytest.approx(1.0), pytest.approx(1.0))
    assert {level: log2(m[level] / u[level]) for level in table} == pytest.approx(table)
