"""`well match`: which rows it answers alone, which it leaves to a person, with what evidence."""

import json
from pathlib import Path

import numpy as np
import pytest

from builders.match_command import HEAD, SOURCE, TARGET, Run, answers, labels, many
from well.cli import match
from well.matching.blocking import Pairs
from well.matching.columns import Book, Columns, Raw, columns
from well.matching.link import Links, levels_of
from well.matching.train import Known


def test_rows_with_a_label_are_left_out_of_the_answers(tmp_path: Path) -> None:
    run = Run(tmp_path, *many(60))
    path = run.file("labels.csv", labels(*((f"s{n}", f"t{n}") for n in range(30)), ("s31", "")))
    lines = run.lines("--labels", path)
    assert [line["source_id"] for line in lines] == ["s30", *(f"s{n}" for n in range(32, 60))]
    found = answers(lines)
    assert all(target in (None, f"t{id[1:]}") for id, (_, target) in found.items())
    assert run.errors() == []


def test_bits_of_the_rows_and_confidences_of_a_line_add_up(tmp_path: Path) -> None:
    source, target = many(60)
    run = Run(tmp_path, source, target + target[len(HEAD) :].replace("\nt", "\nu")[1:])
    path = run.file("labels.csv", labels(*((f"s{n}", f"t{n}") for n in range(25))))
    for words in ([], ["--one-to-one"], ["--labels", path, "--one-to-one"], ["--labels", path]):
        lines = run.lines(*words)
        assert len(lines) == 60 - 25 * ("--labels" in words)
        for line in lines:
            confidences = [c["confidence"] for c in line["candidates"]]
            assert sum(confidences) <= 1.0 + 1e-9
            assert confidences == sorted(confidences, reverse=True)
            assert len(confidences) <= 5
            assert all(c >= 1e-4 for c in confidences[1:])
            assert all(e["bits"] * 1024 % 1 == 0 for c in line["candidates"] for e in c["evidence"])


@pytest.mark.parametrize(
    ("confidence", "decision", "target"),
    [(0.8499, "review", "t"), (0.85, "auto", "t"), (0.55, "review", "t"), (0.5499, "refuse", None)],
)
def test_the_decision_follows_the_limits(
    confidence: float, decision: str, target: str | None
) -> None:
    assert (match.AUTO, match.REVIEW, match.TARGET) == (0.85, 0.55, 0.99)
    found = [match.Candidate("t", "t", 3.0, confidence), match.Candidate("u", "u", 1.0, 0.01)]
    line = match._line("s", found, match.AUTO, False)
    assert (line["decision"], line["target_id"]) == (decision, target)
    assert line["confidence"] == confidence
    assert [c["target_id"] for c in line["candidates"]] == ["t", "u"]


def test_what_is_held_is_for_a_person_but_what_is_refused_stays_refused() -> None:
    sure, unsure = (match.Candidate("t", "t", 3.0, p) for p in (0.99, 0.2))
    assert match._line("s", [sure], 0.85, True)["decision"] == "review"
    assert match._line("s", [unsure], 0.85, True)["decision"] == "refuse"


def test_a_strict_limit_sends_the_rest_to_a_person() -> None:
    found = [match.Candidate("t", "t", 3.0, 0.9)]
    assert match._line("s", found, 0.95, False)["decision"] == "review"


def test_a_cut_that_may_hide_the_answer_keeps_it_from_being_automatic(tmp_path: Path) -> None:
    one = "s1,Acme SAS,,123.45,EUR,2026-03-01\n"
    best = "t,Acme,FA-2026-77,123.45,EUR,2026-03-02\n"
    crowd = "".join(f"x{n},Acme,,123.45,EUR,2026-03-02\n" for n in range(201))
    source = HEAD + one.replace(",,", ",FA-2026-77,")
    alone = Run(tmp_path, source, HEAD + best).lines()
    crowded = Run(tmp_path, source, HEAD + best + crowd).lines()
    numbers = best.replace("t,", "y{n},")
    hidden = (
        HEAD
        + "t,Acme,XX-1,123.45,EUR,2026-03-02\n"
        + "".join(numbers.replace("{n}", str(n)).replace("Acme", f"Firm {n}") for n in range(201))
    )
    harmed = Run(tmp_path, source.replace("Acme SAS", ""), hidden).lines()
    assert answers(alone) == answers(crowded) == {"s1": ("auto", "t")}
    assert harmed[0]["decision"] != "auto"


