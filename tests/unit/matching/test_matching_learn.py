"""What judgements teach: sums that undo exactly, and nothing that crosses workspaces."""

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.learn import (
    MISSING,
    NOTHING,
    PARTY,
    Alias,
    Key,
    Lag,
    Learned,
    Observation,
    Shape,
    add,
    digest,
    from_json,
    gather,
    learn_counts,
    month_of,
    remove,
    shapes,
    to_json,
    usual_lag,
)

LEVELS = st.dictionaries(
    st.sampled_from(["name", "date", "amount"]), st.sampled_from(["equal", "far", MISSING])
)
OBSERVATIONS = st.builds(
    Observation,
    id=st.uuids().map(str),
    month=st.integers(24_300, 24_330),
    matched=st.none() | LEVELS,
    rejected=st.lists(LEVELS, max_size=3).map(tuple),
    aliases=st.lists(
        st.builds(Alias, st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), max_size=2
    ).map(tuple),
    lag=st.none() | st.builds(Lag, st.sampled_from("xy"), st.integers(-3, 40)),
    shape=st.none() | st.builds(Shape, st.sampled_from("xy"), st.sampled_from(["A9", "99"])),
    times=st.integers(1, 2),
    space=st.sampled_from(["entry", "party"]),
)


def test_a_month_counts_from_year_zero() -> None:
    assert month_of(date(2026, 1, 31)) == 24_312
    assert month_of(date(2026, 12, 1)) == 24_323


def test_one_observation_counts_each_thing_once() -> None:
    seen = Observation(
        "1",
        7,
        matched={"name": "equal", "date": MISSING},
        rejected=({"name": "far"}, {"name": "far"}),
        aliases=(Alias("acme", "p", True), Alias("acme", "q", False)),
        lag=Lag("p", 3),
        shape=Shape("p", "A9"),
    )
    assert add(NOTHING, seen).counts == {
        Key("entry", "documents", "", "", 7): 1,
        Key("entry", "match", "name", "equal", 7): 1,
        Key("entry", "other", "name", "far", 7): 2,
        Key("entry", "alias", "acme", "p", 7): 1,
        Key("entry", "not alias", "acme", "q", 7): 1,
        Key("entry", "lag", "p", "3", 7): 1,
        Key("entry", "shape", "p", "A9", 7): 1,
    }


def test_none_right_counts_as_none() -> None:
    assert add(NOTHING, Observation("1", 7, space=PARTY)).counts == {
        Key("party", "documents", "", "", 7): 1,
        Key("party", "none", "", "", 7): 1,
    }


def test_an_overturning_judgement_counts_double() -> None:
    once = Observation("1", 7, matched={"name": "equal"})
    twice = Observation("1", 7, matched={"name": "equal"}, times=2)
    assert add(NOTHING, twice) == gather([once, once])


@given(st.lists(OBSERVATIONS, max_size=12), st.lists(OBSERVATIONS, max_size=6), st.randoms())
def test_any_order_of_adding_and_taking_out_gives_the_same(
    kept: list[Observation], undone: list[Observation], random: object
) -> None:
    steps = [(one, True) for one in kept + undone]
    random.shuffle(steps)  # type: ignore[attr-defined]
    state = NOTHING
    for one, _ in steps:
        state = add(state, one)
    random.shuffle(undone)  # type: ignore[attr-defined]
    for one in undone:
        state = remove(state, one)
    assert state == gather(kept)
    assert to_json(state) == to_json(gather(reversed(kept)))
    assert 0 not in state.counts.values()


def test_what_was_never_added_cannot_be_taken_out() -> None:
    seen = Observation("1", 7, matched={"name": "equal"})
    with pytest.raises(ValueError, match=r"^That observation is not part of what was learned\.$"):
        remove(add(NOTHING, seen), Observation("2", 8))


@given(OBSERVATIONS)
def test_the_state_comes_back_from_its_text(seen: Observation) -> None:
    state = add(NOTHING, seen)
    assert from_json(to_json(state)) == state


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version":1}',
        '{"version":1,"counts":[[1]]}',
        '{"version":1,"counts":[["a","b","c","d","x",1]]}',
        '{"version":1,"counts":[["a","b","c","d",1e999,1]]}',
    ],
)
def test_a_broken_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^What was learned cannot be read\.$"):
        from_json(text)


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^What was learned is of version 2, not 1\.$"):
        from_json('{"version":2,"counts":[]}')


def test_the_text_is_compact_and_versioned() -> None:
    state = add(NOTHING, Observation("1", 7, matched={"name": "equal"}))
    assert to_json(state) == (
        '{"version":1,"counts":[["entry","documents","","",7,1],'
        '["entry","match","name","equal",7,1]]}'
    )
    assert json.loads(to_json(NOTHING)) == {"version": 1, "counts": []}


def test_the_digest_names_the_state() -> None:
    state = add(NOTHING, Observation("1", 7))
    assert digest(NOTHING) == ""
    assert digest(state) == digest(gather([Observation("other id", 7)]))
    assert len(digest(state)) == 8
    assert digest(state) != digest(add(state, Observation("1", 7)))


def test_columns_teach_the_same_as_single_observations() -> None:
    names = {"name": ["equal", MISSING, "far"], "date": ["same day", "later"]}
    levels = np.array([[0, 0], [2, 1], [1, 1], [2, 0], [0, 1]], dtype=np.uint8)
    right = np.array([True, False, True, False, False])
    one = [
        Observation(
            "1", 9, {"name": "equal", "date": "same day"}, ({"name": "far", "date": "later"},)
        ),
        Observation(
            "2", 9, {"name": MISSING, "date": "later"}, ({"name": "far", "date": "same day"},)
        ),
        Observation("3", 9, None, ({"name": "equal", "date": "later"},)),
        Observation("4", 9, None),
    ]
    assert learn_counts(levels, right, names, 9, nones=2) == gather(one)


def test_columns_teach_in_the_space_they_are_for() -> None:
    levels = np.array([[0]], dtype=np.uint8)
    taught = learn_counts(levels, np.array([True]), {"name": ["equal"]}, 9, space=PARTY)
    assert taught == gather([Observation("1", 9, {"name": "equal"}, space=PARTY)])


def _links(*days: int, counterparty: str = "p") -> Learned:
    return gather(
        Observation(str(n), 9 + n, {}, lag=Lag(counterparty, day)) for n, day in enumerate(days)
    )


def test_the_usual_lag_is_known_from_five_links_on() -> None:
    assert usual_lag(_links(1, 2, 3, 4), "p") is None
    assert usual_lag(_links(30, 2, -3, 4, 100), "p") == 4
    assert usual_lag(_links(30, 2, -3, 4, 100), "q") is None


def test_the_usual_lag_of_an_even_number_is_the_lower_middle_one() -> None:
    assert usual_lag(_links(1, 2, 9, 10, 11, 12), "p") == 9


def test_the_same_lag_of_many_months_is_counted_each_time() -> None:
    assert usual_lag(_links(5, 5, 5, 9, 9), "p") == 5


def test_number_forms_are_counted_over_all_months() -> None:
    state = gather(
        Observation(str(month), month, {}, shape=Shape("p", shape))
        for month, shape in [(1, "A9"), (2, "A9"), (2, "99")]
    )
    assert shapes(state, "p") == {"A9": 2, "99": 1}
    assert shapes(state, "q") == {}
    assert shapes(state, "p", PARTY) == {}
