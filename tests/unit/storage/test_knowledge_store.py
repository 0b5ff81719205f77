"""Counterparties and entries, found by keys in a bounded number of queries."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from builders.stores import REGION, some_stores
from builders.values import a_party, an_entry
from well.ports.store import BLOCK_MAX
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def test_what_is_saved_is_found_under_any_of_its_keys(store: DjangoStore) -> None:
    one, two = a_party("one"), a_party("two")
    store.save_parties([(one, ["vat:1", "name:x"]), (two, ["name:x"])])
    found = store.parties_by({"q1": ["vat:1"], "q2": ["name:x", "vat:1"], "q3": ["none"]})
    assert found["q1"].hits == (one,)
    assert set(found["q2"].hits) == {one, two}
    assert len(found["q2"].hits) == 2
    assert found["q3"].hits == ()
    assert not any(block.truncated for block in found.values())
    assert store.parties(["one", "none"]) == {"one": one}


def test_saving_again_replaces_value_and_keys(store: DjangoStore) -> None:
    store.save_parties([(a_party("one"), ["old", "kept"])])
    renamed = a_party("one", names=("New", "Old"))
    store.save_parties([(renamed, ["kept", "new"])])
    found = store.parties_by({"old": ["old"], "kept": ["kept"], "new": ["new"]})
    assert found["old"].hits == ()
    assert found["kept"].hits == found["new"].hits == (renamed,)


def test_entries_of_another_connection_are_not_seen(store: DjangoStore) -> None:
    store.save_entries("bank", [(an_entry("e"), ["k"])])
    assert store.entries_by("bank", {"q": ["k"]})["q"].hits == (an_entry("e"),)
    assert store.entries_by("other", {"q": ["k"]})["q"].hits == ()
    assert store.entries("other", ["e"]) == {}
    assert store.parties_by({"q": ["k"]})["q"].hits == ()


def test_canonical_values_are_kept_sealed_beside_the_raw_ones(store: DjangoStore) -> None:
    entry = replace(an_entry("e"), canonical="row-1|TELLTALE")
    store.save_entries("bank", [(entry, ["k"])])
    assert store.entries("bank", ["e"])["e"].canonical == "row-1|TELLTALE"
    assert store.entries_by("bank", {"q": ["k"]})["q"].hits[0].canonical == "row-1|TELLTALE"
    with connections[REGION].cursor() as cursor:
        cursor.execute("SELECT * FROM target_entry")
        assert b"TELLTALE" not in repr(cursor.fetchall()).encode()


def test_a_key_of_too_many_entries_brings_none_and_is_said_to_be_cut(store: DjangoStore) -> None:
    entries = [(an_entry(f"e{n:04}"), ["hot", f"own:{n}"]) for n in range(BLOCK_MAX + 1)]
    store.save_entries("bank", entries[:-1])
    block = store.entries_by("bank", {"q": ["hot"]})["q"]
    assert (len(block.hits), block.cut, block.truncated) == (BLOCK_MAX, frozenset(), False)
    store.save_entries("bank", entries[-1:])
    found = store.entries_by("bank", {"q": ["hot", "own:200", "own:3"], "other": ["own:7"]})
    assert found["q"].hits == (entries[3][0], entries[200][0])
    assert (found["q"].cut, found["q"].truncated) == (frozenset({"hot"}), True)
    assert (found["other"].hits, found["other"].cut) == ((entries[7][0],), frozenset())


def test_a_key_of_too_many_counterparties_brings_the_first_ones(store: DjangoStore) -> None:
    parties = [(a_party(f"p{n:04}"), ["hot", f"own:{n}"]) for n in range(BLOCK_MAX + 1)]
    store.save_parties(parties)
    block = store.parties_by({"q": ["own:200", "hot"]})["q"]
    assert block.hits == tuple(party for party, _ in parties)
    block = store.parties_by({"q": ["hot"]})["q"]
    assert (block.hits, block.cut) == (tuple(p for p, _ in parties[:-1]), frozenset({"hot"}))


def test_entries_keyed_by_other_rules_are_named_until_they_are_saved_anew(
    store: DjangoStore,
) -> None:
    store.save_entries("bank", [(an_entry("a"), ["k"]), (an_entry("b"), ["k"])])
    store.save_entries("bank", [(an_entry("c"), ["k"])], "two")
    store.save_entries("other", [(an_entry("d"), ["k"])], "one")
    assert {e.id for e in store.entries_by_other_rules("bank", "two", 9)} == {"a", "b"}
    assert len(store.entries_by_other_rules("bank", "two", 1)) == 1
    assert [e.id for e in store.entries_by_other_rules("bank", "", 9)] == ["c"]
    store.save_entries("bank", [(an_entry("a"), ["new"]), (an_entry("b"), [])], "two")
    assert store.entries_by_other_rules("bank", "two", 9) == []
    assert store.entries_by("bank", {"q": ["k"]})["q"].hits == (an_entry("c"),)
    assert store.entries_by("bank", {"q": ["new"]})["q"].hits == (an_entry("a"),)


def test_the_number_of_queries_does_not_grow_with_the_batch(store: DjangoStore) -> None:
    store.save_entries("bank", [(an_entry(f"e{n}"), [f"k{n}"]) for n in range(100)])
    asked = {f"q{n}": [f"k{n}", f"x{n}"] for n in range(100)}
    with CaptureQueriesContext(connections[REGION]) as seen:
        store.entries_by("bank", asked)
    queries = [q["sql"] for q in seen.captured_queries if "block_key" in q["sql"]]
    bodies = [q["sql"] for q in seen.captured_queries if 'FROM "target_entry"' in q["sql"]]
    assert (len(queries), len(bodies)) == (1, 1)


def test_a_key_of_any_length_and_characters_is_a_key(store: DjangoStore) -> None:
    nasty = "name:\x00\ud800" + "é" * 10_000
    store.save_parties([(a_party("one"), [nasty])])
    assert store.parties_by({"q": [nasty]})["q"].hits == (a_party("one"),)
