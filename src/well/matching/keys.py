"""Keys under which counterparties and entries are stored and asked for.

Invariant: every key is compared by equality only, so a store needs one index; those of entries
are made by `blocking` from the same values that are compared. A key proves nothing, it only
brings a candidate in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.ids import record_id
from well.domain.invoice import Invoice, Seller
from well.matching import blocking
from well.matching.blocking import Keyring, asked_keys, key_texts
from well.matching.candidates import keys_of
from well.matching.canonical import VERSION, Identity, of_party, of_seller
from well.matching.canonical_row import CANONICAL_VERSION, canonical, packed
from well.matching.columns import Book, columns
from well.matching.entries import document_row, entry_columns, entry_row
from well.matching.names import Name

KEYS_MAX = 80
"""Keys of one query for counterparties."""

RULES = f"{VERSION} {CANONICAL_VERSION} {blocking.VERSION}"
"""Stored beside entries: which rules made their canonical values and keys."""


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


def with_canonical(entries: Sequence[TargetEntry]) -> list[TargetEntry]:
    """The entries with their canonical values made anew, to be stored beside the others."""
    return [replace(entry, canonical=packed(canonical(entry_row(entry)))) for entry in entries]


def entry_keys(entries: Sequence[TargetEntry]) -> list[tuple[str, ...]]:
    """Keys under which each entry is found: those of candidates and its file token. A deleted
    one has none, so nothing is ever taken for it."""
    book = Book()
    found = keys_of(book, entry_columns(book, entries, [entry_row(entry) for entry in entries]))
    return [
        _of_entry(entry, keys) if not entry.deleted else ()
        for entry, keys in zip(entries, found, strict=True)
    ]


def _of_entry(entry: TargetEntry, keys: tuple[str, ...]) -> tuple[str, ...]:
    token = file_token(entry.file_name)
    return (*keys, f"file:{token}") if token else keys


def invoice_keys(
    invoices: Sequence[tuple[Invoice, Counterparty | None]],
) -> list[tuple[str, ...]]:
    """Query keys of each invoice with its counterparty, where that is known."""
    book = Book()
    side = columns(book, [document_row(invoice, party) for invoice, party in invoices])
    return key_texts(asked_keys(side, Keyring.of(book, lasting=True)), len(side))


def file_token(file_name: str) -> str | None:
    """`quickbooks-bill-145` out of `INV-100--quickbooks-bill-145.pdf`, None without one."""
    _, mark, token = _stem(file_name).rpartition("--")
    return token.casefold() if mark and token else None


def _stem(file_name: str) -> str:
    name, dot, _ = file_name.rpartition(".")
    return name if dot else file_name


def _unique(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
