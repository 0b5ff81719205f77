"""The rows of a group of open items: levels and bits, exactly."""

import pytest

from builders.payments import a_payment, an_item
from well.domain.candidate import Evidence
from well.matching.sets import OpenItem, Payment
from well.matching.sets.scene import Scene, agreement
from well.matching.sets.subsets import Group
from well.matching.sets.values import Residual
from well.matching.sets.weigh import _gained, neutral_bits, reference_row, weigh


def row(scene: Scene, group: Group, feature: str) -> tuple[str, float]:
    found = next(r for r in weigh(scene, group, None, 0) if r.feature == feature)
    return found.level, found.bits


def scene(paid: Payment, items: list[OpenItem], swapped: bool = False) -> Scene:
    return Scene(paid, tuple(items), 1 if paid.amount > 0 else -1, swapped)


def plain(*amounts: int) -> Scene:
    return scene(a_payment(100), [an_item(f"i{at}", a) for at, a in enumerate(amounts)])


def due(*days: int | None, paid: int | None = None) -> Scene:
    items = [an_item(f"i{at}", 1_001 + at, day) for at, day in enumerate(days)]
    return scene(a_payment(100, day=paid), items)


def named(memo: list[str], own: list[str], swapped: bool = False) -> Scene:
    items = [an_item(f"i{at}", 1_001 + at, number=number) for at, number in enumerate(own)]
    return scene(a_payment(100, *memo), items, swapped)


@pytest.mark.parametrize(
    ("amounts", "group", "bits"),
    [
        ((1_025, 1_023), (0,), 10.0),  # 2050 sums for 2 groups: 2^10 to 1
        ((513, 511), (0,), 9.0029296875),
        ((513, 511), (0, 1), 10.0),
        ((1_600, 1_600, 900, 300), (2,), 1.0),
        ((6_400, 12_800), (1,), 7.0),
        ((64_000, 128_000), (1,), 7.0),
        ((5_000, 10_000), (0,), 1.0),
        ((10_000, 20_000), (1,), 1.0),
        ((30_000, 20_000, 10_000), (0, 1, 2), 3.5849609375),
        ((1, 2), (0,), 1.0),
    ],
)
def test_a_sum_is_worth_how_rarely_it_is_hit_by_chance(
    amounts: tuple[int, ...], group: Group, bits: float
) -> None:
    assert row(plain(*amounts), group, "sum") == ("explained", bits)


def test_a_sum_is_worth_less_where_amounts_come_back() -> None:
    amounts = (11_999, 11_999, 70_013, 50_017)
    assert row(plain(*amounts), (0,), "sum") == ("explained, of repeated amounts", 1.0)
    assert row(plain(*amounts), (2,), "sum") == ("explained", 1.0)
    assert row(plain(*amounts), (2, 3), "sum") == ("explained", 2.0)
    assert row(plain(*amounts, 60_013, 30_017, 1_777, 2_778), (2,), "sum") == ("explained", 2.0)
    assert row(plain(11_999, 11_999), (0, 1), "sum") == ("explained, of repeated amounts", 0.0)


def test_no_sum_is_worth_less_than_its_floor() -> None:
    amounts = [10_000 * (at + 1) for at in range(24)]
    assert row(plain(*amounts), tuple(range(12)), "sum") == ("explained", -4.0)


def test_a_different_sum_is_worth_nothing() -> None:
    rows = weigh(plain(1_234, 777), (0,), None, 1_134)
    assert rows[0] == Evidence("sum", "1.00 EUR", "12.34 EUR", "different", 0.0)
    assert rows[-1] == Evidence("difference", "11.34 EUR", "", "left open", -6.0)
    over = weigh(plain(40, 777), (0,), None, -60)[-1]
    assert over == Evidence("difference", "-0.60 EUR", "", "paid too much", -6.0)


@pytest.mark.parametrize(
    ("size", "level", "bits"),
    [(1, "one item", 0.0), (2, "several items", -2.0), (5, "several items", -8.0),
     (6, "several items", -10.0), (7, "several items", -10.0)],
)  # fmt: skip
def test_every_further_item_costs_two_bits_to_a_floor(size: int, level: str, bits: float) -> None:
    amounts = [1_001 + at for at in range(8)]
    assert row(plain(*amounts), tuple(range(size)), "number of items") == (level, bits)


@pytest.mark.parametrize(
    ("memo", "own", "bits"),
    [
        ("F-2026-1001", "f 2026 1001", 10.0),
        ("FA10203", "FA10203", 10.0),
        ("F10203", "F10203", 8.0),
        ("F1020", "F1020", 6.0),
        ("F102", "F102", 4.0),
        ("102", "102", 2.0),
        ("10", "10", 1.5),
        ("7", "7", 1.0),
        ("FA10S03", "FA10503", 7.0),
        ("F10S0", "F1050", 6.0),
        ("2026-10203", "RE 10203", 5.0),
        ("RG-10203", "RE-10203", 5.0),
        ("RE-10204", "RE-10203", 0.0),
        ("RE-102", "RG-102", 0.0),
        ("F-7", "", 0.0),
    ],
)
def test_numbers_agree_by_level_and_length(memo: str, own: str, bits: float) -> None:
    one = named([memo], [own])
    number, item = one.payment.references[0], one.items[0]
    assert agreement(number, item.reference) == bits
    assert one.named == ({0: bits} if bits else {})


