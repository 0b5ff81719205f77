"""The name a page prints is one more name of its supplier when entries are looked for."""

from dataclasses import replace

from builders.values import a_case, an_invoice
from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.domain.reading import Reading
from well.pipeline.match import with_printed

KNOWN = Counterparty(id="c1", names=("ENTREPOTS*BORDEAUX",), vat_ids=("FR53781503438",))
PAGE = replace(an_invoice(1), seller=Seller(name="Entrepôts Éclair SA"))
CASE = replace(a_case(1), reading=Reading("invoice", "text", PAGE))


def test_the_printed_name_stands_behind_those_that_are_known() -> None:
    found = with_printed(CASE, KNOWN)
    assert found == replace(KNOWN, names=("ENTREPOTS*BORDEAUX", "Entrepôts Éclair SA"))


def test_a_supplier_nobody_knows_has_the_printed_name_alone() -> None:
    assert with_printed(CASE, None) == Counterparty(id="", names=("Entrepôts Éclair SA",))


def test_a_page_without_a_name_changes_nothing() -> None:
    silent = replace(CASE, reading=Reading("invoice", "text", replace(PAGE, seller=Seller())))
    for case in (silent, replace(CASE, reading=None)):
        assert with_printed(case, KNOWN) is KNOWN
        assert with_printed(case, None) is None
