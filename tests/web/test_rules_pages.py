"""The page of a flow's rules: written, ordered, tried, refused with a sentence."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.facts import bill_facts
from builders.matching import euros
from builders.office import AT, Office, build_office
from builders.pages import as_, at, text_of
from builders.past import decided
from well.domain.case import CaseState
from well.domain.decision import Rules
from well.domain.rule import RULES_MAX, Rule, Then
from well.domain.source_record import Kind
from well.policy import decide
from well.web.pages.review import seen
from well.web.pages.rule_form import RULE, moved, put, rule_of, values_of_rule, without

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
NEVER = Rule("None of them", Then.NEVER, counterparty="Algolia SAS")
RENT = {
    **dict.fromkeys(RULE, ""),
    "name": "Rent",
    "then": "limits",
    "auto_post": "95",
    "review": "60",
    "counterparty": "Algolia SAS",
}


@pytest.fixture
def office() -> Office:
    return build_office(each=1)


def press(office: Office, do: str = "save", role: str = "admin", **typed: str) -> Any:
    version = str(office.store.flows()[0].rules.version)
    data = {**RENT, "place": "", "version": version, "do": do, **typed}
    return as_(office, role).post(at(office, "flows/flow-1/exceptions/change"), data)


def names(office: Office) -> list[str]:
    return [rule.name for rule in office.store.flows()[0].rules.exceptions]


def test_a_rule_is_saved_as_the_next_version_and_shown(office: Office) -> None:
    assert press(office).status_code == 302
    rules = office.store.flows()[0].rules
    assert rules.exceptions == (Rule("Rent", Then.LIMITS, 0.95, 0.6, "Algolia SAS"),)
    assert rules.version == 2
    for path in ("flows/flow-1/exceptions/", "flows/flow-1/"):
        text = text_of(as_(office).get(at(office, path)))
        assert "supplier Algolia SAS" in text
        assert "Act alone from 95 %, ask a person from 60 %" in text


def test_rules_are_changed_moved_and_removed(office: Office) -> None:
    for name in ("One", "Two", "Three"):
        press(office, name=name)
    press(office, "up", place="3")
    assert names(office) == ["One", "Three", "Two"]
    press(office, "down", place="1")
    assert names(office) == ["Three", "One", "Two"]
    press(office, "remove", place="2")
    assert names(office) == ["Three", "Two"]
    page = as_(office).get(at(office, "flows/flow-1/exceptions/?rule=2")).content.decode()
    assert 'value="Two"' in page
    press(office, place="2", name="Second")
    assert names(office) == ["Three", "Second"]
    assert office.store.flows()[0].rules.version == 8


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "A rule needs a name of at most 60 characters"),
        ({"name": "x" * 61}, "A rule needs a name of at most 60 characters"),
        ({"counterparty": ""}, "Say which records the rule is about"),
        ({"counterparty": "--"}, "“--” is no name to look for."),
        ({"then": "explode"}, "A rule asks for one of limits, ask, never, not “explode”."),
        ({"review": "96"}, "must not be above the one for acting alone"),
        ({"auto_post": "x"}, "“x” is no percentage between 1 and 100."),
        ({"least": "5 EUR", "most": "9 USD"}, "Both ends of the amount need the same currency."),
        ({"least": "9 EUR", "most": "5 EUR"}, "The smallest amount is above the largest"),
        ({"least": "1.000 EUR"}, "is no amount like 5000.00 EUR."),
        ({"kind": "cats"}, "The kind of record is one of supplier_invoice, "),
        ({"place": "7"}, "There is no rule 7 any more."),
        ({"account": "x" * 201}, "is longer than 200 characters."),
        ({"version": "77"}, "The rules changed meanwhile. Look again."),
    ],
)
def test_a_wrong_rule_is_one_sentence_and_saves_nothing(
    office: Office, typed: dict[str, str], sentence: str
) -> None:
    page = press(office, **typed)
    assert page.status_code == 400
    assert sentence in text_of(page)
    assert "Nothing was saved or tried." in text_of(page)
    assert names(office) == []


def test_a_rule_is_tried_before_it_is_saved(office: Office) -> None:
    decided(office, office.cases["posted"][0], bill_facts())
    text = text_of(press(office, "preview"))
    assert "What these rules would have done" in text
    assert "1 of 1 decisions would have come out otherwise." in text
    never = text_of(press(office, "preview", then="never"))
    assert "Ignore 0 1 +1" in never
    assert "Rule 1 “Rent” says that it is never posted." in never
    assert names(office) == []


def test_only_who_may_change_a_flow_changes_its_rules(office: Office) -> None:
    assert press(office, role="viewer").status_code == 403
    assert press(office, role="reviewer").status_code == 403
    page = as_(office, "viewer").get(at(office, "flows/flow-1/exceptions/"))
    assert page.status_code == 200
    assert "Save rule" not in text_of(page)
    assert as_(office).get(at(office, "flows/flow-1/exceptions/change")).status_code == 405
    assert as_(office).get(at(office, "flows/nope/exceptions/")).status_code == 404


@given(
    st.fixed_dictionaries(
        dict.fromkeys(RULE, st.text(max_size=12))
        | {
            "then": st.sampled_from([*Then, "x"]),
            "kind": st.sampled_from(["", *Kind, "x"]),
            "auto_post": st.sampled_from(["90", "50,5", "0", "x"]),
            "least": st.sampled_from(["", "5 EUR", "x"]),
        }
    )
)
def test_whatever_is_typed_gives_a_rule_or_a_sentence(typed: dict[str, str]) -> None:
    try:
        rule = rule_of(typed)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert rule.narrows
        assert rule_of(values_of_rule(rule)) == rule


def test_moving_past_an_end_changes_nothing_and_a_flow_has_a_most() -> None:
    rules = tuple(Rule(str(n), least=euros("1")) for n in range(RULES_MAX))
    assert moved(rules, "1", -1) == rules
    assert moved(rules, str(RULES_MAX), 1) == rules
    with pytest.raises(ValueError, match="30 rules at the most"):
        put(rules, "", rules[0])
    assert len(put(without(rules, "3"), "", rules[2])) == RULES_MAX


def test_a_record_that_a_rule_kept_out_can_be_decided_again_from_its_page(office: Office) -> None:
    case = office.cases["ignored"][0]
    address = at(office, f"records/{case.id}/")
    assert "Retry" not in text_of(as_(office).get(address))
    never = decide(bill_facts(rules=Rules(exceptions=(NEVER,))))
    office.store.save_cases([replace(case, decision=never)], AT)
    page = text_of(as_(office).get(address))
    assert "Rule 1 “None of them” says that it is never posted." in page
    assert "Retry" in page
    typed = {"case": case.id, "seen": seen(office.store.cases([case.id])[case.id])}
    as_(office).post(at(office, "retry"), typed)
    assert office.store.cases([case.id])[case.id].state is CaseState.WAITING