@pytest.mark.parametrize(
    ("memo", "group", "level", "bits"),
    [
        ([], (0,), "missing", 0.0),
        (["FA10001"], (0,), "all listed", 10.0),
        (["FA10001", "FA10002"], (0, 1), "all listed", 20.0),
        (["FA10001", "FA10002"], (0,), "some listed", 4.0),
        (["FA10001", "FA10002", "FA10003"], (0,), "some listed", -2.0),
        (["FA10001", "FA10002", "FA10003", "FA10004"], (0,), "some listed", -2.0),
        (["FA10001"], (0, 1), "some listed", 7.0),
        (["FA10001"], (0, 1, 2, 3), "some listed", 1.0),
        (["FA10001"], (0, 1, 2, 3, 4), "some listed", 1.0),
        (["FA10001"], (1,), "others are listed", -6.0),
        (["FA10001", "FA10002"], (2,), "others are listed", -12.0),
        (["FA10001", "FA10002", "FA10003"], (3,), "others are listed", -12.0),
        (["FA20001"], (0,), "another of the same series", -8.0),
        (["PO 77"], (0,), "names no open item", -1.0),
        (["PO 77", "FA10001"], (0,), "all listed", 10.0),
        (["20001"], (5,), "names no open item", -1.0),
    ],
)
def test_references_count_for_and_against(
    memo: list[str], group: Group, level: str, bits: float
) -> None:
    own = ["FA10001", "FA10002", "FA10003", "FA10004", "FA10005", "33333"]
    assert row(named(memo, own), group, "references") == (level, bits)


def test_a_number_counts_once_and_swapped_once_for_each_payment() -> None:
    own = ["FA10001", "FA10001"]
    assert row(named(["FA10001"], own), (0, 1), "references") == ("all listed", 10.0)
    assert row(named(["FA10001"], own, True), (0, 1), "references") == ("all listed", 20.0)


def test_two_spellings_of_one_number_count_once() -> None:
    scene_ = named(["RG FA10203", "FA10203", "10203"], ["FA10203", "FA10204"])
    assert scene_.owners == (frozenset({0}),)
    assert row(scene_, (0,), "references") == ("all listed", 10.0)
    assert row(scene_, (1,), "references") == ("others are listed", -6.0)


def test_a_number_points_at_the_items_it_fits_best() -> None:
    scene_ = named(["F-2024-10203"], ["F-2023-10203", "F-2024-10203"])
    assert scene_.named == {0: 5.0, 1: 10.0}
    assert scene_.owners == (frozenset({1}),)
    assert scene_.listed == (1,)


@pytest.mark.parametrize(("number", "owners"), [("F10", ()), ("F102", (frozenset({0}),))])
def test_a_short_number_points_at_nothing(number: str, owners: tuple[frozenset[int], ...]) -> None:
    assert named([number], [number]).owners == owners


def test_the_numbers_are_shown_four_at_most() -> None:
    own = [f"FA1000{at}" for at in range(6)]
    shown = reference_row(named(own[:5], own), (0, 1, 2, 3))
    assert shown.source == "FA10000, FA10001, FA10002, FA10003 and 1 more"
    assert shown.target == "FA10000, FA10001, FA10002, FA10003"


ORDER = "order by due day"


@pytest.mark.parametrize(
    ("days", "group", "level", "bits"),
    [
        ((1, 2, 3), (0, 1, 2), "all open items", 6.0),
        ((1,), (0,), "the only one", 0.0),
        ((1, 2, 3, 4, 5, 6, 7, 8), (0,), "the oldest", 1.0),
        ((1, 2, 3, 4, 5, 6, 7, 8), (0, 1, 2), "the oldest", 3.8076171875),
        ((1, 2, 3, 4, 5, 6, 7, 8), (4, 5, 6), "neighbours", 1.22265625),
        ((1, 2, 3, 4, 5, 6, 7, 8), (0, 2), "in no order", -2.0),
        ((1, 2, 3, 4, 5, 6, 7, 8), (4,), "all due on one day", 0.0),
        ((1, 2, 2, 4, 5, 6, 7, 8), (1,), "one item", 0.0),
        ((1, 2, 2, 4, 5, 6, 7, 8), (1, 2), "all due on one day", 0.0),
        ((1, 2, 2, 2, 5, 5, 5, 5), (4, 5, 6, 7), "all due on one day", 2.5439453125),
        ((1, 1, 3, 4, 5, 6, 7, 8), (0, 2), "neighbours", 0.0),
        ((1, 2), (0,), "the oldest", 0.0),
        ((1, None, 3), (0,), "missing", 0.0),
        ((1, None, 3), (1,), "missing", 0.0),
    ],
)
def test_how_people_pay_makes_a_group_likelier(
    days: tuple[int | None, ...], group: Group, level: str, bits: float
) -> None:
    assert row(due(*days), group, ORDER) == (level, bits)


