"""Groups at their smallest: one cent, nothing to choose from, nobody named."""

from builders.payments import a_payment, an_item
from well.matching.sets.gather import gather, scene_of
from well.matching.sets.many import balances
from well.matching.sets.values import Limits, OpenItem, Payment, Terms


def test_a_cent_is_an_amount_like_any_other() -> None:
    payments = [Payment("p0", 70, "EUR"), Payment("p1", 51, "EUR")]
    items = [OpenItem("i0", 1, "EUR"), OpenItem("i1", 120, "EUR")]
    assert balances(payments, items) == ((("p0", "p1"), ("i0", "i1")),)
    turned = [OpenItem("i0", -1, "EUR"), OpenItem("i1", 122, "EUR")]
    assert balances(payments, turned) == ()


def test_cents_paid_equal_cents_owed() -> None:
    payments = [Payment("p0", 1, "EUR"), Payment("p1", 5, "EUR")]
    items = [OpenItem("i0", 2, "EUR"), OpenItem("i1", 4, "EUR")]
    assert balances(payments, items) == ((("p0", "p1"), ("i0", "i1")),)


def test_nobody_is_named_unless_said() -> None:
    assert Payment("p", 1, "EUR").counterparty == ""
    assert OpenItem("i", 1, "EUR").counterparty == ""


def test_what_is_zero_has_no_sign_and_nothing_is_proposed() -> None:
    payments = [Payment("p0", 70, "EUR"), Payment("p1", 50, "EUR")]
    items = [OpenItem("i0", 100, "EUR"), OpenItem("i1", 20, "EUR")]
    assert balances(payments, items) == ((("p0", "p1"), ("i0", "i1")),)
    assert balances(payments, [*items, OpenItem("i2", 0, "EUR")]) == ()
    assert balances([*payments, Payment("p2", 0, "EUR")], items) == ()


def test_discounts_of_one_two_and_three_percent_are_known_unless_said() -> None:
    assert Terms().discounts == (100, 200, 300)


def test_a_memo_names_its_items_with_up_to_two_further_ones() -> None:
    amounts = {"a": 10_037, "b": 2_011, "c": 40_111, "d": 3_301, "e": 70_707, "f": 4_099}
    items = [an_item(id, n, at, f"F-2000{at}") for at, (id, n) in enumerate(amounts.items())]

    def named(*others: str) -> tuple[tuple[int, ...], ...]:
        paid = 10_037 + sum(amounts[id] for id in others)
        scene, _ = scene_of(a_payment(paid, "F-20000"), items, "acme", Limits(), swapped=False)
        return gather(scene, Terms(), Limits()).named

    assert named() == ((0,),)
    assert named("c") == ((0,), (0, 2))
    assert named("b", "d") == ((0,), (0, 1, 3))
    assert named("b", "c", "d") == ((0,),)
