"""What every target that takes files promises, as tests that each target's own file inherits.

Invariant: what the stand-in really holds decides; an outcome that could not be known is
`NO_ANSWER`, never a guess. A test here names no provider.
"""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from reportlab.pdfgen.canvas import Canvas

from contract.suite.opened import CLOCK, ConnectorContract, Opened
from contract.suite.wire import SPOILED, types_swapped
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, FailureKind
from well.domain.marker import Window
from well.ports.target import Sent, Shipment

SECOND = timedelta(seconds=1)


def pdf(number: str) -> bytes:
    """A small invoice."""
    out = io.BytesIO()
    canvas = Canvas(out)
    lines = [f"Invoice number: {number}", "Issue date: 2026-04-22", "Total: 1,284.00 EUR"]
    for at, line in enumerate(lines):
        canvas.drawString(72, 760 - 20 * at, line)
    canvas.save()
    return out.getvalue()


class TargetContract(ConnectorContract):
    """A subclass says by which paths it writes and how an entry there is touched."""

    write: ClassVar[str]
    """The beginning of the path that creates entries."""

    def shipment(self, content: bytes | None = None) -> Shipment:
        """One file as the pipeline would send it."""
        number = f"INV-{uuid4().hex[:8]}"
        name = f"{number}--quickbooks-bill-{uuid4().hex[:6]}.pdf"
        document = Document(name, PDF, pdf(number) if content is None else content)
        return Shipment(str(uuid4()), str(uuid4()), document)

    def touch(self, opened: Opened, entry: str) -> None:
        """Change an entry at the provider, as a person there would."""
        raise AssertionError("a subclass knows how")

    def open(self, opened: Opened) -> object:
        """The first page of entries."""
        return opened.target.entries(None, None)

    def mirrored(self, opened: Opened, window: Window | None) -> list[TargetEntry]:
        """All entries; each page from a target opened anew, as after a restart."""
        found: list[TargetEntry] = []
        cursor: str | None = None
        while True:
            page = opened.target.entries(window, cursor)
            found += page.entries
            cursor = page.next_cursor
            if cursor is None:
                return found

    def names(self, opened: Opened) -> list[str]:
        """File names of what the target really holds."""
        return [str(row["file_name"]) for row in opened.entries()]

    def failures(self, sent: Sequence[Sent]) -> set[FailureKind]:
        """The kinds of all outcomes, none of which is an entry."""
        assert all(one.entry is None and one.delivery is None for one in sent)
        return {one.failure.kind for one in sent if one.failure}

    # The mirror

    def test_the_mirror_holds_every_entry_whoever_reads_the_next_page(self, opened: Opened) -> None:
        opened.target.send([self.shipment() for _ in range(opened.target.limits.batch_max)])
        found = {entry.id: entry for entry in self.mirrored(opened, None)}
        assert set(found) == {str(row["id"]) for row in opened.entries()}
        assert all(entry.created_at.tzinfo for entry in found.values())

    def test_a_changed_entry_is_in_the_next_window(self, opened: Opened) -> None:
        entry = str(opened.entries()[0]["id"])
        since = CLOCK.now() - timedelta(milliseconds=5)
        self.touch(opened, entry)
        window = Window(since, CLOCK.now() + SECOND)
        assert entry in {found.id for found in self.mirrored(opened, window)}

    @pytest.mark.parametrize("cursor", ["", "{", "[]", '["nonsense", -1]', "null", "7" * 9999])
    def test_a_cursor_that_is_none_is_refused_with_a_sentence(
        self, opened: Opened, cursor: str
    ) -> None:
        with pytest.raises(Failed) as caught:
            opened.target.entries(None, cursor)
        assert caught.value.failure.kind is FailureKind.REJECTED

    # Sending

    def test_each_file_has_one_outcome_in_order_and_is_found_again(self, opened: Opened) -> None:
        limits = opened.target.limits
        assert limits.batch_max >= 1 and limits.file_bytes_max > 0 and limits.settle >= 0
        batch, before = [self.shipment() for _ in range(limits.batch_max)], CLOCK.now()
        sent = opened.target.send(batch)
        assert [one.posting for one in sent] == [one.posting for one in batch]
        for one, outcome in zip(batch, sent, strict=True):
            assert outcome.failure is None and outcome.entry is not None
            assert outcome.entry.file_name == one.document.name
        listed = {e.id for e in opened.target.created_since(before - SECOND)}
        assert {one.entry.id for one in sent if one.entry} <= listed
        names = self.names(opened)
        assert all(names.count(one.document.name) == 1 for one in batch)

    def test_nothing_created_before_a_moment_is_found_after_it(self, opened: Opened) -> None:
        opened.target.send([self.shipment()])
        assert not opened.target.created_since(CLOCK.now() + timedelta(minutes=5))

    def test_a_file_over_the_limit_is_refused_and_the_others_go(self, opened: Opened) -> None:
        limit = opened.target.limits.file_bytes_max
        start = pdf("big")
        huge = self.shipment(start + bytes(limit + 1 - len(start)))
        good = self.shipment()
        first, second = opened.target.send([huge, good])
        assert self.failures([first]) == {FailureKind.REJECTED}
        assert second.entry is not None
        assert huge.document.name not in self.names(opened)

    def test_a_file_that_is_no_document_is_refused_before_it_leaves(self, opened: Opened) -> None:
        text = Shipment("p2", str(uuid4()), Document("a.pdf", "text/plain", b"hello"))
        calls = len(opened.wire.calls)
        assert self.failures(opened.target.send([text])) == {FailureKind.REJECTED}
        assert len(opened.wire.calls) == calls

    @pytest.mark.parametrize("mode", ["error_after", "cut_after", "cut_body"])
    def test_a_lost_answer_is_no_answer_and_the_entries_are_found_by_reading_back(
        self, opened: Opened, mode: str
    ) -> None:
        batch, before = [self.shipment(), self.shipment()], CLOCK.now()
        opened.fault(mode, count=1, method="POST", path=self.write)
        assert self.failures(opened.target.send(batch)) == {FailureKind.NO_ANSWER}
        found = [e.file_name for e in opened.target.created_since(before - SECOND)]
        assert all(found.count(one.document.name) == 1 for one in batch)
        assert all(self.names(opened).count(one.document.name) == 1 for one in batch)

    @pytest.mark.parametrize("mode", ["error_before", "cut_before"])
    def test_an_answer_that_never_came_is_never_taken_for_a_refusal(
        self, opened: Opened, mode: str
    ) -> None:
        one, before = self.shipment(), CLOCK.now()
        opened.fault(mode, count=1, method="POST", path=self.write)
        assert self.failures(opened.target.send([one])) == {FailureKind.NO_ANSWER}
        found = [e.file_name for e in opened.target.created_since(before - SECOND)]
        assert one.document.name not in found

    @pytest.mark.parametrize("spoil", [name for name in SPOILED if "status" not in name])
    def test_an_answer_to_a_write_that_cannot_be_read_is_no_answer(
        self, opened: Opened, spoil: str
    ) -> None:
        one, before = self.shipment(), CLOCK.now()
        with opened.wire.spoiling(SPOILED[spoil]):
            assert self.failures(opened.target.send([one])) == {FailureKind.NO_ANSWER}
        found = [e.file_name for e in opened.target.created_since(before - SECOND)]
        assert found.count(one.document.name) == 1

    @pytest.mark.parametrize("depth", range(5))
    def test_wrong_types_in_the_answer_never_invent_an_entry(
        self, opened: Opened, depth: int
    ) -> None:
        one = self.shipment()
        with opened.wire.spoiling(types_swapped(depth)):
            (sent,) = opened.target.send([one])
        if sent.entry is None:
            assert self.failures([sent]) == {FailureKind.NO_ANSWER}
        else:
            assert sent.entry.id in {str(row["id"]) for row in opened.entries()}

    def test_a_provider_that_cannot_be_reached_has_taken_nothing(self, opened: Opened) -> None:
        one = self.shipment()
        with opened.wire.down(), pytest.raises(Failed) as caught:
            opened.target.send([one])
        assert caught.value.failure.kind is FailureKind.TRANSIENT
        assert one.document.name not in self.names(opened)

    def test_a_limit_holds_the_whole_request_and_nothing_was_done(self, opened: Opened) -> None:
        one = self.shipment()
        opened.fault("rate_limit", count=1, retry_after=30, path=self.write)
        with pytest.raises(Failed) as caught:
            opened.target.send([one])
        assert caught.value.failure.kind is FailureKind.RATE_LIMITED
        assert caught.value.failure.retry_at is not None
        assert one.document.name not in self.names(opened)

    def test_a_write_meets_an_ended_token_once_and_is_done_once(self, opened: Opened) -> None:
        opened.admin("expire-tokens")
        one = self.shipment()
        (sent,) = opened.target.send([one])
        assert sent.entry is not None and len(opened.grants.saved) == 1
        assert self.names(opened).count(one.document.name) == 1

    def test_a_lost_grant_writes_nothing(self, opened: Opened) -> None:
        one = self.shipment()
        opened.connector.revoke(opened.grants.current())
        with pytest.raises(Failed) as caught:
            opened.target.send([one])
        assert caught.value.failure.kind is FailureKind.GRANT_LOST
        assert one.document.name not in self.names(opened)

    @pytest.mark.parametrize("spoil", SPOILED)
    def test_a_list_that_cannot_be_read_is_a_failure(self, opened: Opened, spoil: str) -> None:
        with opened.wire.spoiling(SPOILED[spoil]):
            for ask in (
                lambda: opened.target.entries(None, None),
                lambda: opened.target.created_since(CLOCK.now() - timedelta(days=1)),
            ):
                with pytest.raises(Failed) as caught:
                    ask()
                kind = caught.value.failure.kind
                assert kind in (FailureKind.TRANSIENT, FailureKind.REJECTED)
