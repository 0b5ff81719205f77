"""Hard stops: the rules that keep a record from going through without a person.

Invariant: each broken rule is a sentence a person can act on; no confidence outvotes one; a rule
that is kept has a true sentence, too. Thresholds are not looked at here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from well.domain.candidate import Candidate
from well.domain.decision import Reason, Unseen
from well.domain.invoice import Invoice
from well.policy.alike import same_identifier
from well.policy.confidence import all_findings, field_value
from well.policy.facts import Facts
from well.policy.page_seller import page_fits_party
from well.policy.ruling import always_asked

MARGIN_BITS = 1.0
"""Two candidates closer than this are not told apart by Well."""
_CENTS = 2
# Levels of "reference" in the words of matching, today's and earlier ones.
_SAME_NUMBER = ("equal", "equal, 4 or 5 signs", "equal, short", "equal but for look-alikes")
_CARRIES = {"in the file name": "its file name", "in the text": "its text"}
MANDATORY = {
    "number": "invoice number",
    "issue_date": "date",
    "gross_total": "total",
    "currency": "currency",
    "seller.name": "supplier",
}


def missing_fields(invoice: Invoice | None) -> tuple[str, ...]:
    """Labels of the mandatory fields without a value."""
    if invoice is None:
        return tuple(MANDATORY.values())
    return tuple(label for field, label in MANDATORY.items() if field_value(invoice, field) is None)


@dataclass(frozen=True, slots=True)
class Rule:
    """`kept` is said when `broken` finds nothing; it is true of a record without the field, too."""

    code: str
    kept: str
    broken: Callable[[Facts], Iterable[Reason]]


def rules(facts: Facts) -> tuple[Rule, ...]:
    """The rules for linking and for posting that are in force, in the order they are looked at."""
    closed = (_CLOSED,) if facts.rules.closed_until is not None else ()
    first = (_FIRST,) if facts.rules.first_document_max is not None else ()
    unseen = (_UNSEEN,) if facts.unseen_from is not None else ()
    asks = (_ASKS,) if facts.rules.exceptions else ()
    return _COMMON + closed + first + unseen + asks


def stops(facts: Facts) -> tuple[Reason, ...]:
    """Every stop that holds for linking and for posting."""
    return tuple(dict.fromkeys(found for rule in rules(facts) for found in rule.broken(facts)))


def posting_stops(facts: Facts) -> tuple[Reason, ...]:
    """Stops for a new entry only: an existing one that may be this document after all."""
    return tuple(
        reason for candidate in facts.ranking.candidates for reason in _look_alike(candidate)
    )[:3]


def link_stops(best: Candidate) -> tuple[Reason, ...]:
    """Stops for linking to `best`."""
    levels = _levels(best)
    found: list[Reason] = []
    if levels.get("owner") == "taken":
        found.append(
            _stop("entry_taken", f"{best.label} already belongs to another record of the source.")
        )
    if levels.get("amount") == "opposite sign":
        found.append(_stop("sign_conflict", "A credit note and an invoice are never the same."))
    if levels.get("amount") == "other currency":
        found.append(
            _stop(
                "other_currency", f"{best.label} is in another currency; totals were not compared."
            )
        )
    return tuple(found)


def _stop(code: str, sentence: str) -> Reason:
    return Reason(code, sentence, stops=True)


OVERTURNED = _stop(
    "overturned",
    "A spot check found wrong what Well decided of this record, so a person decides it from now "
    "on.",
)


def _file_stops(facts: Facts) -> Iterator[Reason]:
    page = facts.reading
    if page is None:
        return
    if page.kind == "unreadable" or page.error:
        yield _stop("unreadable", page.error or "The file could not be read.")


def _finding_stops(facts: Facts) -> Iterator[Reason]:
    for finding in all_findings(facts):
        if not finding.stops_auto_post:
            continue
        if finding.code == "seller_differs" and page_fits_party(facts):
            continue
        yield _stop(finding.code, finding.sentence)


def _account_stop(facts: Facts) -> Iterator[Reason]:
    """Changed bank details: the commonest fraud, so a person always looks."""
    usual = facts.usual_ibans or (facts.party.ibans if facts.party else ())
    if not usual or facts.invoice is None:
        return
    page = facts.reading.invoice if facts.reading else None
    shown = [facts.invoice.seller.iban, page.seller.iban if page else None]
    for iban in dict.fromkeys(i for i in shown if i):
        if not any(same_identifier(iban, known) for known in usual):
            yield _stop(
                "bank_details_changed",
                f"Bank account {iban} is not one this supplier used before.",
            )


def _duplicate_stop(facts: Facts) -> Iterator[Reason]:
    if facts.duplicate_of is not None:
        yield _stop(
            "duplicate",
            "Another record with the same supplier, number and total was posted or linked.",
        )
    elif facts.looks_like is not None:
        yield _stop(
            "on_its_way",
            "A record of another flow with the same supplier, day and total is on its way there.",
        )


def _overturned_stop(facts: Facts) -> Iterator[Reason]:
    if facts.overturned:
        yield OVERTURNED


def _entries_cut(facts: Facts) -> Iterator[Reason]:
    if facts.ranking.truncated:
        yield _stop("truncated", "Too many existing entries look alike to compare them all.")


def _suppliers_cut(facts: Facts) -> Iterator[Reason]:
    if facts.parties.truncated:
        yield _stop("truncated", "Too many known suppliers look alike to compare them all.")


def _two_fit(facts: Facts) -> Iterator[Reason]:
    ranking = facts.ranking
    if len(ranking.candidates) < 2:
        return
    best, second = ranking.candidates[:2]
    close = abs(best.bits - second.bits) < MARGIN_BITS
    if close and best.confidence + second.confidence > ranking.none_confidence:
        yield _stop("two_fit", f"{best.label} and {second.label} fit about equally well.")


def _no_amount(facts: Facts) -> Iterator[Reason]:
    gross = facts.invoice.gross_total if facts.invoice else None
    if gross is not None and gross.minor <= 0:
        yield _stop("no_amount", f"The total {gross} is not above zero.")


def _arithmetic(facts: Facts) -> Iterator[Reason]:
    if facts.invoice is None:
        return
    net, tax = facts.invoice.net_total, facts.invoice.tax_total
    gross = facts.invoice.gross_total
    if gross is None or net is None or tax is None:
        return
    same = net.currency == tax.currency == gross.currency
    if not same or abs(net.minor + tax.minor - gross.minor) > _CENTS:
        yield _stop("arithmetic", f"{net} and VAT {tax} do not add up to {gross}.")


def _future(facts: Facts) -> Iterator[Reason]:
    """A day ahead is only another time zone; more is a typing mistake or a prepared bill."""
    issued = facts.invoice.issue_date if facts.invoice else None
    if facts.today is None or issued is None:
        return
    if issued - facts.today > timedelta(days=1):
        yield _stop("future_date", f"The date {issued} is in the future.")


def _closed_period(facts: Facts) -> Iterator[Reason]:
    until = facts.rules.closed_until
    issued = facts.invoice.issue_date if facts.invoice else None
    if until is not None and issued is not None and issued <= until:
        yield _stop(
            "closed_period", f"The date {issued} is in a period that was closed until {until}."
        )


def _first_document(facts: Facts) -> Iterator[Reason]:
    """A large bill of a supplier never paid before; in another currency, too, a person looks."""
    most = facts.rules.first_document_max
    total = facts.invoice.gross_total if facts.invoice else None
    known = facts.party is not None and not facts.first_document
    if known or most is None or total is None:
        return
    if total.currency != most.currency or total.minor > most.minor:
        yield _stop(
            "first_document",
            f"This supplier's first document is of {total}; without a person only {most} may pass.",
        )


def _unseen(facts: Facts) -> Iterator[Reason]:
    """What the target holds is hidden; a document from before it was connected may be there."""
    since = facts.unseen_from
    if since is None or facts.rules.unseen is Unseen.ALL:
        return
    hidden = "Well cannot see what the target holds already"
    issued = facts.invoice.issue_date if facts.invoice else None
    if facts.rules.unseen is Unseen.NOTHING:
        yield _stop("target_unseen", f"{hidden}, and this flow asks a person then.")
    elif issued is None or issued < since:
        why = f"this document is from before it was connected on {since}"
        yield _stop("target_unseen", f"{hidden}, and {why}.")


def _rule_asks(facts: Facts) -> Iterator[Reason]:
    sentence = always_asked(facts)
    if sentence:
        yield _stop("rule_asks", sentence)


def _look_alike(candidate: Candidate) -> Iterator[Reason]:
    """An entry nobody owns with this supplier and number, or with this total on the same day."""
    levels = _levels(candidate)
    if levels.get("owner") == "taken" or levels.get("amount") == "opposite sign":
        return
    bits = {e.feature: e.bits for e in candidate.evidence}
    supplier = bits.get("name", 0.0) + bits.get("tax number", 0.0)
    number = levels.get("reference")
    if number in _CARRIES and supplier >= 0:
        where = f"carries this number in {_CARRIES[number]}"
        told = f"The entry {candidate.label} {where} and may be this document."
        yield _stop("unread_entry", told)
    if supplier <= 0:
        return
    if number in _SAME_NUMBER:
        yield _stop(
            "same_number", f"{candidate.label} has the same supplier and number but not this total."
        )
    elif number == "different" and (levels.get("amount"), levels.get("date")) == (
        "equal",
        "same day",
    ):
        yield _stop("look_alike", f"{candidate.label} has the same supplier, total and date.")


def _levels(candidate: Candidate) -> dict[str, str]:
    return {e.feature: e.level for e in candidate.evidence}


_COMMON = (
    Rule("file", "The file, where there is one, could be read.", _file_stops),
    Rule("findings", "Nothing in the file forbids posting it alone.", _finding_stops),
    Rule("bank_details", "No bank account that is new for this supplier.", _account_stop),
    Rule("duplicate", "No other record of the same document was posted.", _duplicate_stop),
    Rule("overturned", "No spot check found wrong what was decided of it.", _overturned_stop),
    Rule("entries", "All existing entries that look alike were compared.", _entries_cut),
    Rule("ambiguous", "No two existing entries fit equally well.", _two_fit),
    Rule("amount", "No total of zero or below.", _no_amount),
    Rule("arithmetic", "No sum that does not add up.", _arithmetic),
    Rule("date", "No date in the future.", _future),
    Rule("suppliers", "All known suppliers that look alike were compared.", _suppliers_cut),
)
_CLOSED = Rule("closed_period", "Not dated in a closed period.", _closed_period)
_FIRST = Rule("first_document", "No first document of a supplier above the limit.", _first_document)
_UNSEEN = Rule(
    "target_unseen",
    "Well cannot see what the target holds already; this flow goes on with such a document.",
    _unseen,
)
_ASKS = Rule("rule_asks", "No rule of this flow asks for a person.", _rule_asks)
