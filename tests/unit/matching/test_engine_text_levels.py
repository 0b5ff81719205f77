"""Levels of texts: names, names in memos, memos that banks cut, addresses."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import ints, levels_of, sides, words_of
from well.matching.columns import Raw
from well.matching.names import NAME_ORDER, name_level, parse
from well.matching.text_levels import address_levels, memo_levels, name_levels_of


def name(ours: Any, theirs: Any, memo: str = "", our_memo: str = "") -> str:
    """Level of the names of two rows with memos."""
    return levels_of(Raw("s", names=ours, memo=our_memo), Raw("t", names=theirs, memo=memo))["name"]


def memo(ours: str, theirs: str) -> str:
    """Level of two memos."""
    return levels_of(Raw("s", memo=ours), Raw("t", memo=theirs))["memo"]


def address(ours: str, theirs: str) -> str:
    """Level of two addresses."""
    return levels_of(Raw("s", address=ours), Raw("t", address=theirs))["address"]


COUPLES = {
    "equal": ("Algolia SAS", "ALGOLIA"),
    "equal, other legal form": ("Algolia GmbH", "Algolia AG"),
    "nearly equal": ("Zumtobel Leuchten", "Zumtobel Leuchtn"),
    "part of it": ("Zumtobel", "Zumtobel Leuchten"),
    "similar": ("Zumtobel", "Zumtobal"),
    "initials": ("Qwerty Zumtobel Leuchten", "QZL"),
    "partly alike": ("Zumtobel Services", "Zumtobel Kravattke"),
    "common words only": ("Zumtobel Services", "Kravattke Services"),
    "other numbers": ("Zumtobel 2", "Zumtobel 3"),
    "nothing shared": ("Algolia", "Dupont"),
}


@pytest.mark.parametrize(("word", "couple"), COUPLES.items())
def test_two_names_reach_the_level_of_the_name_scorer(word: str, couple: tuple[str, str]) -> None:
    assert name_level(*map(parse, couple)) == word
    assert name(*couple) == name(*reversed(couple)) == word


def test_every_level_of_the_name_scorer_is_tried_here() -> None:
    assert tuple(COUPLES) == NAME_ORDER


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        (("Dupont", "Algolia"), "Algolia", "equal"),
        ("Algolia", ("Dupont", "Algolia"), "equal"),
        (("Dupont", "Zumtobel"), ("Algolia", "Zumtobel Leuchten"), "part of it"),
        (("Dupont", "Algolia"), ("Zumtobel", "Kravattke"), "nothing shared"),
        (("", "Algolia"), "Algolia", "equal"),
        ("", "Algolia", "missing"),
        ("Algolia", "", "missing"),
        ("--", "Algolia", "missing"),
        ((), (), "missing"),
    ],
)
def test_the_best_of_all_names_counts(ours: Any, theirs: Any, word: str) -> None:
    assert name(ours, theirs) == word


@pytest.mark.parametrize(
    ("names", "text", "word"),
    [
        ("Zumtobel Leuchten", "sepa leuchten of ZUMTOBEL gmbh", "in the text"),
        ("Zumtobel Leuchten SAS", "zumtobel leuchten", "in the text"),
        ("Zumtobel Leuchten", "sepa zumtobel", "partly in the text"),
        ("Zumtobel Leuchten Kravattke", "sepa zumtobel", "not in the text"),
        ("Zumtobel Services", "zumtobel", "partly in the text"),
        ("Zumtobel Services", "services", "not in the text"),
        ("Zumtobel", "zumtobl", "not in the text"),
        ("Zumtobel Zumtobel", "zumtobel", "in the text"),
        (("Zumtobel", "Algolia"), "algolia", "not in the text"),
        (("Zumtobel", "Algolia"), "zumtobel", "in the text"),
        ("Zumtobel", "", "missing"),
        ("Zumtobel", "--", "missing"),
        ("", "zumtobel", "missing"),
    ],
)
def test_a_name_is_looked_for_in_the_memo_of_a_row_without_one(
    names: Any, text: str, word: str
) -> None:
    assert name(names, "", memo=text) == word
    assert name("", names, our_memo=text) == word


def test_where_both_have_a_name_no_memo_is_asked() -> None:
    assert name("Algolia", "Dupont", memo="algolia", our_memo="dupont") == "nothing shared"


def test_the_memo_beside_a_name_is_not_asked_for_it() -> None:
    assert name("Zumtobel", "", our_memo="zumtobel") == "missing"
    assert name("Zumtobel", "", memo="else", our_memo="zumtobel") == "not in the text"


def test_two_memos_without_any_name_say_nothing_of_names() -> None:
    assert name("", "", memo="zumtobel", our_memo="zumtobel") == "missing"


def test_rows_are_told_apart_when_many_are_compared() -> None:
    source = [Raw("a", names="Zumtobel Leuchten"), Raw("b"), Raw("c", names="Algolia")]
    target = [Raw("d", memo="zumtobel"), Raw("e", names="Algolia"), Raw("f", memo="algolia x")]
    assert words_of(sides(source, target), "name") == [
        *("partly in the text", "nothing shared", "not in the text"),
        *("missing", "missing", "missing"),
        *("not in the text", "equal", "in the text"),
    ]


def start(size: int, rest: str) -> str:
    """Twenty signs of which so many are the letter a."""
    return "a" * size + rest * (20 - size)


@pytest.mark.parametrize(
    ("same", "word"),
    [
        (20, "equal"),
        (19, "nearly equal"),
        (17, "nearly equal"),
        (16, "alike"),
        (14, "alike"),
        (13, "similar"),
        (10, "similar"),
        (9, "different"),
        (0, "different"),
    ],
)
def test_memos_are_compared_sign_by_sign(same: int, word: str) -> None:
    assert memo(start(same, "b"), start(same, "c")) == word
    assert memo(start(same, "c"), start(same, "b")) == word


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ("zumtob", "zumtobel leuchten", "cut short"),
        ("zumto", "zumtobel leuchten", "nearly equal"),
        ("zum", "zumtobel leuchten", "nearly equal"),
        ("zu", "zumtobel leuchten", "missing"),
        ("z", "z", "equal"),
        ("zu", "ab", "different"),
        ("zu", "zx", "similar"),
        ("zu", "abc", "missing"),
        ("abc", "zumt", "different"),
        ("Zumtobel", "ZUMTOBEL.", "equal"),
        ("zumtobel", "zumtobexleuchten", "nearly equal"),
        ("", "zumtobel", "missing"),
        ("", "", "missing"),
        ("--", "--", "missing"),
    ],
)
def test_a_memo_is_compared_up_to_the_end_of_the_shorter_one(
    ours: str, theirs: str, word: str
) -> None:
    assert memo(ours, theirs) == memo(theirs, ours) == word


def test_memos_are_compared_up_to_eighty_signs() -> None:
    assert memo("a" * 80 + "b", "a" * 80 + "c") == "equal"
    assert memo("a" * 79 + "b", "a" * 79 + "c") == "nearly equal"


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ("55 Sonnenweg Wien", "wien, sonnenweg 55", "equal"),
        ("55 Sonnenweg Wien 1010", "55 Sonnenweg", "alike"),
        ("55 Sonnenweg Wien 1010 Austria", "55 Sonnenweg", "different"),
        ("55 Sonnenweg", "55 Sonnenweg Wien 1010", "alike"),
        ("55 Sonnenweg", "55 Sonnenweg Wien 1010 Austria", "different"),
        ("55 Sonnenweg Wien", "7 Bergpfad Graz", "different"),
        ("Wien Wien", "Wien", "equal"),
        ("55 Sonnenweg", "", "missing"),
        ("", "55 Sonnenweg", "missing"),
        ("", "", "missing"),
    ],
)
def test_addresses_are_compared_by_the_words_they_share(ours: str, theirs: str, word: str) -> None:
    assert address(ours, theirs) == word


def test_addresses_of_many_rows_are_told_apart() -> None:
    source = [Raw("a"), Raw("b", address="55 Sonnenweg"), Raw("c", address="7 Bergpfad")]
    target = [Raw("d", address="7 Bergpfad"), Raw("e"), Raw("f", address="7 Sonnenweg")]
    assert words_of(sides(source, target), "address") == [
        *("missing", "missing", "missing"),
        *("different", "missing", "alike"),
        *("equal", "missing", "alike"),
    ]


TEXTS = st.sampled_from(["", "zumtobel", "zumtobel leuchten", "zumtob", "algolia paris", "7 zu"])
ROW = st.tuples(TEXTS, TEXTS, TEXTS).map(lambda t: Raw("r", names=t[0], memo=t[1], address=t[2]))
ROWS = st.lists(ROW, min_size=1, max_size=3)


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS)
def test_a_couple_of_texts_reaches_the_same_level_alone_and_either_way_round(
    source: list[Raw], target: list[Raw]
) -> None:
    for feature in ("name", "memo", "address"):
        found = words_of(sides(source, target), feature)
        alone = [levels_of(s, t)[feature] for s in source for t in target]
        turned = [levels_of(t, s)[feature] for s in source for t in target]
        assert found == alone == turned


def test_no_pairs_have_no_levels() -> None:
    both = sides([Raw("s", names="a", memo="b", address="c")], [Raw("t")])
    none = ints()
    assert name_levels_of(both.book, both.source, both.target, none, none).tolist() == []
    assert memo_levels(both.source, both.target, none, none).tolist() == []
    assert address_levels(both.source, both.target, none, none).tolist() == []
