"""Texts in one piece of memory come out as they went in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.texts import Texts

ANY = st.text(st.characters(), max_size=8)


@given(st.lists(ANY, max_size=12))
def test_every_text_comes_out_as_it_went_in(texts: list[str]) -> None:
    kept = Texts(texts)
    assert (len(kept), list(kept), kept[:]) == (len(texts), texts, texts)
    assert [kept[n - len(texts)] for n in range(len(texts))] == texts
    places = np.arange(len(texts), dtype=np.int64)[::-1]
    assert kept.some(places) == texts[::-1]


def test_a_part_comes_out_as_a_list() -> None:
    assert Texts(["a", "é", "", "dd"])[1:3] == ["é", ""]


@pytest.mark.parametrize("place", [2, -3])
def test_a_place_beyond_the_ends_is_an_error(place: int) -> None:
    with pytest.raises(IndexError):
        Texts(["a", "b"])[place]


def test_half_a_sign_comes_out_as_it_went_in() -> None:
    kept = Texts(["a\ud800", "b"])
    assert (kept[0], kept[:]) == ("a\ud800", ["a\ud800", "b"])
