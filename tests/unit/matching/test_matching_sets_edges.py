"""Groups at their smallest: one cent, nothing to choose from, nobody named."""

from well.matching.sets.many import balances
from well.matching.sets.values import OpenItem, Payment


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
