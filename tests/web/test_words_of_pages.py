"""Words of the pages: each button's effect is said, and no reason or amount is said oddly."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from builders.office import Office, build_office
from builders.pages import as_, at, text_of
from builders.values import a_case, a_flow, an_invoice
from well.domain.case import CaseState
from well.domain.decision import Decision, Outcome, Reason
from well.domain.invoice import InvoiceLine
from well.domain.marker import SliceState
from well.domain.source_record import Kind
from well.domain.trail import TrailEvent
from well.web.pages.fields import line_rows
from well.web.pages.line import line
from well.web.pages.review_view import Looking, build
from well.web.words import unnamed

AT = datetime(2026, 4, 22, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return build_office(each=1)


@pytest.mark.django_db(databases=["default", "eu"])
@pytest.mark.parametrize(
    ("state", "effects"),
    [
        ("review", ["Refuse: nothing is posted; the record is kept and can be reopened."]),
        (
            "held",
            [
                "The entry is gone from Qonto: for an entry that you removed there;",
                "Look at it again: reads and decides the record once more;",
            ],
        ),
        ("refused", ["Reopen: puts the record back into the review queue."]),
    ],
)
def test_each_way_to_answer_says_what_it_does(
    office: Office, state: str, effects: list[str]
) -> None:
    text = text_of(as_(office).get(at(office, f"review/{office.cases[state][0].id}/")))
    for effect in effects:
        assert effect in text


def test_the_reason_is_said_once() -> None:
    stop, other = Reason("bank", "The account is new.", True), Reason("post", "It is 99 % likely.")
    decision = Decision(Outcome.REVIEW, 0.84, 0.98, (stop, other))
    case = a_case(1, state=CaseState.REVIEW, reason=stop.sentence, decision=decision)
    shown = build(Looking(case, a_flow(), {}, None, "Qonto", None, ""))
    assert (shown.sentence, shown.stopped, shown.reasons) == (stop.sentence, True, (other,))
    shown = build(Looking(replace(case, reason=other.sentence), a_flow(), {}, None, "Q", None, ""))
    assert (shown.sentence, shown.stopped, shown.reasons) == (other.sentence, False, (stop,))


def test_only_a_document_can_lack_its_supplier() -> None:
    assert unnamed(Kind.SUPPLIER_INVOICE) == "No supplier read"
    assert unnamed(Kind.TRANSACTION) == "No supplier read"
    assert unnamed(Kind.TAX_CODE) == "Tax code"
    assert unnamed("something else") == "No supplier read"


@pytest.mark.django_db(databases=["default", "eu"])
def test_the_targets_own_status_is_not_taken_for_ours(office: Office) -> None:
    event = TrailEvent(AT, "well", "confirmed", "r", {"status": "to_review"})
    stops = line(office.cases["posted"][0], [event])
    assert "agrees; its status there is “to review”" in [stop.text for stop in stops]


def test_an_amount_of_a_line_is_written_like_every_other() -> None:
    lines = tuple(InvoiceLine("Rent", Decimal(text)) for text in ("3016.24", "0.125"))
    shown = [row.amount for row in line_rows(an_invoice(1, lines=lines))]
    assert shown == ["€3,016.24", "0.125 EUR"]


@pytest.mark.django_db(databases=["default", "eu"])
def test_records_are_found_by_supplier_or_number_and_others_are_not(office: Office) -> None:
    mine, other = office.cases["review"][0], office.cases["posted"][0]
    assert mine.invoice and mine.invoice.number and other.invoice and other.invoice.number
    name = (mine.invoice.seller.name or "")[:6].lower()

    def found(state: str, text: str) -> str:
        address = at(office, f"records/?state={state}")
        return text_of(as_(office).get(address, query_params={"q": text, "state": state}))

    for text in (mine.invoice.number, mine.invoice.number[-3:], name):
        assert f"Supplier invoice {mine.invoice.number}" in found("review", text)
    assert "Nothing found" in found("review", other.invoice.number)
    assert f"Supplier invoice {other.invoice.number}" in found("posted", other.invoice.number)
    assert "No record in this list has “zzz” in its supplier or number." in found("posted", "zzz")


@pytest.mark.django_db(databases=["default", "eu"])
def test_the_first_sync_counts_what_was_read_and_says_where_it_stands(office: Office) -> None:
    part = text_of(as_(office).get(at(office, "flows/flow-1/progress")))
    assert "287 records read, 7 of 12 parts done; now " in part
    assert "newest first." in part
    assert "1 In review" in part and "1 Posted" in part
    done = [replace(one, state=SliceState.DONE) for one in office.store.slices("flow-1")]
    office.store.save_slices(done)
    assert "Complete: read in 12 parts." in text_of(
        as_(office).get(at(office, "flows/flow-1/progress"))
    )


@pytest.mark.django_db(databases=["default", "eu"])
def test_a_failure_points_back_at_its_record_at_the_source(office: Office) -> None:
    case = office.cases["failed"][0]
    page = as_(office).get(at(office, "status/")).content.decode()
    assert f'href="https://app.qbo.intuit.com/app/bill?txnId={case.key.source_id}' in page
    assert "Open it at the source" in page