TWINS = HEAD + "".join(f"s{n},Acme,FA-2026-77,123.45,EUR,2026-03-01\n" for n in range(2))


def test_one_to_one_links_no_target_row_twice(tmp_path: Path) -> None:
    run = Run(tmp_path, TWINS, TARGET)
    assert answers(run.lines()) == {"s0": ("auto", "t1"), "s1": ("auto", "t1")}
    once = run.lines("--one-to-one")
    assert [line["decision"] for line in once] == ["refuse", "refuse"]
    assert sum(line["confidence"] for line in once) <= 1.0 + 1e-9


def test_one_to_one_leaves_the_target_row_of_a_label_to_it(tmp_path: Path) -> None:
    run = Run(tmp_path, TWINS, TARGET)
    path = run.file("labels.csv", labels(("s0", "t1")))
    assert answers(run.lines("--labels", path)) == {"s1": ("auto", "t1")}
    once = run.lines("--labels", path, "--one-to-one")
    assert [(line["source_id"], line["decision"]) for line in once] == [("s1", "refuse")]


def held(confidences: list[float], once: bool, known: list[tuple[int, int]]) -> list[bool]:
    """Which of the documents that all have target row 0 as their best are held at a limit of .9."""
    rows = range(len(confidences))
    book = Book()
    source, target = (_columns(book, [f"{letter}{n}" for n in rows]) for letter in ("s", "t"))
    sides = match.Sides.of(book, source, target)
    pairs = Pairs(
        np.arange(len(rows)), np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    )
    links = Links(pairs, levels_of(sides, pairs), np.zeros(len(rows)), np.array(confidences),
                  1.0 - np.array(confidences))  # fmt: skip
    labelled = Known.of(
        np.array([row for row, _ in known], np.int64), np.array([a for _, a in known], np.int64),
        source.ids,
    )  # fmt: skip
    nothing = np.zeros(0), np.zeros(0, np.bool_)
    matched = match.Matched(links, match.Model(), nothing)
    return match._held(sides, labelled, matched, 0.9, once).tolist()


def _columns(book: Book, ids: list[str]) -> Columns:
    return columns(book, [Raw(id) for id in ids])


def test_two_sure_claims_on_one_target_row_are_both_held() -> None:
    assert held([0.9, 0.95, 0.89], True, []) == [True, True, True]
    assert held([0.9, 0.8, 0.89], True, []) == [False, False, False]
    assert held([0.9, 0.95, 0.89], False, []) == [False, False, False]


def test_a_sure_claim_on_the_target_row_of_a_label_is_held() -> None:
    assert held([1.0, 0.95], True, [(0, 0)]) == [True, True]
    assert held([1.0, 0.95], True, [(0, 1)]) == [False, False]
    assert held([1.0, 0.95], True, [(0, -1)]) == [False, False]
    assert held([1.0, 0.8], True, [(0, 0)]) == [False, False]


def test_files_without_dates_are_answered(tmp_path: Path) -> None:
    undated = [
        "\n".join(line.rsplit(",", 1)[0] for line in text.splitlines()) for text in (SOURCE, TARGET)
    ]
    lines = Run(tmp_path, *undated).lines()
    assert answers(lines)["s1"] == ("auto", "t1")
    assert [c["target_id"] for c in lines[1]["candidates"]] == ["t2"]


