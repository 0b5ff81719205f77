"""What other limits would have done to decisions that were made already.

Invariant: a past decision is made again from its own facts with nothing but the rules changed;
nothing of it is stored, and what has become of the record since is not guessed. Memory does not
grow with the number of decisions.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from well.domain.decision import Decision, Outcome, Rules
from well.domain.money import Money
from well.policy.decide import decide
from well.policy.facts import Facts
from well.policy.threshold import clopper_pearson_lower

SHOWN_MAX = 20
"""Records that would change, listed one by one at the most."""
AUTO = (Outcome.POST, Outcome.LINK)
"""Outcomes that Well reaches without a person."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said after the decision: `state` is where the record stands since.

    The verdicts "right" and "wrong" are answers to a spot check of what was decided.
    """

    verdict: str
    entry: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Past:
    """One record's newest decision with the facts it was made from."""

    case: str
    record: str
    at: datetime
    facts: Facts
    outcome: Outcome
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that would have come out otherwise; `reason` is what would have decided it."""

    case: str
    record: str
    at: datetime
    supplier: str
    number: str
    amount: Money | None
    before: Outcome
    after: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """How many records go from one outcome to another, with their totals by currency."""

    before: Outcome
    after: Outcome
    count: int
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Decisions without a person that a person has looked at: `right` of `checked` held."""

    right: int
    checked: int

    @property
    def lower(self) -> float | None:
        """Lower bound of the share that holds, 95 % one-sided; None before anybody looked."""
        return clopper_pearson_lower(self.right, self.checked) if self.checked else None


@dataclass(frozen=True, slots=True)
class Simulation:
    """`moves` cover every decision, those that stay included; `unlike` came out otherwise today
    by the rules in force already (an earlier policy or earlier limits decided them); `nameless`
    tell neither kind nor stream, so that no rule about those is met by them."""

    decided: int
    changed: int
    unlike: int
    nameless: int
    moves: tuple[Move, ...]
    examples: tuple[Changed, ...]
    checked_before: Checked
    checked_after: Checked

    def count(self, outcome: Outcome, after: bool) -> int:
        """Records with this outcome before, or after."""
        return sum(m.count for m in self.moves if (m.after if after else m.before) is outcome)


@dataclass
class Tally:
    """The running sums; `add` decisions in any order, newest first for the newest examples."""

    before: Rules
    after: Rules
    counts: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    minors: Counter[tuple[Outcome, Outcome, str]] = field(default_factory=Counter)
    checks: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    unlike: int = 0
    nameless: int = 0
    examples: list[Changed] = field(default_factory=list)

    def add(self, past: Past) -> None:
        """Decide one record again under both sets of rules."""
        then, now = again(past, self.before), again(past, self.after)
        self.unlike += then.outcome is not past.outcome
        self.nameless += past.facts.kind is None and self._names
        move = (then.outcome, now.outcome)
        self.counts[move] += 1
        total = past.facts.invoice.gross_total if past.facts.invoice else None
        if total is not None:
            self.minors[*move, total.currency] += total.minor
        for after, decision in ((False, then), (True, now)):
            right = held(decision, past.judged, past.outcome)
            if right is not None:
                self.checks[after, right] += 1
        if then.outcome is not now.outcome and len(self.examples) < SHOWN_MAX:
            self.examples.append(_changed(past, then, now))

    def result(self) -> Simulation:
        """What was added so far."""
        return Simulation(
            decided=self.counts.total(),
            changed=sum(n for (before, after), n in self.counts.items() if before is not after),
            unlike=self.unlike,
            nameless=self.nameless,
            moves=tuple(self._moves()),
            examples=tuple(self.examples),
            checked_before=self._checked(False),
            checked_after=self._checked(True),
        )

    @property
    def _names(self) -> bool:
        """Whether a rule asks for what facts of older decisions do not tell."""
        rules = (*self.before.exceptions, *self.after.exceptions)
        return any(rule.kind is not None or rule.stream for rule in rules)

    def _moves(self) -> Iterator[Move]:
        order = list(Outcome)
        for before, after in sorted(
            self.counts, key=lambda move: (order.index(move[0]), order.index(move[1]))
        ):
            sums = sorted(
                (currency, minor)
                for (b, a, currency), minor in self.minors.items()
                if (b, a) == (before, after)
            )
            amounts = tuple(Money(minor, currency) for currency, minor in sums)
            yield Move(before, after, self.counts[before, after], amounts)

    def _checked(self, after: bool) -> Checked:
        right = self.checks[after, True]
        return Checked(right, right + self.checks[after, False])


def simulate(decisions: Iterable[Past], before: Rules, after: Rules) -> Simulation:
    """The effect of `after` instead of `before` on past decisions."""
    tally = Tally(before, after)
    for past in decisions:
        tally.add(past)
    return tally.result()


def again(past: Past, rules: Rules) -> Decision:
    """The decision from the same facts under these rules."""
    return decide(replace(past.facts, rules=rules))


def held(decision: Decision, judged: Judged | None, made: Outcome) -> bool | None:
    """Whether a person's word agrees with what Well would do alone; None when it does not tell.

    `made` is the outcome the person had before them.
    """
    if judged is None or decision.outcome not in AUTO:
        return None
    if judged.verdict in ("right", "wrong"):
        return judged.verdict == "right" if decision.outcome is made else None
    if judged.verdict in ("link", "pin"):
        return decision.outcome is Outcome.LINK and decision.entry == judged.entry
    if judged.verdict == "approve":
        # Accepted as it stands at the target, or posted as a new entry.
        return judged.state == "posted" or decision.outcome is Outcome.POST
    if judged.verdict == "refuse" and judged.state == "refused":
        return False
    return None


def _changed(past: Past, then: Decision, now: Decision) -> Changed:
    invoice = past.facts.invoice
    return Changed(
        case=past.case,
        record=past.record,
        at=past.at,
        supplier=(invoice.seller.name if invoice else None) or "",
        number=(invoice.number if invoice else None) or "",
        amount=invoice.gross_total if invoice else None,
        before=then.outcome,
        after=now.outcome,
        reason=now.reasons[0].sentence,
    )
