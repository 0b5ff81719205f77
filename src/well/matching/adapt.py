"""A model without any known answer: the tables and the share of `none` that the data itself tells.

Invariant: expectation and maximisation with competition: every round weighs each pair by how
likely it is, and the shipped tables stay the stronger voice. It proves nothing, so whoever acts
on it alone sets a stricter limit.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from well.matching.bits import grained
from well.matching.blocking import Pairs
from well.matching.learn import ENTRY, Key, Learned
from well.matching.levels import FEATURES, LEVELS, MISSING
from well.matching.link import Levels, Model, rated, settled
from well.matching.train import MONTH, learned_tables
from well.matching.vocabulary import Ints, text_key

Floats = npt.NDArray[np.float64]

ROUNDS = 8
WORTH = 120
"""Known answers that what the data tells by itself counts as, beside a prior worth 100."""
NONE_SHARE = 0.15
"""Share of documents without a counterpart that is begun with."""
DOCUMENTS_MIN = 100
"""Documents with candidates below which the data would only repeat its own first guess."""
PAIRS_MAX = 1_000_000
"""Pairs that are looked at."""
_NONE_RANGE = (0.001, 0.9)


def adapt(
    pairs: Pairs, levels: Levels, ids: Sequence[str], prior: Model, one_to_one: bool
) -> Model:
    """The prior's tables moved towards the data, and the weight of `none` that fits it.

    `ids` are those of the source rows; of very many pairs those of some rows are looked at.
    """
    pairs, levels = _some(pairs, levels, ids)
    rows = len(ids)
    asked = np.bincount(pairs.source, minlength=rows)
    asked = asked[asked > 0]
    if len(asked) < DOCUMENTS_MIN:
        return prior
    model = Model(prior.tables, _weight(NONE_SHARE, asked))
    for _ in range(ROUNDS):
        links = rated(pairs, levels, model, rows)
        links = settled(links) if one_to_one else links
        counts = _expected(levels, links.confidence)
        share = (len(asked) - links.confidence.sum()) / len(asked)
        share = float(np.clip(share, *_NONE_RANGE))
        model = Model(learned_tables(prior.tables, counts, MONTH), _weight(share, asked))
    return model


def _some(pairs: Pairs, levels: Levels, ids: Sequence[str]) -> tuple[Pairs, Levels]:
    """The pairs of every n-th row by the key of its id, so that their order chooses nothing."""
    every = len(pairs.source) // PAIRS_MAX + 1
    if every == 1:
        return pairs, levels
    chosen = np.array([text_key(id) % every == 0 for id in ids])
    kept = chosen[pairs.source]
    some = Pairs(pairs.source[kept], pairs.target[kept], pairs.cut)
    return some, {feature: values[kept] for feature, values in levels.items()}


def _weight(share: float, asked: Ints) -> float:
    """Weight of `none` when that share of documents has no counterpart and each of a document's
    candidates is as likely as the next before looking."""
    return grained(float(np.log2(share / (1.0 - share)) + np.log2(asked).mean()))


def _expected(levels: Levels, likely: Floats) -> Learned:
    """Levels of matches and of others as far as is known, WORTH documents' worth, in whole
    numbers."""
    scale = min(1.0, WORTH / max(float(likely.sum()), 1.0))
    counts: dict[Key, int] = {}
    for feature in FEATURES:
        words = LEVELS[feature]
        for kind, weight in (("match", likely), ("other", 1.0 - likely)):
            found = np.bincount(levels[feature], weight, minlength=len(words))
            for word, count in zip(words, np.rint(found * scale).tolist(), strict=True):
                if count and word != MISSING:
                    counts[Key(ENTRY, kind, feature, word, MONTH)] = int(count)
    return Learned(counts)
