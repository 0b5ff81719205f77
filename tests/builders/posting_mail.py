"""Mail for the stand-ins' inboxes, sent with the standard library's client, and a place for what
comes back.

Invariant: everything goes over real sockets on the loopback; what is started is ended. Nothing of
the product or of the stand-ins makes a message.
"""

import io
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from reportlab.pdfgen import canvas

BOUNCES = "bounces+p1.abc@well.example"
INVOICE = (
    "Algolia SAS",
    "Invoice number: INV-2026-04-100",
    "Issue date: 2026-04-22",
    "Due date: 2026-05-22",
    "Total excluding VAT: 1027.20 EUR",
    "VAT: 256.80 EUR",
    "Total with VAT: 1284.00 EUR",
    "Supplier: Algolia SAS",
)


def pdf(*lines: str) -> bytes:
    """A page with a line of large print and the others below it."""
    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1)
    for at, line in enumerate(lines or INVOICE):
        page.setFont("Helvetica-Bold" if at == 0 else "Helvetica", 16 if at == 0 else 10)
        page.drawString(50, 790 - 20 * at, line)
    page.save()
    return out.getvalue()


def message(
    mail: dict[str, str], *files: tuple[str, bytes], sender: str = "", key: str = "p1"
) -> EmailMessage:
    """A message to the inbox from its registered sender, with files as attachments."""
    made = EmailMessage(policy=SMTP)
    made["From"] = f"Comptabilité <{sender or mail['sender']}>"
    made["To"] = mail["inbox"]
    made["Subject"] = "INV-2026-04-100 Algolia SAS 1284.00 EUR"
    made["Message-ID"] = f"<{key}@well.example>"
    made.set_content("The invoice is attached.\n")
    for name, content in files or (("INV-2026-04-100--qonto-supplierinvoice-7.pdf", pdf()),):
        made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return made


@contextmanager
def connected(mail: dict[str, str], tls: bool = True) -> Iterator[smtplib.SMTP]:
    """A connection whose certificate is verified against the stand-in's authority."""
    client = smtplib.SMTP(mail["smtp_host"], int(mail["smtp_port"]), timeout=20)
    try:
        if tls:
            client.starttls(context=ssl.create_default_context(cafile=mail["smtp_ca"]))
        yield client
        client.quit()
    finally:
        client.close()


def post(mail: dict[str, str], made: EmailMessage | None = None, *notify: str) -> None:
    """Send one message over TLS; SMTPException as the server refuses."""
    with connected(mail) as client:
        client.ehlo()
        wishes = [f"NOTIFY={','.join(notify)}"] if notify else []
        content = (made or message(mail)).as_bytes()
        client.sendmail(BOUNCES, [mail["inbox"]], content, ["ENVID=p1"], wishes)


class Returned:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.came: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _: smtp.SMTP, __: smtp.Session, envelope: smtp.Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        read = message_from_bytes(content, policy=default)
        self.came.append((str(envelope.mail_from), list(envelope.rcpt_tos), read))
        return "250 OK"


class _AnyPort(Controller):
    """aiosmtpd's own controller asks the port that it was told; here it is told none."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def return_server() -> Iterator[tuple[Returned, int]]:
    """An independent server for returned mail, and its port."""
    kept = Returned()
    controller = _AnyPort(kept, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield kept, controller.port
    finally:
        controller.stop()
