"""Candidate pairs: which keys bring two sightings together, and how large blocks are bounded."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest

from well.matching.clusters import pairs as module
from well.matching.clusters.pairs import BLOCK_MAX, FEW, PER_SIGHTING, WINDOW, neighbours
from well.matching.clusters.sightings import Sighting, crowd
from well.matching.names import parse

IBAN = "FR7630006000011234567890189"


def met(*seen: Sighting) -> list[tuple[int, int]]:
    found = neighbours(crowd(seen))
    return list(zip(found.a.tolist(), found.b.tolist(), strict=True))


def meet(one: str, other: str) -> bool:
    return met(Sighting(one), Sighting(other)) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Algolia", "ALGOLIA S.A.S."),
        ("Guadalupano Family", "Guadalupano"),
        ("Zzyx Algolia", "Algolia Qwer"),
        ("Shell Internationale", "ShellInternationale"),
        ("Guadalupano", "Guadalupenna"),
        ("Kerb Guadalupano Qx", "Zorn Guadalumbra Px"),
        ("Sheel Petroleum Research", "Shell Petroleum Research"),
        ("National Bank", "Bank National"),
    ],
)
def test_names_meet_by_their_words_beginnings_and_ends(one: str, other: str) -> None:
    assert meet(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Algolia", "Siemens"), ("Guada", "Guadz"), ("Xorn", "Yorn"), ("", "Algolia"), ("", "?")],
)
def test_names_that_share_no_key_do_not_meet(one: str, other: str) -> None:
    assert not meet(one, other)


def test_so_many_telling_words_are_keys_alone() -> None:
    """The longest first: the fourth of five meets, the fifth does not."""
    name = "Abcdefghijk Bcdefghijk Cdefghijk Defghijk Efghijk"
    assert meet(name, "Defghijk Qqqqqq")
    assert not meet(name, "Efghijk Qqqqqq")


def test_a_telling_word_makes_couples_with_all_others() -> None:
    assert module._couples(parse("Zorn Bank Trading")) == ["bank zorn", "trading zorn"]
    assert module._couples(parse("Algolia Bank Zorn")) == [
        "algolia bank",
        "algolia zorn",
        "bank zorn",
    ]
    assert module._couples(parse("Trading Bank")) == ["bank trading"]


def test_beginnings_are_those_of_two_telling_words_and_of_the_whole() -> None:
    assert module._beginnings(parse("Zorndrecht Guadalupano Bank")) == ["guada", "zornd", "zornd"]


def test_so_many_words_are_keys_two_by_two() -> None:
    """In the order of the alphabet; without a telling word any of them."""
    common = "Bank International Management National Services Trading Solutions"
    assert not met(Sighting("International Bank"), Sighting("Services Management"))
    assert met(Sighting(common), Sighting("National Bank"))
    couples = module._couples(parse(common))
    assert "bank solutions" in couples
    assert "bank trading" not in couples


@pytest.mark.parametrize(
    "both",
    [
        {"number": "FR44732829320"},
        {"iban": IBAN},
        {"site": "algolia.com"},
        {"phone": "5340001"},
        {"address": "12 High Street"},
    ],
)
def test_values_meet_whatever_the_names(both: dict[str, str]) -> None:
    assert met(Sighting("Algolia", **both), Sighting("Siemens", **both)) == [(0, 1)]
    assert met(Sighting("Algolia", **both), Sighting("Siemens")) == []


def test_places_meet_by_house_and_any_word_of_the_street() -> None:
    one = Sighting("Algolia", address="12 High Grove")
    assert met(one, Sighting("Siemens", address="12 Grove")) == [(0, 1)]
    assert met(one, Sighting("Siemens", address="14 Grove")) == []


def test_a_country_is_no_key() -> None:
    assert met(Sighting("Algolia", country="FR"), Sighting("Siemens", country="FR")) == []


def test_a_pair_comes_once_whatever_it_shares() -> None:
    seen = [Sighting(f"Guadalupano {n}", iban=IBAN, phone="5340001") for n in range(3)]
    assert met(*seen) == [(0, 1), (0, 2), (1, 2)]


def letters(number: int) -> str:
    """A name without any key of another: four letters of its own."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(4))


def holders(count: int) -> list[Sighting]:
    return [Sighting(letters(n * 7919), iban=IBAN) for n in range(count)]


def test_a_block_up_to_the_limit_is_paired_in_full() -> None:
    found = neighbours(crowd(holders(BLOCK_MAX)))
    assert len(found.a) == BLOCK_MAX * (BLOCK_MAX - 1) // 2
    assert found.cut == 0


def test_in_a_larger_block_neighbours_by_name_are_paired_and_it_is_counted() -> None:
    size = BLOCK_MAX + 1
    found = neighbours(crowd(holders(size)))
    expected = [(a, b) for a, b in combinations(range(size), 2) if b - a <= WINDOW]
    assert list(zip(found.a.tolist(), found.b.tolist(), strict=True)) == expected
    assert found.cut == 1


def test_the_budget_of_a_sort_of_key_cuts_its_largest_blocks() -> None:
    def largest(sizes: Sequence[int], budget: int) -> int:
        return module._largest(np.array(sizes, dtype=np.int64), budget)

    sizes = [2, 2, 3, 5]
    assert largest(sizes, 14) == 4
    assert largest(sizes, 15) == BLOCK_MAX
    assert largest(sizes, 4) == 2
    assert largest(sizes, 5) == 4
    assert largest(sizes, 1) == 1
    assert largest([], 0) == BLOCK_MAX
    assert largest([BLOCK_MAX + 1], 0) == BLOCK_MAX
    assert largest([BLOCK_MAX], BLOCK_MAX * (BLOCK_MAX - 1) // 2) == BLOCK_MAX
    assert largest([BLOCK_MAX], BLOCK_MAX * (BLOCK_MAX - 1) // 2 - 1) == BLOCK_MAX - 1


def test_a_name_of_one_word_has_no_end_to_meet_by() -> None:
    assert meet("Xbcd Zorndrecht", "Xefg Zorndrecht")
    assert meet("Xbc Qzorndrecht", "Xefgqzorndrecht Ab") is False
    assert meet("Xbczorndrecht", "Xefzorndrecht") is False


def test_the_budget_grows_with_the_sightings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (FEW, PER_SIGHTING) == (100_000, 6)
    monkeypatch.setattr(module, "FEW", 2)
    monkeypatch.setattr(module, "PER_SIGHTING", 1)
    assert neighbours(crowd(holders(4))).cut == 0
    assert len(neighbours(crowd(holders(4))).a) == 6
    monkeypatch.setattr(module, "FEW", 1)
    assert neighbours(crowd(holders(4))).cut == 1


def test_nobody_makes_no_pair() -> None:
    found = neighbours(crowd([]))
    assert (len(found.a), len(found.b), found.cut) == (0, 0, 0)


def test_the_beginnings_are_those_of_two_telling_words_and_of_the_whole() -> None:
    name = parse("Abcdefghijk Bcdefghijk Cdefghijk")
    whole = name.compact[: module.BEGINNING]
    longest = [word[: module.BEGINNING] for word in name.rare[:2]]
    assert len(name.rare) == 3
    assert module._beginnings(name) == [*longest, whole]


def test_what_a_sighting_does_not_say_is_empty() -> None:
    assert Sighting("Algolia") == ("Algolia", "", "", "", "", "", "")
