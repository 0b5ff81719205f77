"""An invented ledger and the documents that arrive for it, with the true link of each document.

Invariant: one seed gives the same files on every machine; ids and the order of rows say nothing
about the links. We made this generator, so absolute quality on it is optimistic; the order of the
methods is what counts. It is no copy of any real ledger.

`python -m benchmarks.ledger --out DIR --documents 100000 --entries 1000000 --seed 7`

What is drawn (shares are of the rows named):
- firms: one for 20 entries, seven countries (FR 30, DE 20, IT 13, ES 12, GB 10, NL 8, BE 7 %),
  words by Zipf's law, about 10 % have the legal name of another; activity log-normal (sigma 1).
- events over three years, numbered in sequence for each firm in its own format of five; 35 % carry
  an amount that recurs for their firm (one amount for up to 36 events); amounts are log-normal
  (median 330), 12 % rounded to 10, 50, 100 or 500. An event is booked, or (0.15 for each document)
  is not.
- entries (target.csv): each booked event at the date it was paid or booked: 75 % the firm's usual
  terms (0, 15, 30, 45 or 60 days) and up to 3 days, 15 % within 5 days, 10 % up to 100 days; legal
  name as it is. The ledger knows a firm's tax id and IBAN for 85 % of firms each, its domain for
  40 %, its country for 80 %. Memo: 40 % have one that names no document.
- documents (source.csv): 85 % of booked events, one each, and 15 % of events that were never
  booked, of which 40 % carry one of the firm's usual amounts, most of them within 25 days of
  another invoice of that amount. Tax id 45 % (a tenth of the French ones as SIREN, a tenth as
  SIRET), IBAN 30 %, domain 15 %, country 50 %. Reference missing 25 %, one character confused
  10 %. Amount net of VAT 5 %, one or two cents off 3 %, half or double 2 %. Names: legal form
  dropped 30 %, upper case 25 %, one typo 15 %, cut 10 %, card statement 10 %, first word moved to
  the end 8 %, each drawn apart.
- truth.csv: source_id, target_id (empty: none). labels.csv: 1,000 of them, drawn apart, that a
  matcher may learn from and that are never scored.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.ledger_firms import Firms, make_firms
from benchmarks.ledger_identifiers import luhn_digit
from benchmarks.ledger_noise import noisy_amounts, noisy_names, noisy_references
from benchmarks.ledger_words import COUNTRIES

Ints = npt.NDArray[np.int64]
COLUMNS = (
    *("id", "name", "memo", "reference", "amount", "currency", "date", "due_date"),
    *("tax_id", "iban", "domain", "address", "phone", "country"),
)
START, DAYS = date(2023, 1, 1), 1096
CONTRACT, TRAP_DAYS = 36, 25
ENTRIES_A_FIRM = 20
NONE_SHARE, RECURRING, NONE_RECURRING, ROUND = 0.15, 0.35, 0.40, 0.12
LABELS = 1_000
MEMOS = (
    "Facture fournisseur",
    "Purchase invoice",
    "Rechnung",
    "Abonnement",
    "Virement SEPA",
    "Fattura",
)


@dataclass(frozen=True)
class Events:
    """Invoices that firms issued, one row each."""

    firm: Ints
    issued: Ints
    paid: Ints
    minor: Ints
    reference: list[str]
    booked: npt.NDArray[np.bool_]


def make_events(chance: np.random.Generator, firms: Firms, entries: int, lost: int) -> Events:
    """`entries` booked events and `lost` ones that no ledger knows."""
    count = entries + lost
    firm = chance.choice(len(firms.name), size=count, p=firms.activity)
    booked = np.zeros(count, dtype=np.bool_)
    booked[chance.permutation(count)[:entries]] = True
    recurring = chance.random(count) < np.where(booked, RECURRING, NONE_RECURRING)
    issued = chance.integers(0, DAYS, count)
    minor = _amounts(chance, count)
    where = np.flatnonzero(recurring)
    issued[where], minor[where] = _contracts(chance, firm[where], booked[where])
    return Events(
        firm=firm,
        issued=issued,
        paid=issued + _lags(chance, firms.terms[firm]),
        minor=minor,
        reference=_references(chance, firms, firm, issued),
        booked=booked,
    )


def _amounts(chance: np.random.Generator, count: int) -> Ints:
    """Cents: log-normal; some round to 10, 50, 100, 500 units."""
    minor = np.maximum(100, np.exp(chance.normal(np.log(33_000), 1.4, count))).astype(np.int64)
    step = chance.choice(np.array([1_000, 5_000, 10_000, 50_000]), count, p=[0.2, 0.3, 0.4, 0.1])
    rounded = np.maximum(step, (minor + step // 2) // step * step)
    chosen: Ints = np.where(chance.random(count) < ROUND, rounded, minor)
    return chosen


def _contracts(
    chance: np.random.Generator, firm: Ints, booked: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Issue days and amounts of recurring invoices: a contract has one amount for at most 36.

    What was never booked lies within 25 days of another invoice of its contract: the trap.
    """
    order = np.lexsort((chance.random(firm.size), firm))
    ranked = firm[order]
    first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    rank = np.arange(firm.size) - np.repeat(first, np.diff(np.r_[first, firm.size]))
    contract = np.cumsum(rank % CONTRACT == 0) - 1
    day = chance.integers(0, DAYS, firm.size)
    near = np.roll(day, 1) + chance.integers(-TRAP_DAYS, TRAP_DAYS + 1, firm.size)
    trapped = ~booked[order] & (rank % CONTRACT > 0)
    issued, minor = np.empty_like(firm), np.empty_like(firm)
    issued[order] = np.where(trapped, np.clip(near, 0, DAYS - 1), day)
    minor[order] = _amounts(chance, int(contract[-1]) + 1)[contract]
    return issued, minor


