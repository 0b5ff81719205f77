"""What a flow has learned, in numbers."""

from decimal import Decimal

import pytest

from well.domain.invoice import Invoice, InvoiceLine
from well.matching.learn import NOTHING, PARTY, Alias, Lag, Learned, Observation, Shape, gather
from well.pipeline.known import Category, Known, Supplier, category, known, supplier

MONTH = 24_000


def _linked(number: int, party: str = "p", days: int = 3, shape: str = "F-##") -> Observation:
    return Observation(f"c{number}", MONTH, {}, lag=Lag(party, days), shape=Shape(party, shape))


def _named(name: str, party: str, confirmed: bool = True) -> Observation:
    aliases = (Alias(name, party, confirmed),)
    return Observation("c", MONTH, {}, aliases=aliases, space=PARTY)


def test_nothing_is_known_at_first() -> None:
    assert known(NOTHING) == Known(0, 0, 0, 0)
    assert supplier(NOTHING, "Acme", "p") == Supplier(0, 0, None, 0, ())


def test_a_flow_counts_documents_names_lags_and_formats() -> None:
    seen = [_linked(number) for number in range(5)] + [_linked(9, "q")]
    names = [_named("acme", "p"), _named("acme", "p"), _named("zeta", "q")]
    assert known(gather([*seen, *names])) == Known(6, 2, 1, 2)


@pytest.mark.parametrize(("links", "lag"), [(4, None), (5, 3)])
def test_a_usual_lag_needs_five_links(links: int, lag: int | None) -> None:
    found = supplier(gather(_linked(number) for number in range(links)), "Acme", "p")
    assert (found.lag, found.links) == (lag, links)
    assert known(gather(_linked(n) for n in range(links))).lags == (lag is not None)


def test_a_name_is_counted_in_the_form_it_is_compared_in_and_for_its_supplier_alone() -> None:
    said = [_named("acme ltd", "p"), _named("acme ltd", "p"), _named("acme ltd", "q")]
    said += [_named("acme ltd", "p", confirmed=False), _named("zeta", "p")]
    found = supplier(gather(said), "ACME Ltd.", "p")
    assert (found.confirmed, found.declined) == (2, 1)


def test_the_commonest_three_number_forms_are_given() -> None:
    shapes = ["A#", "B#", "B#", "C#", "C#", "D#", "D#", "D#"]
    learned: Learned = gather(_linked(n, shape=shape) for n, shape in enumerate(shapes))
    assert supplier(learned, "", "p").forms == (("D#", 3), ("B#", 2), ("C#", 2))


def booked(*lines: tuple[str | None, str]) -> Invoice:
    return Invoice(
        lines=tuple(InvoiceLine("x", Decimal(net), ledger_account=to) for to, net in lines)
    )


def test_a_supplier_is_filed_where_most_of_its_documents_are_booked() -> None:
    rent, post = booked(("6132", "100")), booked(("6261", "5"))
    assert category([rent, post, rent]) == Category("6132", 2, 3)
    assert category([post, rent]) == Category("6132", 1, 2), "by the alphabet where all are equal"


def test_a_document_counts_once_for_the_account_with_most_of_its_money() -> None:
    mixed = booked(("6261", "60"), ("6132", "50"), ("6132", "11"), (None, "500"))
    assert category([mixed]) == Category("6132", 1, 1)
    credit = booked(("6132", "-61"), ("6261", "60"))
    assert category([credit]) == Category("6132", 1, 1)


def test_without_a_named_account_there_is_no_category() -> None:
    assert category([]) is None
    assert category([booked((None, "5")), Invoice()]) is None
