"""Keys under which counterparties and entries are stored and asked for.

Invariant: a query has at most KEYS_MAX keys; every key is compared by equality only, so a store
needs one index. A key proves nothing, it only brings a candidate in.
"""

import re
from collections.abc import Iterable
from datetime import date

from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.ids import record_id
from well.domain.invoice import Invoice, Seller
from well.domain.money import Money
from well.matching.canonical import Identity, of_party, of_seller
from well.matching.names import Name, parse
from well.matching.references import Reference, reference

KEYS_MAX = 80
_CORES_MAX = 6
_PARTS = re.compile(r"[_\s]+")
_PARTS_MAX = 6
_CENTS = (0, 1, -1, 2, -2)
_MONTHS = (0, 1, 2, 3, -1)
# Standard and reduced rates of the home country, in per mille.
_VAT_RATES = (200, 100, 55)


def party_keys(party: Counterparty) -> tuple[str, ...]:
    """Keys under which a counterparty is found."""
    return _unique(
        [*(f"src:{source}" for source in party.source_ids), *_identity_keys(of_party(party))]
    )


def seller_keys(seller: Seller, connection: str, stream: str = "vendors") -> tuple[str, ...]:
    """Query keys for a record's seller."""
    source = seller_source(seller, connection, stream)
    keys = [f"src:{source}"] if source else []
    return _unique([*keys, *_identity_keys(of_seller(seller))])[:KEYS_MAX]


def seller_source(seller: Seller, connection: str, stream: str = "vendors") -> str | None:
    """Record id of the company record that the seller points to."""
    return record_id(connection, stream, seller.source_id) if seller.source_id else None


def _identity_keys(identity: Identity) -> list[str]:
    keys = [f"vat:{v}" for v in sorted(identity.vat_ids)]
    keys += [f"legal:{s}" for s in sorted(identity.sirens)]
    keys += [f"iban:{i}" for i in sorted(identity.ibans)]
    keys += [f"domain:{d}" for d in sorted(identity.domains)]
    for name in identity.names:
        keys.append(f"name:{name.compact}")
    for name in identity.names:
        keys += [f"tok:{word}" for word in _key_words(name)]
    return keys


def _key_words(name: Name) -> tuple[str, ...]:
    """The telling words, shortened so that a slip near the end still meets."""
    return tuple(dict.fromkeys(word[:5] for word in name.rare[:3] if len(word) >= 3))


def entry_keys(entry: TargetEntry) -> tuple[str, ...]:
    """Keys under which an entry is found."""
    keys: list[str] = []
    token = file_token(entry.file_name)
    if token:
        keys.append(f"file:{token}")
    number = reference(entry.invoice_number)
    for ref in [number] if number else _file_references(entry.file_name):
        keys += _reference_keys(ref)
    names = [parse(entry.supplier_name)] if entry.supplier_name else []
    if entry.gross_total is not None:
        keys += _amount_keys(entry.gross_total, entry.issue_date or entry.created_at.date())
    if entry.issue_date is not None:
        keys += [f"sup:{name.compact}:{entry.issue_date}" for name in names if name.core]
    if number is not None:
        keys += [f"sup:{name.compact}:{number.plain}" for name in names if name.core]
    return _unique(keys)


def file_token(file_name: str) -> str | None:
    """`quickbooks-bill-145` out of `INV-100--quickbooks-bill-145.pdf`, None without one."""
    _, mark, token = _stem(file_name).rpartition("--")
    return token.casefold() if mark and token else None


def _stem(file_name: str) -> str:
    name, dot, _ = file_name.rpartition(".")
    return name if dot else file_name


def _file_references(file_name: str) -> list[Reference]:
    """Numbers that a file name may carry: its parts, and its ends from each part on."""
    parts = _PARTS.split(_stem(file_name))[:_PARTS_MAX]
    texts = [*parts, *("-".join(parts[at:]) for at in range(len(parts)))]
    found = (reference(text) for text in dict.fromkeys(texts))
    return [ref for ref in found if ref is not None]


def _reference_keys(ref: Reference) -> list[str]:
    keys = [f"ref:{ref.plain}", f"ref:{ref.folded}"] if len(ref.plain) >= 4 else []
    return keys + [f"dig:{digits}" for digits in (ref.digits, ref.core) if digits]


def _amount_keys(amount: Money, day: date) -> list[str]:
    return [_amount_key(amount.currency, amount.minor, day.strftime("%Y-%m"))]


def _amount_key(currency: str, minor: int, month: str) -> str:
    return f"amt:{currency}:{abs(minor)}:{month}"


def invoice_keys(invoice: Invoice, party: Counterparty | None) -> tuple[str, ...]:
    """Query keys of an invoice: number, amount and neighbours, supplier with day or number."""
    number = reference(invoice.number)
    keys = _reference_keys(number) if number else []
    cores = _supplier_cores(invoice.seller, party)
    if number is not None:
        keys += [f"sup:{core}:{number.plain}" for core in cores]
    if invoice.issue_date is not None:
        keys += [f"sup:{core}:{invoice.issue_date}" for core in cores]
        keys += _neighbour_amounts(invoice, invoice.issue_date)
    return _unique(keys)[:KEYS_MAX]


def _supplier_cores(seller: Seller, party: Counterparty | None) -> list[str]:
    names = of_seller(seller).names + (of_party(party).names if party else ())
    return list(dict.fromkeys(name.compact for name in names))[:_CORES_MAX]


def _neighbour_amounts(invoice: Invoice, day: date) -> list[str]:
    """The total to two cents in the months around, the net total in this month and the next."""
    gross = invoice.gross_total
    if gross is None:
        return []
    months = [_month(day, step) for step in _MONTHS]
    keys = [
        _amount_key(gross.currency, gross.minor + cents, month)
        for cents in _CENTS
        for month in months
    ]
    for net in _net_amounts(invoice, gross):
        keys += [_amount_key(gross.currency, net, month) for month in months[:2]]
    return keys


def _net_amounts(invoice: Invoice, gross: Money) -> list[int]:
    """What the entry may hold by mistake: the net total, as stated or at an ordinary rate."""
    if invoice.net_total is not None and invoice.net_total != gross:
        return [invoice.net_total.minor]
    return [round(gross.minor * 1000 / (1000 + rate)) for rate in _VAT_RATES]


def _month(day: date, step: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return f"{year:04d}-{month + 1:02d}"


def _unique(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
