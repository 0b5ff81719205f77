"""Gates: is the record complete, and does it keep the rules? Answers with reasons, no probability.

Invariant: a gate is open or shut and says why in sentences; what shuts it is exactly what stops
the decision. A gate is never weighed against a score. It does not choose an outcome.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from well.domain.candidate import Candidate
from well.domain.decision import KEPT_OUT, Reason
from well.domain.invoice import Invoice
from well.policy.facts import Facts
from well.policy.ruling import asking_limit, never_posted
from well.policy.stops import MANDATORY, link_stops, missing_fields, posting_stops, rules


@dataclass(frozen=True, slots=True)
class Completeness:
    """`present` of `wanted` mandatory fields have a value; `missing` are the labels of the rest."""

    present: int
    wanted: int
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every mandatory field is there."""
        return not self.missing

    @property
    def sentence(self) -> str:
        """For a person: how many fields are there and which are not."""
        told = f"{self.present} of {self.wanted} mandatory fields are there"
        if self.holds:
            return f"{told}."
        return f"{told}; missing: {', '.join(self.missing)}."


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and how the record stands to it."""

    code: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class PolicyFit:
    """Every rule that is in force for the record."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether no rule is broken."""
        return not self.broken

    @property
    def broken(self) -> tuple[Check, ...]:
        """The rules that keep the record from going through alone."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def sentence(self) -> str:
        """For a person: how many rules are kept."""
        kept = len(self.checks) - len(self.broken)
        return f"{kept} of {len(self.checks)} rules are kept."


def completeness(invoice: Invoice | None) -> Completeness:
    """How complete the mandatory fields are."""
    missing = missing_fields(invoice)
    return Completeness(len(MANDATORY) - len(missing), len(MANDATORY), missing)


def policy_fit(facts: Facts) -> PolicyFit:
    """Every rule with its verdict, for linking where an entry fits and for posting else."""
    return PolicyFit(tuple(_checks(facts)))


def fitting_entry(facts: Facts) -> Candidate | None:
    """The existing entry the record may be, likely enough to be asked about."""
    best = facts.ranking.best
    return best if best is not None and best.confidence >= asking_limit(facts) else None


def before_window(facts: Facts) -> bool:
    """Whether the document is older than what the flow brings over."""
    issued = facts.invoice.issue_date if facts.invoice else None
    return issued is not None and facts.since is not None and issued < facts.since


def _checks(facts: Facts) -> Iterator[Check]:
    yield _check(
        "kind",
        facts.posted_kind,
        "Records of this kind are posted in this flow.",
        "This kind of record is kept, not posted.",
    )
    yield _check(
        "window",
        not before_window(facts),
        "Not dated before the flow's history begins.",
        f"Dated before {facts.since}, where the flow's history begins.",
    )
    if facts.rules.exceptions:
        never = never_posted(facts)
        yield _check(KEPT_OUT, not never, "No rule of this flow keeps it out.", never)
    for rule in rules(facts):
        yield _found(rule.code, rule.kept, rule.broken(facts))
    best = fitting_entry(facts)
    if best is not None:
        kept = "The entry belongs to no other record and is no refund against an invoice."
        yield _found("link", kept, link_stops(best))
    else:
        kept = "No existing entry looks like this document after all."
        yield _found("post", kept, posting_stops(facts))


def _check(code: str, passed: bool, kept: str, broken: str) -> Check:
    return Check(code, passed, kept if passed else broken)


def _found(code: str, kept: str, broken: Iterable[Reason]) -> Check:
    sentences = list(dict.fromkeys(reason.sentence for reason in broken))
    return Check(code, not sentences, " ".join(sentences) or kept)
