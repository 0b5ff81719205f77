"""Xero as a source: lists, documents by date, changes, files, and what they say.

Invariant: reads only, pages of at most 200 records; the cursor alone says where a list stands, so
any worker can go on. Whether the API or the MCP server's tools are asked is decided once, by the
installation's setting. It decides nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

from well.connectors.failures import rejected
from well.connectors.xero.client import Client
from well.connectors.xero.company import company_of
from well.connectors.xero.files import fetch_files
from well.connectors.xero.limits import TITLE
from well.connectors.xero.reading import invoice_of
from well.connectors.xero.shapes import body_of
from well.domain.counterparty import Counterparty
from well.domain.document import Document
from well.domain.failure import Failure
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord
from well.ports.source import Page, Stream

_PAGES = {
    "bills": "AccountsPayable/View.aspx?InvoiceID=",
    "credit_notes": "AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
    "sales_invoices": "AccountsReceivable/View.aspx?InvoiceID=",
    "sales_credit_notes": "AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
    "bank_transactions": "Bank/ViewTransaction.aspx?bankTransactionID=",
    "contacts": "Contacts/View/",
}
NO_FILES = rejected(
    f"{TITLE}'s MCP server gives no files, and this installation does not use {TITLE}'s own API. "
    "The record is kept; whoever runs Well can let it (WELL_XERO_REST)."
).failure


class Lists(Protocol):
    """Where pages of records come from: the API, or the tools."""

    def changes(self, wanted: Sequence[str], window: Window, cursor: str | None) -> Page: ...

    def history(self, stream: str, window: Window, cursor: str | None) -> Page: ...


class XeroSource:
    """One organisation, opened for reading; `app` is the address of Xero's own pages, `home` the
    currency of its books, "" where it is not known. Without a `client` there are no files.
    """

    def __init__(
        self,
        streams: Sequence[Stream],
        lists: Lists,
        client: Client | None,
        app: str,
        home: str = "",
    ) -> None:
        self._home = home
        self._streams = streams
        self._lists = lists
        self._client = client
        self._app = app

    @property
    def streams(self) -> Sequence[Stream]:
        """Every stream, lists before documents."""
        return self._streams

    def changes(self, streams: Sequence[str], window: Window, cursor: str | None) -> Page:
        """Changes of all streams, one list after the other."""
        return self._lists.changes(streams, window, cursor)

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        """Documents of a window of days; a list whole."""
        return self._lists.history(stream, window, cursor)

    def files(self, attachments: Sequence[SourceRecord]) -> Mapping[str, Document | Failure]:
        """Bytes of attachments, with the connection's token."""
        if self._client is None:
            return {a.key.source_id: NO_FILES for a in attachments}
        return fetch_files(self._client, attachments)

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        """A document as an invoice under the mapping. ValueError with a sentence if broken."""
        return invoice_of(record, mapping, self._home)

    def read_company(self, record: SourceRecord, mapping: FieldMapping) -> Counterparty | None:
        """A contact as a counterparty; None where it is none or cannot be read."""
        if record.kind is not Kind.COMPANY or record.deleted:
            return None
        try:
            return company_of(body_of(record), mapping, record.key.record_id)
        except ValueError:
            return None

    def link(self, record: SourceRecord) -> str:
        """The record's page in Xero; "" where there is none."""
        page = _PAGES.get(record.key.stream)
        if not self._app or record.deleted or page is None:
            return ""
        return f"{self._app}/{page}{quote(record.key.source_id, safe='')}"
