"""What a flow had learned when a batch of it began: read once, for every step of the batch.

Invariant: resolving, matching, the limit and the model's name of one batch come out of the same
state, whatever a person teaches meanwhile. It learns nothing.
"""

from dataclasses import dataclass

from well.domain.learning import FlowMemory
from well.matching import Model, model_of
from well.matching.learn import Learned, month_of
from well.pipeline.learning import learned_of, model_name
from well.pipeline.work import Work


@dataclass(frozen=True, slots=True)
class Taught:
    """`memory` with its counts as `learned`; `month` (`month_of`) is when they are used, `name`
    stands in `Versions`."""

    memory: FlowMemory
    learned: Learned
    month: int
    name: str

    def model(self) -> Model:
        """The tables to match with; the shipped ones while nothing was learned."""
        return model_of(self.learned, self.month) if self.learned.counts else Model()


def taught(work: Work) -> Taught:
    """The state of the flow now."""
    memory = work.store.flow_memory(work.flow.id)
    learned = learned_of(memory)
    return Taught(memory, learned, month_of(work.clock.now().date()), model_name(learned))
