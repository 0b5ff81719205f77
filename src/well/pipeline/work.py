"""What the steps of one flow work with: its ports, and the writing of trail events.

Invariant: built by whoever runs the steps; the steps change nothing but the store and the target.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from well.domain.case import Step
from well.domain.failure import Failed
from well.domain.flow import Flow
from well.domain.trail import TrailEvent
from well.ports.clock import Clock
from well.ports.reader import Reader, Renderer
from well.ports.source import Source
from well.ports.store import Store
from well.ports.target import Target

BATCH = 100
"""Cases a step takes at once: one transaction, one query of each sort."""

IN_FLIGHT = (Step.POST, Step.CONFIRM)
"""Steps at which a posting is planned or on its way."""

WELL = "well"
"""The actor of what no person decided."""


@contextmanager
def asking(connection: str) -> Iterator[None]:
    """Name the connection in a failure that comes out of it."""
    try:
        yield
    except Failed as failed:
        failed.connection = failed.connection or connection
        raise


@dataclass(frozen=True, slots=True)
class Work:
    """`source_name` is the connector's name; `batch` is 1 to isolate a bad record. `blind`: the
    grant to read the target is lost, and documents still go to its inbox."""

    store: Store
    source: Source
    target: Target
    reader: Reader
    renderer: Renderer
    clock: Clock
    flow: Flow
    source_name: str
    source_title: str
    batch: int = BATCH
    blind: bool = False

    def event(self, verb: str, subject: str, **detail: Any) -> TrailEvent:
        """A trail event of this flow by Well itself, now."""
        return TrailEvent(self.clock.now(), WELL, verb, subject, {"flow": self.flow.id, **detail})

    def posts(self, kind: str) -> bool:
        """Whether records of this kind are posted as documents in this flow."""
        return kind in self.flow.posted_kinds

    def append(self, events: Sequence[TrailEvent]) -> None:
        """Write events, in the current unit."""
        if events:
            self.store.append(events)
