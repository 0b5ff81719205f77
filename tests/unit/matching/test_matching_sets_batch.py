"""Several payments at once: items once, close calls for a person, several for several."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.payments import a_payment, an_item
from well.domain.candidate import Evidence
from well.matching.sets import (
    OpenItem,
    Payment,
    SetCandidate,
    SetRanking,
    balances,
    match_sets,
    rank_sets,
)
from well.matching.sets.batch import settle
from well.matching.sets.many import parts


def claim(*items: str, bits: float, confidence: float) -> SetCandidate:
    rows = (Evidence("sum", "", "", "explained", bits),)
    return SetCandidate(items, bits, confidence, rows, (), 0, "")


def ranking(*candidates: SetCandidate) -> SetRanking:
    none = max(0.0, 1.0 - sum(c.confidence for c in candidates))
    return SetRanking(candidates, none, 1, False, False, True, "No other group comes near.")


def test_a_payment_alone_keeps_its_ranking() -> None:
    items = [an_item("a", 12_345), an_item("b", 6_789)]
    payment = a_payment(19_134)
    assert match_sets([payment], items) == {"p": rank_sets(payment, items)}


def test_payments_for_different_items_do_not_disturb_each_other() -> None:
    items = [an_item("a", 12_345), an_item("b", 67_890)]
    payments = [a_payment(12_345, id="p"), a_payment(67_890, id="q")]
    assert match_sets(payments, items) == {p.id: rank_sets(p, items) for p in payments}


def test_two_equal_payments_for_one_item_are_both_for_a_person() -> None:
    found = match_sets(
        [a_payment(12_345, id="p"), a_payment(12_345, id="q")], [an_item("a", 12_345)]
    )
    assert [found[id].auto_allowed for id in "pq"] == [False, False]
    assert found["p"].reason == "Payment q asks for the same open items as surely."
    assert found["q"].reason == "Payment p asks for the same open items as surely."
    assert found["p"].candidates[0].confidence == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("bits", "allowed"), [(8.0, True), (8.5, False), (10.0, False), (12.0, False)]
)
def test_less_than_two_bits_between_two_payments_is_a_tie(bits: float, allowed: bool) -> None:
    found = settle(
        {
            "p": ranking(claim("a", bits=10.0, confidence=0.999)),
            "q": ranking(claim("a", "b", bits=bits, confidence=0.5)),
        }
    )
    assert found["p"].auto_allowed is allowed
    assert not found["q"].auto_allowed or bits - 10.0 >= 2


def test_the_loser_turns_to_its_next_group_but_not_by_itself() -> None:
    found = settle(
        {
            "p": ranking(claim("a", bits=20.0, confidence=0.999)),
            "q": ranking(
                claim("a", bits=9.0, confidence=0.6), claim("b", bits=8.0, confidence=0.3)
            ),
        }
    )
    assert found["p"].auto_allowed
    best = found["q"].best
    assert best is not None
    assert best.items == ("b",)
    assert not found["q"].auto_allowed
    assert found["q"].reason == "Another payment has the better claim to its best group."


def listed(rankings: dict[str, SetRanking]) -> dict[str, dict[tuple[str, ...], float]]:
    """Shares of all ways to give each payment one group or none, by listing them."""
    ids = sorted(rankings)
    shares = {id: {c.items: 0.0 for c in rankings[id].candidates} for id in ids}
    whole = 0.0
    for ways in product(*([None, *rankings[id].candidates] for id in ids)):
        used = [item for way in ways if way for item in way.items]
        if len(used) > len(set(used)):
            continue
        weight = 1.0
        for id, way in zip(ids, ways, strict=True):
            weight *= way.confidence if way else rankings[id].none_confidence
        whole += weight
        for id, way in zip(ids, ways, strict=True):
            if way:
                shares[id][way.items] += weight
    return {id: {items: s / whole for items, s in row.items()} for id, row in shares.items()}


groups = st.dictionaries(
    st.sets(st.sampled_from("abcd"), min_size=1, max_size=3).map(lambda s: tuple(sorted(s))),
    st.floats(0.01, 1.0),
    min_size=1,
    max_size=3,
)


@given(rows=st.lists(groups, min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_small_parts_get_the_exact_share_of_all_ways(
    rows: list[dict[tuple[str, ...], float]],
) -> None:
    before = {
        f"p{at}": ranking(
            *(
                claim(*items, bits=10.0, confidence=0.95 * weight / sum(row.values()))
                for items, weight in row.items()
            )
        )
        for at, row in enumerate(rows)
    }
    after = settle(before)
    expected = listed(before)
    for id, row in expected.items():
        assert {c.items: c.confidence for c in after[id].candidates} == pytest.approx(row)
        assert after[id].none_confidence == pytest.approx(1 - sum(row.values()))


def single(bits: float, *others: float) -> SetRanking:
    """A claim on i0 (and i1, i2 ...), one item each."""
    all_bits = (bits, *others)
    return ranking(
        *(claim(f"i{at}", bits=b, confidence=0.9 / len(all_bits)) for at, b in enumerate(all_bits))
    )


def test_a_larger_part_of_single_items_is_assigned_with_the_most_bits() -> None:
    rankings = {
        f"p{at:02}": single(*(12.0 if at == i else 9.0 for i in range(10))) for at in range(10)
    }
    rankings = {
        id: SetRanking(
            tuple(sorted(r.candidates, key=lambda c: -c.bits)),
            r.none_confidence,
            1,
            False,
            False,
            True,
            "",
        )
        for id, r in rankings.items()
    }
    found = settle(rankings)
    for at in range(10):
        assert [c.items for c in found[f"p{at:02}"].candidates] == [(f"i{at}",)]
        assert found[f"p{at:02}"].auto_allowed
    whole = found["p00"].candidates[0].confidence + found["p00"].none_confidence
    assert whole == pytest.approx(1.0)


def test_a_larger_part_with_groups_that_share_items_is_for_a_person() -> None:
    rankings = {
        f"p{at:02}": ranking(claim(f"i{at}", f"i{at + 1}", bits=10.0 + at, confidence=0.99))
        for at in range(8)
    }
    found = settle(rankings)
    assert not any(r.auto_allowed for r in found.values())
    assert found["p07"].reason == "Payment p06 asks for the same open items."
    assert found["p07"].best is not None
    assert found["p06"].best is None
    assert found["p06"].none_confidence == pytest.approx(1.0)


def test_a_group_hardly_believed_is_not_held_against_others() -> None:
    for confidence, allowed in ((0.0009, True), (0.001, False)):
        found = settle(
            {
                "p": ranking(claim("a", bits=10.0, confidence=0.99)),
                "q": ranking(claim("a", bits=10.0, confidence=confidence)),
            }
        )
        assert found["p"].auto_allowed is allowed


def test_an_unknown_payer_is_looked_for_among_all_items() -> None:
    items = [an_item("a", 12_345, number="F-20011"), an_item("b", 1, owner="other")]
    found = match_sets([a_payment(12_345, "F-20011", owner="")], items)
    assert found["p"].auto_allowed


def test_a_payment_given_twice_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^The id 'p' is given twice\.$"):
        match_sets([a_payment(1), a_payment(2)], [])


rows_of_items = st.lists(st.sampled_from([10_037, 20_074, 5_011, 30_111]), min_size=1, max_size=6)


@given(owed=rows_of_items, paid=rows_of_items, data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_item_is_posted_twice_and_order_changes_nothing(
    owed: list[int], paid: list[int], data: st.DataObject
) -> None:
    items = [an_item(f"i{at}", amount, at, f"F-{1000 + at}") for at, amount in enumerate(owed)]
    payments = [
        a_payment(
            amount,
            *data.draw(st.lists(st.sampled_from(["F-1000", "F-1001"]), max_size=2)),
            id=f"p{at}",
            day=9,
        )
        for at, amount in enumerate(paid)
    ]
    found = match_sets(payments, items)
    used = [i for r in found.values() if r.auto_allowed and r.best for i in r.best.items]
    assert len(used) == len(set(used))
    again = match_sets(data.draw(st.permutations(payments)), data.draw(st.permutations(items)))
    assert again == found
    for ranked in found.values():
        assert sum(c.confidence for c in ranked.candidates) + ranked.none_confidence <= 1 + 1e-9


def test_parts_are_split_where_nothing_connects_them() -> None:
    claims = {"p": ["a", "b"], "q": ["c"], "r": ["b"], "s": [], "t": ["d", "c"]}
    assert parts(claims) == [(["p", "r"], ["a", "b"]), (["q", "t"], ["c", "d"]), (["s"], [])]


def test_a_chain_of_claims_is_one_part() -> None:
    claims = {"p": ["a"], "q": ["b"], "r": ["c", "b"], "s": ["a", "c"]}
    assert parts(claims) == [(["p", "q", "r", "s"], ["a", "b", "c"])]


def pay(*amounts: int) -> list[Payment]:
    return [a_payment(amount, id=f"p{at}") for at, amount in enumerate(amounts)]


def owe(*amounts: int) -> list[OpenItem]:
    return [an_item(f"i{at}", amount) for at, amount in enumerate(amounts)]


def test_several_payments_that_equal_several_items_are_proposed() -> None:
    assert balances(pay(70, 50), owe(100, 20, 333)) == ((("p0", "p1"), ("i0", "i1")),)


def test_a_balance_that_holds_a_smaller_one_is_not_proposed() -> None:
    assert balances(pay(70, 50), owe(70, 50)) == ()
    assert balances(pay(70, 50), owe(120)) == ()
    assert balances(pay(120), owe(70, 50)) == ()


def test_twelve_documents_are_tried_and_thirteen_are_not() -> None:
    items = [101, 19, *range(1_000, 1_008)]
    assert balances(pay(70, 50), owe(*items)) == ((("p0", "p1"), ("i0", "i1")),)
    assert balances(pay(70, 50), owe(*items, 5_000)) == ()


def test_balances_are_of_one_sign_one_owner_and_one_currency() -> None:
    items = owe(100, 20)
    assert balances(pay(-70, -50), [an_item("i0", -100), an_item("i1", -20)])
    assert balances(pay(70, 50), [*items, an_item("n", -5)]) == ()
    assert balances(pay(70, 50), [*items, an_item("n", 5, owner="other")]) == ()
    assert balances(pay(70, 50), [*items, an_item("n", 5, currency="USD")]) == ()
    assert balances([], []) == ()
