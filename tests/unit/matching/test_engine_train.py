"""Models from known answers: what labels teach, and that no answer is tried on itself."""

from dataclasses import replace

import numpy as np
import pytest

from builders.engine import ints
from well.matching import train as trained
from well.matching import weights
from well.matching.blocking import Pairs
from well.matching.learn import NOTHING, Learned, Observation, gather
from well.matching.levels import FEATURES, LEVELS, ORDERED, level
from well.matching.link import Levels, Links, Model, rated, settled, totals
from well.matching.tables import tables as plain_tables
from well.matching.train import FOLDS, MONTH, Known, learned_tables, train, unseen
from well.matching.vocabulary import ABSENT, text_key

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

IDS = [f"s{n}" for n in range(60)]
SCALES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)


def a_run(
    documents: int = 60, none: int = 6, agreeing: str = "phone", seed: int = 3
) -> tuple[Pairs, Levels, Known]:
    """Three candidates a document. Of right ones the number is equal mostly and the `agreeing`
    feature always; the last `none` documents have no answer."""
    chance = np.random.default_rng(seed)
    doc = np.repeat(np.arange(documents), 3)
    target = np.arange(3 * documents)
    right = (target % 3 == doc % 3) & (doc < documents - none)
    levels = {feature: np.zeros(len(doc), dtype=np.uint8) for feature in FEATURES}
    said = chance.random(len(doc))
    for feature, often in (("reference", 0.8), (agreeing, 1.0), ("address", 0.5)):
        equal = np.where(right, said < often, said < 0.2)
        levels[feature] = np.where(equal, level(feature, "equal"), level(feature, "different"))
        levels[feature] = levels[feature].astype(np.uint8)
        said = chance.random(len(doc))
    answer = [int(target[right & (doc == n)][0]) if n < documents - none else ABSENT
              for n in range(documents)]  # fmt: skip
    pairs = Pairs(doc, target, ints(*[0] * documents))
    return pairs, levels, Known.of(ints(*range(documents)), ints(*answer), IDS[:documents])


def some(known: Known, rows: list[int]) -> Known:
    kept = np.isin(known.row, rows)
    return Known(known.row[kept], known.answer[kept], known.fold[kept])


def surprise(pairs: Pairs, known: Known, total: Floats, none_bits: float) -> float:
    """Mean bits by which the known answers surprise, one document at a time."""
    bits = []
    for row, answer in zip(known.row.tolist(), known.answer.tolist(), strict=True):
        mine = pairs.source == row
        odds = np.exp2(total[mine] - none_bits)
        right = odds[pairs.target[mine] == answer].sum() or 1.0
        bits.append(np.log2((1.0 + odds.sum()) / right))
    return float(np.mean(bits))


def test_a_fold_comes_from_the_id_alone() -> None:
    known = Known.of(ints(1, 0), ints(5, ABSENT), ["a", "b", "c"])
    assert FOLDS == 20
    assert trained._LEAST == 2.0**-30
    assert known.fold.tolist() == [text_key("b") % 20, text_key("a") % 20]
    assert known.row.tolist() == [1, 0]
    assert known.answer.tolist() == [5, ABSENT]
    alone = Known.of(ints(0), ints(0), ["b"])
    assert alone.fold[0] == known.fold[0]


def test_every_fold_is_used() -> None:
    many = [f"s{n}" for n in range(200)]
    known = Known.of(np.arange(200), np.full(200, ABSENT), many)
    assert set(known.fold.tolist()) == set(range(20))


def test_tables_that_learned_nothing_are_the_prior_but_for_order() -> None:
    made = learned_tables(weights.ENTRY, NOTHING, MONTH)
    assert made == {name: dict(table) for name, table in weights.ENTRY.items()}


def test_cents_apart_never_earn_more_than_an_equal_total() -> None:
    prior = {**weights.ENTRY, "amount": {**weights.ENTRY["amount"], "cents apart": 9.0}}
    made = learned_tables(prior, NOTHING, MONTH)
    assert made["amount"]["cents apart"] == made["amount"]["equal"] == 6.0


@pytest.mark.parametrize("word", ["other currency", "opposite sign"])
def test_links_in_another_currency_never_make_it_agreeing_evidence(word: str) -> None:
    seen = Observation("c", MONTH, {"amount": word}, ({"amount": "far"},) * 3, times=400)
    learned = gather([seen])
    free = plain_tables(weights.ENTRY, learned, MONTH, ORDERED)
    assert free["amount"][word] > 0.0
    assert learned_tables(weights.ENTRY, learned, MONTH)["amount"][word] == 0.0
    untaught = learned_tables(weights.ENTRY, NOTHING, MONTH)
    assert untaught["amount"][word] == weights.ENTRY["amount"][word] < 0.0


