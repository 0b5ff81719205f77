"""A model without known answers: what the data tells by itself, and when it is not asked."""

from math import log2

import numpy as np
import pytest

from builders.engine import ints
from well.matching import adapt as adapting
from well.matching import weights
from well.matching.adapt import DOCUMENTS_MIN, NONE_SHARE, PAIRS_MAX, ROUNDS, WORTH, adapt
from well.matching.blocking import Pairs
from well.matching.learn import Observation, gather
from well.matching.levels import FEATURES, LEVELS, level
from well.matching.link import Levels, Model, rated, settled
from well.matching.train import MONTH, learned_tables
from well.matching.vocabulary import text_key


def a_run(documents: int, without: int = 0, seed: int = 1) -> tuple[Pairs, Levels, list[str]]:
    """One to three candidates a document, of which the first mostly agrees; `without` have none."""
    chance = np.random.default_rng(seed)
    doc = np.repeat(np.arange(documents), chance.integers(1, 4, size=documents))
    first = np.diff(doc, prepend=-1) != 0
    right = first & (chance.random(len(doc)) < 0.8)
    levels = {feature: np.zeros(len(doc), dtype=np.uint8) for feature in FEATURES}
    for feature, worse in (("reference", "different"), ("name", "similar"), ("amount", "far")):
        agrees = np.where(right, chance.random(len(doc)) < 0.9, chance.random(len(doc)) < 0.2)
        reached = np.where(agrees, level(feature, "equal"), level(feature, worse))
        levels[feature] = np.where(chance.random(len(doc)) < 0.1, 0, reached).astype(np.uint8)
    ids = [f"s{n}" for n in range(documents + without)]
    target = chance.integers(0, documents, size=len(doc))
    return Pairs(doc, target, ints(*[0] * len(ids))), levels, ids


def by_hand(
    pairs: Pairs, levels: Levels, documents: int, rounds: int, one_to_one: bool = False
) -> Model:
    """The same by counting level for level; documents without candidates are left out."""
    sizes = np.bincount(pairs.source)
    crowd = sum(log2(size) for size in sizes.tolist() if size) / np.count_nonzero(sizes)

    def weight(share: float) -> float:
        return round((log2(share / (1 - share)) + crowd) * 1024) / 1024

    model = Model(weights.ENTRY, weight(0.15))
    for _ in range(rounds):
        links = rated(pairs, levels, model, documents)
        p = (settled(links) if one_to_one else links).confidence
        scale = min(1.0, 120 / p.sum())
        seen = []
        for feature in ("reference", "name", "amount"):
            for number, word in enumerate(LEVELS[feature][1:], 1):
                there = levels[feature] == number
                for some, match in ((p[there].sum(), True), ((1 - p[there]).sum(), False)):
                    said = {feature: word}
                    seen += [
                        Observation("o", MONTH, said if match else None, () if match else (said,))
                    ] * round(some * scale)
        share = min(max(1 - p.sum() / np.count_nonzero(sizes), 0.001), 0.9)
        model = Model(learned_tables(weights.ENTRY, gather(seen), MONTH), weight(share))
    return model


@pytest.mark.parametrize("rounds", [1, 8])
@pytest.mark.parametrize("one_to_one", [False, True])
def test_every_round_counts_pairs_by_how_likely_they_are(
    rounds: int, one_to_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (ROUNDS, WORTH, NONE_SHARE, PAIRS_MAX) == (8, 120, 0.15, 1_000_000)
    pairs, levels, ids = a_run(120)
    monkeypatch.setattr(adapting, "ROUNDS", rounds)
    found = adapt(pairs, levels, ids, Model(), one_to_one)
    wanted = by_hand(pairs, levels, len(ids), rounds, one_to_one)
    assert found.none_bits == pytest.approx(wanted.none_bits, abs=2 / 1024)
    for feature, table in wanted.tables.items():
        assert found.tables[feature] == pytest.approx(table, abs=2 / 1024)
    assert found.calibration is None


def test_documents_without_candidates_say_nothing_of_the_weight_of_none() -> None:
    pairs, levels, ids = a_run(120)
    more = Pairs(pairs.source, pairs.target, ints(*[0] * 200))
    longer = [*ids, *(f"x{n}" for n in range(80))]
    assert adapt(more, levels, longer, Model(), False) == adapt(pairs, levels, ids, Model(), False)


def test_data_of_fewer_than_a_hundred_documents_moves_nothing() -> None:
    assert DOCUMENTS_MIN == 100
    for documents, without in ((99, 0), (99, 50), (0, 0), (0, 200)):
        assert adapt(*a_run(documents, without), Model(), False) == Model()
    assert adapt(*a_run(100), Model(), False) != Model()


@pytest.mark.parametrize(("agree", "share"), [(True, 0.001), (False, 0.9)])
def test_the_share_of_none_stays_between_a_thousandth_and_nine_tenths(
    agree: bool, share: float
) -> None:
    word = {"reference": "equal", "name": "equal", "amount": "equal"}
    if not agree:
        word = {"reference": "different", "name": "nothing shared", "amount": "far"}
    levels = {
        feature: np.full(100, level(feature, word.get(feature, "missing")), dtype=np.uint8)
        for feature in FEATURES
    }
    pairs = Pairs(np.arange(100), np.arange(100), ints(*[0] * 100))
    found = adapt(pairs, levels, [f"s{n}" for n in range(100)], Model(), False)
    assert found.none_bits == round(log2(share / (1 - share)) * 1024) / 1024


@pytest.mark.parametrize(("most", "every"), [(300, 1), (200, 2), (100, 3)])
def test_of_very_many_pairs_those_of_some_rows_are_looked_at(
    most: int, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapting, "DOCUMENTS_MIN", 1)
    pairs, levels, ids = a_run(140)
    assert 200 < len(pairs.source) < 300
    chosen = np.array([text_key(id) % every == 0 for id in ids])[pairs.source]
    some = Pairs(pairs.source[chosen], pairs.target[chosen], pairs.cut)
    few = {feature: values[chosen] for feature, values in levels.items()}
    wanted = adapt(some, few, ids, Model(), False)
    monkeypatch.setattr(adapting, "PAIRS_MAX", most)
    assert adapt(pairs, levels, ids, Model(), False) == wanted
