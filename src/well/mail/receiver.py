"""A small SMTP server for returned mail alone.

Invariant: it takes mail only for addresses that carry our hash, so it relays nothing and holds no
mail of others; "250" is said after the report is on disk. It sends nothing.
"""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from well.mail.journal import Journal
from well.mail.returned import Rules, report_of
from well.ports.clock import Clock

BYTES_MAX = 20_000_000
"""A bounce may bring the document back."""
RECIPIENTS_MAX = 10


class _Handler:
    """aiosmtpd asks it at each command."""

    def __init__(self, rules: Rules, journal: Journal, clock: Clock) -> None:
        self._rules = rules
        self._journal = journal
        self._clock = clock

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        """550 for any address that we did not make."""
        if self._rules.returns.posting(address) is None:
            return "550 5.1.1 no such address"
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Keep the report, if the mail is one; a mail that says nothing is taken and dropped."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        report = report_of(content, envelope.rcpt_tos, self._rules, self._clock.now())
        try:
            if report is not None:
                self._journal.add(report)
        except OSError:
            return "451 4.3.0 not now"
        return "250 2.0.0 ok"


class Receiver:
    """The server in a thread of its own; `start` and `stop` may be called once."""

    def __init__(self, host: str, port: int, rules: Rules, journal: Journal, clock: Clock) -> None:
        self._controller = Controller(
            _Handler(rules, journal, clock),
            hostname=host,
            port=port,
            data_size_limit=BYTES_MAX,
            ident="Well",
            server_hostname=rules.domain or "localhost",
        )

    def start(self) -> None:
        """Listen; OSError when the port is taken."""
        self._controller.start()

    def stop(self) -> None:
        """End; connections are closed."""
        self._controller.stop()
