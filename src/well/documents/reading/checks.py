"""Sums and check digits of one draft, as findings with a sentence.

Invariant: a check that lacks one of its values stays silent; values are never corrected.
"""

from collections.abc import Iterator
from decimal import Decimal

from well.documents.reading.check_digits import iban_is_valid, vat_id_is_valid
from well.documents.reading.draft import Draft
from well.domain.invoice import Finding

_CENT = Decimal("0.01")
_EARLIEST, _LATEST = "1980", "2099"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check(draft: Draft) -> tuple[Finding, ...]:
    """Findings about the values of one draft."""
    return (*_sums(draft), *_digits(draft), *_dates(draft), *_signs(draft))


def _sums(draft: Draft) -> Iterator[Finding]:
    net, tax, gross = (draft.amount(name) for name in ("net_total", "tax_total", "gross_total"))
    if net is not None and gross is not None and tax is not None and abs(net + tax - gross) > _CENT:
        sentence = f"Total without VAT {net} and VAT {tax} do not add up to {gross}."
        yield Finding("sum_of_totals", sentence, stops_auto_post=True)
    parts = sum(draft.tax_parts, Decimal(0))
    if tax is not None and draft.tax_parts and abs(parts - tax) > _CENT * len(draft.tax_parts):
        sentence = f"The VAT amounts by rate add up to {parts}, not to {tax}."
        yield Finding("sum_of_taxes", sentence, stops_auto_post=True)
    yield from _line_sums(draft, net)


def _line_sums(draft: Draft, net: Decimal | None) -> Iterator[Finding]:
    if draft.line_sum is None:
        return
    lines = sum((line.net_amount for line in draft.lines), Decimal(0))
    if draft.lines and abs(lines - draft.line_sum) > _CENT * len(draft.lines):
        sentence = f"The lines add up to {lines}, not to {draft.line_sum}."
        yield Finding("sum_of_lines", sentence, stops_auto_post=True)
    expected = draft.line_sum - (draft.allowance or 0) + (draft.charge or 0)
    if net is not None and abs(expected - net) > _CENT:
        sentence = f"Lines, discounts and charges add up to {expected}, not to {net}."
        yield Finding("sum_of_net", sentence, stops_auto_post=True)


def _digits(draft: Draft) -> Iterator[Finding]:
    iban = draft.value("seller.iban")
    if iban is not None and not iban_is_valid(iban):
        yield Finding("iban_check_digits", f"The account {iban} is not a valid IBAN.")
    vat_id = draft.value("seller.vat_id")
    if vat_id is not None and vat_id_is_valid(vat_id) is False:
        yield Finding("vat_id_check_digits", f"The VAT id {vat_id} fails its check digits.")


def _dates(draft: Draft) -> Iterator[Finding]:
    issued, due = draft.value("issue_date"), draft.value("due_date")
    for name, value in (("issue", issued), ("due", due)):
        if value and not _EARLIEST <= value[:4] <= _LATEST:
            sentence = f"The {name} date {value} lies too far from today to be meant."
            yield Finding("date_far", sentence, stops_auto_post=True)
    if issued and due and due < issued:
        yield Finding("due_before_issue", f"The due date {due} is before the issue date {issued}.")


def _signs(draft: Draft) -> Iterator[Finding]:
    """Signs that turn the direction of writing make a value look like another one."""
    for name, reading in draft.readings.items():
        if not _TURNING.isdisjoint(reading.value):
            sentence = f"The {name.replace('_', ' ').replace('.', ' ')} holds invisible signs."
            yield Finding("control_signs", sentence, stops_auto_post=True)
