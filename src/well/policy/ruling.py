"""Which of a flow's rules a record meets, and the limits that hold for it.

Invariant: the first rule whose conditions all hold is the one; where none does, the flow's own
limits hold. A rule moves limits and adds a stop, and takes no stop away: it opens no gate, and
the certified limit stands above it. Pure.
"""

from dataclasses import dataclass
from decimal import Decimal

from well.domain.decision import Reason
from well.domain.invoice import Invoice
from well.domain.rule import Rule, Then
from well.policy.alike import letters
from well.policy.facts import Facts
from well.policy.threshold import effective


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rule a record meets and its place in the flow's order, from 1."""

    number: int
    rule: Rule

    @property
    def title(self) -> str:
        """How it is named to a person."""
        return f"Rule {self.number} “{self.rule.name}”"


def ruling(facts: Facts) -> Ruling | None:
    """The first rule the record meets, None where the flow's own limits hold."""
    for number, rule in enumerate(facts.rules.exceptions, 1):
        if meets(facts, rule):
            return Ruling(number, rule)
    return None


def acting_limit(facts: Facts) -> float:
    """From which probability Well acts alone: the limit of the rule that is met, else the flow's;
    the certified limit where that is stricter."""
    return effective(_limits(facts)[0], facts.threshold)


def asking_limit(facts: Facts) -> float:
    """From which probability a person is asked, below it the record is refused."""
    return _limits(facts)[1]


def never_posted(facts: Facts) -> str:
    """The sentence of a rule that keeps the record out of the target; "" where none does."""
    met = ruling(facts)
    if met is None or met.rule.then is not Then.NEVER:
        return ""
    return f"{met.title} says that it is never posted."


def always_asked(facts: Facts) -> str:
    """The sentence of a rule that wants a person for it; "" where none does."""
    met = ruling(facts)
    if met is None or met.rule.then is not Then.ASK:
        return ""
    return f"{met.title} always asks a person."


def limits_told(facts: Facts) -> tuple[Reason, ...]:
    """The rule whose limits hold, said as a reason; nothing where the flow's own do."""
    met = ruling(facts)
    if met is None or met.rule.then is not Then.LIMITS:
        return ()
    asked = f"{met.title} asks for {_points(met.rule.auto_post)}"
    told = f"{asked}, and for a person from {_points(met.rule.review)}."
    if acting_limit(facts) > met.rule.auto_post:
        told += " The limit that checks have shown to be needed is stricter and holds."
    return (Reason("rule", told),)


def meets(facts: Facts, rule: Rule) -> bool:
    """Whether every condition of the rule holds for the record."""
    return (
        (rule.kind is None or rule.kind is facts.kind)
        and (not rule.stream or rule.stream == facts.stream)
        and (not rule.counterparty or _is_of(facts, letters(rule.counterparty)))
        and (not rule.account or _booked_on(facts.invoice, letters(rule.account)))
        and _in_range(facts.invoice, rule)
    )


def _limits(facts: Facts) -> tuple[float, float]:
    met = ruling(facts)
    if met is None or met.rule.then is not Then.LIMITS:
        return facts.rules.auto_post, facts.rules.review
    return met.rule.auto_post, met.rule.review


def _is_of(facts: Facts, wanted: str) -> bool:
    """The counterparty it was resolved to, under any of its names; else the one it names."""
    if facts.party is not None:
        known = (*facts.party.names, *facts.party.vat_ids)
    elif facts.invoice is not None:
        seller = facts.invoice.seller
        known = tuple(text for text in (seller.name, seller.vat_id) if text)
    else:
        return False
    return any(letters(name) == wanted for name in known)


def _booked_on(invoice: Invoice | None, wanted: str) -> bool:
    """Some line is booked on it; of an account with parents (“Costs:Rent”) the last name does."""
    accounts = [line.ledger_account for line in invoice.lines] if invoice else []
    named = {letters(part) for a in accounts if a for part in (a, a.rpartition(":")[2])}
    return wanted in named


def _in_range(invoice: Invoice | None, rule: Rule) -> bool:
    """The total lies between both ends; one whose worth in that currency is not known does not."""
    end = rule.least or rule.most
    if end is None:
        return True
    total = _worth(invoice, end.currency)
    if total is None:
        return False
    above = rule.least is None or total >= rule.least.decimal
    return above and (rule.most is None or total <= rule.most.decimal)


def _worth(invoice: Invoice | None, currency: str) -> Decimal | None:
    """The total in `currency`: as it is, or as the source's own rate makes it."""
    if invoice is None or invoice.gross_total is None:
        return None
    if invoice.gross_total.currency == currency:
        return invoice.gross_total.decimal
    told = invoice.converted
    return told.amount if told is not None and told.currency == currency else None


def _points(share: float) -> str:
    return f"{share * 100:.4g} %"
