"""Rules for some records as a file: tried on past decisions, refused by line, written as read."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.facts import bill_facts
from builders.office import Office, build_office
from builders.past import decided
from well.cli.main import main
from well.cli.rules_file import BYTES_MAX, read_rules, write_rules
from well.domain.rule import RULES_MAX, Rule, Then
from well.domain.source_record import Kind
from well.web.pages.rule_form import RULE, rule_of

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
HEADER = "name,then,auto_post,review,counterparty\n"
RENT = Rule("Rent", Then.LIMITS, 0.95, 0.55, counterparty="Algolia SAS")


@pytest.fixture
def office() -> Office:
    """With two decisions that were posted; the second tells its kind, the first does not."""
    office = build_office(each=1)
    decided(office, office.cases["linked"][0], bill_facts())
    decided(office, office.cases["posted"][0], bill_facts(kind=Kind.SUPPLIER_INVOICE))
    return office


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rules.csv"


def run(*words: object) -> int:
    return main(["policy", "simulate", *map(str, words)])


def test_rules_of_a_file_are_tried_by_kind_of_outcome_and_nothing_is_saved(
    office: Office, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HEADER + "Rent,limits,95,55,algolia sas\n")
    assert run("--exceptions", file) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[1:3] == [
        "  rules for some records, now: none",
        "  rules for some records, then: 1 “Rent”: Act alone from 95 %, ask a person from 55 %",
    ]
    assert "  post     -> review          2  2568.74 EUR" in out
    assert "No rule was changed." not in out
    file.write_text("name;then;kind\nNone of them;never;supplier_invoice\n")
    assert run("--exceptions", file, "--json", "--auto-post", "0.9") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rules"] == {"auto_post": {"before": "0.85", "after": "0.9"}}
    assert told["exceptions"]["before"] == []
    assert [rule["then"] for rule in told["exceptions"]["after"]] == ["never"]
    assert [(m["before"], m["after"], m["records"]) for m in told["moves"]] == [
        ("post", "post", 1),
        ("post", "ignore", 1),
    ]
    assert (told["decided"], told["changed"], told["nameless"]) == (2, 1, 1)
    assert office.store.flows()[0] == office.flow


def test_decisions_that_tell_no_kind_are_counted_where_a_rule_asks_for_one(
    office: Office, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("name,then,kind\nBills,ask,supplier_invoice\n")
    assert run("--exceptions", file) == 0
    assert "1 were kept before rules existed" in capsys.readouterr().out
    file.write_text(HEADER + "Rent,ask,,,Algolia SAS\n")
    assert run("--exceptions", file) == 0
    assert "before rules existed" not in capsys.readouterr().out


def test_a_file_without_rules_tries_what_would_be_without_them(
    office: Office, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = replace(office.flow.rules, exceptions=(replace(RENT, then=Then.ASK),))
    office.store.save_flow(replace(office.flow, rules=rules))
    file.write_text("name,then\n\n")
    assert run("--exceptions", file) == 0
    out = capsys.readouterr().out
    assert "  rules for some records, now: 1 “Rent”: Always ask a person" in out
    assert "  rules for some records, then: none" in out
    assert "  review   -> post            2  2568.74 EUR" in out


def test_the_rules_of_a_flow_are_written_as_the_file_that_is_read(
    office: Office, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = replace(office.flow.rules, exceptions=(RENT,))
    office.store.save_flow(replace(office.flow, rules=rules))
    assert main(["policy", "rules", "--flow", "flow-1"]) == 0
    written = capsys.readouterr().out
    assert written.splitlines()[1] == "Rent,limits,95,55,Algolia SAS,,,,,"
    file.write_text(written)
    assert run("--exceptions", file) == 0
    assert "No rule was changed." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "rules.csv, line 1: the first line names the columns; name and then are needed."),
        ("name,kind\n", "rules.csv, line 1: the first line names the columns"),
        ("name,then,colour\n", "rules.csv, line 1: there is no column “colour”; there are name, "),
        ("name,then,Name\n", "rules.csv, line 1: the column name is there twice."),
        (HEADER + "\nRent,limits,95\n", "rules.csv, line 3: 3 values for 5 columns."),
        (HEADER + "Rent,explode,,,A\n", "rules.csv, line 2: A rule asks for one of limits, ask,"),
        (HEADER + "Rent,limits,0.95,55,A\n", "line 2: “0.95” is no percentage between 1 and 100."),
        (HEADER + "Rent,limits,54,55,A\n", "line 2: The limit for asking a person must not be"),
        (HEADER + "Rent,ask,,,\n", "line 2: Say which records the rule is about"),
        ("name,then,kind\nA,ask,cats\n", "line 2: The kind of record is one of supplier_invoice"),
        ("name,then,least\nA,ask,1.284 EUR\n", "line 2: “1.284 EUR” is no amount like 5000.00 EUR"),
        (HEADER + '"Rent,ask,,,A\n', "rules.csv, line 2: no CSV: unexpected end of data."),
        (HEADER + "R,ask,,,A\n" * (RULES_MAX + 1), "line 32: a flow has 30 rules at the most."),
        ("\n" * (BYTES_MAX + 1), "rules.csv has more than 1048576 bytes; 30 rules need few."),
    ],
)
def test_a_wrong_file_is_one_sentence_with_its_line(
    office: Office, file: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    file.write_text(text)
    assert run("--exceptions", file) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("well policy: rules.csv")
    assert sentence in told.err


def test_a_file_that_is_not_there_or_in_another_encoding_says_so(
    office: Office, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--exceptions", file) == 2
    assert "rules.csv cannot be read: No such file or directory." in capsys.readouterr().err
    file.write_bytes((HEADER + "Loyer été,ask,,,A\n").encode("cp1252"))
    assert run("--exceptions", file) == 2
    assert "rules.csv, line 2: write the file in UTF-8." in capsys.readouterr().err


@given(
    st.lists(
        st.fixed_dictionaries(
            dict.fromkeys(RULE, st.text(max_size=12))
            | {
                "then": st.sampled_from(Then),
                "kind": st.sampled_from(["", *Kind]),
                "auto_post": st.sampled_from(["90", "50,5"]),
                "review": st.sampled_from(["1", "50.5"]),
                "least": st.sampled_from(["", "5 EUR", "1,50 EUR"]),
                "most": st.sampled_from(["", "7000 EUR"]),
            }
        ),
        max_size=4,
    )
)
def test_whatever_rules_the_page_takes_are_written_and_read_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, forms: list[dict[str, str]]
) -> None:
    rules = []
    for form in forms:
        try:
            rules.append(rule_of(form))
        except ValueError:
            continue
    out = io.StringIO()
    write_rules(rules, out)
    file = tmp_path_factory.getbasetemp() / "written.csv"
    file.write_text(out.getvalue(), encoding="utf-8", newline="")
    assert read_rules(file) == tuple(rules)
