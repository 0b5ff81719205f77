"""Hard stops and gates: what keeps a record from going through without a person.

Invariant: each stop is a sentence a person can act on; no confidence outvotes one. Thresholds
are not looked at here.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from well.domain.candidate import Candidate, Ranking
from well.domain.decision import Reason
from well.domain.invoice import Invoice
from well.policy.alike import same_identifier
from well.policy.confidence import all_findings, field_value
from well.policy.facts import Facts
from well.policy.page_seller import page_fits_party

MARGIN_BITS = 1.0
"""Two candidates closer than this are not told apart by Well."""
_CENTS = 2
_MANDATORY = {
    "number": "invoice number",
    "issue_date": "date",
    "gross_total": "total",
    "currency": "currency",
    "seller.name": "supplier",
}


def missing_fields(invoice: Invoice | None) -> tuple[str, ...]:
    """Labels of the mandatory fields without a value."""
    if invoice is None:
        return tuple(_MANDATORY.values())
    return tuple(
        label for field, label in _MANDATORY.items() if field_value(invoice, field) is None
    )


def stops(facts: Facts) -> tuple[Reason, ...]:
    """Every stop that holds for linking and for posting."""
    found = [
        *_file_stops(facts),
        *_finding_stops(facts),
        *_account_stop(facts),
        *_duplicate_stop(facts),
        *_ranking_stops(facts.ranking),
    ]
    if facts.invoice is not None:
        found += [*_arithmetic(facts.invoice), *_future(facts.invoice, facts.today)]
    if facts.parties.truncated:
        found.append(_stop("truncated", "Too many known suppliers look alike to compare them all."))
    return tuple(dict.fromkeys(found))


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
    return tuple(found)


def _stop(code: str, sentence: str) -> Reason:
    return Reason(code, sentence, stops=True)


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


def _ranking_stops(ranking: Ranking) -> Iterator[Reason]:
    if ranking.truncated:
        yield _stop("truncated", "Too many existing entries look alike to compare them all.")
    if len(ranking.candidates) < 2:
        return
    best, second = ranking.candidates[:2]
    close = abs(best.bits - second.bits) < MARGIN_BITS
    if close and best.confidence + second.confidence > ranking.none_confidence:
        yield _stop("two_fit", f"{best.label} and {second.label} fit about equally well.")


def _arithmetic(invoice: Invoice) -> Iterator[Reason]:
    net, tax, gross = invoice.net_total, invoice.tax_total, invoice.gross_total
    if gross is not None and gross.minor <= 0:
        yield _stop("no_amount", f"The total {gross} is not above zero.")
    if gross is None or net is None or tax is None:
        return
    same = net.currency == tax.currency == gross.currency
    if not same or abs(net.minor + tax.minor - gross.minor) > _CENTS:
        yield _stop("arithmetic", f"{net} and VAT {tax} do not add up to {gross}.")


def _future(invoice: Invoice, today: date | None) -> Iterator[Reason]:
    """A day ahead is only another time zone; more is a typing mistake or a prepared bill."""
    if today is None or invoice.issue_date is None:
        return
    if invoice.issue_date - today > timedelta(days=1):
        yield _stop("future_date", f"The date {invoice.issue_date} is in the future.")


def _look_alike(candidate: Candidate) -> Iterator[Reason]:
    """An entry nobody owns with this supplier and number, or with this total on the same day."""
    levels = _levels(candidate)
    if levels.get("owner") == "taken" or levels.get("amount") == "opposite sign":
        return
    bits = {e.feature: e.bits for e in candidate.evidence}
    supplier = bits.get("name", 0.0) + bits.get("tax number", 0.0)
    number = levels.get("reference")
    if number == "in the file name" and supplier >= 0:
        yield _stop("unread_entry", f"{candidate.label} carries this number in its file name.")
    if supplier <= 0:
        return
    if number in ("equal", "equal but for look-alikes"):
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
