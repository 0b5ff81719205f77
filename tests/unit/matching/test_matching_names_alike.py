"""How alike two names are: words, alignment, legal forms, levels one by one and in bulk."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from well.matching.names import (
    NAME_ORDER,
    acronym,
    core_likeness,
    form_relation,
    likeness,
    name_level,
    name_levels,
    numbers_differ,
    parse,
)
from well.matching.names import levels as scorer
from well.matching.names.align import alignment, glued
from well.matching.names.levels import PARTLY
from well.matching.names.weights import RARE, word_weight
from well.matching.names.wordlike import sound, word_likeness

PIECES = (
    *("Algolia", "Dupont", "Duponnt", "Services", "France", "GmbH", "SAS", "SA", "2", "3", "Site"),
    *("International", "Business", "Machines", "IBM", "Müller", "Mueller", "", "K", "AlgoliaSAS"),
)
TYPED = st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("a", "b", "like"),
    [
        ("adobe", "adobe", 1.0),
        ("12", "12", 1.0),
        ("12", "13", 0.0),
        ("1", "one", 0.0),
        ("2", "21", 0.0),
        ("k", "kodak", 0.4),
        ("k", "adobe", 0.0),
        ("zorro", "zorros", 0.97),
        ("zo", "zos", 0.0),
        ("muller", "mueller", 0.93),
        ("oreal", "loreal", 0.93),
        ("real", "lreal", 0.75),
        ("tayota", "toyota", 1 - 1.25 / 6),
        ("zorra", "zorro", 0.75),
        ("zor", "zox", 0.0),
        ("zora", "zoxx", 0.0),
        ("trafalgura", "trafigura", 0.75),
        ("mckenton", "mckesson", 1 - 2.5 / 8),
        ("mckento", "mckexxo", 0.0),
        ("construction", "constructors", 0.0),
        ("bank", "bang", 1 - 1.25 / 4),
        ("railway", "railways", 0.97),
        ("motor", "moto", 0.75),
        ("zor", "zorobabel", 0.8 * 3 / 9),
        ("dev", "development", 0.8),
        ("mnfctrng", "manufacturing", 0.7),
        ("mng", "manufacturing", 0.7),
        ("adrs", "addresses", 0.7),
        ("mg", "mogig", 0.0),
        ("mgg", "mogig", 0.7),
        ("mg", "moog", 0.0),
        ("mg", "mooog", 0.7),
        ("mnx", "manufacturing", 0.0),
        ("adobe", "kodak", 0.0),
        ("zorro", "kzorrokk", 0.0),
    ],
)
def test_words_are_alike_by_slip_sound_or_abbreviation(a: str, b: str, like: float) -> None:
    assert word_likeness(a, b) == pytest.approx(like)
    assert word_likeness(b, a) == word_likeness(a, b)


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        ("schultz", "shulz"),
        ("aaron", "aron"),
        ("philippe", "filipe"),
        ("mueller", "muler"),
        ("wick", "vik"),
        ("khan", "han"),
        ("alex", "alex"),
        ("aleks", "alex"),
        ("quartz", "kuarz"),
    ],
)
def test_spellings_of_one_sound_are_made_one(word: str, heard: str) -> None:
    assert sound(word) == heard


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ("Algolia SAS", "ALGOLIA", 1.0),
        ("Coca Cola", "CocaCola", 0.98),
        ("Siemensfg", "Siemens fg", 0.98),
        ("Algolia", "Algolia Kodex", 1.02 / (1.02 + 0.35)),
        ("Algolia Kodex", "Algolia", 1.02 / (1.02 + 0.35)),
        ("Algolia", "Algolia France", 1.02 / (1.02 + 0.35 * 0.2)),
        ("Algolia Zorro", "Algolia Kodex", 1.02 / (1.02 + 2.0)),
        ("Algolia", "Kodex", 0.02 / 2.02),
        ("Algolia Zorro", "Zorro Algolia", 0.97),
        ("IBM", "International Business Machines", 0.7 / (0.7 + 2.0 * 0.085)),
        ("International Business Machines", "IBM", 0.7 / (0.7 + 2.0 * 0.085)),
        ("IBM Kodex", "International Business Machines", 0.7 / (0.7 + 2.0 * 0.085 + 0.35)),
    ],
)
def test_alignment_is_the_share_of_weight_that_finds_its_like(a: str, b: str, share: float) -> None:
    assert alignment(parse(a), parse(b)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ("xy zzw", "xyz zvw", 0.95 - 1 / 6),
        ("xyzz", "xy zv", 0.0),
        ("vwxyz", "vwx yq", 0.75),
        ("uvwxyz vwxyzz", "uvwxyzv wxyzqq", 0.95 - 2 / 13),
        ("uvwxyz vwxyzz", "uvwxyzv wxyqqq", 0.0),
        ("u" * 23 + " " + "w" * 22, "u" * 22 + "  u" + "w" * 19 + "xyz", 0.95 - 3 / 45),
        ("u" * 22 + " " + "w" * 22, "u" * 21 + "  u" + "w" * 19 + "xyz", 0.0),
    ],
)
def test_a_few_slips_in_all_the_letters_are_typing(a: str, b: str, share: float) -> None:
    found = alignment(parse(a), parse(b))
    assert found == pytest.approx(share) if share else found < 0.75


def test_words_with_a_slip_keep_what_is_unlike_alone() -> None:
    found = alignment(parse("zqwx"), parse("zqwy"))
    like = 1 - 1.25 / 4
    assert found == pytest.approx((like + 0.02) / (like + 0.02 + 2 * (1 - like) / 2))


def test_a_glued_form_is_still_the_name() -> None:
    assert glued(parse("SiemensAG"), parse("Siemens AG"))
    assert glued(parse("Siemens AG"), parse("SiemensAG"))
    assert not glued(parse("Siemens"), parse("Siemens AG"))
    assert not glued(parse("SiemensAG"), parse("Kodex AG"))


@pytest.mark.parametrize(
    ("a", "b", "relation", "cost"),
    [
        ("Foo SAS", "Foo SASU", "kin", 0.02),
        ("Foo SAS", "Foo SA", "other", 0.2),
        ("Foo SAS", "Foo", "missing", 0.01),
        ("Foo", "Foo SAS", "missing", 0.01),
        ("Foo", "Foo", "same", 0.0),
        ("Foo JSC", "Foo OAO", "same", 0.0),
        ("Foo Ltd", "Foo Pte Ltd", "same", 0.0),
    ],
)
def test_legal_forms_are_same_kin_other_or_missing(
    a: str, b: str, relation: str, cost: float
) -> None:
    x, y = parse(a), parse(b)
    assert form_relation(x, y) == relation
    assert likeness(x, y) == pytest.approx(1 - cost)


def test_a_likeness_never_falls_below_nothing() -> None:
    assert likeness(parse("Algolia SAS"), parse("Kodex SA")) == 0.0


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("Site 2", "Site 3", True),
        ("Site 2", "Site", False),
        ("Site", "Site 3", False),
        ("Site 2", "Place 2", False),
        ("Site 12345", "Site 12346", False),
        ("Site 2 3", "Site 3 2", False),
    ],
)
def test_numbers_differ_when_both_have_some(a: str, b: str, differ: bool) -> None:
    assert numbers_differ(parse(a), parse(b)) is differ


def test_other_numbers_cost_likeness() -> None:
    a, b = parse("Algolia Kodex Site 2"), parse("Algolia Kodex Site 3")
    assert core_likeness(a, b) == pytest.approx(alignment(a, b) - 0.2)
    assert core_likeness(parse("2"), parse("3")) == 0.0


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("IBM", "International Business Machines", True),
        ("International Business Machines", "IBM", True),
        ("IB", "International Business", False),
        ("IBX", "International Business Machines", False),
        ("", "", False),
        ("", "Foo", False),
        ("Foo", "", False),
    ],
)
def test_initials_of_three_words_make_an_acronym(a: str, b: str, same: bool) -> None:
    assert acronym(parse(a), parse(b)) is same


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("Algolia SAS", "ALGOLIA", "equal"),
        ("Société Générale S.A.", "SOCIETE GENERALE SA", "equal"),
        ("SARL Dupont & Fils", "Dupont et Fils", "equal"),
        ("Müller Gesellschaft mbH", "MULLER GMBH", "equal"),
        ("Hetzner Online GmbH", "HetznerOnline GmbH", "equal"),
        ("SiemensAG", "Siemens AG", "equal"),
        ("Brigade Forty-Four", "Brigade 44", "equal"),
        ("Martin SAS", "Martin SASU", "equal"),
        ("Martin SAS", "Martin SA", "equal, other legal form"),
        ("Smith Brothers", "Bros Smith", "nearly equal"),
        ("Algolia", "Algolia France", "part of it"),
        ("Algolia France", "Algolia", "part of it"),
        ("Algolia", "Algolia Algolia", "part of it"),
        ("Services", "Algolia Services", "common words only"),
        ("Services Zum", "Services Zumtobel", "partly alike"),
        ("Zorrob Semiconductors", "Zorrobs Semicon", "similar"),
        ("Zorrob Semiconductors", "Zorrobs Semic", "nothing shared"),
        ("Peugot", "Peugeot", "similar"),
        ("Amazon Web Services EMEA SARL", "AWSE", "initials"),
        ("Dupont Services", "Dupont Conseil", "partly alike"),
        ("Dupont Services", "Algolia Services", "common words only"),
        ("Garage du Site 2", "Garage du Site 3", "other numbers"),
        ("Site 2", "Site 3", "common words only"),
        ("Algolia Kodex Zorro Zebu Site 2", "Algolia Kodex Zorro Zebu Site 3", "other numbers"),
        ("Bouygues Telecom", "Orange", "nothing shared"),
        ("uber", "huber consulting", "nothing shared"),
        ("ABC", "ABD", "nothing shared"),
        ("", "Foo", "nothing shared"),
    ],
)
def test_the_level_says_how_names_differ(a: str, b: str, level: str) -> None:
    assert name_level(parse(a), parse(b)) == level
    assert name_level(parse(b), parse(a)) == level


def test_the_levels_are_these_in_this_order() -> None:
    assert NAME_ORDER == (
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
    )


@given(st.lists(st.tuples(TYPED, TYPED), max_size=12))
def test_levels_in_bulk_are_the_levels_one_by_one(pairs: list[tuple[str, str]]) -> None:
    a, b = [parse(x) for x, _ in pairs], [parse(y) for _, y in pairs]
    found = name_levels(a, b)
    assert found.dtype == np.uint8
    assert [NAME_ORDER[at] for at in found] == [name_level(x, y) for x, y in zip(a, b, strict=True)]


def test_levels_in_bulk_agree_for_every_pair_of_many_names() -> None:
    names = [parse(" ".join(words)) for words in product(PIECES[:9], PIECES[9:])]
    a, b = [x for x in names for _ in names], names * len(names)
    expected = [NAME_ORDER.index(name_level(x, y)) for x, y in zip(a, b, strict=True)]
    assert name_levels(a, b).tolist() == expected


def test_no_pairs_have_no_levels() -> None:
    assert name_levels([], []).tolist() == []


ANY = st.one_of(TYPED, st.text(max_size=60))


@given(ANY, ANY)
def test_likeness_is_symmetric_and_bounded_for_any_text(a: str, b: str) -> None:
    x, y = parse(a), parse(b)
    assert likeness(x, y) == likeness(y, x)
    assert 0.0 <= likeness(x, y) <= 1.0
    assert likeness(x, x) == 1.0
    assert name_level(x, y) == name_level(y, x)
    assert name_level(x, y) in NAME_ORDER


@settings(max_examples=300)
@given(TYPED, TYPED)
def test_the_same_rare_word_in_both_never_lowers_the_likeness(a: str, b: str) -> None:
    x, y = parse(f"xylbrandt {a}"), parse(f"xylbrandt {b}")
    before, after = core_likeness(parse(a), parse(b)), core_likeness(x, y)
    forms = {parse(a).form, parse(b).form, x.form, y.form}
    if parse(a).words and parse(b).words and forms == {None}:
        assert after >= before - 1e-12


def test_names_that_share_a_common_word_are_partly_alike_where_a_telling_one_is_nearly_shared() -> (
    None
):
    near = parse("Services Zum"), parse("Services Zumtobel")
    far = parse("Services Zumtobel"), parse("Services Kravattke")
    assert alignment(*far) < PARTLY == 0.30 < alignment(*near)
    assert name_level(*near) == "partly alike"
    assert name_level(*far) == "common words only"


def test_a_name_of_common_words_alone_is_like_nobody() -> None:
    a, b = parse("Services"), parse("Services Zumtobel")
    assert alignment(a, b) >= PARTLY
    assert name_level(a, b) == name_level(b, a) == "common words only"


@pytest.mark.parametrize(("more", "level"), [(0.0, "partly alike"), (1e-12, "common words only")])
def test_a_likeness_of_exactly_the_least_is_enough(
    more: float, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = parse("Services Zum"), parse("Services Zumtobel")
    monkeypatch.setattr(scorer, "PARTLY", alignment(a, b) + more)
    assert name_level(a, b) == name_level(b, a) == level


@pytest.mark.parametrize(
    ("word", "weight", "level"),
    [
        ("Zor", 0.85, "partly alike"),
        ("Martin", 0.7, "partly alike"),
        ("Zo", RARE, "partly alike"),
        ("12", 0.5, "common words only"),
        ("Paris", 0.45, "common words only"),
        ("Services", 0.2, "common words only"),
    ],
)
def test_a_shared_word_tells_by_itself_from_its_weight_on(
    word: str, weight: float, level: str
) -> None:
    a, b = parse(f"{word} Zumtobel Leuchten"), parse(f"{word} Kravattke Guadalupano")
    assert RARE == 0.6
    assert word_weight(word.casefold()) == weight
    assert alignment(a, b) < PARTLY
    assert name_level(a, b) == name_level(b, a) == level


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("Zumtobel Leuchten 2", "Zumtobel Kravattke 2", "partly alike"),
        ("Zumtobel Leuchten 2", "Zumtobel Kravattke 3", "common words only"),
        ("Zumtobel Leuchten 2", "Zumtobel Leuchten 3", "other numbers"),
        ("Zumtobel 2", "Zumtrobal 3", "nothing shared"),
    ],
)
def test_names_with_other_numbers_are_never_partly_alike(a: str, b: str, level: str) -> None:
    assert name_level(parse(a), parse(b)) == name_level(parse(b), parse(a)) == level


def test_words_that_are_only_alike_are_not_shared() -> None:
    a, b = parse("Zumtobel Kra"), parse("Zumtobal Xyz")
    assert alignment(a, b) > PARTLY
    assert name_level(a, b) == "nothing shared"


def test_one_telling_word_among_common_ones_that_are_shared_is_enough() -> None:
    a, b = parse("Zo Services Zumtobel Leuchten"), parse("Zo Services Kravattke Guadalupano")
    assert alignment(a, b) < PARTLY
    assert name_level(a, b) == name_level(b, a) == "partly alike"
