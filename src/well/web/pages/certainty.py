"""How sure a decision was: three parts apart, the number together, and what would change it.

Invariant: computed from the facts the decision was made from, as the trail keeps them; where they
cannot be read back nothing is shown. It decides nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from well.domain.case import Case
from well.domain.decision import Outcome, Reason
from well.domain.trail import TrailEvent
from well.matching import behind, flips
from well.pipeline.simulate import past_of
from well.policy import (
    Check,
    Facts,
    RecordConfidence,
    acting_limit,
    asking_limit,
    assess,
    nearest,
)
from well.policy.nearest import only_gates
from well.storage.store import DjangoStore
from well.web import formats

_WEIGHED = (Outcome.POST, Outcome.LINK, Outcome.REVIEW, Outcome.REFUSE)
"""Outcomes that a probability has a part in."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a probability (`share`), or a gate that is `open` or not."""

    word: str
    text: str
    share: float | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Certainty:
    """What the card shows, in its order."""

    shown: float
    tone: str
    sentence: str
    parts: tuple[Part, ...]
    factors: tuple[Reason, ...]
    probability: float
    checks: tuple[Check, ...]
    changes: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def may_be_new(self) -> bool:
        """Whether it is worth telling how the probability of a new entry came about."""
        return self.probability >= 0.01


def certainty_of(store: DjangoStore, case: Case) -> Certainty | None:
    """The card of a case's newest decision; None where there is nothing to show."""
    event = store.newest_decision(case.record, case.flow)
    facts = _facts(event) if event is not None else None
    if facts is None or case.decision is None or case.decision.outcome not in _WEIGHED:
        return None
    return certainty(facts)


def _facts(event: TrailEvent) -> Facts | None:
    try:
        return past_of(event).facts
    except (KeyError, ValueError):
        return None


def certainty(facts: Facts) -> Certainty:
    """The card of one set of facts."""
    known = assess(facts)
    acting, asking = acting_limit(facts), asking_limit(facts)
    return Certainty(
        shown=known.shown,
        tone="good" if known.shown >= acting else "warn" if known.shown >= asking else "bad",
        sentence=_sentence(facts, known),
        parts=tuple(_parts(known)),
        factors=known.parts,
        probability=known.probability,
        checks=known.policy.checks,
        changes=tuple(_changes(facts)),
        behind=behind(facts.ranking),
    )


def _sentence(facts: Facts, known: RecordConfidence) -> str:
    if acting_limit(facts) > 1.0:
        return _("This flow asks for a person's word on every decision for now.")
    limit = formats.share(acting_limit(facts))
    if only_gates(facts):
        held = _("A stop holds it below %(limit)s, from where Well acts alone.")
        return held % {"limit": limit}
    if known.shown >= acting_limit(facts):
        return _("Above %(limit)s, from where Well acts alone.") % {"limit": limit}
    return _("Below %(limit)s, from where Well acts alone.") % {"limit": limit}


def _parts(known: RecordConfidence) -> Iterator[Part]:
    whole, fit = known.completeness, known.policy
    yield Part(_("Fields"), whole.sentence, open=whole.holds)
    yield Part(_("Policy"), fit.sentence, open=fit.holds)
    yield Part(_("Counterparty"), _("sure who the supplier is"), known.counterparty)
    if known.existing is not None:
        text = _("sure that the entry at the target is this document")
        yield Part(_("Existing entry"), text, known.existing)
    text = _("sure that posting it new needs no correction")
    yield Part(_("New entry"), text, known.probability)


def _changes(facts: Facts) -> Iterator[str]:
    if only_gates(facts):
        yield _("Once the stop is cleared, Well would act alone.")
        return
    yield from (near.sentence for near in nearest(facts))
    if facts.ranking.best is not None:
        yield from flips(facts.ranking.best, acting_limit(facts), asking_limit(facts))
