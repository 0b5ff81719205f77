"""Drift: whether what newly comes in still looks like what came before.

Invariant: it looks at decisions as the trail keeps them and judges no record; too few of them say
nothing. It tells what to look at and changes no limit.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile

from well.domain.trail import TrailEvent
from well.pipeline.codec import facts_from
from well.policy import Facts
from well.policy.monitor import shifted

NEWEST = 500
"""Decisions compared with those before them."""
BEFORE = 2000
LEAST = 200
"""Fewer decisions than this on a side tell nothing."""
QUIET = timedelta(days=7)
"""The same news is not told again before."""
VERB = "records shifted"
NONE = "existing entry"
"""The feature of the share of documents that have no entry yet."""

Spread = Mapping[str, Mapping[str, int]]


def news(
    decided: Iterable[TrailEvent], flow: str, told: Iterable[TrailEvent], now: datetime
) -> tuple[str, ...]:
    """What has shifted in the flow, given its decisions (newest first) and earlier news of it;
    nothing when the same was told lately."""
    found = shifts(decided, flow)
    lately = [list(e.detail["features"]) for e in told if e.verb == VERB and e.at > now - QUIET]
    return () if list(found) in lately else found


def shifts(decided: Iterable[TrailEvent], flow: str) -> tuple[str, ...]:
    """Features whose levels are spread otherwise in the newest decisions than in those before.

    Only decisions of the same shipped model are compared: another one has other levels.
    """
    facts = _of_one_model(_facts(decided, flow))
    newest, before = list(islice(facts, NEWEST)), list(islice(facts, BEFORE))
    if len(newest) < LEAST or len(before) < LEAST:
        return ()
    return shifted(spread(before), spread(newest))


def _facts(decided: Iterable[TrailEvent], flow: str) -> Iterator[Facts]:
    """Facts of the records that were matched for the first time; what cannot be read is skipped."""
    for event in decided:
        if event.detail.get("flow") != flow:
            continue
        try:
            facts = facts_from(event.detail["facts"])
        except (KeyError, ValueError):
            continue
        if facts.posted_kind and facts.invoice is not None and facts.previous_entry is None:
            yield facts


def _of_one_model(facts: Iterator[Facts]) -> Iterator[Facts]:
    first = next(facts, None)
    if first is None:
        return iter(())
    return takewhile(lambda one: _model(one) == _model(first), chain([first], facts))


def _model(facts: Facts) -> str:
    """The shipped model, without what was learned on top of it."""
    return facts.versions.matching.partition("+")[0]


def spread(many: Iterable[Facts]) -> Spread:
    """For each feature, how often the likeliest entry reached which level; and how many had one."""
    counted: dict[str, Counter[str]] = {}
    for facts in many:
        best = facts.ranking.best
        counted.setdefault(NONE, Counter())["none" if best is None else "some"] += 1
        for row in best.evidence if best is not None else ():
            counted.setdefault(row.feature, Counter())[row.level] += 1
    return counted


def sentence(features: tuple[str, ...]) -> str:
    """The news for the owner."""
    return (
        f"The newest records differ from those before in: {', '.join(features)}. Perhaps the "
        "source or its suppliers changed. Well goes on; a look at the last records is worth it."
    )
