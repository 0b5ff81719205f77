"""nomenklatura logic-v2 (MIT) for names: `PAIRS.csv OUT.csv`.

How: two entities of schema Company with the name alone, default configuration.
Why fair: it is the scorer its makers recommend for screening, given what it expects. It caches by
entity id, so each name of each pair has an id of its own. Making the entities is not timed.

Invariant: nothing but the library's own score decides.
"""

import sys
from itertools import count

from followthemoney import model
from nomenklatura.matching import LogicV2, ScoringConfig

from benchmarks.rivals.scored_pairs import Names, run

NUMBERS = count()


def _entity(name: str) -> object:
    entity = model.make_entity("Company")
    entity.id = f"n{next(NUMBERS)}"
    entity.add("name", name)
    return entity


def prepare(names: Names) -> list[tuple[object, object]]:
    """Entities for each pair, no two of them with the same id."""
    return [(_entity(left), _entity(right)) for left, right in names]


def score(pairs: list[tuple[object, object]]) -> list[float]:
    """The score of each pair."""
    config = ScoringConfig.defaults()
    return [LogicV2.compare(left, right, config).score for left, right in pairs]


def main(words: list[str]) -> int:
    """Score all pairs."""
    return run(words, prepare, score)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
