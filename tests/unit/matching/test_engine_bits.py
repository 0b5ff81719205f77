"""What levels are worth: exact sums, and features that agree for one reason counted once."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from well.matching.bits import GRAIN, SUPPLIER, grained, score, sum_of
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


def bits_of(tables: Mapping[str, Mapping[str, float]] = ENTRY, **words: Any) -> Mapping[str, float]:
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
        pair: dict[str, Any] = {name.replace(" ", "_"): word}
        found = bits_of(**pair)
        share = 0.5 if name == "habit" else 1.0
        assert found["all"] == found[name] == share * ENTRY[name][word]


def test_a_level_without_a_figure_is_worth_nothing() -> None:
    tables = {**ENTRY, "reference": {"equal": 2.0}}
    assert bits_of(tables, reference="different")["all"] == 0.0
    assert bits_of(tables, reference="equal")["all"] == 2.0


def test_a_figure_counts_as_its_nearest_step() -> None:
    tables = {**ENTRY, "reference": {"equal": 0.1}}
    assert bits_of(tables, reference="equal")["reference"] == 102 / 1024


def test_all_that_tells_of_the_supplier_counts_as_the_best_of_it_and_one_bit_more() -> None:
    found = bits_of(name="equal", tax_number="equal", bank_account="equal", domain="equal")
    assert [found[name] for name in SUPPLIER[:4]] == [5.0, 1.0, 0.0, 0.0]
    assert found["all"] == 6.0


def test_the_best_counts_wherever_it_stands() -> None:
    found = bits_of(name="similar", domain="equal")
    assert (found["name"], found["domain"], found["all"]) == (1.0, 3.0, 4.0)
    tables = {**ENTRY, "country": {"equal": 9.0}}
    found = bits_of(tables, name="equal", country="equal")
    assert (found["name"], found["country"], found["all"]) == (5.0, 5.0, 10.0)


def test_little_more_than_the_best_counts_in_full() -> None:
    assert bits_of(name="equal", country="equal")["country"] == 0.25
    tables = {**ENTRY, "country": {"equal": 1.0}}
    assert bits_of(tables, name="equal", country="equal")["country"] == 1.0
    tables = {**ENTRY, "country": {"equal": 1.25}}
    assert bits_of(tables, name="equal", country="equal")["country"] == 1.0


@pytest.mark.parametrize("name", SUPPLIER)
def test_every_feature_of_the_supplier_shares_in_the_one_bit(name: str) -> None:
    tables = {**ENTRY, **{other: {"equal": 4.0} for other in SUPPLIER}}
    others = [other for other in SUPPLIER if other != name]
    for other in others:
        pair = {name.replace(" ", "_"): "equal", other.replace(" ", "_"): "equal"}
        assert bits_of(tables, **pair)["all"] == 5.0


@pytest.mark.parametrize(
    ("name", "domain", "bits"),
    [
        ("equal", "different", (5.0, -1.0)),
        ("equal", "missing", (5.0, 0.0)),
        ("missing", "equal", (0.0, 3.0)),
        ("nothing shared", "equal", (-6.0, 3.0)),
        ("nothing shared", "different", (-6.0, -1.0)),
    ],
)
def test_only_what_speaks_for_the_pair_is_counted_once(
    name: str, domain: str, bits: tuple[float, float]
) -> None:
    found = bits_of(name=name, domain=domain)
    assert (found["name"], found["domain"]) == bits
    assert found["all"] == sum(bits)


def test_what_speaks_against_leaves_the_room_as_it_is() -> None:
    found = bits_of(name="equal", tax_number="different", bank_account="equal")
    assert (found["tax number"], found["bank account"], found["all"]) == (-6.0, 1.0, 0.0)


@pytest.mark.parametrize("name", ["reference", "amount", "date", "memo"])
def test_what_tells_of_the_document_counts_in_full(name: str) -> None:
    best = max(ENTRY[name], key=lambda word: ENTRY[name][word])
    pair: dict[str, Any] = {"name": "equal", name: best}
    assert bits_of(**pair)["all"] == 5.0 + ENTRY[name][best]


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY_LEVELS, min_size=1, max_size=4))
def test_rows_add_up_to_the_score_exactly_in_any_order(pairs: list[dict[str, str]]) -> None:
    bits, whole = score(reached(*pairs), ENTRY)
    for n in range(len(pairs)):
        rows = [float(bits[name][n]) for name in FEATURES]
        assert all((row * GRAIN).is_integer() for row in rows)
        assert {sum(order) for order in (rows, rows[::-1], sorted(rows))} == {float(whole[n])}
    assert (sum_of(bits) == whole).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(ANY_LEVELS, min_size=2, max_size=3))
def test_a_pair_is_worth_the_same_among_others(pairs: list[dict[str, str]]) -> None:
    for order in permutations(pairs):
        whole = score(reached(*order), ENTRY)[1]
        assert whole.tolist() == [float(score(reached(one), ENTRY)[1][0]) for one in order]


def test_the_sum_leaves_the_rows_as_they_are() -> None:
    bits, _ = score(reached({"reference": "equal", "amount": "equal"}), ENTRY)
    assert float(sum_of(bits)[0]) == 16.0
    assert float(bits["reference"][0]) == 10.0


@settings(max_examples=50, deadline=None)
@given(ANY_LEVELS, st.sampled_from(FEATURES), st.data())
def test_a_level_worth_more_never_lowers_the_score(
    pair: dict[str, str], name: str, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(LEVELS[name]))
    low, high = sorted((pair[name], other), key=lambda word: ENTRY[name].get(word, 0.0))
    whole = score(reached({**pair, name: low}, {**pair, name: high}), ENTRY)[1]
    assert whole[0] <= whole[1]
