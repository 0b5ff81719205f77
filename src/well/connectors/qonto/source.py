"""Qonto as a source: its supplier invoices and their files.

Invariant: reads only, pages of at most 200 records (66 invoices, their files and suppliers). Qonto
tells no deletions. It decides nothing.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from well.connectors.failures import rejected
from well.connectors.filetypes import document
from well.connectors.jsontext import mapping, text
from well.connectors.qonto import listing
from well.connectors.qonto.client import Client
from well.connectors.qonto.entries import link_of
from well.connectors.qonto.limits import SOURCE_ROWS, TITLE
from well.connectors.qonto.mapping import (
    ATTACHMENTS,
    INVOICES,
    SUPPLIERS,
    company_of,
    invoice_of,
    records_of,
)
from well.domain.counterparty import Counterparty
from well.domain.document import Document
from well.domain.failure import Failed, Failure
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord
from well.ports.source import Page, Stream

AT_ONCE = 4
STREAMS = (
    Stream(SUPPLIERS, Kind.COMPANY, "When a supplier is named on a Qonto invoice"),
    Stream(ATTACHMENTS, Kind.ATTACHMENT, "When a supplier invoice is uploaded to Qonto"),
    Stream(INVOICES, Kind.SUPPLIER_INVOICE, "When a Qonto supplier invoice is updated"),
)


class QontoSource:
    """One organization, opened for reading."""

    def __init__(self, connection: str, client: Client, app: str) -> None:
        self._connection = connection
        self._client = client
        self._app = app

    @property
    def streams(self) -> Sequence[Stream]:
        """Suppliers and files, then invoices."""
        return STREAMS

    def changes(self, streams: Sequence[str], window: Window, cursor: str | None) -> Page:
        """Invoices updated in the window, oldest change first, with their files."""
        start = listing.Place(window.since - listing.TICK)
        return self._page(streams, listing.place(cursor) or start, window)

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:  # noqa: ARG002
        """All invoices, or all files; the dates Qonto has read are not sure enough to cut by."""
        return self._page([stream], listing.place(cursor) or listing.Place(), None)

    def files(self, attachments: Sequence[SourceRecord]) -> Mapping[str, Document | Failure]:
        """Bytes of attachments through fresh signed links."""
        ids = list(dict.fromkeys(attachment.key.source_id for attachment in attachments))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip(ids, pool.map(self._file, ids), strict=True))

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        """A supplier invoice under the mapping. ValueError with a sentence if broken."""
        return invoice_of(record, mapping)

    def read_company(
        self,
        record: SourceRecord,
        mapping: FieldMapping,  # noqa: ARG002
    ) -> Counterparty | None:
        """A supplier as Qonto read it on an invoice; None for a record of another kind."""
        return company_of(record) if record.kind is Kind.COMPANY else None

    def link(self, record: SourceRecord) -> str:
        """The invoice's page in Qonto; "" for a file."""
        stream = record.key.stream
        return link_of(self._app, record.key.source_id) if stream == INVOICES else ""

    def _page(self, streams: Sequence[str], at: listing.Place, window: Window | None) -> Page:
        until = window.until if window else None
        nodes, after, as_of = listing.read(self._client, "updated_at", at, until, SOURCE_ROWS)
        found = [r for node in nodes for r in records_of(self._connection, node, as_of)]
        records = tuple(record for record in found if record.key.stream in streams)
        return Page(records, after.dump() if after else None, as_of)

    def _file(self, attachment: str) -> Document | Failure:
        try:
            body = mapping(self._client.attachment(attachment).value)
            link = body.get("url")
            if not isinstance(link, str):
                return rejected(f"{TITLE} gave no link to this file.").failure
            content = self._client.file(link)
        except Failed as failed:
            return failed.failure
        name = text(body.get("file_name")) or f"{attachment}.pdf"
        return document(name, text(body.get("file_content_type")), content)
