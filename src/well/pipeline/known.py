"""Known: what a flow has learned, in numbers a person can check.

Invariant: read off the counts that matching uses and the documents that are kept, so what is shown
is what works. It adds nothing to them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from well.domain.invoice import Invoice
from well.matching.learn import ENTRY, LINKS_MIN, PARTY, Key, Learned, alias_key, shapes, usual_lag

SHAPES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Known:
    """Of a flow: `documents` that taught which entry is right, distinct `names` of suppliers,
    suppliers whose usual lag (`lags`) and whose number format (`formats`) is known."""

    documents: int
    names: int
    lags: int
    formats: int


@dataclass(frozen=True, slots=True)
class Supplier:
    """Of one supplier: how often people `confirmed` and `declined` that this name is its; days
    from document to entry (`lag`, None below LINKS_MIN `links`); number forms, commonest first."""

    confirmed: int
    declined: int
    lag: int | None
    links: int
    forms: tuple[tuple[str, int], ...]


def known(learned: Learned) -> Known:
    """The numbers of a flow."""
    documents = sum(n for key, n in learned.counts.items() if _is(key, ENTRY, "documents"))
    names = {key.one for key in learned.counts if _is(key, PARTY, "alias")}
    parties = {key.one for key in learned.counts if _is(key, ENTRY, "lag")}
    formats = {key.one for key in learned.counts if _is(key, ENTRY, "shape")}
    lags = sum(usual_lag(learned, party) is not None for party in parties)
    return Known(documents, len(names), lags, len(formats))


def _is(key: Key, space: str, kind: str) -> bool:
    return (key.space, key.kind) == (space, kind)


def supplier(learned: Learned, name: str, counterparty: str) -> Supplier:
    """What was learned of a counterparty and of `name` as one of its names."""
    return Supplier(
        confirmed=_named(learned, "alias", name, counterparty),
        declined=_named(learned, "not alias", name, counterparty),
        lag=usual_lag(learned, counterparty),
        links=sum(count for _, _, count in learned.found(ENTRY, "lag", counterparty)),
        forms=_commonest(shapes(learned, counterparty)),
    )


@dataclass(frozen=True, slots=True)
class Category:
    """The ledger account that most of a supplier's documents are booked on: `times` of `booked`."""

    account: str
    times: int
    booked: int


def category(invoices: Iterable[Invoice]) -> Category | None:
    """The category of a supplier from its own documents; None where no line names an account.

    A document counts once, for the account with most of its money; of two accounts with as many
    documents, the one that comes first by the alphabet.
    """
    booked = Counter(account for invoice in invoices if (account := _booked_on(invoice)))
    if not booked:
        return None
    account = min(booked, key=lambda one: (-booked[one], one))
    return Category(account, booked[account], booked.total())


def _booked_on(invoice: Invoice) -> str:
    sums: dict[str, Decimal] = {}
    for line in invoice.lines:
        if line.ledger_account:
            known = sums.get(line.ledger_account, Decimal(0))
            sums[line.ledger_account] = known + abs(line.net_amount)
    return min(sums, key=lambda one: (-sums[one], one), default="")


def _named(learned: Learned, kind: str, name: str, counterparty: str) -> int:
    said = learned.found(PARTY, kind, alias_key(name))
    return sum(count for party, _, count in said if party == counterparty)


def _commonest(seen: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(seen.items(), key=lambda one: (-one[1], one[0]))[:SHAPES_SHOWN])


__all__ = ["LINKS_MIN", "Category", "Known", "Supplier", "category", "known", "supplier"]
