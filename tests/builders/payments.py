"""Payments and open items for tests of one payment for several invoices."""

from datetime import date, timedelta

from well.matching.references import Reference, reference
from well.matching.sets import OpenItem, Payment

DAY = date(2026, 3, 1)


def numbers(*texts: str) -> tuple[Reference, ...]:
    return tuple(found for text in texts if (found := reference(text)) is not None)


def an_item(
    id: str,
    amount: int,
    due: int | None = None,
    number: str = "",
    owner: str = "acme",
    currency: str = "EUR",
    day: int | None = None,
) -> OpenItem:
    """Days are counted from DAY."""
    return OpenItem(
        id,
        amount,
        currency,
        DAY + timedelta(day) if day is not None else None,
        DAY + timedelta(due) if due is not None else None,
        reference(number),
        owner,
    )


def a_payment(
    amount: int,
    *names: str,
    id: str = "p",
    day: int | None = None,
    owner: str = "acme",
    currency: str = "EUR",
) -> Payment:
    return Payment(
        id,
        amount,
        currency,
        DAY + timedelta(day) if day is not None else None,
        numbers(*names),
        owner,
    )
