"""A whole table against another: order, labels, one-to-one, calibration, other batches."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import ints, sides
from well.matching import batch
from well.matching.batch import GAIN_MIN, LEARN_MIN, Matched, candidates, match_all
from well.matching.calibrate import Calibration
from well.matching.columns import Raw
from well.matching.levels import LEVELS
from well.matching.link import Model, best_pairs, totals
from well.matching.train import Known
from well.matching.vocabulary import ABSENT
from well.matching.weights import ENTRY

NAMES = ["Acme SAS", "Kodex GmbH", "Zorn & Fils", "Perrin Conseil", "Lumiere SARL"]
Answers = dict[str, tuple[float, dict[str, float]]]


def a_ledger(documents: int, seed: int = 5) -> tuple[list[Raw], list[Raw]]:
    """Documents with their entry, which every fifth lacks, and a near miss of the same supplier."""
    chance = np.random.default_rng(seed)
    source, target = [], []
    for n in range(documents):
        name = NAMES[int(chance.integers(len(NAMES)))]
        amount, day = int(chance.integers(1_000, 90_000)), 738_000 + int(chance.integers(400))
        number = f"FA-2026-{1000 + n}" if chance.random() < 0.7 else ""
        source.append(Raw(f"s{n:03d}", name, "", number, "", amount, None, "EUR", day))
        if n % 5:
            lag = int(chance.integers(1, 40))
            seen = number if chance.random() < 0.8 else ""
            target.append(Raw(f"t{n:03d}", name, "", seen, "", amount, None, "EUR", day + lag))
        near = amount + int(chance.integers(-50, 50))
        target.append(Raw(f"x{n:03d}", name, "", "", "", near, None, "EUR", day + 35))
    return source, target


def known_of(source: list[Raw], target: list[Raw], labels: dict[str, str]) -> Known:
    """Labels by id, "" for none, as row numbers in order."""
    place = {record.id: n for n, record in enumerate(target)} | {"": ABSENT}
    found = [(n, place[labels[r.id]]) for n, r in enumerate(source) if r.id in labels]
    rows, answers = [n for n, _ in found], [a for _, a in found]
    return Known.of(ints(*rows), ints(*answers), [record.id for record in source])


NOBODY = known_of([], [], {})


def true_labels(count: int) -> dict[str, str]:
    return {f"s{n:03d}": f"t{n:03d}" if n % 5 else "" for n in range(count)}


def matched(
    source: list[Raw], target: list[Raw], labels: dict[str, str], one_to_one: bool = False
) -> Matched:
    return match_all(sides(source, target), known_of(source, target, labels), one_to_one, Model())


def by_id(found: Matched, source: list[Raw], target: list[Raw]) -> Answers:
    links = found.links
    answers: Answers = {
        record.id: (none, {}) for record, none in zip(source, links.none.tolist(), strict=True)
    }
    for i, j, p in zip(
        links.pairs.source.tolist(), links.pairs.target.tolist(), links.confidence.tolist(),
        strict=True,
    ):  # fmt: skip
        answers[source[i].id][1][target[j].id] = p
    return answers


def test_the_figures_that_decide_what_is_learned() -> None:
    assert (GAIN_MIN, LEARN_MIN) == (3.0, 20)


@given(st.randoms(use_true_random=False), st.booleans(), st.sampled_from([0, 30]))
@settings(max_examples=8, deadline=None)
def test_the_order_of_rows_changes_no_answer(chance: object, once: bool, labels: int) -> None:
    source, target = a_ledger(40)
    mixed, other = list(source), list(target)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    chance.shuffle(other)  # type: ignore[attr-defined]
    known = true_labels(labels)
    plain = by_id(matched(source, target, known, once), source, target)
    again = by_id(matched(mixed, other, known, once), mixed, other)
    assert set(plain) == set(again)
    for id, (none, shares) in plain.items():
        assert again[id][0] == pytest.approx(none, abs=1e-9)
        assert again[id][1] == pytest.approx(shares, abs=1e-9)


def test_a_run_leaves_no_trace_in_the_next() -> None:
    source, target = a_ledger(30)
    first = by_id(matched(source, target, true_labels(25)), source, target)
    canary = [replace_name(record) for record in source]
    matched(canary, [replace_name(record) for record in target], true_labels(30), True)
    again = by_id(matched(source, target, true_labels(25)), source, target)
    assert first == again


def replace_name(record: Raw) -> Raw:
    return record._replace(names="Canary Oy", reference="CAN-1", amount=77)


@pytest.mark.parametrize("once", [False, True])
@pytest.mark.parametrize("labels", [0, 19, 20, 60])
def test_no_document_and_no_entry_gets_more_than_one(once: bool, labels: int) -> None:
    source, target = a_ledger(80)
    found = matched(source, target, true_labels(labels), once).links
    whole = np.bincount(found.pairs.source, found.confidence, minlength=80) + found.none
    assert (whole <= 1.0 + 1e-9).all()
    if once and labels < 20:
        assert np.bincount(found.pairs.target, found.confidence).max() <= 1.0 + 1e-9


def test_labels_teach_from_twenty_on() -> None:
    source, target = a_ledger(60)
    none = matched(source, target, {})
    few = matched(source, target, true_labels(19))
    enough = matched(source, target, true_labels(20))
    assert few.model.tables == none.model.tables
    assert [len(part) for part in few.tried] == [0, 0]
    assert enough.model.tables != none.model.tables
    assert [len(part) for part in enough.tried] == [20, 20]
    assert enough.tried[1].sum() == 16
    assert len(set(enough.tried[0].tolist())) > 2


def test_known_answers_keep_their_target_row_where_each_is_linked_once() -> None:
    one = Raw("s1", "Acme", "", "FA-2026-1", "", 5_000, None, "EUR", 738_000)
    target = [one._replace(id="t1")]
    source = [one, one._replace(id="s2")]
    free = by_id(matched(source, target, {"s1": "t1"}), source, target)
    taken = by_id(matched(source, target, {"s1": "t1"}, True), source, target)
    open_ = by_id(matched(source, target, {"s1": ""}, True), source, target)
    assert free["s1"] == free["s2"]
    assert taken["s1"][1]["t1"] > 0.99
    assert taken["s2"][1]["t1"] < 1e-4
    assert taken["s2"][0] > 0.999
    assert open_["s1"] == (1.0, {"t1": 0.0})
    assert open_["s2"][1]["t1"] > 0.99


def test_sure_links_tell_the_habits_of_their_supplier() -> None:
    source, target = [], []
    for n in range(6):
        one = Raw(f"s{n}", "Acme", "", f"FA-2026-10{n}", "", 5_000 + n, None, "EUR", 738_000 + n)
        source.append(one)
        target.append(one._replace(id=f"t{n}", day=738_000 + n + 17))
    found = matched(source, target, {}).links
    both = sides(source, target)
    plain = batch.levels_of(both, candidates(both))
    own = found.pairs.source == found.pairs.target
    assert words(found.levels["habit"][own]) == {"as usual"}
    assert words(plain["habit"][own]) == {"missing"}


def wanting_one_entry() -> tuple[list[Raw], list[Raw]]:
    """Two bills of one supplier and total; the one entry has the number of the first."""
    first = Raw("s1", "Acme", "", "FA-2026-1", "", 5_000, None, "EUR", 738_000)
    second = first._replace(id="s2", reference="")
    return [first, second], [first._replace(id="t1", day=738_003)]


def test_of_two_documents_that_want_one_entry_the_second_goes_down() -> None:
    source, target = wanting_one_entry()
    alone = matched(source[1:], target, {}).links
    both = matched(source, target, {}).links
    assert both.levels["owner"].tolist() == [0, LEVELS["owner"].index("taken")]
    untaken = {**both.levels, "owner": both.levels["owner"] * 0}
    assert (totals(untaken, ENTRY) - both.total).tolist() == [0.0, 4.0]
    assert both.confidence[0] > 0.99
    assert both.confidence[1] < alone.confidence[0]
    assert alone.levels["owner"].tolist() == [0]


def test_where_each_entry_is_linked_once_competition_alone_tells_who_has_it() -> None:
    source, target = wanting_one_entry()
    once = matched(source, target, {}, True).links
    assert once.levels["owner"].tolist() == [0, 0]
    assert once.confidence[0] > 0.99
    assert once.confidence[1] < 0.01


def test_a_total_that_a_supplier_repeats_says_less() -> None:
    one = Raw("s1", "Acme", "", "", "", 5_000, None, "EUR", 738_000)
    near = one._replace(id="t0", day=738_010)
    for others, word in (
        (0, "equal"),
        (1, "equal, one of 2"),
        (2, "equal, one of 3 to 5"),
        (4, "equal, one of 3 to 5"),
        (5, "equal, one of many"),
    ):
        old = [near._replace(id=f"t{n}", day=738_000 - 90 * n) for n in range(1, others + 1)]
        found = matched([one], [near, *old], {}).links
        assert len(found.pairs.target) == others + 1
        assert LEVELS["amount"][found.levels["amount"][0]] == word


def words(numbers: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> set[str]:
    return {LEVELS["habit"][number] for number in numbers.tolist()}


def test_each_stage_is_told() -> None:
    source, target = a_ledger(4)
    said: list[str] = []
    match_all(sides(source, target), NOBODY, False, Model(), said.append)
    pairs = len(candidates(sides(source, target)).source)
    assert said == [
        "finding candidates",
        f"comparing {pairs:,} pairs",
        "weighing",
        "weighing again, with what the first answers tell",
    ]


def test_empty_tables_have_empty_answers() -> None:
    for source, target in (([], []), ([Raw("s")], []), ([], [Raw("t")]), ([Raw("s")], [Raw("t")])):
        found = matched(source, target, {}).links
        assert found.confidence.tolist() == []
        assert found.none.tolist() == [1.0] * len(source)


CURVE = Calibration("logistic", 200, 0.5, 0.0)


def test_a_calibration_is_used_from_the_gain_on_that_it_has_to_earn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    p, right = np.full(200, 0.98), np.arange(200) < 176
    said = np.where(right, p, 1 - p)
    calm = np.where(right, CURVE.apply(p), 1 - CURVE.apply(p))
    gain = float(-np.log(said).sum() + np.log(calm).sum())
    assert gain > GAIN_MIN
    assert batch._worthwhile(CURVE, p, right) == CURVE
    monkeypatch.setattr(batch, "GAIN_MIN", gain - 1e-9)
    assert batch._worthwhile(CURVE, p, right) == CURVE
    monkeypatch.setattr(batch, "GAIN_MIN", gain + 1e-9)
    assert batch._worthwhile(CURVE, p, right) == Calibration()


def test_a_gain_of_exactly_what_is_asked_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    p, right = np.full(3, 0.5), np.array([True, False, True])
    monkeypatch.setattr(batch, "GAIN_MIN", 0.0)
    assert batch._worthwhile(Calibration(), p, right) == Calibration()
    flat = Calibration("logistic", 8, 1.0, 0.0)
    assert batch._worthwhile(flat, p, right) == flat


def test_an_answer_said_to_be_impossible_surprises_by_thirty_bits() -> None:
    assert batch._surprise(np.array([0.0, 1.0]), np.array([True, True])) == pytest.approx(
        30 * np.log(2)
    )


def overconfident(count: int) -> tuple[list[Raw], list[Raw], dict[str, str]]:
    """A seventh of the documents is of another entry than the one that looks alike in all."""
    source, target, labels = [], [], {}
    for n in range(count):
        one = Raw(f"s{n:03d}", f"Firm {n}", "", f"FA-2026-{1000 + n}", "", 5_000 + 7 * n, None,
                  "EUR", 738_000)  # fmt: skip
        source.append(one)
        target.append(one._replace(id=f"t{n:03d}"))
        labels[one.id] = "" if n % 7 == 0 else f"t{n:03d}"
    return source, target, labels


def test_answers_that_are_too_sure_are_toned_down() -> None:
    source, target, labels = overconfident(180)
    known = dict(list(labels.items())[:150])
    found = matched(source, target, known)
    best = found.links.confidence[best_pairs(found.links)]
    assert len(found.tried[0]) == 150
    assert float(np.mean(found.tried[0])) == pytest.approx(128 / 150, abs=0.02)
    assert best[150:] == pytest.approx(np.full(30, 6 / 7), abs=0.04)


def test_the_model_carries_the_calibration_that_was_applied() -> None:
    source, target = a_ledger(30)
    found = matched(source, target, true_labels(25))
    assert found.model.calibration == Calibration()
    assert replace(found.model, calibration=None) != Model()


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("theirs", [True, False])
def test_rows_without_a_day_are_found_by_supplier_and_total(ours: bool, theirs: bool) -> None:
    one = Raw("s1", "Acme", "", "", "", 5_000, None, "EUR", 738_000)
    gone = one._replace(day=None)
    both = sides([gone if ours else one], [(gone if theirs else one)._replace(id="t1")])
    assert candidates(both).target.tolist() == [0]
    other = one._replace(id="t2", names="Kodex", amount=9_999)
    both = sides([gone if ours else one], [other, other._replace(day=None)])
    assert candidates(both).target.tolist() == []


def test_a_row_without_an_amount_is_found_by_the_words_of_its_memo() -> None:
    one = Raw("s1", "", "garage lumiere", "", "", 5_000, None, "EUR", 738_000)
    gone = one._replace(amount=None)
    for source, target in ((one, gone), (gone, one), (gone, gone)):
        assert candidates(sides([source], [target])).target.tolist() == [0]
        late = target._replace(day=740_000)
        assert candidates(sides([source], [late])).target.tolist() == []
        never = (source._replace(day=None), target._replace(day=None))
        assert candidates(sides([never[0]], [never[1]])).target.tolist() == [0]
    assert candidates(sides([gone], [gone._replace(memo="rue")])).target.tolist() == []


def test_rows_that_lack_nothing_get_no_pair_more() -> None:
    full = Raw("s", "Acme", "garage", "", "", 5_000, None, "EUR", 738_000)
    late = full._replace(day=740_000, amount=5_050)
    undated = full._replace(day=None, memo="", amount=9_000)
    found = candidates(sides([full, undated], [late, undated]))
    pairs = list(zip(found.source.tolist(), found.target.tolist(), strict=True))
    assert pairs == [(0, 1), (1, 0), (1, 1)]


def test_a_due_day_or_the_day_it_was_made_is_a_day() -> None:
    full = Raw("s", "Acme", "", "", "", 5_000, None, "EUR", 738_000)
    for other in ({"due": 740_000}, {"made": 740_000}):
        late = full._replace(day=None, amount=5_050, **other)
        assert candidates(sides([full], [late])).target.tolist() == []
        assert candidates(sides([late], [full])).target.tolist() == []


def test_a_crowd_without_days_is_cut_and_says_so() -> None:
    one = Raw("s", "Acme", "", "", "", 5_000, None, "EUR", None)
    found = candidates(sides([one], [one] * 201))
    assert found.target.tolist() == []
    assert found.cut.tolist() == [1 << 4 | 1 << 5 | 1 << 6 | 1 << 8]
    few = candidates(sides([one], [one] * 200))
    assert len(few.target) == 200
    assert few.cut.tolist() == [0]
