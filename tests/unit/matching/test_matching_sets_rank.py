"""One payment for several open items: what is found, how sure it is, and what needs a person."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.payments import a_payment, an_item
from well.matching.sets import (
    Limits,
    OpenItem,
    Payment,
    SetRanking,
    Terms,
    rank_payments,
    rank_sets,
)

PLAIN = Terms(discounts=(), fee_max=0, rounding=0)


def three() -> list[OpenItem]:
    return [
        an_item("a", 12_345, 0, "F-2026-1001"),
        an_item("b", 6_789, 10, "F-2026-1002"),
        an_item("c", 4_321, 20, "F-2026-1003"),
        an_item("d", 99_999, 30, "F-2026-1004"),
    ]


def best(ranking: SetRanking) -> Any:
    assert ranking.best is not None
    return ranking.best


def test_the_group_that_adds_up_is_found_and_explained() -> None:
    ranking = rank_sets(a_payment(23_455, day=25), three())
    assert best(ranking).items == ("a", "b", "c")
    assert best(ranking).reason == "3 open items add up to 234.55 EUR."
    assert best(ranking).residuals == ()
    assert best(ranking).remainder == 0
    assert (ranking.fits, ranking.truncated, ranking.ambiguous) == (1, False, False)
    assert ranking.auto_allowed
    assert ranking.reason == "No other group comes near."


def test_one_item_that_adds_up_is_a_group_too() -> None:
    ranking = rank_sets(a_payment(6_789), three())
    assert best(ranking).items == ("b",)
    assert best(ranking).reason == "1 open item makes 67.89 EUR."


def test_a_memo_that_names_the_items_settles_it() -> None:
    ranking = rank_sets(a_payment(16_666, "F-2026-1001", "F-2026-1003"), three())
    assert best(ranking).items == ("a", "c")
    assert best(ranking).confidence > 0.999
    assert ranking.reason == "The references name exactly this group."


def test_equal_sums_are_never_posted_without_a_reference() -> None:
    items = [an_item("a", 10_037), an_item("b", 10_037), an_item("c", 55_555)]
    ranking = rank_sets(a_payment(10_037), items, PLAIN)
    assert [c.items for c in ranking.candidates] == [("a",), ("b",)]
    assert ranking.candidates[0].confidence == ranking.candidates[1].confidence
    assert ranking.ambiguous
    assert not ranking.auto_allowed
    assert ranking.fits == 2
    assert ranking.reason == (
        "2 groups may be meant by 100.37 EUR and no reference tells them apart."
    )


def test_a_reference_tells_equal_sums_apart() -> None:
    items = [an_item("a", 10_037, number="F-10011"), an_item("b", 10_037, number="F-10012")]
    ranking = rank_sets(a_payment(10_037, "F-10012"), items, PLAIN)
    assert best(ranking).items == ("b",)
    assert ranking.auto_allowed
    assert not ranking.ambiguous
    assert ranking.fits == 2


def test_a_short_number_does_not_tell_equal_sums_apart_for_posting() -> None:
    items = [an_item("a", 10_037, number="11"), an_item("b", 10_037, number="12")]
    ranking = rank_sets(a_payment(10_037, "12"), items, PLAIN)
    assert best(ranking).items == ("b",)
    assert not ranking.auto_allowed


def test_due_days_rank_equal_sums_but_do_not_post_them() -> None:
    items = [an_item("a", 10_037, 0), an_item("b", 10_037, 40), an_item("c", 10_037, 80)]
    ranking = rank_sets(a_payment(20_074, day=45), items, PLAIN)
    assert best(ranking).items == ("a", "b")
    assert not ranking.auto_allowed
    assert ranking.ambiguous


def test_more_fitting_groups_than_are_listed_are_said_and_share_the_probability() -> None:
    items = [an_item(f"i{at:02}", 10_037) for at in range(20)]
    ranking = rank_sets(a_payment(30_111), items, PLAIN)
    assert ranking.fits == 1_140
    assert len(ranking.candidates) == 50
    assert ranking.ambiguous
    assert ranking.reason == "More than 50 groups add up to 301.11 EUR."
    assert sum(c.confidence for c in ranking.candidates) < 0.1


def test_references_settle_even_a_sum_that_very_many_groups_make() -> None:
    items = [an_item(f"i{at:02}", 10_037, number=f"F-{1000 + at}") for at in range(20)]
    ranking = rank_sets(a_payment(30_111, "F-1003", "F-1009", "F-1017"), items, PLAIN)
    assert best(ranking).items == ("i03", "i09", "i17")
    assert ranking.fits == 1_140
    assert ranking.auto_allowed
    assert not ranking.ambiguous


def test_a_number_that_two_items_bear_settles_nothing() -> None:
    items = [an_item("a", 10_037, number="F-10011"), an_item("b", 10_037, number="F-10011")]
    ranking = rank_sets(a_payment(10_037, "F-10011"), items, PLAIN)
    assert ranking.ambiguous
    assert not ranking.auto_allowed


@pytest.mark.parametrize(("count", "truncated"), [(24, False), (25, True)])
def test_above_twenty_four_items_not_all_groups_are_tried(count: int, truncated: bool) -> None:
    items = [an_item(f"i{at:02}", 10_007 + 3**at % 9_973, at) for at in range(count)]
    ranking = rank_sets(a_payment(items[0].amount + items[1].amount, day=2), items, PLAIN)
    assert best(ranking).items == ("i00", "i01")
    assert ranking.truncated is truncated
    if truncated and not ranking.ambiguous:
        assert not ranking.auto_allowed
        assert ranking.reason == "Not all groups of 25 open items were tried."


def test_references_are_enough_where_not_all_groups_were_tried() -> None:
    items = [an_item(f"i{at:02}", 10_007 + 3**at % 9_973, at, f"F-{1000 + at}") for at in range(40)]
    chosen = [items[at] for at in (3, 5, 11, 17, 22, 30, 31, 39)]
    names = [f"F-{1000 + at}" for at in (3, 5, 11, 17, 22, 30, 31, 39)]
    ranking = rank_sets(a_payment(sum(i.amount for i in chosen), *names), items)
    assert best(ranking).items == tuple(i.id for i in chosen)
    assert ranking.truncated
    assert ranking.auto_allowed


def test_a_refund_never_pays_an_invoice() -> None:
    ranking = rank_sets(a_payment(-6_789), three())
    assert ranking.candidates == ()
    assert ranking.none_confidence == 1.0
    assert ranking.reason == "Nothing among 0 open items adds up to -67.89 EUR."


def test_a_refund_settles_credit_notes() -> None:
    items = [*three(), an_item("n", -5_011), an_item("m", -1_007)]
    ranking = rank_sets(a_payment(-6_018), items)
    assert best(ranking).items == ("m", "n")
    assert ranking.auto_allowed


def test_a_credit_note_may_be_netted_at_a_cost() -> None:
    ranking = rank_sets(a_payment(12_345 - 1_007), [*three(), an_item("n", -1_007, 5)])
    assert set(best(ranking).items) == {"a", "n"}
    rows = {row.feature: row for row in best(ranking).evidence}
    assert (rows["credit notes"].target, rows["credit notes"].bits) == ("1", -1.0)


def test_other_currencies_and_counterparties_are_left_out() -> None:
    items = [an_item("a", 500_07, currency="USD"), an_item("b", 500_07, owner="other")]
    ranking = rank_sets(a_payment(500_07), items)
    assert ranking.candidates == ()


@pytest.mark.parametrize(("day", "found"), [(-400, True), (-401, False), (31, True), (32, False)])
def test_items_outside_the_window_are_left_out(day: int, found: bool) -> None:
    ranking = rank_sets(a_payment(500_07, day=0), [an_item("a", 500_07, day=day)])
    assert bool(ranking.candidates) is found


def test_an_unknown_payer_is_known_by_the_numbers_of_the_memo() -> None:
    items = [*three(), an_item("x", 77_777, number="G-55555", owner="other")]
    ranking = rank_sets(a_payment(6_789, "F-2026-1002", owner=""), items)
    assert best(ranking).items == ("b",)
    unknown = rank_sets(a_payment(6_789, owner=""), items)
    assert unknown.reason == "It is not known whose payment it is."
    both = rank_sets(a_payment(6_789, "F-2026-1002", "G-55555", owner=""), items)
    assert both.reason == "It is not known whose payment it is."


def test_a_payment_of_nothing_settles_nothing() -> None:
    ranking = rank_sets(a_payment(0), three())
    assert ranking == SetRanking(
        (), 1.0, 0, False, False, False, "An amount of zero settles nothing."
    )


def test_items_of_nothing_are_left_out() -> None:
    ranking = rank_sets(a_payment(6_789), [*three(), an_item("zero", 0)])
    assert ranking.fits == 1


def test_amounts_too_large_and_ids_given_twice_are_refused_in_a_sentence() -> None:
    assert rank_sets(a_payment(10**14), [an_item("a", 10**14)]).candidates
    with pytest.raises(ValueError, match=r"^The amount of 'p' is too large to be added up safely"):
        rank_sets(a_payment(10**14 + 1), [])
    with pytest.raises(ValueError, match=r"^The amount of 'a' is too large to be added up safely"):
        rank_sets(a_payment(1), [an_item("a", -(10**30))])
    with pytest.raises(ValueError, match=r"^The id 'a' is given twice\.$"):
        rank_sets(a_payment(1), [an_item("a", 1), an_item("b", 1), an_item("a", 2)])


def test_a_part_payment_of_a_named_item_leaves_the_rest_open() -> None:
    ranking = rank_sets(a_payment(5_000, "F-2026-1001"), three())
    assert best(ranking).items == ("a",)
    assert best(ranking).remainder == 7_345
    assert (
        best(ranking).reason
        == "The reference names 1 open item of 123.45 EUR; 73.45 EUR stay open."
    )
    assert not ranking.auto_allowed
    assert ranking.reason == best(ranking).reason


def test_more_than_the_named_items_owe_is_left_over() -> None:
    ranking = rank_sets(a_payment(20_000, "F-2026-1001", "F-2026-1002"), three())
    assert best(ranking).remainder == -866
    assert best(ranking).reason == (
        "The reference names 2 open items of 191.34 EUR; 8.66 EUR are paid too much."
    )
    assert not ranking.auto_allowed


def test_a_refunds_remainder_keeps_its_sign() -> None:
    ranking = rank_sets(a_payment(-1_000, "C-20011"), [an_item("n", -5_011, number="C-20011")])
    assert best(ranking).remainder == -4_011


def test_a_fee_without_a_reference_is_for_a_person_and_with_one_is_not() -> None:
    named = rank_sets(a_payment(98_799, "F-2026-1004"), three())
    assert best(named).items == ("d",)
    assert [(r.kind, r.amount) for r in best(named).residuals] == [("fee", 1_200)]
    assert named.auto_allowed
    blind = rank_sets(a_payment(12_343), three())
    assert best(blind).items == ("a",)
    assert not blind.auto_allowed
    assert blind.reason == "No reference confirms it: 0.02 EUR less than owed, a rounding."


def test_a_discount_counts_only_in_time() -> None:
    items = [an_item("a", 123_45, 44, "F-10011", day=0), an_item("b", 67_89, 44, "F-10012", day=0)]
    paid = a_payment(19_134 - 383, "F-10011", "F-10012", day=14)
    line = best(rank_sets(paid, items)).residuals[0]
    assert (line.kind, line.amount) == ("discount", 383)
    assert line.sentence == "3.83 EUR discount, 2 % for paying within 14 days."
    late = best(rank_sets(replace(paid, day=paid.day and paid.day.replace(day=16)), items))
    assert [r.kind for r in late.residuals] == ["fee"]
    undated = [replace(item, day=None) for item in items]
    assert [r.kind for r in best(rank_sets(paid, undated)).residuals] == ["fee"]


def test_the_number_of_another_invoice_of_the_series_stops_the_posting() -> None:
    ranking = rank_sets(a_payment(6_789, "F-2026-2001"), three())
    assert best(ranking).items == ("b",)
    assert not ranking.auto_allowed
    assert ranking.reason == "The reference speaks of something else."


def test_round_amounts_are_not_posted_by_their_sum() -> None:
    items = [an_item("a", 50_000), an_item("b", 20_000), an_item("c", 110_000)]
    ranking = rank_sets(a_payment(70_000), items)
    assert best(ranking).items == ("a", "b")
    assert ranking.fits == 1
    assert not ranking.auto_allowed
    assert ranking.reason == "Round or repeated amounts make 700.00 EUR by chance, too."


@pytest.mark.parametrize(
    ("amount", "bits", "allowed"), [(32, 6.0, True), (31, 5.9541015625, False)]
)
def test_a_sum_of_six_bits_is_telling(amount: int, bits: float, allowed: bool) -> None:
    ranking = rank_sets(a_payment(amount), [an_item("a", amount)], PLAIN)
    assert best(ranking).evidence[0].bits == bits
    assert ranking.auto_allowed is allowed


def test_items_stand_by_due_day_then_own_day_then_id() -> None:
    items = [
        an_item("a", 1_001),
        an_item("b", 1_003, 5),
        an_item("c", 1_007, 5, day=4),
        an_item("d", 1_013, 5, day=3),
        an_item("e", 1_017, day=2),
    ]
    ranking = rank_sets(a_payment(5_041), items, PLAIN)
    assert best(ranking).items == ("e", "d", "c", "b", "a")


def test_a_refund_line_of_a_difference_keeps_its_sign() -> None:
    items = [an_item("n", -5_011, number="C-20011")]
    line = best(rank_sets(a_payment(-5_010, "C-20011"), items)).residuals[0]
    assert (line.kind, line.amount) == ("rounding", -1)


def test_several_payments_settle_one_item() -> None:
    item = an_item("inv", 50_037, number="F-10011", day=0)
    payments = [
        a_payment(20_000, id="p1", day=3),
        a_payment(30_037, "F-10011", id="p2", day=9),
        a_payment(7_777, id="p3", day=4),
    ]
    ranking = rank_payments(item, payments)
    assert best(ranking).items == ("p1", "p2")
    assert best(ranking).reason == "2 payments add up to 500.37 EUR."
    assert rank_payments(an_item("inv", 1), payments).reason == (
        "Nothing among 3 payments adds up to 0.01 EUR."
    )


def test_payments_that_all_name_the_item_settle_it() -> None:
    item = an_item("inv", 50_037, number="F-10011", day=0)
    payments = [a_payment(20_000, "F-10011", id="p1"), a_payment(30_037, "X-9", "F-10011", id="p2")]
    ranking = rank_payments(item, payments)
    assert ranking.auto_allowed
    assert ranking.reason == "The references name exactly this group."


def test_payments_before_the_invoice_cost_and_window_runs_the_other_way() -> None:
    item = an_item("inv", 500_37, day=0)
    assert rank_payments(item, [a_payment(500_37, id="p1", day=-32)]).candidates == ()
    assert rank_payments(item, [a_payment(500_37, id="p1", day=401)]).candidates == ()
    early = best(rank_payments(item, [a_payment(500_37, id="p1", day=-31)]))
    later = best(rank_payments(item, [a_payment(500_37, id="p1", day=400)]))
    assert later.bits - early.bits == 3.0


def test_a_shortfall_of_parts_is_explained_from_the_items_side() -> None:
    item = an_item("inv", 50_037, number="F-10011", day=0)
    parts = [
        a_payment(20_000, "F-10011", id="p1", day=2),
        a_payment(28_803, "F-10011", id="p2", day=2),
    ]
    line = best(rank_payments(item, parts)).residuals[0]
    assert (line.kind, line.amount) == ("fee", 1_234)
    discounted = [parts[0], replace(parts[1], amount=50_037 - 1_001 - 20_000)]
    line = best(rank_payments(item, discounted)).residuals[0]
    assert (line.kind, line.amount) == ("discount", 1_001)


amounts = st.sampled_from([5_000, 10_000, 10_037, -2_000]) | st.integers(1, 40_000)
item_lists = st.lists(
    st.tuples(amounts, st.none() | st.integers(-60, 41), st.booleans()), min_size=1, max_size=8
)


def made(rows: list[tuple[int, int | None, bool]]) -> list[OpenItem]:
    return [
        an_item(f"i{at}", amount, due, f"F-{1000 + at}" if named else "", day=due)
        for at, (amount, due, named) in enumerate(rows)
    ]


@given(rows=item_lists, picked=st.sets(st.integers(0, 7), min_size=1), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_order_of_items_gives_the_same_ranking(
    rows: list[tuple[int, int | None, bool]], picked: set[int], data: st.DataObject
) -> None:
    items = made(rows)
    paid = payment_of(items, picked)
    assert rank_sets(paid, items) == rank_sets(paid, data.draw(st.permutations(items)))


def payment_of(items: list[OpenItem], picked: set[int]) -> Payment:
    chosen = [items[at % len(items)] for at in picked]
    amount = sum(item.amount for item in {item.id: item for item in chosen}.values())
    return a_payment(amount, "F-1000", "F-1001", day=10)


@given(rows=item_lists, picked=st.sets(st.integers(0, 7), min_size=1))
@settings(max_examples=60, deadline=None)
def test_rows_sum_to_the_score_and_confidences_to_at_most_one(
    rows: list[tuple[int, int | None, bool]], picked: set[int]
) -> None:
    ranking = rank_sets(payment_of(made(rows), picked), made(rows))
    for candidate in ranking.candidates:
        assert abs(sum(row.bits for row in candidate.evidence) - candidate.bits) < 1e-9
        assert candidate.bits * 1024 == int(candidate.bits * 1024)
    whole = sum(c.confidence for c in ranking.candidates) + ranking.none_confidence
    assert whole <= 1 + 1e-9
    if len(ranking.candidates) < 50 and ranking.fits < 50:
        assert whole == pytest.approx(1.0)


@given(rows=item_lists, picked=st.sets(st.integers(0, 7), min_size=1))
@settings(max_examples=60, deadline=None)
def test_every_fitting_group_of_up_to_six_is_counted_and_listed(
    rows: list[tuple[int, int | None, bool]], picked: set[int]
) -> None:
    items = made(rows)
    paid = payment_of(items, picked)
    if paid.amount <= 0:
        return
    every = [
        {item.id for item in group}
        for size in range(1, len(items) + 1)
        for group in combinations(items, size)
        if sum(item.amount for item in group) == paid.amount
    ]
    small = [group for group in every if len(group) <= 6]
    ranking = rank_sets(paid, items, PLAIN)
    assert len(small) <= ranking.fits <= len(every)
    listed = [set(c.items) for c in ranking.candidates]
    if ranking.fits <= 40:
        assert all(group in listed for group in small)


@given(rows=item_lists, picked=st.sets(st.integers(0, 7), min_size=1))
@settings(max_examples=60, deadline=None)
def test_what_is_posted_fits_alone_or_is_six_bits_ahead_by_reference(
    rows: list[tuple[int, int | None, bool]], picked: set[int]
) -> None:
    ranking = rank_sets(payment_of(made(rows), picked), made(rows))
    if not ranking.auto_allowed:
        return
    first, *others = ranking.candidates
    assert all(first.bits - other.bits >= 6 for other in others)
    if ranking.fits > 1:
        assert next(r.bits for r in first.evidence if r.feature == "references") >= 6


def test_naming_one_more_of_its_items_never_lowers_a_group() -> None:
    names = ["F-2026-1001", "F-2026-1002", "F-2026-1003"]
    bits = [
        next(
            c.bits
            for c in rank_sets(a_payment(23_455, *names[:count]), three()).candidates
            if c.items == ("a", "b", "c")
        )
        for count in range(4)
    ]
    assert bits == sorted(bits)


def test_ten_thousand_open_items_are_answered() -> None:
    items = [an_item(f"i{at:05}", 10_000 + at, at % 300) for at in range(10_001)]
    ranking = rank_sets(a_payment(35_555, day=300), items)
    assert ranking.truncated
    assert not ranking.auto_allowed
    assert len(ranking.candidates) <= 50


def test_items_beyond_the_limit_are_left_away_and_it_is_said() -> None:
    items = [an_item("a", 10_037, 0), an_item("b", 20_077, 1), an_item("c", 30_077, 2)]
    ranking = rank_sets(a_payment(10_037), items, PLAIN, Limits(items_max=2))
    assert ranking.truncated
    assert ranking.reason == "Not all groups of 2 open items were tried."
    assert rank_sets(a_payment(10_037), items, PLAIN, Limits(items_max=3)).auto_allowed
