"""Qonto as a target: the mirror of its supplier invoices, and uploading files.

Invariant: an upload is sent once; a file whose fate the answer does not tell is `NO_ANSWER`.
Files are told apart by their names, which carry the source record's id. It decides nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from well.connectors.failures import rejected, transient
from well.connectors.http import Answer, Part, TooLargeError, UnansweredError
from well.connectors.jsontext import mapping, sequence
from well.connectors.qonto import listing
from well.connectors.qonto.client import Client
from well.connectors.qonto.entries import entry_of
from well.connectors.qonto.limits import (
    BATCH,
    FILE_BYTES,
    KEY_LIFETIME,
    SETTLE,
    TITLE,
    failure_of,
    item_failure,
    no_answer,
    not_a_pdf,
    too_large,
    troubles,
)
from well.domain.document import PDF
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.ids import stable_id
from well.domain.marker import Window
from well.ports.clock import Clock
from well.ports.target import EntryPage, Sent, Shipment, TargetLimits

_POINTER = re.compile(r"/supplier_invoices/([0-9]{1,3})(?:/|$)")
Outcome = TargetEntry | Failure


class QontoTarget:
    """One organization, opened for mirroring and uploading."""

    def __init__(self, client: Client, app: str, clock: Clock, settle: float = SETTLE) -> None:
        self._client = client
        self._app = app
        self._clock = clock
        self._limits = TargetLimits(BATCH, FILE_BYTES, KEY_LIFETIME, settle)

    @property
    def limits(self) -> TargetLimits:
        """What Qonto bears."""
        return self._limits

    def entries(self, window: Window | None, cursor: str | None) -> EntryPage:
        """Supplier invoices updated in the window, oldest change first."""
        start = listing.Place(window.since - listing.TICK if window else None)
        at = listing.place(cursor) or start
        until = window.until if window else None
        nodes, after, as_of = listing.read(self._client, "updated_at", at, until)
        entries = tuple(entry_of(node.value, self._app, as_of) for node in nodes)
        return EntryPage(entries, after.dump() if after else None, as_of)

    def created_since(self, since: datetime) -> Sequence[TargetEntry]:
        """Every supplier invoice created at or after `since`."""
        found: dict[str, TargetEntry] = {}
        at: listing.Place | None = listing.Place(since - listing.TICK)
        while at is not None:
            nodes, at, as_of = listing.read(self._client, "created_at", at, None)
            entries = [entry_of(node.value, self._app, as_of) for node in nodes]
            found |= {entry.id: entry for entry in entries}
        return [entry for entry in found.values() if entry.created_at >= since]

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        """Upload up to 20 files in one request; one outcome for each, in order.

        Raises `Failed` where nothing was done and the connection as a whole is at fault: it is
        not reachable, limited, or its grant is lost.
        """
        assert len(shipments) <= BATCH, "more files than a request takes"
        outcomes: dict[str, Outcome] = {}
        for shipment in shipments:
            unfit = _unfit(shipment, shipments)
            if unfit is not None:
                outcomes[shipment.posting] = unfit
        fit = [s for s in shipments if s.posting not in outcomes]
        if fit:
            outcomes |= zip((s.posting for s in fit), self._upload(fit), strict=True)
        return [_sent(s.posting, outcomes[s.posting]) for s in shipments]

    def _upload(self, shipments: Sequence[Shipment]) -> Sequence[Outcome]:
        key = stable_id("qonto bulk", *(shipment.idempotency_key for shipment in shipments))
        try:
            answer = self._client.bulk_create(_parts(shipments), key)
        except UnansweredError as error:
            if not error.left:
                raise transient(TITLE, str(error)) from error
            return [no_answer(str(error))] * len(shipments)
        except TooLargeError as error:
            return [no_answer(str(error))] * len(shipments)
        failure = self._whole(answer)
        return [failure] * len(shipments) if failure else self._matched(answer, shipments)

    def _whole(self, answer: Answer) -> Failure | None:
        """The failure of each file when the request was refused; None when single files were."""
        failed = failure_of(answer, self._clock.now())
        if failed is None:
            return None
        # A server that broke or gave up may have taken the files first.
        unsure = failed.failure.kind is FailureKind.TRANSIENT or answer.status < 400
        if unsure:
            return no_answer(failed.failure.operator_note)
        if failed.failure.kind is not FailureKind.REJECTED:
            raise failed
        return failed.failure

    def _matched(self, answer: Answer, shipments: Sequence[Shipment]) -> Sequence[Outcome]:
        try:
            body = mapping(answer.json().value)
            created = [
                entry_of(item, self._app, self._clock.now())
                for item in sequence(body.get("supplier_invoices"))
            ]
        except (ValueError, Failed) as error:
            return [no_answer(f"unreadable answer: {error}")] * len(shipments)
        return match(shipments, created, self._item_failures(body, len(shipments)))

    def _item_failures(self, body: Mapping[str, Any], count: int) -> Mapping[int, Failure]:
        found: dict[int, Failure] = {}
        for trouble in troubles(body):
            pointer = _POINTER.match(trouble.pointer)
            if pointer and int(pointer[1]) < count:
                found[int(pointer[1])] = item_failure(trouble, self._clock.now())
        return found


def match(
    shipments: Sequence[Shipment],
    created: Sequence[TargetEntry],
    failures: Mapping[int, Failure],
) -> Sequence[Outcome]:
    """One outcome for each shipment: its own entry by file name, its error by position, or none.

    A shipment that is both created and refused, and one that is neither, is `NO_ANSWER`. Where
    exactly one entry and one shipment are left over, the name was changed and they belong
    together.
    """
    counts = Counter(entry.file_name for entry in created)
    named = {entry.file_name: entry for entry in created if counts[entry.file_name] == 1}
    names = {shipment.document.name for shipment in shipments}
    strangers = [entry for entry in created if entry.file_name not in names]
    open_ones = [
        index
        for index, shipment in enumerate(shipments)
        if shipment.document.name not in counts and index not in failures
    ]
    outcomes: list[Outcome] = []
    for index, shipment in enumerate(shipments):
        entry = named.get(shipment.document.name)
        if len(strangers) == 1 and open_ones == [index]:
            entry = strangers[0]
        failure = failures.get(index)
        if (entry is None) == (failure is None):
            outcomes.append(no_answer("the answer does not tell what became of this file"))
        else:
            outcomes.append(entry or failure or no_answer(""))
    return outcomes


def _sent(posting: str, outcome: Outcome) -> Sent:
    if isinstance(outcome, Failure):
        return Sent(posting, failure=outcome)
    return Sent(posting, entry=outcome)


def _unfit(shipment: Shipment, batch: Sequence[Shipment]) -> Failure | None:
    """Why a file is not sent at all: Qonto would refuse it, or could not tell it from another."""
    document = shipment.document
    if len(document.content) > FILE_BYTES:
        return rejected(too_large(), f"{len(document.content)} bytes").failure
    if document.media_type != PDF or b"%PDF-" not in document.content[:1024]:
        return rejected(not_a_pdf(), document.media_type).failure
    if sum(1 for other in batch if other.document.name == document.name) > 1:
        return rejected("Two files of one batch have the same name.", document.name).failure
    return None


def _parts(shipments: Sequence[Shipment]) -> list[Part]:
    """The groups in order: the file, then its key."""
    parts: list[Part] = []
    for shipment in shipments:
        document = shipment.document
        parts.append(("supplier_invoices[][file]", (document.name, document.content, PDF)))
        parts.append(("supplier_invoices[][idempotency_key]", (None, shipment.idempotency_key)))
    return parts
