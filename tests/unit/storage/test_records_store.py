"""Source records: versions, tombstones, attachments."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders.stores import NOON, REGION, some_stores
from builders.values import AT, a_key, a_record, an_attachment
from well.domain.source_record import Change, SourceRecord
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def _keep(store: DjangoStore, *records: SourceRecord) -> list[tuple[Change, int]]:
    return [(kept.change, kept.version) for kept in store.keep_records(records, NOON)]


def test_a_record_comes_back_as_it_was_kept(store: DjangoStore) -> None:
    record = a_record(1, body=bytes(range(256)), parents=(("bills", "7"),))
    assert _keep(store, record) == [(Change.NEW, 1)]
    assert store.records([record.key, a_key(2)]) == {record.key: record}


def test_the_same_digest_changes_nothing(store: DjangoStore) -> None:
    _keep(store, a_record(1))
    assert _keep(store, a_record(1, body=b"other")) == [(Change.SAME, 1)]
    assert store.records([a_key(1)])[a_key(1)].body == a_record(1).body


def test_a_new_digest_makes_a_version_and_keeps_the_former(store: DjangoStore) -> None:
    _keep(store, a_record(1))
    edited = a_record(1, digest="edited", body=b"new", changed_at=AT + timedelta(hours=1))
    assert _keep(store, edited) == [(Change.CHANGED, 2)]
    assert store.records([a_key(1)]) == {a_key(1): edited}
    assert store.former_versions(a_key(1)) == [(1, NOON, a_record(1))]


def test_a_tombstone_counts_once_and_keeps_what_was_known(store: DjangoStore) -> None:
    later = AT + timedelta(hours=1)
    _keep(store, a_record(1))
    tombstone = a_record(1, digest="", body=b"", deleted=True, changed_at=later)
    assert _keep(store, tombstone) == [(Change.DELETED, 2)]
    assert _keep(store, tombstone) == [(Change.SAME, 2)]
    assert store.records([a_key(1)])[a_key(1)] == a_record(1, deleted=True, changed_at=later)
    assert _keep(store, a_record(1, changed_at=later)) == [(Change.CHANGED, 3)]
    assert not store.records([a_key(1)])[a_key(1)].deleted
    assert [version for version, _, _ in store.former_versions(a_key(1))] == [1, 2]


def test_a_tombstone_of_a_record_never_seen_is_kept(store: DjangoStore) -> None:
    assert _keep(store, a_record(1, deleted=True)) == [(Change.DELETED, 1)]


def test_an_answer_older_than_what_is_kept_is_not_taken(store: DjangoStore) -> None:
    _keep(store, a_record(1))
    stale = a_record(1, digest="stale", changed_at=AT - timedelta(seconds=1))
    assert _keep(store, stale) == [(Change.SAME, 1)]


def test_a_key_twice_in_one_batch_makes_two_versions_in_order(store: DjangoStore) -> None:
    second = a_record(1, digest="second")
    assert _keep(store, a_record(1), a_record(2), second, second) == [
        (Change.NEW, 1),
        (Change.NEW, 1),
        (Change.CHANGED, 2),
        (Change.SAME, 2),
    ]
    assert store.former_versions(a_key(1))[0][2] == a_record(1)


def test_attachments_follow_their_links_oldest_first(store: DjangoStore) -> None:
    _keep(store, an_attachment(3, 1), an_attachment(2, 1, 5), an_attachment(4, 1))
    _keep(store, an_attachment(4, 1, deleted=True))
    moved = an_attachment(3, 5, digest="moved")
    _keep(store, moved)
    found = store.attachments_of([a_key(1), a_key(5), a_key(9)])
    assert found == {
        a_key(1): [an_attachment(2, 1, 5)],
        a_key(5): [an_attachment(2, 1, 5), moved],
    }


def test_hostile_text_is_kept_and_given_back(store: DjangoStore) -> None:
    hostile = a_record(1, body=b"\x00\xff" * 10)
    key = a_key(1)
    _keep(store, hostile)
    assert store.records([key])[key].body == b"\x00\xff" * 10


def test_what_a_unit_wrote_is_undone_with_it(store: DjangoStore) -> None:
    with pytest.raises(RuntimeError), store.unit():
        _keep(store, a_record(1))
        with store.unit():
            _keep(store, a_record(2))
        raise RuntimeError
    assert store.records([a_key(1), a_key(2)]) == {}
