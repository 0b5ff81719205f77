"""Bits for and against two sightings: each value, how many hold it, and what goes together."""

from math import log2

import numpy as np
import pytest

from well.matching.clusters.counts import distinct, fewest_holders, holders
from well.matching.clusters.evidence import NAME, Evidence, together
from well.matching.clusters.likeness import LEVELS
from well.matching.clusters.pairs import Pairs
from well.matching.clusters.sightings import Sighting, crowd
from well.matching.vocabulary import Ints

NUMBER, OTHER_NUMBER = "FR44732829320", "FR96552100554"
IBAN, OTHER_IBAN = "FR7630006000011234567890189", "DE89370400440532013000"


def evidence(*seen: Sighting) -> Evidence:
    """Of all pairs of the sightings."""
    gathered = crowd(seen)
    a, b = np.triu_indices(len(gathered), 1)
    return Evidence(gathered, Pairs(a.astype(np.int32), b.astype(np.int32), 0))


def bits(one: Sighting, other: Sighting, *more: Sighting) -> float:
    """Of the first two among all, by the groups of their names."""
    gathered = crowd((one, other, *more))
    pair = sorted(gathered.of_row[:2].tolist())
    found = Evidence(
        gathered, Pairs(np.array(pair[:1], dtype=np.int32), np.array(pair[1:], dtype=np.int32), 0)
    )
    weighed = found.weigh(np.arange(len(gathered)))
    return float((weighed.bond + weighed.rest)[0])


def named(*names: str) -> float:
    return bits(*(Sighting(name) for name in names))


def test_every_level_of_names_has_its_bits() -> None:
    assert dict(NAME) == {
        "equal": 5.0,
        "equal, other legal form": 3.0,
        "nearly equal": 3.0,
        "part of it": 3.0,
        "same telling words": 2.5,
        "similar": 1.0,
        "initials": 1.0,
        "missing": 0.0,
        "partly alike": -2.0,
        "common words only": -2.0,
        "nothing shared": -6.0,
        "other numbers": -8.0,
    }
    assert set(LEVELS) == set(NAME)


def test_names_are_compared_by_level() -> None:
    assert named("Algolia", "Algolia SAS") == 5.0
    assert named("Algolia GmbH", "Algolia SAS") == 3.0
    assert named("Algolia", "Siemens") == -6.0
    assert named("Zumtobel Services", "Zumtobel Kravattke") == -2.0
    assert named("Zumtobel Services", "Kravattke Services") == -2.0
    assert named("Guadalupano Site 2", "Guadalupano Site 3") == -8.0


def test_the_same_telling_words_outweigh_common_ones_that_differ() -> None:
    assert named("Whirlpool Europe", "Whirlpool International") == 2.5


def test_without_any_telling_word_common_ones_say_little() -> None:
    assert named("International Services", "International Solutions") == -2.0


def test_a_part_is_worth_less_the_more_groups_share_its_rarest_word() -> None:
    pair = ("Dupont", "Dupont Guadalupano")
    assert named(*pair) == 3.0
    assert named(*pair, "Dupont Kellner") == 2.0
    assert named(*pair, "Dupont Kellner", "Dupont Wagner") == np.float32(3.0 - log2(3))
    assert (
        named(*pair, *(f"Dupont {word}" for word in ("Xa", "Yb", "Zc", "Vd", "We", "Uf", "Tg")))
        == 0.0
    )


def test_a_name_at_many_houses_says_less() -> None:
    pair = (Sighting("Kodex"), Sighting("Kodex SA"))
    houses = [Sighting("Kodex", address=f"{n} High") for n in range(1, 12)]
    assert bits(*pair, *houses[:2]) == 5.0
    assert bits(*pair, *houses[:3]) == 4.0
    assert bits(*pair, *houses[:5]) == 3.0
    assert bits(*pair, *houses[:9]) == 2.0
    assert bits(*pair, *houses) == 2.0
    assert bits(*pair, *(Sighting("Zorn", address=f"{n} High") for n in range(1, 6))) == 5.0
    assert bits(*pair, *(Sighting("Kodex", address=f"2 {s}") for s in ("Hi", "Ho", "Hu"))) == 5.0


def test_a_name_of_many_legal_persons_says_less() -> None:
    pair = (Sighting("Kodex"), Sighting("Kodex SA"))
    numbers = (NUMBER, OTHER_NUMBER, "FR83404833048")
    assert bits(*pair, *(Sighting("Kodex", number) for number in numbers)) == 4.0
    assert bits(*pair, *(Sighting("Kodex", number) for number in numbers[:2])) == 5.0


def test_a_missing_name_is_worth_nothing() -> None:
    assert bits(Sighting("", country="FR"), Sighting("Algolia", country="FR")) == 0.5


def test_one_number_says_the_same_person_and_two_say_nothing_here() -> None:
    assert bits(Sighting("Algolia", NUMBER), Sighting("Siemens", NUMBER)) == 6.0
    assert bits(Sighting("Algolia", NUMBER), Sighting("Algolia SAS", OTHER_NUMBER)) == 5.0
    assert bits(Sighting("Algolia", NUMBER), Sighting("Algolia SAS")) == 5.0


def test_an_account_of_these_two_says_most_and_one_of_many_little() -> None:
    pair = (Sighting("Algolia", iban=IBAN), Sighting("Siemens", iban=IBAN))
    assert bits(*pair) == 5.0
    assert bits(*pair, Sighting("Kodex", iban=IBAN)) == 3.5
    many = (Sighting(name, iban=IBAN) for name in ("Ka", "Kb", "Kc", "Kd", "Ke", "Kf", "Kg"))
    assert bits(*pair, *many) == -4.0


