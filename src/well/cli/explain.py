"""`well explain RECORD`: the whole decision of a record, and its replay from the trail.

Invariant: reads only; the replay uses the facts in the trail and nothing else. Exit code 1 when
the replay differs from what was recorded.
"""

import argparse
from collections.abc import Iterator

from well.accounts.workspaces import workspaces
from well.bootstrap import well
from well.domain.candidate import Ranking
from well.domain.trail import TrailEvent
from well.matching import behind, flips
from well.pipeline.replay import Replay, replay
from well.policy import Facts, acting_limit, asking_limit, assess, nearest
from well.policy.confidence import percent
from well.storage.find import find_records


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("record", help="record id, case id, or the id at the source (145)")
    parser.add_argument("--workspace", help="id of the workspace (searched in all by default)")


def run(arguments: argparse.Namespace) -> int:
    """Explain every record the words name; 2 when there is none."""
    code = 2
    for workspace in workspaces():
        id = str(workspace.id)
        if arguments.workspace in (None, id):
            for record in find_records(well().tenant(id), arguments.record):
                code = max(_explain(id, record), 0 if code == 2 else code)
    if code == 2:
        print(f"No record is known by {arguments.record!r}.")
    return code


def _explain(workspace: str, record: str) -> int:
    events = well().store(workspace).trail_of([record])
    decided = [event for event in events if event.verb == "decided"]
    print(f"record {record}")
    for event in events:
        print(f"  {event.at:%Y-%m-%d %H:%M:%S}  {event.verb:<18} {event.actor}")
    if not decided:
        print("  not decided: this kind of record is not posted, or it still waits")
        return 0
    again = replay(decided[-1].detail)
    for line in _lines(decided[-1], again):
        print("  " + line)
    return 0 if again.same and again.sums_hold else 1


def _lines(event: TrailEvent, again: Replay) -> Iterator[str]:
    decision, facts = again.decision, again.facts
    yield ""
    yield f"decision: {event.detail['outcome']} at {event.detail['confidence']:.1%}"
    for reason in decision.reasons:
        weight = f"{reason.weight:+6.1f}" if reason.weight else "      "
        yield f"  {weight} {'STOP ' if reason.stops else ''}{reason.sentence}"
    yield from _confidence(facts)
    yield from _changes(facts)
    yield from _ranking("existing entries", facts.ranking)
    yield from _ranking("counterparties", facts.parties)
    versions = facts.versions
    yield f"versions: matching {versions.matching}, policy {versions.policy}, "
    yield f"  mapping {versions.mapping}, rules {versions.rules}"
    same = "the same" if again.same else "DIFFERENT"
    yield f"replayed from the trail: {same}; evidence {'adds up' if again.sums_hold else 'DIFFERS'}"


def _confidence(facts: Facts) -> Iterator[str]:
    """The three parts apart, then the number that is shown."""
    known = assess(facts)
    yield f"confidence shown: {percent(known.shown)}"
    yield f"  completeness  {known.completeness.sentence}"
    yield f"  counterparty  {percent(known.counterparty)} sure"
    yield f"  policy        {known.policy.sentence}"
    for check in known.policy.checks:
        yield f"    {'kept  ' if check.passed else 'BROKEN'}  {check.sentence}"


def _changes(facts: Facts) -> Iterator[str]:
    """What would change the verdict, and why the next best lost."""
    best = facts.ranking.best
    limit = acting_limit(facts)
    wishes = [near.sentence for near in nearest(facts)] if facts.previous_entry is None else []
    if best is not None:
        wishes += flips(best, limit, asking_limit(facts))
    if wishes:
        yield "what would change it"
        yield from (f"  {wish}" for wish in wishes)
    lost = behind(facts.ranking)
    if lost:
        yield "why the next best lost"
        yield from (f"  {sentence}" for sentence in lost)


def _ranking(title: str, ranking: Ranking) -> Iterator[str]:
    yield f"{title} (none of them: {ranking.none_confidence:.1%})"
    for candidate in ranking.candidates[:5]:
        yield f"  {candidate.confidence:6.1%}  {candidate.label}  [{candidate.bits:+.2f} bits]"
        for row in candidate.evidence:
            values = f"{row.source!s:.30} | {row.target!s:.30}"
            yield f"          {row.bits:+6.2f}  {row.feature:<14} {row.level:<22} {values}"