def _lags(chance: np.random.Generator, terms: Ints) -> Ints:
    draw = chance.random(terms.size)
    few, days = chance.integers(0, 4, terms.size), chance.integers(0, 101, terms.size)
    lags: Ints = np.select([draw < 0.75, draw < 0.90], [terms + few, days % 6], default=days)
    return lags


def _references(chance: np.random.Generator, firms: Firms, firm: Ints, issued: Ints) -> list[str]:
    """Numbers rise with the date within a firm, by 1 to 9: it invoices others, too."""
    order = np.lexsort((issued, firm))
    steps = np.cumsum(chance.integers(1, 10, firm.size))
    ranked = firm[order]
    first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    base = np.repeat(steps[first], np.diff(np.r_[first, firm.size]))
    number = np.empty_like(firm)
    number[order] = steps - base + chance.integers(1, 30_000, len(firms.name))[ranked]
    salt = chance.integers(0, 10**6, len(firms.name))[firm]
    years = [START.year + day // 366 for day in issued.tolist()]
    months = [1 + day % 366 // 31 for day in issued.tolist()]
    rows = zip(
        firms.format[firm].tolist(), number.tolist(), years, months, salt.tolist(), strict=True
    )
    return [_reference(*row) for row in rows]


def _reference(kind: int, number: int, year: int, month: int, salt: int) -> str:
    if kind == 0:
        return f"INV-{year}-{number:05d}"
    if kind == 1:
        return f"F{year % 100}{month:02d}/{number:04d}"
    if kind == 2:
        return f"{number + 1_000}"
    if kind == 3:
        return f"RE{salt:06d}-{number:05d}"
    return f"{chr(65 + salt % 26)}{chr(65 + salt // 26 % 26)}{year % 100}{number:06d}"


def decimal(minor: Ints) -> list[str]:
    """Cents as text with two decimals."""
    return [f"{units}.{cents:02d}" for units, cents in zip(*divmod(minor, 100), strict=True)]


def days(numbers: Ints) -> list[str]:
    """Days since the start as ISO dates."""
    calendar = [(START + timedelta(days=i)).isoformat() for i in range(int(numbers.max()) + 1)]
    return [calendar[i] for i in numbers.tolist()]


def some(keep: npt.NDArray[np.bool_], values: Sequence[str], which: Ints) -> list[str]:
    """values[which] where kept, else empty."""
    pairs = zip(keep.tolist(), which.tolist(), strict=True)
    return [values[i] if kept else "" for kept, i in pairs]


def _write(path: Path, columns: dict[str, list[str]], count: int) -> None:
    blank = [""] * count
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(zip(*(columns.get(name, blank) for name in COLUMNS), strict=True))


def _target(
    chance: np.random.Generator, firms: Firms, events: Events, rows: Ints
) -> dict[str, list[str]]:
    """The ledger's columns for the events `rows`, in that order."""
    firm = events.firm[rows]

    def known(share: float) -> npt.NDArray[np.bool_]:
        chosen: npt.NDArray[np.bool_] = (chance.random(len(firms.name)) < share)[firm]
        return chosen

    memo = chance.integers(0, len(MEMOS), rows.size)
    currencies = [country.currency for country in COUNTRIES]
    return {
        "name": [firms.name[i] for i in firm.tolist()],
        "memo": some(chance.random(rows.size) < 0.40, MEMOS, memo),
        "reference": [events.reference[i] for i in rows.tolist()],
        "amount": decimal(events.minor[rows]),
        "currency": [currencies[i] for i in firms.country[firm].tolist()],
        "date": days(events.paid[rows]),
        "tax_id": some(known(0.85), firms.tax_id, firm),
        "iban": some(known(0.85), firms.iban, firm),
        "domain": some(known(0.40), firms.domain, firm),
        "country": some(known(0.80), firms.codes(), firm),
    }


def _source(
    chance: np.random.Generator, firms: Firms, events: Events, rows: Ints
) -> dict[str, list[str]]:
    """The documents' columns for the events `rows`, in that order."""
    firm = events.firm[rows]
    country = [COUNTRIES[i] for i in firms.country[firm].tolist()]
    names = [firms.name[i] for i in firm.tolist()]
    where, which = chance.integers(0, 97, rows.size).tolist(), chance.random(rows.size).tolist()
    places = [c.places[i % len(c.places)] for c, i in zip(country, where, strict=True)]
    rates = [
        c.rates[0 if u < 0.8 else i % len(c.rates)]
        for c, i, u in zip(country, where, which, strict=True)
    ]
    tax = some(chance.random(rows.size) < 0.45, firms.tax_id, firm)
    forms = chance.random(rows.size).tolist()
    return {
        "name": noisy_names(chance, names, [c.forms for c in country], places),
        "reference": noisy_references(chance, [events.reference[i] for i in rows.tolist()]),
        "amount": decimal(noisy_amounts(chance, events.minor[rows], np.array(rates))),
        "currency": [c.currency for c in country],
        "date": days(events.issued[rows]),
        "tax_id": [_written(text, form) for text, form in zip(tax, forms, strict=True)],
        "iban": some(chance.random(rows.size) < 0.30, firms.iban, firm),
        "domain": some(chance.random(rows.size) < 0.15, firms.domain, firm),
        "country": some(chance.random(rows.size) < 0.50, firms.codes(), firm),
    }


def _written(tax_id: str, form: float) -> str:
    """French firms print their SIREN or the SIRET of an establishment in its place, at times."""
    if not tax_id.startswith("FR") or form > 0.2:
        return tax_id
    base = tax_id[4:]
    return base if form < 0.1 else f"{base}0001{luhn_digit(base + '0001')}"


def _ids(letter: str, count: int) -> list[str]:
    return [f"{letter}{i:07d}" for i in range(1, count + 1)]


def generate(out: Path, documents: int, entries: int, seed: int) -> None:
    """Write source.csv, target.csv, truth.csv and labels.csv below `out`."""
    if documents - int(documents * NONE_SHARE) > entries:
        raise ValueError("There are more documents than entries they could belong to.")
    chance = np.random.default_rng(seed)
    lost = int(documents * NONE_SHARE)
    firms = make_firms(chance, max(50, entries // ENTRIES_A_FIRM))
    events = make_events(chance, firms, entries, lost)
    ledger = chance.permutation(np.flatnonzero(events.booked))
    linked = chance.permutation(ledger)[: documents - lost]
    rows = chance.permutation(np.r_[linked, np.flatnonzero(~events.booked)])
    source, target = _ids("S", documents), _ids("T", entries)
    entry = np.full(events.firm.size, -1)
    entry[ledger] = np.arange(entries)
    links = [
        (s, target[i] if i >= 0 else "") for s, i in zip(source, entry[rows].tolist(), strict=True)
    ]
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "target.csv", {"id": target, **_target(chance, firms, events, ledger)}, entries)
    _write(out / "source.csv", {"id": source, **_source(chance, firms, events, rows)}, documents)
    write_links(out / "truth.csv", links)
    chosen = np.sort(chance.permutation(documents)[: min(LABELS, documents // 2)]).tolist()
    write_links(out / "labels.csv", [links[i] for i in chosen])


def write_links(path: Path, links: Iterable[tuple[str, str]]) -> None:
    """source_id,target_id, one link a line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("source_id", "target_id"), *links])


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(words)
    generate(given.out, given.documents, given.entries, given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
