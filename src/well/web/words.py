"""The names of states, kinds, steps and fields as people read them (glossary of the product).

Invariant: the same thing has the same word on every page; each state has a word, an icon and a
tone, so that colour is never alone. It holds no sentence about one record.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from well.domain.case import CaseState
from well.domain.decision import Outcome
from well.domain.delivery import DeliveryState
from well.domain.failure import FailureKind, WayOut
from well.domain.flow import ConnectionState
from well.domain.invoice import Origin
from well.domain.posting import PostingState
from well.domain.source_record import Kind

Words = Promise | str


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its icon (of the sprite), its tone (good, warn, bad or plain) and a sentence."""

    word: Words
    icon: str
    tone: str
    sentence: Words = ""


STATES: dict[str, Sign] = {
    CaseState.WAITING: Sign(_("Waiting"), "clock", "plain", _("on its way, nothing to do")),
    CaseState.REVIEW: Sign(_("In review"), "circle-dot", "warn", _("a person decides")),
    CaseState.HELD: Sign(_("Held"), "pause", "warn", _("changed at the source after posting")),
    CaseState.FAILED: Sign(_("Failed"), "triangle-alert", "bad", _("kept, with a way to continue")),
    CaseState.REFUSED: Sign(_("Refused"), "circle-x", "bad", _("not posted, can be reopened")),
    CaseState.POSTED: Sign(_("Posted"), "circle-check", "good", _("written and read back")),
    CaseState.LINKED: Sign(_("Linked"), "link", "good", _("was already there")),
    CaseState.IGNORED: Sign(_("Ignored"), "ban", "plain", _("not posted by the flow's rule")),
}

CONNECTIONS: dict[str, Sign] = {
    ConnectionState.CONNECTED: Sign(_("Connected"), "circle-check", "good"),
    ConnectionState.GRANT_LOST: Sign(_("Authorisation lost"), "triangle-alert", "bad"),
    ConnectionState.DISCONNECTED: Sign(_("Disconnected"), "unplug", "plain"),
}

POSTINGS: dict[str, Sign] = {
    PostingState.PLANNED: Sign(_("Planned"), "clock", "plain"),
    PostingState.UNKNOWN: Sign(_("Sent, answer being checked"), "circle-help", "warn"),
    PostingState.SENT: Sign(_("Sent, being read back"), "arrow-right", "plain"),
    PostingState.CONFIRMED: Sign(_("Confirmed"), "circle-check", "good"),
    PostingState.REJECTED: Sign(_("Rejected"), "circle-x", "bad"),
}

DELIVERIES: dict[str, Sign] = {
    DeliveryState.HANDED_OVER: Sign(_("Handed over to the mail server"), "arrow-right", "plain"),
    DeliveryState.DELIVERED: Sign(_("Delivered to the inbox"), "check", "good"),
    DeliveryState.BOUNCED: Sign(_("Came back"), "triangle-alert", "bad"),
    "asked": Sign(_("Mailed, a person is asked"), "circle-help", "warn"),
}

KINDS: dict[str, Words] = {
    Kind.SUPPLIER_INVOICE: _("Supplier invoices"),
    Kind.SUPPLIER_CREDIT_NOTE: _("Supplier credit notes"),
    Kind.TRANSACTION: _("Transactions"),
    Kind.COMPANY: _("Companies"),
    Kind.SALES_INVOICE: _("Sales invoices"),
    Kind.SALES_CREDIT_NOTE: _("Sales credit notes"),
    Kind.PAYMENT: _("Payments"),
    Kind.PURCHASE_ORDER: _("Purchase orders"),
    Kind.ACCOUNT: _("Accounts"),
    Kind.TAX_CODE: _("Tax codes"),
    Kind.ATTACHMENT: _("Attachments"),
}

ONE_KIND: dict[str, Words] = {
    Kind.SUPPLIER_INVOICE: _("Supplier invoice"),
    Kind.SUPPLIER_CREDIT_NOTE: _("Supplier credit note"),
    Kind.TRANSACTION: _("Transaction"),
    Kind.COMPANY: _("Company"),
    Kind.SALES_INVOICE: _("Sales invoice"),
    Kind.SALES_CREDIT_NOTE: _("Sales credit note"),
    Kind.PAYMENT: _("Payment"),
    Kind.PURCHASE_ORDER: _("Purchase order"),
    Kind.ACCOUNT: _("Account"),
    Kind.TAX_CODE: _("Tax code"),
    Kind.ATTACHMENT: _("Attachment"),
}

