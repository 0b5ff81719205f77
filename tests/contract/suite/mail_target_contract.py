"""What every target that is fed by e-mail promises, as tests that each one's own file inherits.

Invariant: the stand-in's mailbox decides; a mail is handed over at most once, and one whose fate
the server did not tell is `NO_ANSWER`. A test here names no provider.
"""

import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import uuid4

import httpx
import pytest

from builders.mailed import COVER
from contract.suite.opened import CLOCK, ConnectorContract, Opened
from contract.suite.target_contract import pdf
from contract.suite.wire import SPOILED
from well.domain.delivery import DeliveryState, MailRoute
from well.domain.document import PDF, Document
from well.domain.failure import Failed, FailureKind
from well.mail.adapter import Outbox
from well.ports.target import Sent, Shipment
from well.settings import Mail

SENDER = "bookkeeping@acme.example"


def outbox(addresses: Mapping[str, str]) -> Outbox:
    """Outgoing mail through the stand-in's server."""
    mail = Mail(
        host=addresses["smtp_host"],
        port=int(addresses["smtp_port"]),
        ca_file=addresses["smtp_ca"],
        domain="well.example",
        pace=0.0,
        answer_timeout=5.0,
    )
    return Outbox(mail, b"s" * 32, CLOCK)


class MailTargetContract(ConnectorContract):
    """A subclass says nothing more than its connector."""

    sees: ClassVar[bool] = True
    """Whether entries are read with the consent."""

    @pytest.fixture
    def mailed(self, opened: Opened) -> Iterator[Opened]:
        """The connection with its inbox."""
        opened.admin("senders", {"address": SENDER})
        route = MailRoute(opened.addresses["inbox"], SENDER, tested=True)
        opened.connection = replace(opened.connection, mail=route)
        yield opened

    def open(self, opened: Opened) -> object:
        """The first page of entries."""
        return opened.target.entries(None, None)

    def shipment(self, content: bytes | None = None) -> Shipment:
        """One file with what its letter is about."""
        id = uuid4().hex[:8]
        name = f"INV-{id}--qonto-supplierinvoice-{id}.pdf"
        document = Document(name, PDF, pdf(f"INV-{id}") if content is None else content)
        return Shipment(str(uuid4()), str(uuid4()), document, COVER)

    def arrived(self, opened: Opened, one: Shipment) -> int:
        """How many mails with this file the mailbox holds."""
        answer = httpx.get(f"{opened.addresses['admin']}/_admin/mails").raise_for_status()
        rows: list[dict[str, Any]] = answer.json()
        return [row["file_name"] for row in rows].count(one.document.name)

    def kind(self, sent: Sequence[Sent]) -> FailureKind:
        """The kind of the one failure."""
        (one,) = sent
        assert one.failure is not None and one.entry is None and one.delivery is None
        return one.failure.kind

    def test_limits_say_that_a_mail_is_never_sent_again(self, mailed: Opened) -> None:
        limits = mailed.target.limits
        assert not limits.sends_again and limits.sees_entries == self.sees
        assert limits.batch_max >= 1 and limits.file_bytes_max > 0

    def test_each_file_is_one_mail_with_one_outcome_in_order(self, mailed: Opened) -> None:
        batch = [self.shipment() for _ in range(mailed.target.limits.batch_max)]
        sent = mailed.target.send(batch)
        assert [one.posting for one in sent] == [one.posting for one in batch]
        for one, outcome in zip(batch, sent, strict=True):
            assert outcome.delivery is not None and outcome.entry is None
            assert outcome.delivery.state is DeliveryState.HANDED_OVER
            assert one.posting in outcome.delivery.message_id
            assert self.arrived(mailed, one) == 1

    @pytest.mark.parametrize("mode", ["mail_cut_kept", "mail_cut_lost"])
    def test_a_cut_after_the_dot_is_no_answer_and_nothing_is_repeated(
        self, mailed: Opened, mode: str
    ) -> None:
        one = self.shipment()
        mailed.fault(mode, count=1)
        assert self.kind(mailed.target.send([one])) is FailureKind.NO_ANSWER
        assert self.arrived(mailed, one) == (1 if mode == "mail_cut_kept" else 0)

    @pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
    def test_a_4yz_is_transient_and_nothing_was_kept(self, mailed: Opened, verb: str) -> None:
        one = self.shipment()
        mailed.fault("mail_temporary", count=1, method=verb)
        assert self.kind(mailed.target.send([one])) is FailureKind.TRANSIENT
        assert self.arrived(mailed, one) == 0

    @pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
    def test_a_5yz_is_a_refusal_with_the_servers_words(self, mailed: Opened, verb: str) -> None:
        one = self.shipment()
        mailed.fault("mail_refused", count=1, method=verb)
        sent = mailed.target.send([one])
        assert self.kind(sent) is FailureKind.REJECTED
        assert self.arrived(mailed, one) == 0

    def test_a_server_that_is_not_there_is_transient(self, mailed: Opened) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nobody = {**mailed.addresses, "smtp_port": str(closed.getsockname()[1])}
            connector = self.connect(nobody, mailed.wire)
            target = connector.target(mailed.connection, mailed.grants)
            assert self.kind(target.send([self.shipment()])) is FailureKind.TRANSIENT

    def test_a_stripped_starttls_sends_nothing(self, mailed: Opened) -> None:
        one = self.shipment()
        mailed.fault("mail_no_starttls", count=1)
        assert mailed.target.send([one])[0].failure is not None
        assert self.arrived(mailed, one) == 0

    def test_a_file_over_the_limit_is_refused_before_it_leaves(self, mailed: Opened) -> None:
        limit = mailed.target.limits.file_bytes_max
        huge = self.shipment(b"%PDF-1.7" + bytes(limit))
        assert self.kind(mailed.target.send([huge])) is FailureKind.REJECTED
        assert self.arrived(mailed, huge) == 0

    def test_without_an_inbox_nothing_is_sent(self, opened: Opened) -> None:
        one = self.shipment()
        with pytest.raises(Failed) as caught:
            sent = opened.target.send([one])
            raise Failed(sent[0].failure or pytest.fail("it was sent"))
        assert caught.value.failure.kind is FailureKind.REJECTED
        assert self.arrived(opened, one) == 0

    @pytest.mark.parametrize("spoil", SPOILED)
    def test_a_list_that_cannot_be_read_is_a_failure(self, mailed: Opened, spoil: str) -> None:
        with mailed.wire.spoiling(SPOILED[spoil]), pytest.raises(Failed) as caught:
            mailed.target.entries(None, None)
        assert caught.value.failure.kind in (FailureKind.TRANSIENT, FailureKind.REJECTED)

    def test_only_reads_reach_the_api(self, mailed: Opened) -> None:
        mailed.target.send([self.shipment()])
        mailed.target.entries(None, None)
        assert {method for method, _ in mailed.wire.calls} == {"GET"}
