"""QuickBooks as a source: lists, documents by date, changes, files, and what they say.

Invariant: reads only, pages of at most 200 records; the cursor alone says where a list stands,
so any worker can go on. It decides nothing.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from well.connectors.quickbooks import queries
from well.connectors.quickbooks.client import Client, spell
from well.connectors.quickbooks.company import company_of
from well.connectors.quickbooks.feed import Changes, rows, step
from well.connectors.quickbooks.files import fetch_files
from well.connectors.quickbooks.paging import place
from well.connectors.quickbooks.reading import body_of, invoice_of
from well.connectors.quickbooks.streams import BY_NAME, LISTINGS
from well.domain.counterparty import Counterparty
from well.domain.document import Document
from well.domain.failure import Failure
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord
from well.ports.clock import Clock
from well.ports.source import Page, Stream

_PAGES = {
    "bills": "bill",
    "vendor_credits": "vendorcredit",
    "purchases": "expense",
    "invoices": "invoice",
    "sales_receipts": "salesreceipt",
    "credit_memos": "creditmemo",
    "payments": "recvpayment",
    "bill_payments": "billpayment",
    "purchase_orders": "purchaseorder",
}
_DETAILS = {"vendors": "vendordetail?nameId=", "customers": "customerdetail?nameId="}


class QuickBooksSource:
    """One company, opened for reading; `app` is the address of QuickBooks' own pages, `home` the
    currency of its books, "" where it is not known."""

    def __init__(
        self, connection: str, client: Client, app: str, clock: Clock, home: str = ""
    ) -> None:
        self._connection = connection
        self._client = client
        self._app = app
        self._home = home
        self._changes = Changes(connection, client, clock)

    @property
    def streams(self) -> Sequence[Stream]:
        """Every stream, lists before documents."""
        return [listing.stream for listing in LISTINGS]

    def changes(self, streams: Sequence[str], window: Window, cursor: str | None) -> Page:
        """Changes of all streams by one call of the change feed where it reaches."""
        wanted = frozenset(streams)
        listings = [listing for listing in LISTINGS if listing.stream.name in wanted]
        return self._changes.page(listings, window, step(cursor))

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        """Documents of a window of days, newest first; a list whole."""
        listing, at = BY_NAME[stream], place(cursor)
        reply = self._client.query(queries.history(listing, window, at))
        records = rows(self._connection, listing, reply)
        if listing.stream.dated:
            days = [str(body_of(record).get("TxnDate") or "") for record in records]
            after = at.after(days, descending=True)
        else:
            after = at.after([spell(record.changed_at) for record in records])
        return Page(tuple(records), after.dump() if after else None, reply.as_of)

    def files(self, attachments: Sequence[SourceRecord]) -> Mapping[str, Document | Failure]:
        """Bytes of attachments through fresh signed links."""
        return fetch_files(self._client, attachments)

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        """A transaction as an invoice under the mapping. ValueError with a sentence if broken."""
        return invoice_of(record, mapping, self._home)

    def read_company(self, record: SourceRecord, mapping: FieldMapping) -> Counterparty | None:
        """A vendor or customer as a counterparty; None where it is none or cannot be read."""
        if record.kind is not Kind.COMPANY or record.deleted:
            return None
        try:
            return company_of(body_of(record), mapping, record.key.record_id)
        except ValueError:
            return None

    def link(self, record: SourceRecord) -> str:
        """The record's page in QuickBooks; "" where there is none."""
        stream, source_id = record.key.stream, quote(record.key.source_id, safe="")
        if not self._app or record.deleted:
            return ""
        if stream in _PAGES:
            return f"{self._app}/app/{_PAGES[stream]}?txnId={source_id}"
        return f"{self._app}/app/{_DETAILS[stream]}{source_id}" if stream in _DETAILS else ""
