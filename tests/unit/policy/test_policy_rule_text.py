"""Rules as text: whatever is typed gives sound rules or a sentence."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.matching import euros
from well.domain.decision import Rules
from well.domain.money import Money
from well.policy.rule_text import NAMES, pairs, with_rules


def test_each_rule_is_read_by_its_name() -> None:
    typed = {
        "auto_post": " 0.9 ",
        "review": "0,5",
        "closed_until": "2026-03-31",
        "first_document_max": "5000.00 EUR",
    }
    changed = with_rules(Rules(version=4), typed)
    assert (changed.auto_post, changed.review, changed.version) == (0.9, 0.5, 4)
    assert changed.closed_until == date(2026, 3, 31)
    assert changed.first_document_max == euros("5000.00")
    assert NAMES == ("auto_post", "review", "closed_until", "first_document_max")


def test_rules_that_are_not_named_stay() -> None:
    rules = Rules(auto_post=0.9, closed_until=date(2026, 1, 1))
    assert with_rules(rules, {}) == rules
    assert with_rules(rules, {"auto_post": "1"}).closed_until == date(2026, 1, 1)


@pytest.mark.parametrize("off", ["none", "", "  "])
def test_an_optional_rule_is_switched_off(off: str) -> None:
    rules = Rules(closed_until=date(2026, 1, 1), first_document_max=Money(1, "EUR"))
    assert with_rules(rules, {"closed_until": off, "first_document_max": off}) == Rules()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("auto_post", "x", "auto_post: “x” is no share above 0 and at most 1, like 0.85."),
        ("auto_post", "90", "auto_post: “90” is no share above 0 and at most 1, like 0.85."),
        ("review", "1.01", "review: “1.01” is no share above 0 and at most 1, like 0.85."),
        ("review", "0", "review: “0” is no share above 0 and at most 1, like 0.85."),
        ("review", "nan", "review: “nan” is no share above 0 and at most 1, like 0.85."),
        ("closed_until", "31/03/2026", "closed_until: “31/03/2026” is no date like 2026-03-31."),
        (
            "first_document_max",
            "5000",
            "first_document_max: “5000” is no amount like 5000.00 EUR.",
        ),
        (
            "first_document_max",
            "0.00 EUR",
            "first_document_max: “0.00 EUR” is no amount like 5000.00 EUR.",
        ),
        (
            "version",
            "2",
            "There is no rule “version”; there are auto_post, review, closed_until, "
            "first_document_max.",
        ),
    ],
)
def test_what_cannot_be_understood_is_a_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        with_rules(Rules(), {name: text})


def test_a_share_of_one_and_a_smallest_amount_are_fine() -> None:
    assert with_rules(Rules(), {"auto_post": "1"}).auto_post == 1.0
    least = with_rules(Rules(), {"first_document_max": "0.01 EUR"}).first_document_max
    assert least == Money(1, "EUR")


def test_limits_in_the_wrong_order_are_refused_whichever_was_typed() -> None:
    for typed in ({"review": "0.9"}, {"auto_post": "0.5"}, {"auto_post": ".6", "review": ".7"}):
        with pytest.raises(ValueError, match="nothing would be left for a person to review"):
            with_rules(Rules(), typed)
    with pytest.raises(ValueError) as refused:
        with_rules(Rules(), {"review": "0.9"})
    assert str(refused.value) == (
        "The review limit 0.9 is above the auto-post limit 0.85: nothing would be left for a "
        "person to review."
    )
    assert with_rules(Rules(), {"review": "0.85"}).review == 0.85


def test_pairs_are_split_at_the_first_sign() -> None:
    assert pairs(["review=0.5", " closed_until =a=b"]) == {"review": "0.5", "closed_until": "a=b"}
    for text in ("review", "=0.5", " =1"):
        with pytest.raises(ValueError, match=r"^“.*” is no rule: write name=value\.$"):
            pairs([text])


def test_a_long_text_is_shown_cut() -> None:
    with pytest.raises(ValueError, match=f"“{'x' * 40}”"):
        pairs(["x" * 500])


@given(st.dictionaries(st.sampled_from([*NAMES, "nope"]), st.text(max_size=40)))
def test_any_text_gives_rules_that_hold_or_a_sentence(typed: dict[str, str]) -> None:
    try:
        rules = with_rules(Rules(), typed)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert 0 < rules.review <= rules.auto_post <= 1