def test_a_feature_that_always_agrees_earns_more() -> None:
    pairs, levels, known = a_run()
    tables = train(pairs, levels, known, 60, Model()).tables
    scale = tables["bank account"]["equal"] / weights.ENTRY["bank account"]["equal"]
    assert tables["phone"]["different"] < scale * weights.ENTRY["phone"]["different"] - 0.5
    assert tables["address"]["equal"] < scale * weights.ENTRY["address"]["equal"]


def test_two_labels_leave_the_tables_near_the_prior() -> None:
    pairs, levels, known = a_run()
    tables = train(pairs, levels, some(known, [0, 1]), 60, Model()).tables
    scale = tables["bank account"]["equal"] / weights.ENTRY["bank account"]["equal"]
    assert round(scale, 2) in SCALES
    for feature in ("reference", "phone", "address"):
        for word, bits in weights.ENTRY[feature].items():
            assert tables[feature][word] == pytest.approx(scale * bits, abs=0.7)


def test_scale_and_weight_of_none_are_those_that_surprise_least() -> None:
    pairs, levels, known = a_run()
    model = train(pairs, levels, known, 60, Model())
    assert trained._SCALES == SCALES
    # The last scale is among those tried: dividing by it gives the tables before scaling.
    least = surprise(pairs, known, totals(levels, model.tables), model.none_bits)
    for none in np.arange(-12.0, 24.1, 0.25):
        assert least <= surprise(pairs, known, totals(levels, model.tables), none) + 1e-3
    for factor in (0.85, 0.9, 1.1, 1.2):
        total = totals(levels, model.tables) * factor
        best = min(surprise(pairs, known, total, n) for n in np.arange(-12.0, 24.1, 0.25))
        assert least <= best + 0.02
    assert model.calibration is None
    assert model.none_bits * 1024 == int(model.none_bits * 1024)


def test_features_that_agree_for_one_reason_are_scaled_down() -> None:
    pairs, levels, known = a_run(agreeing="reference")
    cause = levels["address"] == level("address", "equal")
    echo = {
        feature: np.where(cause, level(feature, "equal"), level(feature, "different"))
        for feature in ("domain", "bank account", "phone", "memo")
    }
    levels = {**levels, **{name: values.astype(np.uint8) for name, values in echo.items()}}
    model = train(pairs, levels, known, 60, Model())
    scale = model.tables["country"]["equal"] / weights.ENTRY["country"]["equal"]
    assert scale == pytest.approx(0.5, abs=0.01)
    whole = totals(levels, model.tables) / scale
    tried = {
        factor: min(surprise(pairs, known, whole * factor, n) for n in np.arange(-12, 24.1, 0.25))
        for factor in SCALES
    }
    assert min(tried, key=lambda factor: tried[factor]) == 0.5


@pytest.mark.parametrize(("none", "end"), [(60, 24.0), (0, -12.0)])
def test_the_weight_of_none_stays_in_its_range(none: int, end: float) -> None:
    pairs, levels, known = a_run(none=none)
    sure = {**levels, "reference": np.where(pairs.target == -9, 0, levels["reference"])}
    found = train(pairs, sure, known, 60, Model()).none_bits
    if none:
        assert found == pytest.approx(end, abs=0.01)
    else:
        assert end <= found < 0.0


def test_documents_that_are_not_known_teach_nothing() -> None:
    pairs, levels, known = a_run()
    few = some(known, list(range(0, 60, 2)))
    model = train(pairs, levels, few, 60, Model())
    mine = np.isin(pairs.source, few.row)
    number = np.searchsorted(few.row, pairs.source[mine])
    alone = Pairs(number, pairs.target[mine], pairs.cut)
    kept = {name: values[mine] for name, values in levels.items()}
    again = Known(ints(*range(len(few.row))), few.answer, few.fold)
    assert train(alone, kept, again, len(few.row), Model()) == model


def test_the_order_of_known_answers_teaches_the_same() -> None:
    pairs, levels, known = a_run()
    back = Known(known.row[::-1], known.answer[::-1], known.fold[::-1])
    assert train(pairs, levels, back, 60, Model()) == train(pairs, levels, known, 60, Model())
    links = rated(pairs, levels, Model(), 60)
    p, right = unseen(links, known, Model(), True)
    q, again = unseen(links, back, Model(), True)
    assert np.array_equal(p, q)
    assert np.array_equal(right, again)


def test_an_answer_that_is_no_candidate_counts_as_none() -> None:
    pairs, levels, known = a_run(none=0)
    lost = replace(known, answer=np.where(known.row < 30, 9_999, known.answer))
    gone = replace(known, answer=np.where(known.row < 30, ABSENT, known.answer))
    assert train(pairs, levels, lost, 60, Model()) == train(pairs, levels, gone, 60, Model())


