"""A model without known answers: few documents leave the shipped one as it is."""

import numpy as np

from builders.engine import ints
from well.matching import weights
from well.matching.adapt import DOCUMENTS_MIN, adapt
from well.matching.blocking import Pairs
from well.matching.levels import FEATURES, level
from well.matching.link import Model


def adapted(documents: int, without: int = 0) -> Model:
    """Two candidates a document, of which the first agrees in number, name and total."""
    doc = np.repeat(np.arange(documents), 2)
    levels = {feature: np.zeros(len(doc), dtype=np.uint8) for feature in FEATURES}
    for feature, worse in (("reference", "different"), ("name", "similar"), ("amount", "far")):
        levels[feature][0::2] = level(feature, "equal")
        levels[feature][1::2] = level(feature, worse)
    ids = [f"s{n}" for n in range(documents + without)]
    pairs = Pairs(doc, np.arange(len(doc)), ints(*[0] * len(ids)))
    return adapt(pairs, levels, ids, Model(), False)


def test_data_of_fewer_than_a_hundred_documents_moves_nothing() -> None:
    assert DOCUMENTS_MIN == 100
    assert adapted(99) == Model()
    assert adapted(99, without=50) == Model()
    assert adapted(0) == Model()
    assert adapted(100) != Model()


def test_data_that_agrees_moves_the_tables_and_the_weight_of_none() -> None:
    model = adapted(200)
    assert model.tables["reference"]["different"] < weights.ENTRY["reference"]["different"]
    assert model.none_bits < weights.NONE_BITS
    assert model.calibration is None
