"""The bench's generator and scorers: seeded, consistent, and as its docstring says."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import ledger
from benchmarks.__main__ import replaced
from benchmarks.bars import above, at_least, at_most
from benchmarks.ledger_identifiers import TAX_IDS, ibans, tax_ids
from benchmarks.ledger_noise import noisy_amounts, noisy_references
from benchmarks.rivals import answers
from benchmarks.score_links import score, score_files
from benchmarks.score_pairs import auc, recall_at
from stdnum import iban as iban_check
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

DOCUMENTS, ENTRIES = 2_000, 20_000
Row = dict[str, str]
Answer = dict[str, Any]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ledger")
    ledger.generate(out, DOCUMENTS, ENTRIES, seed=3)
    return out


def test_one_seed_gives_the_same_files_and_another_others(folder: Path, tmp_path: Path) -> None:
    ledger.generate(tmp_path / "same", DOCUMENTS, ENTRIES, seed=3)
    ledger.generate(tmp_path / "other", DOCUMENTS, ENTRIES, seed=4)
    for name in ("source.csv", "target.csv", "truth.csv", "labels.csv"):
        assert (tmp_path / "same" / name).read_bytes() == (folder / name).read_bytes()
        assert (tmp_path / "other" / name).read_bytes() != (folder / name).read_bytes()


def test_each_document_has_one_truth_and_each_entry_at_most_one_document(folder: Path) -> None:
    source, target = _rows(folder / "source.csv"), _rows(folder / "target.csv")
    truth = _rows(folder / "truth.csv")
    assert [row["id"] for row in source] == [row["source_id"] for row in truth]
    linked = [row["target_id"] for row in truth if row["target_id"]]
    assert len(linked) == len(set(linked)) == DOCUMENTS - int(DOCUMENTS * 0.15)
    assert set(linked) <= {row["id"] for row in target}
    assert len(target) == ENTRIES
    assert tuple(source[0]) == tuple(target[0]) == ledger.COLUMNS


def test_labels_are_some_of_the_truth(folder: Path) -> None:
    truth = {tuple(row.values()) for row in _rows(folder / "truth.csv")}
    labels = {tuple(row.values()) for row in _rows(folder / "labels.csv")}
    assert labels < truth
    assert len(labels) == ledger.LABELS


def test_true_links_agree_where_no_noise_was_drawn_and_ids_say_nothing(folder: Path) -> None:
    source = {row["id"]: row for row in _rows(folder / "source.csv")}
    target = {row["id"]: row for row in _rows(folder / "target.csv")}
    links = [
        (source[row["source_id"]], target[row["target_id"]])
        for row in _rows(folder / "truth.csv")
        if row["target_id"]
    ]

    def share(column: str) -> float:
        return sum(s[column] == t[column] != "" for s, t in links) / len(links)

    assert all(s["currency"] == t["currency"] for s, t in links)
    assert share("amount") == pytest.approx(0.90, abs=0.03)
    assert share("reference") == pytest.approx(0.66, abs=0.04)
    assert share("iban") == pytest.approx(0.30 * 0.85, abs=0.04)
    assert 0.25 < share("name") < 0.42
    order = np.corrcoef([int(s["id"][1:]) for s, _ in links], [int(t["id"][1:]) for _, t in links])
    assert abs(order[0, 1]) < 0.1


def test_documents_without_an_entry_often_carry_an_amount_that_the_firm_is_known_for(
    folder: Path,
) -> None:
    known = {(row["iban"], row["amount"]) for row in _rows(folder / "target.csv")}
    none = {row["source_id"] for row in _rows(folder / "truth.csv") if not row["target_id"]}
    shown = [row for row in _rows(folder / "source.csv") if row["id"] in none and row["iban"]]
    usual = sum((row["iban"], row["amount"]) in known for row in shown) / len(shown)
    assert 0.2 < usual < 0.45


def test_more_documents_than_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="more documents than entries"):
        ledger.generate(tmp_path, 100, 50, seed=1)


def test_every_tax_id_and_account_passes_its_check() -> None:
    codes = [code for code in TAX_IDS for _ in range(200)]
    chance = np.random.default_rng(5)
    found = tax_ids(chance, codes)
    assert len(set(found)) == len(found)
    for code, tax_id, account in zip(codes, found, ibans(chance, codes), strict=True):
        assert (gb_vat if code == "GB" else eu_vat).is_valid(tax_id), tax_id
        assert iban_check.is_valid(account), account


def test_noise_keeps_its_shares() -> None:
    chance = np.random.default_rng(6)
    amounts = np.full(20_000, 12_000)
    changed = noisy_amounts(chance, amounts, np.full(20_000, 200))
    assert np.mean(changed == 10_000) == pytest.approx(0.05, abs=0.01)
    assert np.mean(np.isin(changed, [11_998, 11_999, 12_001, 12_002])) == pytest.approx(
        0.03, abs=0.01
    )
    assert np.mean(np.isin(changed, [6_000, 24_000])) == pytest.approx(0.02, abs=0.01)
    references = noisy_references(chance, ["INV-2024-00123"] * 20_000)
    assert references.count("") / 20_000 == pytest.approx(0.25, abs=0.02)
    assert references.count("INV-2024-00123") / 20_000 == pytest.approx(0.65, abs=0.02)


def _answer(source: str, confidence: float, target: str | None, first: str | None) -> Answer:
    decision = "auto" if confidence >= 0.85 else "refuse"
    candidates = [{"target_id": first, "confidence": confidence}] if first else []
    return {
        "source_id": source,
        "decision": decision,
        "confidence": confidence,
        "target_id": target,
        "candidates": candidates,
    }


def test_links_are_scored_by_hand(tmp_path: Path) -> None:
    truth = [("a", "1"), ("b", "2"), ("c", ""), ("d", "4"), ("e", "5")]
    ledger.write_links(tmp_path / "truth.csv", truth)
    ledger.write_links(tmp_path / "labels.csv", truth[4:])
    given = [
        _answer("a", 0.9, "1", "1"),
        _answer("b", 1.0, "9", "9"),
        _answer("c", 0.5, None, "7"),
        _answer("e", 0.99, "wrong", "wrong"),
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, given)))
    figures = score_files(path, tmp_path / "truth.csv", tmp_path / "labels.csv")
    assert (figures.documents, figures.auto, figures.auto_right) == (4, 2, 1)
    assert (figures.share, figures.precision) == (0.5, 0.5)
    assert figures.recall == figures.first == pytest.approx(1 / 3)
    assert figures.ece == pytest.approx((abs(1.9 - 1) + 0.5) / 3)
    assert figures.silent == 1
    assert [one.count for one in figures.bins] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 2]


def test_an_automatic_none_is_right_when_there_is_none_and_finds_no_link() -> None:
    given: list[Answer] = [
        {"source_id": "c", "decision": "auto", "target_id": None, "candidates": []},
        {"source_id": "a", "decision": "auto", "target_id": None, "candidates": []},
    ]
    figures = score(given, {"c": "", "a": "1"})
    assert (figures.share, figures.precision, figures.recall, figures.ece) == (1.0, 0.5, 0.0, 0.0)


def test_a_document_answered_twice_is_refused() -> None:
    answer: Answer = {"source_id": "a", "decision": "refuse", "target_id": None, "candidates": []}
    with pytest.raises(ValueError, match="a is answered twice"):
        score([answer, answer], {"a": "1"})


def test_pairs_are_scored_by_hand_with_ties() -> None:
    scores = np.array([0.9, 0.8, 0.8, 0.1])
    truth = np.array([True, True, False, False])
    assert auc(scores, truth) == pytest.approx(3.5 / 4)
    assert recall_at(scores, truth, 0.99) == 0.5
    assert recall_at(scores, truth, 0.6) == 1.0
    assert recall_at(-scores, truth, 0.99) == 0.0


def test_rivals_answer_in_our_bands_and_keep_their_best_five(tmp_path: Path) -> None:
    found = {"a": [(0.85, "1"), *((0.1, str(i)) for i in range(2, 9))], "b": [(0.849, "2")]}
    answers.write(tmp_path / "out.jsonl", ["a", "b", "c"], found)
    first, second, third = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (first["decision"], first["target_id"], len(first["candidates"])) == ("auto", "1", 5)
    assert (second["decision"], second["target_id"]) == ("review", "2")
    assert (third["decision"], third["target_id"], third["candidates"]) == ("refuse", None, [])


def test_a_target_given_once_goes_to_the_surer_document() -> None:
    found = {"a": [(0.7, "1"), (0.6, "2")], "b": [(0.9, "1")], "c": [(0.5, "1")]}
    assert answers.one_to_one(found) == {"a": [(0.6, "2")], "b": [(0.9, "1")]}


def test_a_figure_is_judged_before_it_is_rounded() -> None:
    assert at_least("precision", 0.99499, 0.995) == "  precision 0.9950 (bar >= 0.995: MISSED)"
    assert at_least("precision", 0.995, 0.995) == "  precision 0.9950 (bar >= 0.995: met)"
    assert at_most("p99", 15.0, 15, " ms") == "  p99 15 ms (bar <= 15 ms: met)"
    assert at_most("p99", 15.1, 15, " ms") == "  p99 15.1 ms (bar <= 15 ms: MISSED)"
    assert above("AUC", 0.5, 0.5, "logic-v2") == "  AUC 0.5000 (bar > 0.5000 of logic-v2: MISSED)"


@pytest.mark.parametrize("figures", ["", "  12 ms\n  13 ms\n"])
def test_figures_replace_those_of_their_part_alone(figures: str) -> None:
    other = "<!-- other -->\nMeasured then:\n```\n  1 ms\n```\n"
    page = f"<!-- part -->\nNot measured yet:\n```\n{figures}```\n\n{other}"
    block = "<!-- part -->\nMeasured now:\n```\n  2 ms\n```"
    assert replaced(page, "part", block) == f"{block}\n\n{other}"
