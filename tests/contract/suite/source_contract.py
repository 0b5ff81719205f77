"""What every source promises, as tests that each source's own file inherits.

Invariant: the stand-in's truth decides what must come; nothing is asserted that `ports/source.py`
does not promise. A test here names no provider.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from contract.suite.opened import CLOCK, ConnectorContract, Opened, years
from contract.suite.wire import SPOILED, swapped, types_swapped
from well.connectors.jsontext import parse
from well.domain.document import Document
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.invoice import Invoice
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord
from well.ports.source import PAGE_MAX, Page, Source

Key = tuple[str, str]
FILES = 12
"""Files that a test fetches."""


def key(record: SourceRecord) -> Key:
    """Stream and id."""
    return record.key.stream, record.key.source_id


class SourceContract(ConnectorContract):
    """A subclass says where the stand-in's truth is."""

    reads: ClassVar[frozenset[str]] = frozenset({"GET"})
    """Methods by which the API is read."""
    gives_files: ClassVar[bool] = True
    """False where the provider gives records alone: no attachment is told, and none is opened."""
    second_act: ClassVar[bool] = True
    """Whether the stand-in's second act is one of this source."""

    def seeded(self, opened: Opened) -> Mapping[str, set[str]]:
        """Ids that the stand-in holds, by stream; streams that are left out are only read."""
        raise AssertionError("a subclass tells what its stand-in holds")

    def later(self, opened: Opened) -> Iterable[tuple[str, Key]]:
        """What the second act did: ("create" | "update" | "delete", key)."""
        return ()

    def open(self, opened: Opened) -> object:
        """The first page of a stream that is not empty."""
        stream = next(iter(self.seeded(opened)))
        page = opened.source.history(stream, years(20), None)
        assert page.records
        return page

    def pages(self, opened: Opened, stream: str, window: Window) -> list[Page]:
        """A stream's history; each page from a source opened anew, as after a restart."""
        found: list[Page] = []
        cursor: str | None = None
        while not found or cursor is not None:
            page = opened.source.history(stream, window, cursor)
            assert len(page.records) <= PAGE_MAX and page.as_of.tzinfo is not None
            found.append(page)
            cursor = page.next_cursor
        return found

    def history(self, opened: Opened, stream: str, window: Window) -> list[SourceRecord]:
        """All records of it, repeats included."""
        return [r for page in self.pages(opened, stream, window) for r in page.records]

    def changes(self, source: Source, window: Window) -> list[SourceRecord]:
        """All changes of a window."""
        names = [stream.name for stream in source.streams]
        found: list[SourceRecord] = []
        cursor: str | None = None
        while True:
            page = source.changes(names, window, cursor)
            assert len(page.records) <= PAGE_MAX
            found += page.records
            cursor = page.next_cursor
            if cursor is None:
                return found

    # Paging, windows and cursors

    def test_every_record_of_every_stream_comes_whoever_reads_the_next_page(
        self, opened: Opened
    ) -> None:
        seeded = self.seeded(opened)
        assert set(seeded) <= {stream.name for stream in opened.source.streams}
        for stream, wanted in seeded.items():
            pages = self.pages(opened, stream, years(20))
            assert {r.key.source_id for p in pages for r in p.records} == wanted, stream
            assert all(r.key.stream == stream for p in pages for r in p.records)

    def test_a_record_is_repeated_at_the_edges_of_pages_only(self, opened: Opened) -> None:
        for stream in self.seeded(opened):
            pages = [
                {key(r) for r in page.records} for page in self.pages(opened, stream, years(20))
            ]
            for at, page in enumerate(pages):
                assert not any(page & far for far in pages[at + 2 :]), stream

    def test_neighbouring_windows_of_a_dated_stream_share_nothing_and_miss_nothing(
        self, opened: Opened
    ) -> None:
        for stream in [s.name for s in opened.source.streams if s.dated]:
            whole = years(3)
            parts: list[set[Key]] = []
            since = whole.since
            while since < whole.until:
                until = min(since + timedelta(days=140, hours=7), whole.until)
                parts.append({key(r) for r in self.history(opened, stream, Window(since, until))})
                since = until
            wanted = {key(r) for r in self.history(opened, stream, whole)}
            assert set().union(*parts) == wanted, stream
            assert sum(map(len, parts)) == len(wanted), stream

    def test_a_change_at_either_edge_of_a_window_is_in_it(self, opened: Opened) -> None:
        stream = next(iter(self.seeded(opened)))
        sample = self.history(opened, stream, years(20))[:: 1 + self.bills // 4]
        second = timedelta(seconds=1)
        for record in sample:
            at = record.changed_at
            for window in (Window(at, at + second), Window(at - second, at)):
                found = self.changes(opened.source, window)
                assert key(record) in {key(r) for r in found}, (record.key, window)

    def test_what_happens_later_comes_in_its_window_with_tombstones(self, opened: Opened) -> None:
        if not self.second_act:
            pytest.skip("the stand-in has no second act of this source")
        names = [stream.name for stream in opened.source.streams]
        before = {key(r): r for name in names for r in self.history(opened, name, years(20))}
        since = CLOCK.now() - timedelta(seconds=2)
        opened.admin("second-act")
        window = Window(since, CLOCK.now() + timedelta(seconds=2))
        found = {key(r): r for r in self.changes(opened.source, window)}
        later = list(self.later(opened))
        assert later
        for operation, which in later:
            assert which in found, (operation, which)
            assert found[which].deleted == (operation == "delete"), which
            assert (which in before) == (operation != "create"), which

    @pytest.mark.parametrize("cursor", ["", "{", "[]", '["nonsense", -1]', "null", "7" * 9999])
    def test_a_cursor_that_is_none_is_refused_with_a_sentence(
        self, opened: Opened, cursor: str
    ) -> None:
        stream = next(iter(self.seeded(opened)))
        with pytest.raises(Failed) as caught:
            opened.source.history(stream, years(1), cursor)
        assert caught.value.failure.kind is FailureKind.REJECTED
        with pytest.raises(Failed):
            opened.source.changes([stream], years(1), cursor)

    # Files

    def attachments(self, opened: Opened) -> Sequence[SourceRecord]:
        """Some attachment records."""
        streams = [s.name for s in opened.source.streams if s.kind is Kind.ATTACHMENT]
        found = [r for s in streams for r in self.history(opened, s, years(20))]
        return list({key(r): r for r in found}.values())[:FILES]

    def test_files_come_with_their_bytes_and_one_that_is_gone_is_a_failure(
        self, opened: Opened
    ) -> None:
        known = self.attachments(opened)
        assert bool(known) is self.gives_files and all(record.parents for record in known)
        one = (known or self.history(opened, next(iter(self.seeded(opened))), years(20)))[0]
        gone = replace(one, key=replace(one.key, source_id="00000000-gone'"))
        files = opened.source.files([*known, gone])
        assert set(files) == {r.key.source_id for r in [*known, gone]}
        failure = files[gone.key.source_id]
        assert isinstance(failure, Failure) and failure.kind is FailureKind.REJECTED
        documents = [files[record.key.source_id] for record in known]
        assert all(isinstance(d, Document) and d.content and d.name for d in documents)

    def test_a_file_that_is_cut_on_the_way_stops_no_other(self, opened: Opened) -> None:
        known = self.attachments(opened)
        with opened.wire.spoiling(SPOILED["a web page with 502"]):
            try:
                files = opened.source.files(known)
            except Failed as failed:
                assert failed.failure.kind is FailureKind.TRANSIENT
            else:
                assert set(files) == {record.key.source_id for record in known}
                kinds = {f.kind for f in files.values() if isinstance(f, Failure)}
                assert kinds == ({FailureKind.TRANSIENT} if self.gives_files else set())
        assert all(isinstance(f, Document) for f in opened.source.files(known).values())

    # Answers that are none

    def ask_everything(self, opened: Opened) -> None:
        """One page of each way to read."""
        source = opened.source
        names = [stream.name for stream in source.streams]
        for name in names:
            source.history(name, years(20), None)
        source.changes(names, Window(CLOCK.now() - timedelta(days=2), CLOCK.now()), None)

    @pytest.mark.parametrize("spoil", SPOILED)
    def test_an_answer_that_is_none_is_a_failure_and_leaves_no_trace(
        self, opened: Opened, spoil: str
    ) -> None:
        with opened.wire.spoiling(SPOILED[spoil]), pytest.raises(Failed) as caught:
            self.open(opened)
        failure = caught.value.failure
        assert failure.kind in (FailureKind.TRANSIENT, FailureKind.REJECTED), failure
        assert failure.sentence and len(failure.operator_note) < 2000
        assert opened.grants.current().access_token not in str(caught.value)
        self.open(opened)

    @pytest.mark.parametrize("depth", range(7))
    def test_wrong_types_at_any_depth_are_left_out_or_a_failure(
        self, opened: Opened, depth: int
    ) -> None:
        with opened.wire.spoiling(types_swapped(depth)):
            for stream in opened.source.streams:
                try:
                    page = opened.source.history(stream.name, years(20), None)
                except Failed as failed:
                    assert failed.failure.kind in (FailureKind.TRANSIENT, FailureKind.REJECTED)
                    continue
                for record in page.records:
                    self.read(opened, record)
        self.ask_everything(opened)

    def read(self, opened: Opened, record: SourceRecord) -> Invoice | None:
        """The record read both ways: a value, or ValueError with a sentence for an invoice."""
        mapping = opened.connector.mapping
        opened.source.read_company(record, mapping)
        assert opened.source.link(record).startswith(("", "https://", "http://"))
        try:
            return opened.source.read_invoice(record, mapping)
        except ValueError as error:
            assert str(error).endswith("."), error
            return None

    def test_a_record_is_read_the_same_twice_and_odd_values_are_refused(
        self, opened: Opened
    ) -> None:
        read = Counter[bool]()
        for stream in self.seeded(opened):
            for record in self.history(opened, stream, years(20))[:20]:
                once, again = self.read(opened, record), self.read(opened, record)
                assert once == again
                read[once is not None] += 1
                for odd in _odd_bodies(record.body):
                    self.read(opened, replace(record, body=odd))
        assert read[True], "no record could be read as an invoice"

    # The provider's bad days

    @pytest.mark.parametrize("mode", ["cut_before", "cut_after", "cut_body"])
    def test_a_read_survives_a_cut_line(self, opened: Opened, mode: str) -> None:
        opened.fault(mode, count=1, path=self.api[0])
        self.open(opened)

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_server_error_is_transient(self, opened: Opened, status: int) -> None:
        opened.fault("error_before", count=3, status=status, path=self.api[0])
        with pytest.raises(Failed) as caught:
            self.open(opened)
        assert caught.value.failure.kind is FailureKind.TRANSIENT

    def test_nothing_but_reads_leaves(self, opened: Opened) -> None:
        self.ask_everything(opened)
        assert {method for method, _ in opened.wire.calls} <= self.reads


def _odd_bodies(body: bytes) -> Iterable[bytes]:
    """The body cut, empty, of other types, and with each member odd in turn."""
    yield from (b"", b"null", b"[]", b"{}", body[: len(body) // 2], b"\xff" + body)
    try:
        whole: Any = parse(body).value
    except ValueError:
        return
    if not isinstance(whole, dict):
        return
    for depth in range(4):
        yield _text(swapped(whole, depth))
    for name in whole:
        for odd in (None, "", -1, "9" * 400, "\x00\u202e", [], {}, True, [[]], {"value": []}):
            yield _text(whole | {name: odd})


def _text(value: Any) -> bytes:
    # Numbers of a record are Decimal; only their place matters here.
    return json.dumps(value, default=str).encode()
