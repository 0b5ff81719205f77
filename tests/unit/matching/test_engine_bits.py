"""What levels are worth: exact sums, and features that agree for one reason counted once."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from well.matching.bits import GRAIN, grained, score, sum_of
from well.matching.levels import FEATURES, LEVELS, level
from well.matching.weights import ENTRY

Reached = Mapping[str, npt.NDArray[np.uint8]]
ANY_LEVELS = st.fixed_dictionaries({name: st.sampled_from(LEVELS[name]) for name in FEATURES})


def reached(*pairs: Mapping[str, str]) -> Reached:
    """Levels of pairs by their words; what is not named is missing."""
    return {
        name: np.array([level(name, words.get(name, "missing")) for words in pairs], dtype=np.uint8)
        for name in FEATURES
    }


def bits_of(tables: Mapping[str, Mapping[str, float]] = ENTRY, **words: str) -> Mapping[str, float]:
    """Bits by feature of one pair, with the sum as "all"; features with "_" for blanks."""
    named = {name.replace("_", " "): word for name, word in words.items()}
    bits, whole = score(reached(named), tables)
    return {name: float(some[0]) for name, some in bits.items()} | {"all": float(whole[0])}


@pytest.mark.parametrize(
    ("bits", "steps"),
    [(0.0, 0), (1.0, 1024), (-2.5, -2560), (0.1, 102), (0.4999 / 1024, 0), (0.5001 / 1024, 1)],
)
def test_a_worth_is_the_nearest_step(bits: float, steps: int) -> None:
    assert GRAIN == 1024
    assert grained(bits) == steps / 1024


def test_a_pair_of_which_nothing_is_known_is_worth_nothing() -> None:
    assert set(bits_of().values()) == {0.0}


@pytest.mark.parametrize("name", FEATURES)
def test_each_level_alone_is_worth_its_figure(name: str) -> None:
    for word in LEVELS[name][1:]:
        found = bits_of(**{name.replace(" ", "_"): word})
        assert found["all"] == found[name] == ENTRY[name][word]


def test_a_level_without_a_figure_is_worth_nothing() -> None:
    tables = {**ENTRY, "reference": {"equal": 2.0}}
    assert bits_of(tables, reference="different")["all"] == 0.0
    assert bits_of(tables, reference="equal")["all"] == 2.0


def test_a_figure_counts_as_its_nearest_step() -> None:
    tables = {**ENTRY, "reference": {"equal": 0.1}}
    assert bits_of(tables, reference="equal")["reference"] == 102 / 1024


def test_number_and_account_of_one_supplier_count_as_the_larger_and_one_more() -> None:
    found = bits_of(tax_number="equal", bank_account="equal")
    assert (found["tax number"], found["bank account"], found["all"]) == (4.0, 1.0, 5.0)


def test_name_and_domain_of_one_supplier_count_as_the_larger_and_two_more() -> None:
    found = bits_of(name="equal", domain="equal")
    assert (found["name"], found["domain"], found["all"]) == (5.0, 2.0, 7.0)


def test_the_larger_of_two_that_agree_for_one_reason_counts_whichever_it_is() -> None:
    found = bits_of(name="similar", domain="equal")
    assert (found["name"], found["domain"], found["all"]) == (1.0, 3.0, 4.0)
    tables = {**ENTRY, "domain": {"equal": 9.0}}
    found = bits_of(tables, name="part of it", domain="equal")
    assert (found["name"], found["domain"], found["all"]) == (3.0, 8.0, 11.0)


def test_little_more_than_the_larger_counts_in_full() -> None:
    tables = {**ENTRY, "domain": {"equal": 1.5}}
    assert bits_of(tables, name="equal", domain="equal")["domain"] == 1.5


@pytest.mark.parametrize(
    ("name", "domain", "bits"),
    [
        ("equal", "different", -1.0),
        ("equal", "missing", 0.0),
        ("missing", "equal", 3.0),
        ("nothing shared", "equal", 3.0),
        ("nothing shared", "different", -1.0),
    ],
)
def test_only_what_speaks_for_the_pair_is_counted_once(name: str, domain: str, bits: float) -> None:
    assert bits_of(name=name, domain=domain)["domain"] == bits


def test_small_figures_that_agree_for_one_reason_are_counted_once_too() -> None:
    tables = {**ENTRY, "name": {"equal": 0.5}, "domain": {"equal": 9.0}}
    assert bits_of(tables, name="equal", domain="equal")["domain"] == 9.0
    tables = {**ENTRY, "name": {"equal": 9.0}, "domain": {"equal": 0.5}}
    assert bits_of(tables, name="equal", domain="equal")["domain"] == 0.5


@settings(max_examples=50)
@given(st.lists(ANY_LEVELS, min_size=1, max_size=4))
def test_rows_add_up_to_the_score_exactly_in_any_order(pairs: list[dict[str, str]]) -> None:
    bits, whole = score(reached(*pairs), ENTRY)
    for n in range(len(pairs)):
        rows = [float(bits[name][n]) for name in FEATURES]
        assert all((row * GRAIN).is_integer() for row in rows)
        assert {sum(order) for order in (rows, rows[::-1], sorted(rows))} == {float(whole[n])}
    assert (sum_of(bits) == whole).all()


@settings(max_examples=30)
@given(st.lists(ANY_LEVELS, min_size=2, max_size=3))
def test_a_pair_is_worth_the_same_among_others(pairs: list[dict[str, str]]) -> None:
    for order in permutations(pairs):
        whole = score(reached(*order), ENTRY)[1]
        assert whole.tolist() == [float(score(reached(one), ENTRY)[1][0]) for one in order]


def test_the_sum_leaves_the_rows_as_they_are() -> None:
    bits, _ = score(reached({"reference": "equal", "amount": "equal"}), ENTRY)
    assert float(sum_of(bits)[0]) == 16.0
    assert float(bits["reference"][0]) == 10.0


@settings(max_examples=50)
@given(ANY_LEVELS, st.sampled_from(FEATURES), st.data())
def test_a_level_worth_more_never_lowers_the_score(
    pair: dict[str, str], name: str, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(LEVELS[name]))
    low, high = sorted((pair[name], other), key=lambda word: ENTRY[name].get(word, 0.0))
    whole = score(reached({**pair, name: low}, {**pair, name: high}), ENTRY)[1]
    assert whole[0] <= whole[1]
