"""One invoice of the source's fields and the file's: fields first, holes filled from the page.

Invariant: no value of the source is replaced, both readings are kept, and a contradiction is a
finding and never an average. It does not weigh; confidence does.
"""

from collections.abc import Iterator
from dataclasses import replace

from well.domain.invoice import Finding, Invoice, Seller
from well.domain.money import Money
from well.domain.reading import Reading
from well.policy.alike import same_identifier, same_name, same_number

SURE = 0.5
"""A page value read with less confidence contradicts nobody."""
_FILLED = (
    "number",
    "issue_date",
    "due_date",
    "currency",
    "net_total",
    "tax_total",
    "gross_total",
    "buyer_name",
    "purchase_order",
)
_SELLER_FILLED = ("name", "vat_id", "legal_id", "country", "iban", "email", "website")


def merge_reading(api: Invoice, page: Reading | None) -> Invoice:
    """The record's invoice completed by its page, with the findings of both."""
    if page is None:
        return api
    findings = [*api.findings, *page.findings]
    if page.invoice is None:
        return replace(api, findings=_once(findings))
    seen = page.invoice
    findings += _contradictions(api, page, seen)
    return replace(
        api,
        **{name: getattr(seen, name) for name in _FILLED if _fills(api, seen, name)},
        seller=_merge_seller(api.seller, seen.seller),
        lines=api.lines or seen.lines,
        note=api.note or seen.note,
        readings=api.readings + seen.readings,
        findings=_once(findings),
    )


def _fills(api: Invoice, seen: Invoice, name: str) -> bool:
    """A hole is filled, but no amount comes in another currency than the record's."""
    value = getattr(seen, name)
    if getattr(api, name) is not None or value is None:
        return False
    return not isinstance(value, Money) or api.currency in (None, value.currency)


def _merge_seller(api: Seller, seen: Seller) -> Seller:
    holes = {name: getattr(seen, name) for name in _SELLER_FILLED if not getattr(api, name)}
    return replace(api, **holes)


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _contradictions(api: Invoice, page: Reading, seen: Invoice) -> Iterator[Finding]:
    """Values that both have and that cannot both be right."""
    yield from _kind(api, page)
    yield from _total(api, seen)
    yield from _supplier(api.seller, seen)
    if api.number and seen.number and not same_number(api.number, seen.number):
        yield Finding(
            "number_differs",
            f"The page shows number {seen.number}, the record says {api.number}.",
        )
    for name, label in (("issue_date", "date"), ("due_date", "due date")):
        ours, theirs = getattr(api, name), getattr(seen, name)
        if ours and theirs and ours != theirs:
            yield Finding(
                f"{name}_differs", f"The page shows {label} {theirs}, the record says {ours}."
            )
    if api.currency and seen.currency and api.currency != seen.currency:
        yield Finding(
            "currency_differs",
            f"The page is in {seen.currency}, the record in {api.currency}.",
            stops_auto_post=seen.gross_total is not None,
        )


def _kind(api: Invoice, page: Reading) -> Iterator[Finding]:
    """A page read as credit note is sure of it; a plain page may only lack the word."""
    stated = page.kind == "credit_note" or (
        page.kind == "invoice" and page.syntax not in (None, "ocr")
    )
    if stated and api.credit_note != (page.kind == "credit_note"):
        ours = "a credit note" if api.credit_note else "an invoice"
        theirs = "a credit note" if page.kind == "credit_note" else "an invoice"
        yield Finding("sign_differs", f"The record is {ours}, its page is {theirs}.", True)


def _total(api: Invoice, seen: Invoice) -> Iterator[Finding]:
    ours, theirs = api.gross_total, seen.gross_total
    if ours is None or theirs is None or ours.currency != theirs.currency:
        return
    if abs(ours.minor) != abs(theirs.minor):
        yield Finding(
            "total_differs",
            f"The page shows a total of {theirs}, the record says {ours}.",
            stops_auto_post=_sure(seen, "gross_total"),
        )


def _supplier(api: Seller, seen: Invoice) -> Iterator[Finding]:
    theirs = seen.seller
    if api.iban and theirs.iban and not same_identifier(api.iban, theirs.iban):
        yield Finding(
            "iban_differs",
            f"The page shows bank account {theirs.iban}, the record says {api.iban}.",
            True,
        )
    if api.vat_id and theirs.vat_id:
        if not same_identifier(api.vat_id, theirs.vat_id):
            yield Finding(
                "seller_differs",
                f"The page shows VAT number {theirs.vat_id}, the record says {api.vat_id}.",
                stops_auto_post=_sure(seen, "seller.vat_id"),
            )
        return
    if api.name and theirs.name and not same_name(api.name, theirs.name):
        yield Finding(
            "seller_differs",
            f"The page names {theirs.name} as the supplier, the record says {api.name}.",
            stops_auto_post=_sure(seen, "seller.name"),
        )


def _sure(seen: Invoice, field: str) -> bool:
    """Whether the page's value was read surely enough; without a reading it was."""
    marks = [reading.confidence for reading in seen.readings if reading.field == field]
    return not marks or max(marks) >= SURE
