"""Past decisions out of the trail, so that other rules can be tried on them.

Invariant: of each record the newest decision counts, and what a person said after it; an event
that cannot be understood is counted and left out. It writes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from well.domain.decision import Outcome
from well.domain.trail import TrailEvent
from well.pipeline.codec import facts_from
from well.policy.simulate import Judged, Past

WINDOW = timedelta(days=90)
"""How far back decisions are tried unless said otherwise."""
VERBS = ("decided", "judged", "spot checked")
"""The verbs of the trail that are needed here."""


@dataclass
class PastDecisions:
    """Iterate over it once; then `unreadable` says how many records had to be left out."""

    events: Iterable[TrailEvent]
    flow: str
    unreadable: int = 0

    def __iter__(self) -> Iterator[Past]:
        """The newest decision of each record of the flow; `events` come newest first."""
        judged: dict[str, Judged] = {}
        seen: set[str] = set()
        for event in self.events:
            if event.detail.get("flow") != self.flow or event.subject in seen:
                continue
            if event.verb == "decided":
                seen.add(event.subject)
                yield from self._past(event, judged.pop(event.subject, None))
            else:
                judged.setdefault(event.subject, _judged(event))

    def _past(self, event: TrailEvent, judged: Judged | None) -> Iterator[Past]:
        try:
            yield past_of(event, judged)
        except (KeyError, ValueError):
            self.unreadable += 1


def past_of(event: TrailEvent, judged: Judged | None = None) -> Past:
    """A "decided" event as it was decided; KeyError or ValueError when it is not understood."""
    detail = event.detail
    return Past(
        case=str(detail["case"]),
        record=event.subject,
        at=event.at,
        facts=facts_from(detail["facts"]),
        outcome=Outcome(detail["outcome"]),
        judged=judged,
    )


def _judged(event: TrailEvent) -> Judged:
    detail = event.detail
    entry = str(detail["entry"]) if detail.get("entry") else None
    if event.verb == "spot checked":
        return Judged("right" if detail.get("right") else "wrong", entry, "")
    return Judged(str(detail.get("verdict", "")), entry, str(detail.get("after", "")))