def test_an_account_that_differs_says_nothing() -> None:
    assert bits(Sighting("Algolia", iban=IBAN), Sighting("Algolia SA", iban=OTHER_IBAN)) == 5.0


def test_an_account_of_one_legal_person_counts_one_holder() -> None:
    more = (Sighting("Kodex", NUMBER, IBAN), Sighting("Orange", NUMBER, IBAN))
    pair = (Sighting("Algolia", NUMBER, IBAN), Sighting("Siemens", NUMBER, IBAN))
    assert bits(*pair, *more) == -6.0 + 12.0 + 3.0


def test_number_and_account_agree_for_one_reason() -> None:
    assert bits(Sighting("", NUMBER, IBAN), Sighting("", NUMBER, IBAN, country="FR")) == 15.0


def test_name_and_domain_agree_for_one_reason() -> None:
    one = Sighting("Algolia", site="algolia.com")
    assert bits(one, Sighting("Algolia SA", site="www.algolia.com")) == 10.0
    assert bits(one, Sighting("Algolia GmbH", site="algolia.com")) == 10.0
    assert bits(one, Sighting("Siemens", site="algolia.com")) == 1.0
    assert bits(one, Sighting("Algolia SA", site="siemens.com")) == 4.0
    assert bits(one, Sighting("Siemens", site="siemens.com")) == -7.0


def test_a_domain_of_many_is_worth_one_bit() -> None:
    many = (Sighting(name, site="hub.com") for name in ("Ka", "Kb", "Kc", "Kd", "Ke"))
    pair = (Sighting("Algolia", site="hub.com"), Sighting("Siemens", site="hub.com"))
    assert bits(*pair, *many) == -5.0


def test_a_telephone_counts_by_its_places() -> None:
    pair = (Sighting("Algolia", phone="5340001"), Sighting("Algolia SA", phone="5340001"))
    assert bits(*pair) == 11.0
    assert bits(pair[0], Sighting("Algolia SA", phone="5340002")) == 3.5
    houses = (Sighting("Kodex", address=f"{n} High", phone="5340001") for n in range(1, 4))
    assert bits(*pair, *houses) == 9.5
    streets = (Sighting(f"K{n}a", address=f"{n} High", phone="5340001") for n in range(1, 9))
    assert bits(*pair, *streets) == 5.5


def test_a_place_is_worth_more_than_what_a_name_takes_away() -> None:
    one = Sighting("Algolia", address="12 High Street")
    assert bits(one, Sighting("Siemens", address="12 High St.")) == 1.0
    assert bits(one, Sighting("Algolia SA", address="14 High St.")) == 1.0
    assert bits(one, Sighting("Algolia SA")) == 5.0


def test_a_house_of_many_is_worth_three_bits() -> None:
    pair = (Sighting("", address="12 High"), Sighting("", address="12 High Grove"))
    assert bits(*pair) == 7.0
    assert bits(*pair, Sighting("Ka", address="12 High")) == 5.5
    many = [Sighting(name, address="12 High") for name in ("Ka", "Kb", "Kc", "Kd")]
    assert bits(*pair, *many) == 3.0
    one = [Sighting(name, address="12 High", phone="5340001") for name in ("Ka", "Kb", "Kc", "Kd")]
    assert bits(*pair, *one) == 7.0


def test_the_rarer_word_of_a_street_counts() -> None:
    pair = (Sighting("", address="12 Grove High"), Sighting("", address="12 High Grove"))
    more = [Sighting(name, address="12 High") for name in ("Ka", "Kb", "Kc", "Kd")]
    assert bits(*pair, *more) == 7.0


def test_a_country_speaks_softly_for_and_firmly_against() -> None:
    assert bits(Sighting("", country="FR"), Sighting("Kodex", country="France")) == 0.5
    assert bits(Sighting("Kodex SA", country="DE"), Sighting("Kodex", country="FR")) == 3.0


def test_the_same_names_are_one_group() -> None:
    found = evidence(
        Sighting("Algolia"), Sighting("Algolia GmbH"), Sighting("Siemens"), Sighting("")
    ).by_name()
    assert found.tolist() == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [(12.0, 11.0, 15.0), (11.0, 12.0, 15.0), (5.0, 2.0, 7.0), (5.0, -1.0, 4.0), (-6.0, -1.0, -7.0)],
)
def test_of_two_that_agree_the_smaller_adds_three_at_the_most(
    one: float, other: float, whole: float
) -> None:
    assert together(np.array([one]), np.array([other])).tolist() == [whole]


def ints(*numbers: int) -> Ints:
    return np.array(numbers, dtype=np.int64)


def test_distinct_values_come_sorted() -> None:
    assert distinct(ints(3, 0, 3, 1, 0)).tolist() == [0, 1, 3]
    assert distinct(ints()).tolist() == []


def test_holders_are_distinct_groups_and_never_rows() -> None:
    value, group = ints(0, 0, 0, 2, -1, 2), ints(5, 5, 6, 5, 7, -1)
    assert holders(value, group).tolist() == [2, 0, 1]
    assert holders(ints(-1), ints(0)).tolist() == []


def test_witnesses_count_where_there_are_some_and_they_are_fewer() -> None:
    value = ints(0, 0, 0, 1, 1, 2, 2)
    group = ints(0, 1, 2, 0, 1, 3, 3)
    witness = ints(4, 4, -1, -1, -1, 5, 6)
    assert fewest_holders(value, group, witness).tolist() == [1, 2, 1]
