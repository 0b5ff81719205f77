"""Handing documents to outgoing mail, for every target that is fed by e-mail.

Invariant: one shipment is at most one message, and nothing is sent a second time here; what is
known of each is said by itself, so that one failure never speaks for a message that has left.
It does not know what the receiver makes of a message.
"""

from collections.abc import Sequence

from well.connectors.failures import rejected
from well.connectors.letters import letter_of
from well.domain.delivery import Delivery, MailRoute
from well.domain.document import PDF, Document
from well.domain.failure import Failed
from well.ports.grants import Grants
from well.ports.mailer import Letter, Mailer, WayLost
from well.ports.target import Sent, Shipment

FILE_BYTES = 10 * 1024 * 1024
"""The receivers publish no number that anybody could confirm; this is below what each is known
to take."""

BATCH = 1
"""One message at a time: were a process killed inside of a batch, nobody could say which of its
messages had left, and a person would be asked about each."""

KINDS = {PDF: b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
"""Media types that every receiver reads, and how such a file begins."""


def hand_over_all(
    title: str, mailer: Mailer, route: MailRoute | None, shipments: Sequence[Shipment]
) -> list[Sent]:
    """One outcome for each shipment, in order. `WayLost` when the way was lost at the very first
    of them: then nothing has left and no document is at fault."""
    outcomes: list[Sent] = []
    for shipment in shipments:
        try:
            _check(title, shipment.document)
            delivery = mailer.hand_over(_there(title, route), letter_of(shipment))
            outcomes.append(Sent(shipment.posting, delivery=delivery))
        except Failed as failed:
            if not outcomes and isinstance(failed, WayLost):
                raise
            outcomes.append(Sent(shipment.posting, failure=failed.failure))
    return outcomes


def _there(title: str, route: MailRoute | None) -> MailRoute:
    if route is None or not route.inbox:
        sentence = (
            f"Well does not know the e-mail address at which {title} takes documents. The document "
            "is kept; enter the address on the connections page, then retry."
        )
        raise rejected(sentence, "no mail route")
    return route


def _check(title: str, document: Document) -> None:
    """`Failed` for a file that the receiver would throw away without a word."""
    size, most = len(document.content), FILE_BYTES // (1024 * 1024)
    if size > FILE_BYTES:
        sentence = f"The file is too large for {title}: at most {most} MB go by e-mail."
        raise rejected(f"{sentence} Replace it by a smaller one, then retry.", f"{size} bytes")
    sign = KINDS.get(document.media_type)
    if sign is None or sign not in document.content[:1024]:
        sentence = f"{title} reads PDF, JPEG and PNG files only, and this file is none."
        raise rejected(sentence, document.media_type)


class _NoMail:
    """A mailer where no outgoing mail is set up: it sends nothing and says so."""

    def hand_over(self, route: MailRoute, letter: Letter) -> Delivery:  # noqa: ARG002
        """Always `Failed`; the document is kept."""
        sentence = (
            "This installation of Well has no outgoing mail yet, so the document was not sent. It "
            "is kept; whoever runs Well has to set the mail server, then retry."
        )
        raise rejected(sentence, "no outgoing mail")


class NoMail:
    """The port `Mailers` of an installation without outgoing mail."""

    def of(self, connection: str, grants: Grants) -> Mailer:  # noqa: ARG002
        """A mailer that refuses everything with a sentence."""
        return _NoMail()


NO_MAIL = NoMail()