_NAMELESS = (Kind.TAX_CODE, Kind.ACCOUNT, Kind.ATTACHMENT, Kind.COMPANY, Kind.PAYMENT)
"""Kinds of records that have no supplier to read."""

ENTERS_AS: dict[str, Words] = {
    Kind.COMPANY: _("Known as a counterparty: names, tax ids and accounts help matching."),
    Kind.PAYMENT: _("Kept with what it pays; nothing is posted, and no match is made by it."),
    Kind.PURCHASE_ORDER: _("Kept with its lines; nothing is posted, and no match is made by it."),
    Kind.ACCOUNT: _("Kept with its currency and number; nothing is posted."),
    Kind.TAX_CODE: _("Kept for reference; nothing is posted."),
    Kind.ATTACHMENT: _("Its file becomes the document of the record it belongs to."),
}

OUTCOMES: dict[str, Words] = {
    Outcome.POST: _("Post as new"),
    Outcome.LINK: _("Link to an existing entry"),
    Outcome.REVIEW: _("Ask a person"),
    Outcome.REFUSE: _("Refuse"),
    Outcome.HOLD: _("Hold"),
    Outcome.IGNORE: _("Ignore"),
    Outcome.KEEP: _("Keep as posted"),
}

VERDICTS: dict[str, Words] = {
    "approve": _("posted as new, or accepted"),
    "link": _("linked"),
    "pin": _("pinned to an entry"),
    "refuse": _("refused"),
    "removed": _("removed at the target"),
    "retry": _("tried again"),
    "seen": _("seen at the target"),
    "again": _("sent again"),
    "reopen": _("reopened"),
    "right": _("spot check: right"),
    "wrong": _("spot check: wrong"),
    "forgotten": _("forgotten"),
    "correct": _("fields corrected"),
    "undo": _("correction taken back"),
}

FAILURES: dict[str, Words] = {
    FailureKind.TRANSIENT: _("Temporary"),
    FailureKind.RATE_LIMITED: _("Provider asked to slow down"),
    FailureKind.GRANT_LOST: _("Authorisation lost"),
    FailureKind.REJECTED: _("Not accepted as it is"),
    FailureKind.CONFLICT: _("Changed meanwhile"),
    FailureKind.NO_ANSWER: _("No answer"),
    FailureKind.BUG: _("Fault in Well"),
}

WAYS_OUT: dict[str, Words] = {
    WayOut.WAIT: _("Well tries again by itself; retry now if you do not want to wait."),
    WayOut.RECONNECT: _("Reconnect the account, then retry."),
    WayOut.FIX_AND_RETRY: _("Correct the record at its source, then retry."),
    WayOut.RETRY: _("Retry."),
    WayOut.DECIDE: _("Open the record and decide."),
    WayOut.DELIVERY: _("Put it right on the page “Delivery by e-mail”; what waits goes on then."),
}

ORIGINS: dict[str, Words] = {
    Origin.API: _("source record"),
    Origin.XML: _("embedded XML"),
    Origin.TEXT: _("page text"),
    Origin.OCR: _("scan"),
    Origin.LLM: _("language model"),
    Origin.PERSON: _("a person"),
}

FIELDS: dict[str, Words] = {
    "number": _("Number"),
    "issue_date": _("Issue date"),
    "due_date": _("Due date"),
    "gross_total": _("Total"),
    "converted": _("Worth in the books"),
    "net_total": _("Net"),
    "tax_total": _("Tax"),
    "currency": _("Currency"),
    "seller.name": _("Supplier"),
    "seller.vat_id": _("Tax id"),
    "seller.legal_id": _("Legal id"),
    "seller.iban": _("IBAN"),
    "buyer_name": _("Buyer"),
    "purchase_order": _("Purchase order"),
    "note": _("Note"),
    "credit_note": _("Credit note"),
}


def state_sign(state: str) -> Sign:
    """The sign of a case's state, whatever text is given."""
    return STATES.get(state, Sign(state, "circle-help", "plain"))


def unnamed(kind: str) -> str:
    """What to call a record that names nobody: a document lacks its supplier, a tax code or an
    account has none."""
    return str(ONE_KIND[kind] if kind in _NAMELESS else _("No supplier read"))


def plain(code: str) -> str:
    """A code made readable where no better word is known: `total_off` becomes `total off`."""
    return code.replace("_", " ").replace(".", " ").strip()
