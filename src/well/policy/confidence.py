"""The record's own confidence: how likely is it that posting it new needs no correction.

Invariant: the product of P(counterparty), P(each mandatory field read right) and P(no entry
exists yet), so no good part outvotes a bad one; 100 plus the reasons' weights is the percentage.
Missing evidence never raises it. Gates stand elsewhere.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from well.domain.decision import Reason
from well.domain.invoice import FieldReading, Finding, Invoice, Origin
from well.policy.alike import same_identifier, same_name, same_number
from well.policy.facts import Facts
from well.policy.page_seller import page_fits_party

MOST = 0.99
"""Nothing is shown as certain."""
NEW_PARTY_MOST = 0.97
API_CONFIDENCE = 0.97
"""Of a field that the source gave without saying how sure it is."""
# Share of a source field's doubt that would need a correction, and what a contradicting page costs.
_FIELDS = {
    "number": ("number", 0.5, 0.45),
    "issue_date": ("date", 0.5, 0.30),
    "gross_total": ("total", 0.4, 0.60),
    "currency": ("currency", 0.2, 0.60),
    "seller.name": ("supplier's name", 0.2, 0.30),
}
_AGREED_DOUBT = 0.001
_FINDING_COST = 0.97
_PAGE_NOT_READ_COST = 0.93
_OTHER_SELLER_COST = 0.8
_COUNTED = frozenset(
    ["number_differs", "issue_date_differs", "currency_differs", "total_differs", "seller_differs"]
)
Factor = tuple[str, str, float]


def record_confidence(facts: Facts) -> tuple[float, tuple[Reason, ...]]:
    """The probability in [0, 1] and one reason for each factor, weights in points of percent."""
    found = factors(facts)
    running = [1.0]
    for _, _, share in found:
        running.append(running[-1] * share)
    reasons = tuple(
        Reason(code, sentence, weight=(after - before) * 100)
        for (code, sentence, _), (before, after) in zip(found, pairwise(running), strict=True)
    )
    return running[-1], reasons


def factors(facts: Facts) -> list[Factor]:
    """Code, sentence and share of each factor, in the order they are multiplied."""
    return [*_entity(facts), *_fields(facts), *_findings(facts), *_newness(facts)]


def counterparty_share(facts: Facts) -> float:
    """How sure the counterparty is; a new one is as sure as that none of the known fits."""
    by_id = {c.id: c.confidence for c in facts.parties.candidates}
    if facts.party is not None and facts.party.id in by_id:
        return min(by_id[facts.party.id], MOST)
    return min(facts.parties.none_confidence, NEW_PARTY_MOST)


def _entity(facts: Facts) -> Iterator[Factor]:
    share = counterparty_share(facts)
    if facts.party is None or all(c.id != facts.party.id for c in facts.parties.candidates):
        yield "counterparty", f"The supplier is not known yet ({percent(share)}).", share
        return
    yield "counterparty", f"The supplier is {facts.party.name} ({percent(share)}).", share
    if page_fits_party(facts) is False:
        yield "page_seller", "The page names another supplier.", _OTHER_SELLER_COST


def _fields(facts: Facts) -> Iterator[Factor]:
    """Each mandatory field; a missing one counts as wrong."""
    if facts.invoice is None:
        yield "fields", "Nothing could be read.", 0.0
        return
    for field, (label, doubt, clash) in _FIELDS.items():
        value = field_value(facts.invoice, field)
        if value is None:
            yield f"field.{field}", f"The {label} is missing.", 0.3
            continue
        known_alias = field == "seller.name" and page_fits_party(facts) is True
        share, words = _read_right(
            facts.invoice, field, value, doubt, 0.0 if known_alias else clash
        )
        yield f"field.{field}", f"The {label} {value} {words}.", share


def _read_right(
    invoice: Invoice, field: str, value: str, doubt: float, clash: float
) -> tuple[float, str]:
    readings = [r for r in invoice.readings if r.field == field]
    agreeing = [r for r in readings if _same(field, r.value, value)]
    against = [r for r in readings if r not in agreeing]
    wrong = _doubt(agreeing, doubt)
    if against:
        worst = max(r.confidence for r in against)
        return (1.0 - wrong) * (1.0 - clash * _clip(worst)), "is contradicted by another reading"
    origins = {r.origin for r in agreeing}
    if Origin.PERSON in origins:
        return 1.0 - wrong, "is given by a person"
    return 1.0 - wrong, "is read twice" if len(origins) > 1 else "is read once"


def _doubt(agreeing: list[FieldReading], share: float) -> float:
    """Independent origins that agree are wrong only when all are; one origin counts once."""
    best: dict[Origin, float] = {}
    for reading in agreeing:
        best[reading.origin] = max(best.get(reading.origin, 0.0), _clip(reading.confidence))
    wrong = share
    for confidence in best.values() or [API_CONFIDENCE]:
        wrong *= 1.0 - confidence
    return max(wrong, _AGREED_DOUBT)


def _clip(confidence: float) -> float:
    return min(max(confidence, 0.0), 1.0)


def field_value(invoice: Invoice, field: str) -> str | None:
    """A mandatory field as canonical text, None when missing."""
    if field == "seller.name":
        return invoice.seller.name or None
    value = getattr(invoice, field)
    if value is None or value == "":
        return None
    return str(value.decimal) if field == "gross_total" else str(value)


def _same(field: str, read: str, value: str) -> bool:
    if field == "gross_total":
        return _decimal(read) == _decimal(value)
    if field == "number":
        return same_number(read, value)
    return same_name(read, value) if field == "seller.name" else same_identifier(read, value)


def _decimal(text: str) -> Decimal | None:
    try:
        return abs(Decimal(text))
    except InvalidOperation:
        return None


def _findings(facts: Facts) -> Iterator[Factor]:
    """What else a reader noticed; contradictions of mandatory fields are counted there."""
    page = facts.reading
    if page is not None and page.kind == "other" and page.has_text:
        yield "page_not_read", "No invoice could be read in the file's text.", _PAGE_NOT_READ_COST
    for finding in all_findings(facts):
        if finding.code not in _COUNTED and not finding.stops_auto_post:
            yield f"finding.{finding.code}", finding.sentence, _FINDING_COST


def all_findings(facts: Facts) -> list[Finding]:
    """Findings of record and file, each once, in order."""
    own = facts.invoice.findings if facts.invoice else ()
    page = facts.reading.findings if facts.reading else ()
    return list(dict.fromkeys([*own, *page]))


def _newness(facts: Facts) -> Iterator[Factor]:
    if facts.unseen_from is not None:
        yield "no_duplicate", "Whether the target holds it already cannot be seen.", 1.0
        return
    share = min(max(facts.ranking.none_confidence, 0.0), 1.0)
    yield "no_duplicate", f"No entry for it exists yet ({percent(share)}).", share


def percent(share: float) -> str:
    """A probability for a person; nothing is said to be certain or impossible."""
    points = round(share * 100)
    if points > 99:
        return "over 99 %"
    return "under 1 %" if points < 1 else f"{points} %"
