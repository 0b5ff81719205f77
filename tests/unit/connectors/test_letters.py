"""What stands in the letters that carry documents, and what becomes of each letter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.mailed import COVER, INVOICE, ROUTE, Postbox, mailed
from well.connectors.failures import grant_lost, transient
from well.connectors.letters import SUBJECT_MAX, body_of, letter_of, subject_of
from well.connectors.mailed import FILE_BYTES, NO_MAIL, hand_over_all
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.invoice import Invoice, Seller
from well.ports.mailer import WayLost
from well.ports.target import Cover


def failure(outcome: object) -> Failure:
    found = getattr(outcome, "failure", None)
    assert isinstance(found, Failure)
    return found


def test_the_subject_names_number_supplier_total_and_the_record() -> None:
    expected = "INV-2026-04-100 Algolia SAS 1284.00 EUR [QONTO-4d5418bb]"
    assert subject_of(COVER) == expected


def test_the_body_is_readable_fields_then_the_record_and_its_page() -> None:
    assert body_of(COVER).splitlines() == [
        "Invoice number: INV-2026-04-100",
        "Supplier: Algolia SAS",
        "Supplier's VAT number: FR75814107155",
        "Date: 2026-04-22",
        "Due date: 2026-05-22",
        "Total without tax: 1027.20 EUR",
        "Tax: 256.80 EUR",
        "Total: 1284.00 EUR",
        "",
        "Qonto record: 4d5418bb",
        "https://app.example.com/supplier-invoices/4d5418bb",
        "",
        "Sent by Well. The document is attached as it was received or drawn up.",
    ]


def test_a_credit_note_says_so_and_missing_fields_are_left_out() -> None:
    lines = body_of(Cover(Invoice(credit_note=True, number="G-1"), "Qonto", "7")).splitlines()
    assert lines[:3] == ["Credit note number: G-1", "", "Qonto record: 7"]


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=300), st.text(max_size=60))
def test_no_value_breaks_a_subject_or_pushes_the_record_out_of_it(
    number: str, supplier: str, record: str, source: str
) -> None:
    invoice = replace(INVOICE, number=number, seller=Seller(name=supplier))
    cover = Cover(invoice, source, record)
    subject = subject_of(cover)
    assert len(subject) <= SUBJECT_MAX and len(subject.splitlines()) == 1
    mark = subject[subject.rindex("[") :]
    assert mark.endswith("]") and mark.isascii() and mark == mark.strip()
    assert all(len(line.splitlines()) <= 1 for line in body_of(cover).split("\n"))


def test_a_long_supplier_is_cut_to_exactly_the_longest_subject() -> None:
    cover = replace(COVER, invoice=replace(INVOICE, seller=Seller(name="S" * 300)))
    assert len(subject_of(cover)) == 150
    assert subject_of(cover).endswith(" 1284.00 EUR [QONTO-4d5418bb]")


def test_a_shipment_without_a_cover_goes_under_its_files_name() -> None:
    assert letter_of(mailed(cover=None)).subject.startswith("INV-2026-04-100--qonto")


def test_each_shipment_is_one_letter_with_the_file_untouched() -> None:
    box = Postbox()
    sent = hand_over_all("FreshBooks", box, ROUTE, [mailed("p1"), mailed("p2")])
    assert [s.posting for s in sent] == ["p1", "p2"]
    assert [s.delivery.message_id for s in sent if s.delivery] == [
        "<p1@well.example>",
        "<p2@well.example>",
    ]
    assert [x.document.content for x in box.letters] == [b"%PDF-1.7"] * 2
    assert box.routes == [ROUTE, ROUTE]


def test_a_failure_of_one_letter_speaks_for_that_letter_alone() -> None:
    box = Postbox([None, transient("Mail", "451"), None])
    sent = hand_over_all("FreshBooks", box, ROUTE, [mailed("p1"), mailed("p2"), mailed("p3")])
    assert sent[0].delivery is not None and sent[2].delivery is not None
    assert failure(sent[1]).kind is FailureKind.TRANSIENT
    assert len(box.letters) == 3


def _way_lost() -> WayLost:
    return WayLost(grant_lost("Mail", "535").failure)


def test_a_lost_mail_password_stops_the_connection_only_while_nothing_has_left() -> None:
    with pytest.raises(Failed) as caught:
        hand_over_all("FreshBooks", Postbox([_way_lost()]), ROUTE, [mailed()])
    assert isinstance(caught.value, WayLost)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST
    box = Postbox([None, _way_lost()])
    sent = hand_over_all("FreshBooks", box, ROUTE, [mailed("p1"), mailed("p2")])
    assert sent[0].delivery is not None
    assert failure(sent[1]).kind is FailureKind.GRANT_LOST


def test_without_an_address_or_without_outgoing_mail_nothing_is_sent_and_a_sentence_says_so() -> (
    None
):
    box = Postbox()
    none, empty = (
        hand_over_all("FreshBooks", box, route, [mailed()])[0]
        for route in (None, replace(ROUTE, inbox=""))
    )
    for one in (none, empty):
        assert failure(one).kind is FailureKind.REJECTED
        assert "address at which FreshBooks takes documents" in failure(one).sentence
    assert box.letters == []
    nowhere = hand_over_all("FreshBooks", NO_MAIL.of("c1", None), ROUTE, [mailed()])[0]  # type: ignore[arg-type]
    assert failure(nowhere).kind is FailureKind.REJECTED and "kept" in failure(nowhere).sentence


def test_a_file_of_the_limit_is_mailed_and_one_byte_more_is_refused() -> None:
    box = Postbox()
    exact = b"%PDF-".ljust(FILE_BYTES)
    fits, over = hand_over_all(
        "FreshBooks", box, ROUTE, [mailed(content=exact), mailed(content=exact + b" ")]
    )
    assert fits.delivery is not None and len(box.letters) == 1
    assert "10 MB" in failure(over).sentence


@pytest.mark.parametrize(
    ("media_type", "content", "taken"),
    [
        ("image/jpeg", b"\xff\xd8\xff\xe0", True),
        ("image/png", b"\x89PNG\r\n\x1a\n", True),
        ("image/gif", b"GIF89a", False),
        ("application/pdf", b"hello", False),
        ("image/png", b"%PDF-1.7", False),
    ],
)
def test_only_files_that_the_receivers_read_are_mailed(
    media_type: str, content: bytes, taken: bool
) -> None:
    box = Postbox()
    sent = hand_over_all("FreshBooks", box, ROUTE, [mailed("p1", content, media_type)])[0]
    assert (sent.delivery is not None) is taken and len(box.letters) == int(taken)
