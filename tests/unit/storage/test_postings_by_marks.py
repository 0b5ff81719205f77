"""Postings are found by their entry, file name and file at one target, once they may be there."""

from pathlib import Path

import pytest

from builders.stores import some_stores
from builders.values import a_posting
from well.domain.posting import PostingState
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", "eu")


@pytest.mark.parametrize("state", list(PostingState))
@pytest.mark.parametrize("mark", ["entry-1", "F-1--quickbooks-bill-1.pdf", "d" * 64])
def test_a_mark_finds_a_posting_that_reached_its_target(
    store: DjangoStore, state: PostingState, mark: str
) -> None:
    posting = a_posting(1, state=state, entry="entry-1", document="d" * 64)
    store.save_postings([posting, a_posting(2, state=state)])
    there = state not in (PostingState.PLANNED, PostingState.REJECTED)
    assert store.postings_there("target", [mark, mark]) == ([posting] if there else [])
    assert store.postings_there("elsewhere", [mark]) == []


def test_nothing_has_no_mark(store: DjangoStore) -> None:
    store.save_postings([a_posting(1, state=PostingState.SENT)])
    assert store.postings_there("target", ["", "other"]) == []
    assert store.postings_there("target", []) == []
