"""Competition inside a ranking and between the documents of a batch."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders.matching import an_entry, an_invoice
from well.domain.candidate import Candidate, Ranking
from well.matching import gap, lines, one_to_one, rank_entries, runner_up, would_change
from well.matching.compete import rank
from well.ports.store import Block


def ranking(**bits: float) -> Ranking:
    return rank([Candidate(key, key, value, 0.0) for key, value in bits.items()], 0.0, False)


def shares(result: Ranking) -> dict[str, float]:
    return {c.id: c.confidence for c in result.candidates}


def exact(bits: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Share of each pair among all one-to-one assignments, by listing them."""
    docs = list(bits)
    total = 0.0
    share: dict[str, dict[str, float]] = {doc: dict.fromkeys(row, 0.0) for doc, row in bits.items()}
    for choice in product(*([None, *bits[doc]] for doc in docs)):
        chosen = [entry for entry in choice if entry is not None]
        if len(set(chosen)) < len(chosen):
            continue
        weight = 2.0 ** sum(bits[d][e] for d, e in zip(docs, choice, strict=True) if e is not None)
        total += weight
        for doc, entry in zip(docs, choice, strict=True):
            if entry is not None:
                share[doc][entry] += weight
    return {doc: {e: v / total for e, v in row.items()} for doc, row in share.items()}


def test_an_entry_nobody_else_claims_keeps_its_confidence() -> None:
    before = {"a": ranking(x=6.0), "b": ranking(y=6.0)}
    assert one_to_one(before) == before


def test_two_equal_claims_leave_nobody_sure() -> None:
    after = one_to_one({"a": ranking(x=12.0), "b": ranking(x=12.0)})
    assert shares(after["a"])["x"] == pytest.approx(0.5, abs=0.01)
    assert shares(after["b"])["x"] == pytest.approx(0.5, abs=0.01)


def test_a_conflict_lost_by_less_than_two_bits_sends_both_below_auto() -> None:
    after = one_to_one({"a": ranking(x=12.0), "b": ranking(x=10.1)})
    assert max(shares(after["a"])["x"], shares(after["b"])["x"]) < 0.85


def test_a_clear_winner_keeps_the_entry_and_the_loser_is_free() -> None:
    after = one_to_one({"a": ranking(x=14.0), "b": ranking(x=4.0)})
    assert shares(after["a"])["x"] > 0.99
    assert after["b"].none_confidence > 0.99


def test_a_second_entry_settles_the_conflict() -> None:
    after = one_to_one({"a": ranking(x=10.0), "b": ranking(x=10.0, y=9.0)})
    assert shares(after["a"])["x"] > 0.85
    assert shares(after["b"])["y"] > 0.85


@given(
    st.lists(
        st.fixed_dictionaries({}, optional={e: st.floats(-4, 6) for e in "xyz"}),
        min_size=2,
        max_size=3,
    )
)
@example(rows=[{"x": 2.0, "z": 3.0}, {"x": 5.0, "z": 5.0}])
def test_shares_of_small_groups_are_those_of_all_assignments(rows: list[dict[str, float]]) -> None:
    bits = {f"d{n}": row for n, row in enumerate(rows)}
    after = one_to_one({doc: ranking(**row) for doc, row in bits.items()})
    wanted = exact(bits)
    for doc, result in after.items():
        for entry, share in shares(result).items():
            assert share == pytest.approx(wanted[doc][entry], abs=2e-3)


@given(
    st.lists(st.dictionaries(st.sampled_from("vwxyz"), st.floats(-10, 30), max_size=5), max_size=6)
)
def test_sums_hold_and_no_entry_is_sure_twice(rows: list[dict[str, float]]) -> None:
    before = {f"d{n}": ranking(**row) for n, row in enumerate(rows)}
    after = one_to_one(before)
    held: dict[str, float] = {}
    for result in after.values():
        whole = sum(c.confidence for c in result.candidates) + result.none_confidence
        assert whole == pytest.approx(1.0, abs=1e-9)
        for entry, share in shares(result).items():
            held[entry] = max(held.get(entry, 0.0), 0.0) + (share if share >= 0.85 else 0.0)
    assert all(share <= 1.0 + 1e-9 for share in held.values())
    backwards = one_to_one(dict(reversed(list(before.items()))))
    assert {doc: shares(r) for doc, r in backwards.items()} == {
        doc: shares(r) for doc, r in after.items()
    }


def test_extreme_bits_do_not_overflow() -> None:
    result = ranking(x=5000.0, y=-5000.0)
    assert shares(result) == {"x": 1.0, "y": 0.0}


ANOTHER = "reference another of the same series"


def test_the_explanation_runs_up_to_the_score() -> None:
    entries = (an_entry(), an_entry(id="e2", invoice_number="INV-2026-04-101"))
    result = rank_entries(an_invoice(), None, Block(entries))
    assert result.best is not None
    assert lines(result.best)[-1].running == pytest.approx(result.best.bits, abs=1e-9)
    assert gap(result) == pytest.approx(22.0, abs=1e-9)
    label = result.candidates[1].label
    assert runner_up(result) == f"{label} is 22.0 bits behind: {ANOTHER}."


def test_what_is_missing_is_said_with_its_worth() -> None:
    result = rank_entries(an_invoice(), None, Block((an_entry(invoice_number=None),)))
    assert result.best is not None
    assert "an equal number would add 10 bits" in would_change(result.best)


def test_a_single_candidate_has_no_runner_up() -> None:
    result = rank_entries(an_invoice(), None, Block((an_entry(),)))
    assert gap(result) is None
    assert runner_up(result) is None
