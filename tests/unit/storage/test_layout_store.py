"""Learned layouts are found by their keys, newest first, and leave nothing when dropped."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders.stores import NOON, REGION, some_stores
from well.domain.learned_layout import LearnedField, LearnedLayout
from well.domain.learning import KeptLayout
from well.storage.models import BlockKeyRow, LayoutRow
from well.storage.scope import reading, rows
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])

FIELD = LearnedField("number", "behind", "facture no", 0.1, 0.2, 0.3, "A-9999")
LAYOUT = LearnedLayout("FR40303265045", None, "Acme", "EUR", False, ("facture",), (FIELD,))


def _kept(number: int, *keys: str, learned: bool = True) -> KeptLayout:
    return KeptLayout(
        case=f"case-{number}",
        flow="flow",
        at=NOON + timedelta(minutes=number),
        by="a@example.com",
        supplier="Acme",
        keys=keys,
        document="d",
        confirmed=(("number", "A-1234"),),
        layout=LAYOUT if learned else None,
    )


def _store(folder: Path) -> DjangoStore:
    return some_stores(folder).open("ws", REGION)


def test_a_layout_comes_back_as_it_went_in_and_the_newest_first(tmp_path: Path) -> None:
    store = _store(tmp_path)
    kept = [_kept(n, "vat:1", f"name:{n}") for n in (1, 2, 3)]
    store.keep_layouts(kept)
    found = store.layouts_by({"q": ["vat:1"], "r": ["name:1", "name:3"], "s": ["name:9"]}, 2)
    assert found == {"q": [kept[2], kept[1]], "r": [kept[2], kept[0]], "s": []}
    assert store.newest_layouts(2) == [kept[2], kept[1]]


def test_one_that_is_still_to_be_learned_is_found_by_no_key(tmp_path: Path) -> None:
    store = _store(tmp_path)
    waiting = _kept(1, "vat:1", learned=False)
    store.keep_layouts([waiting])
    assert store.layouts_by({"q": ["vat:1"]}, 9) == {"q": []}
    assert (store.newest_layouts(9), store.layouts_of("flow", True, 9)) == ([], [])
    assert store.layouts_of("flow", False, 9) == [waiting]
    store.keep_layouts([replace(waiting, layout=LAYOUT)])
    assert store.layouts_of("flow", False, 9) == []
    assert len(store.layouts_by({"q": ["vat:1"]}, 9)["q"]) == 1


def test_what_is_dropped_leaves_neither_row_nor_key(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.keep_layouts([_kept(1, "vat:1"), _kept(2, "vat:2")])
    store.drop_layouts(["case-1", "case-2", "case-9"])
    with reading(store.tenant):
        assert rows(LayoutRow, store.tenant).count() == 0
        assert rows(BlockKeyRow, store.tenant).count() == 0