def test_every_column_of_the_files_is_evidence(tmp_path: Path) -> None:
    head = (
        "id,name,memo,reference,amount,currency,date,due_date,tax_id,iban,domain,address,phone,"
        "country"
    )
    row = (
        "{id},Acme,paid,FA-2026-77,123.45,EUR,2026-03-01,2026-04-01,FR40303265045,"
        "FR1420041010050500013M02606,acme.com,1 rue de la Paix Paris,0140000000,FR"
    )
    source, target = (f"{head}\n{row.format(id=id)}\n" for id in ("s", "t"))
    evidence = Run(tmp_path, source, target).lines()[0]["candidates"][0]["evidence"]
    shown = {e["feature"]: (e["source"], e["level"]) for e in evidence}
    assert shown == {
        "reference": ("FA-2026-77", "equal"),
        "amount": ("123.45 EUR", "equal"),
        "date": ("2026-03-01", "same day"),
        "name": ("Acme", "equal"),
        "memo": ("paid", "equal"),
        "tax number": ("FR40303265045", "equal"),
        "bank account": ("FR1420041010050500013M02606", "equal"),
        "domain": ("acme.com", "equal"),
        "address": ("1 rue de la Paix Paris", "equal"),
        "phone": ("0140000000", "equal"),
        "country": ("FR", "equal"),
    }
    due = Run(tmp_path, source.replace("2026-03-01", "2026-02-01"), target.replace(
        "2026-03-01", "2026-04-02")).lines()[0]["candidates"][0]["evidence"]  # fmt: skip
    assert [e["level"] for e in due if e["feature"] == "date"] == ["on the due date"]


def test_groups_are_looked_for_where_asked(tmp_path: Path) -> None:
    source = HEAD + "s1,Acme,FA-2026-77,123.45,EUR,2026-03-01\ns2,Kodex,,300.03,EUR,2026-03-03\n"
    parts = "t4,Kodex,A-1001,100.01,EUR,2026-03-01\nt5,Kodex,A-1002,200.02,EUR,2026-03-02\n"
    run = Run(tmp_path, source, TARGET + parts)
    sets = tmp_path / "out.jsonl.sets"
    assert answers(run.lines())["s2"][0] != "auto"
    assert not sets.exists()
    run.lines("--sets")
    (line,) = [json.loads(text) for text in sets.read_text().splitlines()]
    assert line["source_id"] == "s2"
    assert line["sets"][0]["target_ids"] == ["t4", "t5"]


def test_groups_leave_out_target_rows_that_are_answered_already(tmp_path: Path) -> None:
    source = HEAD + "s1,Kodex,A-1001,100.01,EUR,2026-03-01\ns2,Kodex,,300.03,EUR,2026-03-03\n"
    parts = "t4,Kodex,A-1001,100.01,EUR,2026-03-01\nt5,Kodex,A-1002,200.02,EUR,2026-03-02\n"
    run = Run(tmp_path, source, HEAD + parts + ",bad,,,,\n")
    assert answers(run.lines("--sets"))["s1"] == ("auto", "t4")
    (line,) = [json.loads(t) for t in (tmp_path / "out.jsonl.sets").read_text().splitlines()]
    assert line["source_id"] == "s2"
    assert all("t4" not in one["target_ids"] for one in line["sets"])
    assert run.errors() == ["target.csv:4: The row has no id."]


def test_the_order_of_the_files_changes_no_answer(tmp_path: Path) -> None:
    source, target = many(40)
    plain = {line["source_id"]: line for line in Run(tmp_path, source, target).lines()}
    turned = [HEAD + "\n".join(reversed(text.splitlines()[1:])) for text in (source, target)]
    again = {line["source_id"]: line for line in Run(tmp_path, *turned).lines()}
    assert set(plain) == set(again)
    for id, line in plain.items():
        assert again[id]["confidence"] == pytest.approx(line["confidence"], abs=1e-9)
        shown = [
            [(c["target_id"], c["evidence"]) for c in one["candidates"]]
            for one in (line, again[id])
        ]
        assert shown[0] == shown[1]
    assert answers(list(plain.values())) == answers(list(again.values()))
