"""The pairs of tables.py as arrays, with the likeness of their names, for rivals that are formulas.

Invariant: names are compared once for each distinct pair of spellings. It scores nothing.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from benchmarks.rivals import answers, tables

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """One row for each pair; a missing value is nan, and compares as not equal."""

    source: list[str]
    target: list[str]
    document_amount: Floats
    entry_amount: Floats
    days: Floats
    name: Floats
    """rapidfuzz token set ratio, 0 to 1."""
    same_reference: Truths
    same_currency: Truths
    same_domain: Truths


def read(connection: duckdb.DuckDBPyConnection) -> Pairs:
    """Compare every pair that the rules find."""
    tables.pairs(connection)
    found = connection.execute("""
        select l.unique_id as source, r.unique_id as target, l.amount::double as a,
            r.amount::double as b, (r.day - l.day)::double as days,
            coalesce(l.reference = r.reference, false) as same_reference,
            coalesce(l.currency = r.currency, true) as same_currency,
            coalesce(l.domain = r.domain, false) as same_domain,
            dense_rank() over (order by l.plain, r.plain) - 1 as spelling
        from pairs p join source l on l.rowid = p.l join target r on r.rowid = p.r
    """).fetchnumpy()
    spellings = connection.execute("""
        select distinct l.plain, r.plain from pairs p
        join source l on l.rowid = p.l join target r on r.rowid = p.r order by 1, 2
    """).fetchall()
    likeness = process.cpdist(
        [row[0] or "" for row in spellings],
        [row[1] or "" for row in spellings],
        scorer=fuzz.token_set_ratio,
        workers=2,
    )
    return Pairs(
        source=found["source"].tolist(),
        target=found["target"].tolist(),
        document_amount=np.asarray(found["a"], dtype=np.float64),
        entry_amount=np.asarray(found["b"], dtype=np.float64),
        days=np.asarray(found["days"], dtype=np.float64),
        name=np.asarray(likeness, dtype=np.float64)[found["spelling"]] / 100,
        same_reference=np.asarray(found["same_reference"], dtype=np.bool_),
        same_currency=np.asarray(found["same_currency"], dtype=np.bool_),
        same_domain=np.asarray(found["same_domain"], dtype=np.bool_),
    )


def answer(
    connection: duckdb.DuckDBPyConnection, pairs: Pairs, scores: Floats, out: Path, once: bool
) -> None:
    """Rank each document's pairs by score and write; pairs of 0 are no candidates."""
    candidates: dict[str, list[answers.Scored]] = {}
    for place in np.argsort(-scores, kind="stable").tolist():
        if scores[place] > 0:
            row = candidates.setdefault(pairs.source[place], [])
            if len(row) < answers.KEPT:
                row.append((float(scores[place]), pairs.target[place]))
    chosen = answers.one_to_one(candidates) if once else candidates
    answers.write(out, tables.sources(connection), chosen)


def main(words: Sequence[str], scores: Callable[[Pairs], Floats]) -> int:
    """The command line of a rival that scores each pair by itself and learns nothing from links:
    reads two files, writes answers."""
    parser = argparse.ArgumentParser()
    for name in ("--source", "--target", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--labels", type=Path, help="not used: it learns nothing from links")
    parser.add_argument("--one-to-one", action="store_true")
    given = parser.parse_args(words)
    connection = tables.load(given.source, given.target)
    pairs = read(connection)
    answer(connection, pairs, scores(pairs), given.out, given.one_to_one)
    return 0
