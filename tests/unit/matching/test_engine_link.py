"""The engine's steps: levels, confidences, the best pair, calibration, habits of a run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import every_pair, ints, sides
from well.matching import link, weights
from well.matching.bits import score
from well.matching.blocking import Pairs
from well.matching.calibrate import Calibration
from well.matching.columns import Raw
from well.matching.compare import Sides, compare
from well.matching.levels import LEVELS, level
from well.matching.link import (
    SURE,
    Links,
    Model,
    best_pairs,
    calibrated,
    claims,
    evidence,
    levels_of,
    rated,
    settled,
    totals,
    with_habits,
)

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def floats(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float64)


def links_of(
    doc: list[int], confidence: list[float], none: list[float], total: list[float] | None = None
) -> Links:
    """Links whose target rows are numbered by pair."""
    pairs = Pairs(ints(*doc), ints(*range(len(doc))), ints(*[0] * len(none)))
    return Links(
        pairs, {}, floats(*(total or [0.0] * len(doc))), floats(*confidence), floats(*none)
    )


def all_pairs(both: Sides) -> Pairs:
    source, target = every_pair(both)
    return Pairs(source, target, ints(*[0] * len(both.source)))


def a_ledger() -> Sides:
    source = [
        Raw(
            "s1", names="Acme SAS", reference="FA-2026-77", amount=12_345, currency="EUR", day=9_000
        ),
        Raw("s2", names="Kodex", amount=500, currency="EUR", day=9_010),
        Raw("s3"),
    ]
    target = [
        Raw("t1", names="Acme", reference="FA-2026-77", amount=12_345, currency="EUR", day=9_030),
        Raw("t2", names="Acme", reference="FA-2026-78", amount=12_345, currency="EUR", day=9_031),
        Raw("t3", names="Kodex", amount=500, currency="EUR", day=9_040),
    ]
    return sides(source, target)


def test_a_model_is_by_default_the_one_that_is_shipped() -> None:
    assert Model() == Model(weights.ENTRY, weights.NONE_BITS, None)


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 8, 9, 400_000])
def test_portions_keep_documents_whole_and_change_no_level(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert link.CHUNK == 400_000
    both = a_ledger()
    pairs = all_pairs(both)
    whole = compare(both, pairs.source, pairs.target)
    seen: list[list[int]] = []

    def noted(sides: Sides, i: np.ndarray, j: np.ndarray) -> object:  # type: ignore[type-arg]
        seen.append(i.tolist())
        return compare(sides, i, j)

    monkeypatch.setattr(link, "CHUNK", chunk)
    monkeypatch.setattr(link, "compare", noted)
    found = levels_of(both, pairs)
    assert {name: values.tolist() for name, values in found.items()} == {
        name: values.tolist() for name, values in whole.items()
    }
    assert [n for part in seen for n in part] == pairs.source.tolist()
    assert len({n for part in seen for n in set(part)}) == sum(len(set(part)) for part in seen)
    sizes = [len(part) for part in seen if part]
    assert sizes == ([3, 3, 3] if chunk < 6 else [6, 3] if chunk < 9 else [9])
    assert totals(found, weights.ENTRY).tolist() == score(whole, weights.ENTRY)[1].tolist()


def test_no_pairs_have_levels_and_totals_of_no_length() -> None:
    both = sides([Raw("s")], [])
    found = levels_of(both, all_pairs(both))
    assert set(found) == set(LEVELS)
    assert totals(found, weights.ENTRY).tolist() == []
    rate = rated(all_pairs(both), found, Model(), 1)
    assert rate.none.tolist() == [1.0]
    assert best_pairs(rate).tolist() == []
    assert calibrated(rate, Calibration("logistic", 100)).none.tolist() == [1.0]


def test_confidences_are_shares_of_the_bits_and_of_none() -> None:
    both = a_ledger()
    pairs = all_pairs(both)
    levels = levels_of(both, pairs)
    found = rated(pairs, levels, Model(none_bits=10.0), 3)
    bits = score(levels, weights.ENTRY)[1]
    assert found.total.tolist() == bits.tolist()
    odds = np.exp2(bits[:3])
    assert found.confidence[:3] == pytest.approx(odds / (odds.sum() + 2.0**10))
    assert found.none[0] == pytest.approx(2.0**10 / (odds.sum() + 2.0**10))
    assert found.pairs is pairs
    assert found.levels is levels


def test_rows_of_evidence_are_those_of_the_pairs_asked_for() -> None:
    both = a_ledger()
    pairs = all_pairs(both)
    found = rated(pairs, levels_of(both, pairs), Model(), 3)
    rows = evidence(found, slice(1, 3), weights.ENTRY)
    assert sum(rows.values()).tolist() == found.total[1:3].tolist()
    assert rows["reference"].tolist() == [-12.0, 0.0]


def test_a_document_asked_alone_gets_what_it_gets_in_a_batch() -> None:
    both = a_ledger()
    batch = rated(all_pairs(both), levels_of(both, all_pairs(both)), Model(), 3)
    for n in range(3):
        mine = all_pairs(both).source == n
        alone = Pairs(ints(0, 0, 0), all_pairs(both).target[mine], ints(0))
        one = sides([both.source.raw(n)], [both.target.raw(k) for k in range(3)])
        found = rated(alone, levels_of(one, alone), Model(), 1)
        assert found.confidence.tolist() == batch.confidence[mine].tolist()
        assert found.none[0] == batch.none[n]


def test_the_best_pair_is_the_likeliest_then_the_one_with_most_bits_then_the_first() -> None:
    found = best_pairs(
        links_of(
            [0, 0, 2, 2, 2, 5],
            [0.2, 0.7, 0.4, 0.4, 0.4, 0.0],
            [0.1] * 6,
            [9.0, 1.0, 1.0, 3.0, 3.0, -50.0],
        )
    )
    assert found.tolist() == [1, 3, 5]


def test_documents_before_the_first_pair_have_no_best_one() -> None:
    assert best_pairs(links_of([1, 1, 3], [0.2, 0.7, 0.4], [0.1] * 4)).tolist() == [1, 2]


def test_more_bits_help_only_among_the_likeliest() -> None:
    found = best_pairs(links_of([0, 0, 0], [0.4, 0.4, 0.1], [0.1], [1.0, 0.5, 9.0]))
    assert found.tolist() == [0]


def test_settled_links_give_each_target_row_once() -> None:
    links = links_of([0, 1], [0.5, 0.75], [0.5, 0.25])
    links = replace(links, pairs=Pairs(ints(0, 1), ints(0, 0), ints(0, 0)))
    after = settled(links)
    assert after.confidence == pytest.approx([0.2, 0.6])
    assert after.none == pytest.approx([0.8, 0.4])
    assert after.pairs is links.pairs


HALF = Calibration("isotonic", 98, knots=((0.0, 0.0), (1.0, 0.5)))
"""Halves what is given, but never below 1/100."""


def test_without_a_calibration_nothing_changes() -> None:
    links = links_of([0], [0.5], [0.5])
    assert calibrated(links, None) is links
    assert calibrated(links, Calibration()) is links


def test_two_that_are_equally_likely_are_not_told_apart_by_a_calibration() -> None:
    links = links_of([0, 0, 1, 1], [0.45, 0.45, 0.45, 0.44], [0.1, 0.11], [1.0, 2.0, 0.0, 0.0])
    after = calibrated(links, HALF)
    assert after.confidence[:2] == pytest.approx([0.45, 0.45])
    assert after.none[0] == pytest.approx(0.1)
    assert after.confidence[2] == pytest.approx(0.225)


def test_the_best_answer_is_calibrated_and_the_others_share_the_rest_as_before() -> None:
    after = calibrated(links_of([0, 0, 1], [0.6, 0.3, 0.8], [0.1, 0.2, 1.0]), HALF)
    assert after.confidence == pytest.approx([0.3, 0.3 * 0.7 / 0.4, 0.4])
    assert after.none == pytest.approx([0.1 * 0.7 / 0.4, 0.2 * 0.6 / 0.2, 1.0])


def test_what_was_certain_leaves_its_doubt_to_nobody() -> None:
    after = calibrated(links_of([0, 0], [1.0, 0.0], [0.0]), HALF)
    assert after.confidence.tolist() == [0.5, 0.0]
    assert after.none.tolist() == [0.0]


def test_what_is_nearly_certain_leaves_its_doubt_in_proportion() -> None:
    before = 1.0 - 2.0**-50
    after = calibrated(links_of([0, 0], [before, 2.0**-52], [3 * 2.0**-52]), HALF)
    assert after.confidence == pytest.approx([0.5, 0.125])
    assert after.none == pytest.approx([0.375])


@given(
    st.lists(st.lists(st.floats(-20, 40), min_size=1, max_size=4), min_size=1, max_size=5),
    st.sampled_from([HALF, Calibration("logistic", 300, 1.7, 0.4), Calibration()]),
    st.booleans(),
)
@settings(max_examples=50, deadline=None)
def test_confidences_of_one_document_never_exceed_one(
    rows: list[list[float]], curve: Calibration, one_to_one: bool
) -> None:
    doc = [n for n, row in enumerate(rows) for _ in row]
    bits = floats(*(b for row in rows for b in row))
    p, none = link.shares(ints(*doc), bits, np.full(len(rows), 12.0))
    target = ints(*(k for row in rows for k in range(len(row))))
    links = Links(Pairs(ints(*doc), target, ints(*[0] * len(rows))), {}, bits, p, none)
    links = calibrated(settled(links) if one_to_one else links, curve)
    whole = np.bincount(links.pairs.source, links.confidence) + links.none
    assert (whole <= 1.0 + 1e-9).all()
    assert (links.confidence >= 0.0).all()
    if one_to_one and curve.kind == "identity":
        assert (np.bincount(target, links.confidence) <= 1.0 + 1e-9).all()


def monthly(lags: list[int | None], sure: list[float]) -> tuple[Sides, Links]:
    """One document a row, each with one candidate of one supplier, `lags` days later."""
    source = [Raw(f"s{n}", day=9_000) for n in range(len(lags))]
    target = [
        Raw(f"t{n}", names="Acme", day=None if lag is None else 9_000 + lag)
        for n, lag in enumerate(lags)
    ]
    both = sides(source, target)
    links = links_of(list(range(len(lags))), sure, [0.0] * len(lags))
    return both, replace(links, levels=levels_of(both, links.pairs))


def habits(both: Sides, links: Links) -> list[str]:
    _, levels = with_habits(both, links)
    return [LEVELS["habit"][n] for n in levels["habit"].tolist()]


def test_sure_links_of_a_supplier_tell_what_is_usual_for_the_others() -> None:
    both, links = monthly([30, 31, 30, 60], [SURE, 0.99, 1.0, 0.96])
    assert SURE == 0.97
    said = habits(both, links)
    assert said == ["as the time before", "as the time before", "as the time before",
                    "unlike usual"]  # fmt: skip


def test_what_is_not_quite_sure_tells_nothing() -> None:
    both, links = monthly([30, 30], [0.9699, 0.9699])
    assert habits(both, links) == ["missing", "missing"]


def test_a_link_without_a_day_tells_nothing_and_other_features_stay() -> None:
    both, links = monthly([None, 30], [1.0, 1.0])
    aware, levels = with_habits(both, links)
    assert habits(both, links) == ["missing", "missing"]
    assert aware.habits is not None
    assert both.habits is None
    assert all((levels[name] == links.levels[name]).all() for name in LEVELS if name != "habit")
    ours = sides([Raw("s0"), Raw("s1", day=9_000)], [both.target.raw(0), both.target.raw(1)])
    assert habits(ours, links) == ["missing", "missing"]


def test_target_rows_without_a_name_have_no_habits() -> None:
    both, links = monthly([30, 30], [1.0, 1.0])
    nameless = sides(
        [both.source.raw(0), both.source.raw(1)],
        [Raw("t0", day=9_030), Raw("t1", day=9_030)],
    )
    assert habits(nameless, links) == ["missing", "missing"]
    assert level("habit", "missing") == 0


def claimed(
    doc: list[int], target: list[int], confidence: list[float], total: list[float]
) -> list[str]:
    """What `claims` says of each pair."""
    links = links_of(doc, confidence, [0.0] * (max(doc, default=-1) + 1), total)
    found = claims(replace(links, pairs=replace(links.pairs, target=ints(*target))))
    assert found.dtype == np.uint8
    return [LEVELS["owner"][n] for n in found.tolist()]


def test_an_entry_that_another_document_fits_better_is_taken() -> None:
    both = claimed([0, 1], [0, 0], [0.99, 0.98], [30.0, 29.0])
    assert both == ["missing", "taken"]
    assert claimed([0, 1], [0, 0], [0.98, 0.99], [29.0, 30.0]) == ["taken", "missing"]
    three = claimed([0, 1, 2], [4, 4, 4], [0.99, 0.2, 0.98], [30.0, -5.0, 30.0 - 1 / 1024])
    assert three == ["missing", "taken", "taken"]


def test_of_documents_that_fit_an_entry_alike_none_takes_it() -> None:
    assert claimed([0, 1], [0, 0], [0.99, 0.99], [30.0, 30.0]) == ["missing", "missing"]
    lesser = claimed([0, 1, 2], [0, 0, 0], [0.99, 0.99, 0.5], [30.0, 30.0, 12.0])
    assert lesser == ["missing", "missing", "taken"]


@pytest.mark.parametrize(
    ("confidence", "said"), [(SURE, "taken"), (float(np.nextafter(SURE, 0.0)), "missing")]
)
def test_only_a_sure_link_claims_its_entry(confidence: float, said: str) -> None:
    assert claimed([0, 1], [0, 0], [confidence, 0.5], [30.0, 12.0]) == ["missing", said]


def test_more_bits_of_a_link_that_is_not_sure_keep_the_entry_open() -> None:
    assert claimed([0, 1], [0, 0], [0.98, 0.5], [20.0, 21.0]) == ["missing", "missing"]


def test_a_document_claims_its_best_entry_and_no_other() -> None:
    said = claimed([0, 0, 1, 1], [0, 1, 0, 1], [0.98, 0.02, 0.4, 0.6], [30.0, 25.0, 20.0, 21.0])
    assert said == ["missing", "missing", "taken", "missing"]


def test_without_pairs_nothing_is_claimed() -> None:
    assert claimed([], [], [], []) == []


def test_an_entry_that_nobody_claims_stays_open_however_badly_it_fits() -> None:
    assert claimed([0, 1], [0, 2], [0.5, 0.99], [-30.0, 30.0]) == ["missing", "missing"]
