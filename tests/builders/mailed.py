"""Letters that a test looks at instead of a mail server.

Invariant: every letter handed over is kept, also one that is answered by a failure after it left.
"""

from dataclasses import dataclass, field
from datetime import date

from builders.connectors import NOW
from well.domain.delivery import Delivery, DeliveryState, MailRoute
from well.domain.document import PDF, Document
from well.domain.failure import Failed
from well.domain.invoice import Invoice, Seller
from well.domain.money import Money
from well.ports.grants import Grants
from well.ports.mailer import Letter, Mailer
from well.ports.target import Cover, Shipment

ROUTE = MailRoute("receipts@inbox.example", "office@acme.example")
INVOICE = Invoice(
    number="INV-2026-04-100",
    issue_date=date(2026, 4, 22),
    due_date=date(2026, 5, 22),
    currency="EUR",
    net_total=Money(102720, "EUR"),
    tax_total=Money(25680, "EUR"),
    gross_total=Money(128400, "EUR"),
    seller=Seller(name="Algolia SAS", vat_id="FR75814107155"),
)
COVER = Cover(INVOICE, "Qonto", "4d5418bb", "https://app.example.com/supplier-invoices/4d5418bb")


@dataclass
class Postbox:
    """The ports `Mailers` and `Mailer`; `troubles` are raised in turn, None lets one through."""

    troubles: list[Failed | None] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    routes: list[MailRoute] = field(default_factory=list)

    def of(self, connection: str, grants: Grants) -> Mailer:
        return self

    def hand_over(self, route: MailRoute, letter: Letter) -> Delivery:
        trouble = self.troubles.pop(0) if self.troubles else None
        self.letters.append(letter)
        self.routes.append(route)
        if trouble is not None:
            raise trouble
        return Delivery(DeliveryState.HANDED_OVER, f"<{letter.posting}@well.example>", NOW)


def mailed(
    posting: str = "p1",
    content: bytes = b"%PDF-1.7",
    media_type: str = PDF,
    cover: Cover | None = COVER,
) -> Shipment:
    """One shipment with its cover."""
    document = Document("INV-2026-04-100--qonto-supplierinvoice-4d5418bb.pdf", media_type, content)
    return Shipment(posting, f"key-{posting}", document, cover)