def test_a_label_for_a_document_without_candidates_teaches_its_none() -> None:
    pairs, levels, known = a_run(none=0)
    lonely = Known(
        np.append(known.row, [60, 61]), np.append(known.answer, [ABSENT, ABSENT]),
        np.append(known.fold, [0, 1]),
    )  # fmt: skip
    plain = train(pairs, levels, known, 62, Model())
    more = train(pairs, levels, lonely, 62, Model())
    assert more.tables["phone"] == pytest.approx(plain.tables["phone"])
    p, right = unseen(rated(pairs, levels, Model(), 62), lonely, Model(), False)
    assert len(p) == len(right) == 60


def one_fold_at_a_time(links: Links, known: Known, one_to_one: bool) -> tuple[Floats, list[bool]]:
    """What `unseen` is to give: each fold rated by a model of the others, by plain means."""
    p, none = links.confidence.copy(), links.none.copy()
    for fold in range(20):
        mine = known.fold == fold
        if not mine.any():
            continue
        others = Known(known.row[~mine], known.answer[~mine], known.fold[~mine])
        model = train(links.pairs, links.levels, others, len(none), Model())
        fresh = rated(links.pairs, links.levels, model, len(none))
        held = np.isin(links.pairs.source, known.row[mine])
        p[held] = fresh.confidence[held]
        none[known.row[mine]] = fresh.none[known.row[mine]]
    whole = replace(links, confidence=p, none=none)
    whole = settled(whole) if one_to_one else whole
    best, right = [], []
    for row, answer in sorted(zip(known.row.tolist(), known.answer.tolist(), strict=True)):
        mine = np.flatnonzero(links.pairs.source == row)
        first = mine[np.lexsort((-links.total[mine], -whole.confidence[mine]))[0]]
        best.append(whole.confidence[first])
        right.append(bool(links.pairs.target[first] == answer))
    return np.array(best), right


@pytest.mark.parametrize("empty", [None, 0, 2])
@pytest.mark.parametrize("one_to_one", [False, True])
def test_each_known_row_is_answered_by_tables_that_did_not_see_it(
    one_to_one: bool, empty: int | None
) -> None:
    pairs, levels, known = a_run()
    contested = replace(pairs, target=np.where(pairs.target % 7 == 1, 1, pairs.target))
    known = some(known, [row for row in range(3, 57) if known.fold[row] != empty])
    links = rated(contested, levels, Model(), 60)
    p, right = unseen(links, known, Model(), one_to_one)
    wanted, hits = one_fold_at_a_time(links, known, one_to_one)
    assert p == pytest.approx(wanted, abs=1e-9)
    assert right.tolist() == hits
    assert 0 < sum(hits) < len(hits)


def test_a_label_never_speaks_for_itself() -> None:
    pairs, levels, known = a_run()
    # Level "alike" is seen in one document alone, so its own label would tell all about it.
    planted = {**levels, "address": levels["address"].copy()}
    at = np.flatnonzero(pairs.source == 7)
    planted["address"][at] = level("address", "alike")
    links = rated(pairs, planted, Model(), 60)
    answers = []
    for answer in (int(pairs.target[at[0]]), int(pairs.target[at[2]]), ABSENT):
        changed = known.answer.copy()
        changed[7] = answer
        p, _ = unseen(links, replace(known, answer=changed), Model(), False)
        answers.append(p[7])
    assert answers[0] == answers[1] == answers[2]


def test_labels_of_one_fold_leave_the_answers_as_they_are() -> None:
    pairs, levels, known = a_run()
    links = rated(pairs, levels, Model(), 60)
    same = replace(known, fold=ints(*[2] * 60))
    p, right = unseen(links, same, Model(), False)
    assert len(p) == 60
    assert p.tolist() == [links.confidence[3 * n : 3 * n + 3].max() for n in range(60)]
    assert right.any()


def test_documents_without_an_answer_are_never_right() -> None:
    pairs, levels, known = a_run()
    _, right = unseen(rated(pairs, levels, Model(), 60), known, Model(), False)
    assert not right[54:].any()
    assert right[:54].mean() > 0.8


def test_learned_counts_of_a_workspace_move_the_tables() -> None:
    counts = trained.learn_counts(
        np.array([[level("phone", "different")]] * 40, dtype=np.uint8),
        np.ones(40, dtype=np.bool_), {"phone": LEVELS["phone"]}, MONTH,
    )  # fmt: skip
    assert isinstance(counts, Learned)
    made = learned_tables(weights.ENTRY, counts, MONTH)
    assert made["phone"]["different"] > weights.ENTRY["phone"]["different"]
    assert made["reference"] == dict(weights.ENTRY["reference"])
