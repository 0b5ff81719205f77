"""Splink 5 (MIT) for links: trained on the files without labels, as its guide says.

How: link_only; blocking and cleaning of tables.py; levels for name (exact with term frequency,
Jaro-Winkler .92 and .8, same opening), amount (exact with term frequency, two cents, VAT at 20 %),
days (3, 17, 47, 100), reference (exact, one edit), tax id, IBAN; u from two million random pairs,
m by EM on (reference, amount) and (name, amount); pairs of .01 and more. For payments: opening and
likeness of the memo, the amount's relative difference, days.
Why fair: these are the settings that did best of those we tried; its own probability is its
confidence, and .85 of it is an answer. With --one-to-one a target is given once, best first.

Invariant: no label and no truth is read. Competition between candidates is not added.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import splink.comparison_level_library as level
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule

from benchmarks.rivals import answers, tables


def _days(*limits: int) -> Any:
    return compare.CustomComparison(
        [
            level.NullLevel("day"),
            *(level.CustomLevel(f"day_r - day_l between 0 and {limit}") for limit in limits),
            level.ElseLevel(),
        ],
        output_column_name="day",
    )


def _exact(column: str) -> Any:
    return level.ExactMatchLevel(column, term_frequency_adjustments=True)


def ledger_comparisons() -> list[Any]:
    """Levels for documents and entries."""
    name = [
        level.NullLevel("name"),
        _exact("name"),
        level.JaroWinklerLevel("name", 0.92),
        level.JaroWinklerLevel("name", 0.8),
        level.CustomLevel("opening_l = opening_r"),
        level.ElseLevel(),
    ]
    amount = [
        level.NullLevel("amount"),
        _exact("amount"),
        level.CustomLevel("abs(amount_l - amount_r) <= 0.02"),
        level.CustomLevel("abs(amount_l * 1.2 - amount_r) <= 0.02"),
        level.ElseLevel(),
    ]
    return [
        compare.CustomComparison(name, output_column_name="name"),
        compare.CustomComparison(amount, output_column_name="amount"),
        _days(3, 17, 47, 100),
        compare.LevenshteinAtThresholds("reference", [1]),
        compare.ExactMatch("tax_id"),
        compare.ExactMatch("iban"),
    ]


def payment_comparisons() -> list[Any]:
    """Levels for two bank statements."""
    memo = [
        level.NullLevel("plain"),
        _exact("plain"),
        *(level.JaroWinklerLevel("plain", least) for least in (0.92, 0.8)),
        level.CustomLevel("opening_l = opening_r"),
        level.ElseLevel(),
    ]
    amount = [
        level.NullLevel("amount"),
        level.ExactMatchLevel("amount"),
        *(level.PercentageDifferenceLevel("amount", share) for share in (0.01, 0.03, 0.1, 0.3)),
        level.ElseLevel(),
    ]
    return [
        compare.CustomComparison(memo, output_column_name="plain"),
        compare.CustomComparison(amount, output_column_name="amount"),
        _days(1, 4, 10, 30),
    ]


def train(linker: Linker, payments: bool, labels: Any) -> None:
    """The prior, u by random pairs, m by EM on two blockings or, if given, from the labels."""
    rules = ("l.reference = r.reference", "l.name = r.name and l.amount = r.amount")
    if payments:
        rules = ("l.plain = r.plain", "l.amount = r.amount")
    else:
        linker.training.estimate_probability_two_random_records_match(list(rules), recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=7)
    if labels is not None:
        linker.training.estimate_m_from_pairwise_labels(labels)
        return
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def read_labels(connection: Any, api: Any, path: Path) -> Any:
    """The labelled links as Splink wants them."""
    connection.execute(
        "create table labels as select 'source_side' as source_dataset_l, "  # noqa: S608
        "source_id as unique_id_l, 'target_side' as source_dataset_r, target_id as unique_id_r "
        f"from read_csv('{path}', all_varchar = true, header = true) where target_id <> ''"
    )
    return api.register("labels", table_name="labels_side")


def main(words: list[str]) -> int:
    """Read two files, write answers."""
    parser = argparse.ArgumentParser()
    for name in ("--source", "--target", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--one-to-one", action="store_true")
    given = parser.parse_args(words)
    connection = tables.load(given.source, given.target)
    payments = tables.rules(connection) == tables.PAYMENT_RULES
    api = DuckDBAPI(connection)
    sides = [
        api.register(name, dataset_display_name=f"{name}_side") for name in ("source", "target")
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=payment_comparisons() if payments else ledger_comparisons(),
        blocking_rules_to_generate_predictions=[CustomRule(r) for r in tables.rules(connection)],
        retain_matching_columns=False,
        probability_two_random_records_match=1 / len(tables.sources(connection)),
    )
    linker = Linker(sides, settings)
    labels = read_labels(connection, api, given.labels) if given.labels else None
    train(linker, payments, labels)
    found = linker.inference.predict(threshold_match_probability=0.01).physical_name
    rows = connection.execute(
        f"select unique_id_l, match_probability, unique_id_r from {found} "  # noqa: S608
        "qualify row_number() over (partition by unique_id_l order by match_probability desc) <= 5 "
        "order by 1, 2 desc"
    ).fetchall()
    candidates: dict[str, list[answers.Scored]] = {}
    for source, score, target in rows:
        candidates.setdefault(source, []).append((score, target))
    chosen = answers.one_to_one(candidates) if given.one_to_one else candidates
    answers.write(given.out, tables.sources(connection), chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
