"""Clusters of rows: one counterparty under many spellings, and none swallowed by another."""

from collections import defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from well.matching.clusters import BITS, FIRST_BITS, Gatherer, Sighting, resolve
from well.matching.clusters.sightings import crowd
from well.matching.registers import LegalPerson

IBAN = "FR7630006000011234567890189"
NUMBER, OTHER_NUMBER = "FR44732829320", "FR96552100554"


def entities(*seen: Sighting) -> list[int]:
    gathered = Gatherer()
    for one in seen:
        gathered.add(one)
    return [int(entity) for entity in resolve(gathered, lambda stage: None).entity]


def named(*names: str) -> list[int]:
    return entities(*(Sighting(name) for name in names))


def test_an_entity_is_named_by_its_first_row() -> None:
    assert named("Siemens", "Algolia", "SIEMENS AG", "Algolia S.A.S.") == [0, 1, 0, 1]


def test_slips_legal_forms_and_addresses_behind_them_do_not_matter() -> None:
    spellings = ("Guadalupano B.V.", "GUADALUPANO BV, UTRECHT, NL", "Guadalupana N.V.")
    assert named(*spellings) == [0, 0, 0]


def test_what_follows_a_comma_counts_where_no_legal_form_stands_before_it() -> None:
    names = crowd([Sighting("Guadalupano, Kerb"), Sighting("Zorn SA, Lille")]).names
    assert [name.core for name in names] == ["guadalupano kerb", "zorn"]
    assert "kerb" in crowd([Sighting("Zorn SA, Kerb GmbH")]).names[0].words


def test_numbers_tell_sites_apart() -> None:
    assert named("Guadalupano Site 2", "Guadalupano Site 3", "Guadalupano Site II") == [0, 1, 0]


def test_a_word_that_many_share_joins_nobody() -> None:
    names = [f"Dupont {word}" for word in ("Kellner", "Wagner", "Zorn", "Xavier", "Quade")]
    assert named("Dupont", *names) == [0, 1, 2, 3, 4, 5]


def test_two_numbers_of_one_register_are_two_counterparties() -> None:
    rows = (Sighting("Algolia", NUMBER, IBAN), Sighting("Algolia", OTHER_NUMBER, IBAN))
    assert entities(*rows) == [0, 1]


def test_a_number_joins_names_that_share_nothing() -> None:
    assert entities(Sighting("Algolia", NUMBER), Sighting("Siemens", NUMBER)) == [0, 0]


def test_a_company_number_and_the_tax_number_of_it_are_one_person() -> None:
    persons = crowd([Sighting("a", NUMBER), Sighting("b", "732 829 320", country="FR")]).persons
    assert persons == [LegalPerson("FR", "732829320")]


@pytest.mark.parametrize(
    ("number", "country", "person"),
    [
        ("732829320", "", LegalPerson("FR", "732829320")),
        ("831234567", "", LegalPerson("", "831234567")),
        ("12345678", "GB", LegalPerson("GB ", "GB 12345678")),
        ("GB980780684", "", LegalPerson("GB", "GB980780684")),
        ("136695976", "DE", LegalPerson("DE", "DE136695976")),
    ],
)
def test_a_number_is_known_with_its_register(
    number: str, country: str, person: LegalPerson
) -> None:
    assert crowd([Sighting("a", number, country=country)]).persons == [person]


def test_what_is_no_number_names_nobody() -> None:
    assert crowd([Sighting("a", "x", country="FR"), Sighting("b")]).persons == []


def test_names_seen_with_one_account_vote_together() -> None:
    rows = [Sighting("Algolia", iban=IBAN), Sighting("Search Guadalupano", iban=IBAN)]
    rows += [Sighting("Algolia"), Sighting("Search Guadalupano")]
    assert entities(*rows) == [0, 0, 0, 0]


def test_one_name_at_two_places_is_two_and_at_one_place_one() -> None:
    king = [Sighting("King", address=f"{n} High St", phone=f"534000{n}") for n in (1, 2)]
    assert entities(*king, Sighting("King School", address="2 High Street")) == [0, 1, 1]


def test_rows_that_say_nothing_are_one_sighting() -> None:
    assert entities(Sighting(""), Sighting("?!"), Sighting("Algolia")) == [0, 0, 2]


def test_no_rows_make_no_entity() -> None:
    assert entities() == []


def test_what_was_done_is_told_and_counted() -> None:
    gathered = Gatherer()
    for name in ("Algolia", "ALGOLIA", "Algolia GmbH", "Siemens"):
        gathered.add(Sighting(name))
    stages: list[str] = []
    found = resolve(gathered, stages.append)
    assert (found.sightings, found.pairs, found.cut) == (3, 1, 0)
    assert stages == [
        "reading values",
        "finding pairs among 3 counterparties",
        "comparing 1 pairs",
        "counting shared words",
        "clustering",
    ]
    assert (FIRST_BITS, BITS) == (2.0, 1.0)


WORDS = ("Algolia", "Guadalupano", "Kerb", "Zorn", "Services", "School", "2", "3", "SAS", "GmbH")
names = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
rows = st.builds(
    Sighting,
    names,
    st.sampled_from(["", NUMBER, OTHER_NUMBER]),
    st.sampled_from(["", IBAN]),
    st.sampled_from(["", "algolia.com"]),
    st.sampled_from(["", "1 High St", "2 High St", "1 Grove"]),
    st.sampled_from(["", "5340001", "5340002"]),
    st.sampled_from(["", "FR", "DE"]),
)


def partition(seen: list[Sighting], order: list[int]) -> set[frozenset[int]]:
    """Rows that are together, by their place in `seen`, when read in this order."""
    groups = defaultdict(set)
    for place, entity in zip(order, entities(*(seen[n] for n in order)), strict=True):
        groups[entity].add(place)
    return {frozenset(group) for group in groups.values()}


@settings(deadline=None)
@given(st.lists(rows, max_size=12), st.integers())
def test_the_order_of_rows_does_not_change_who_is_together(seen: list[Sighting], seed: int) -> None:
    order = list(range(len(seen)))
    shuffled = Random(seed).sample(order, len(order))
    assert partition(seen, order) == partition(seen, shuffled)


@settings(deadline=None)
@given(st.lists(rows, max_size=12))
def test_no_entity_has_two_numbers_of_one_register(seen: list[Sighting]) -> None:
    numbers = defaultdict(set)
    for row, entity in zip(seen, entities(*seen), strict=True):
        if row.number:
            numbers[entity].add(row.number)
    assert all(len(found) == 1 for found in numbers.values())


@settings(deadline=None)
@given(st.lists(rows, max_size=8))
def test_equal_rows_are_together(seen: list[Sighting]) -> None:
    found = entities(*seen, *seen)
    assert found[: len(seen)] == found[len(seen) :]


@pytest.mark.parametrize("text", ["\0", "a" * 10_000, "\ud800", "1" * 500, ",,,,", "🏦" * 200])
def test_odd_texts_are_only_texts(text: str) -> None:
    assert entities(Sighting(*[text] * 7), Sighting("Algolia")) == [0, 1]