def test_order_is_worth_nine_bits_at_most() -> None:
    assert row(due(*range(24)), tuple(range(6)), ORDER) == ("the oldest", 9.0)


def test_credit_notes_left_out_break_no_order() -> None:
    items = [an_item("a", 1_001, 1), an_item("n", -55, 2), an_item("b", 1_007, 3)]
    assert row(scene(a_payment(100), items), (0, 2), ORDER) == ("all open items", 6.0)


def test_the_own_day_stands_in_for_a_missing_due_day() -> None:
    items = [an_item("a", 1_001, day=1), an_item("b", 1_007, 3), an_item("c", 1_009, 9)]
    assert row(scene(a_payment(100), items), (0, 1), ORDER)[0] == "the oldest"


@pytest.mark.parametrize(
    ("days", "level", "bits", "shown"),
    [
        ((-3, 0), "all before the payment", 0.0, "0 to 3 days before"),
        ((-3, 1), "1 after the payment", -3.0, "-1 to 3 days before"),
        ((1, 2, 3), "3 after the payment", -9.0, "-3 to -1 days before"),
        ((1, 2, 3, 4), "4 after the payment", -9.0, "-4 to -1 days before"),
    ],
)
def test_items_dated_after_the_payment_count_against(
    days: tuple[int, ...], level: str, bits: float, shown: str
) -> None:
    items = [an_item(f"i{at}", 1_001 + at, day=day) for at, day in enumerate(days)]
    group = tuple(range(len(days)))
    rows = weigh(scene(a_payment(100, day=0), items), group, None, 0)
    found = next(r for r in rows if r.feature == "issued")
    assert found == Evidence("issued", "2026-03-01", shown, level, bits)


def test_days_run_the_other_way_for_several_payments() -> None:
    items = [an_item("p", 1_001, day=5)]
    assert scene(a_payment(100, day=0), items).lag(0) == -5
    assert scene(a_payment(100, day=0), items, True).lag(0) == 5
    assert scene(a_payment(100), items).lag(0) is None
    assert scene(a_payment(100, day=0), [an_item("p", 1)]).lag(0) is None


@pytest.mark.parametrize(
    ("days", "level", "bits", "shown"),
    [
        ((-7, 7), "all due within a week", 2.0, "-7 to +7 days"),
        ((-8, 7), "all due by then", 1.0, "-8 to +7 days"),
        ((-7, 8), "some due later", 0.0, "-7 to +8 days"),
        ((7, 30), "some due later", 0.0, "+7 to +30 days"),
        ((8, 30), "all due later", -1.0, "+8 to +30 days"),
    ],
)
def test_due_days_lie_to_the_day_of_the_payment(
    days: tuple[int, ...], level: str, bits: float, shown: str
) -> None:
    rows = weigh(due(*days, paid=0), (0, 1), None, 0)
    found = next(r for r in rows if r.feature == "due")
    assert found == Evidence("due", "2026-03-01", shown, level, bits)


def test_rows_of_days_need_the_days() -> None:
    features = [r.feature for r in weigh(plain(1_001, 1_002), (0, 1), None, 0)]
    assert features == ["sum", "number of items", "references", "order by due day"]
    half = [r.feature for r in weigh(due(1, None, paid=0), (0, 1), None, 0)]
    assert "due" not in half


def test_every_credit_note_netted_costs_a_bit() -> None:
    items = [an_item("a", 1_001), an_item("m", -5), an_item("n", -7)]
    assert row(scene(a_payment(989), items), (0, 1, 2), "credit notes") == ("netted", -2.0)


def test_a_group_known_by_its_sum_only_is_weighed_as_in_no_order() -> None:
    assert neutral_bits(plain(513, 511), 1) == 9.0029296875 - 2.0
    assert neutral_bits(plain(513, 511), 2) == 10.0 - 2.0 - 2.0


def test_an_item_that_no_memo_names_gains_nothing() -> None:
    for swapped in (False, True):
        assert _gained(named(["F-20011"], ["F-20011", ""], swapped), (0, 1)) == 8.0
        assert _gained(named(["F-20011"], ["F-20011", ""], swapped), (1,)) == 0.0


def test_a_line_that_explains_the_rest_is_a_row_of_the_difference() -> None:
    line = Residual("bank charge", 25, "A bank charge of 0.25 EUR.", -2.0)
    last = weigh(plain(125), (0,), line, 0)[-1]
    assert last == Evidence("difference", "0.25 EUR", "", "bank charge", -2.0)
