"""A process that dies between the dot and its answer, with real mail and the real targets."""

from dataclasses import replace

import pytest

from builders.connectors import MemoryGrants
from builders.mail_server import Inbox, mail_server
from simulation.history import ROUTE, History
from simulation.world import Crash, FakeRenderer
from well.connectors.freshbooks.target import FreshBooksTarget
from well.domain.case import CaseState
from well.domain.document import Document
from well.domain.invoice import Invoice
from well.domain.posting import PostingState
from well.mail.adapter import Outbox
from well.mail.wire import Wire
from well.pipeline.post import post_batch
from well.pipeline.sync import Phase, Run, advance
from well.pipeline.work import Work
from well.ports.reader import Rendition
from well.settings import Mail


class PdfRenderer(FakeRenderer):
    """Pages that look like files the receivers take."""

    def render(self, invoice: Invoice, rendition: Rendition) -> Document:
        page = super().render(invoice, rendition)
        return replace(page, content=b"%PDF-1.7 " + page.content)


def _work(history: History, port: int) -> Work:
    mail = Mail(host="localhost", port=port, security="none", domain="well.example", timeout=5.0)
    mailer = Outbox(mail, b"k" * 32, history.clock).of("dst", MemoryGrants())
    target = FreshBooksTarget(None, mailer, ROUTE, history.clock)
    return replace(history.work(), target=target, renderer=PdfRenderer())


def _run(history: History, port: int) -> None:
    run = Run(history.clock.now())
    while run.phase is not Phase.DONE:
        run = advance(_work(history, port), run)


def test_a_process_killed_after_the_dot_never_mails_again_and_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = History(3, by_mail=True)
    history.faults.healed = True
    history.add_bills(1)
    inbox = Inbox()
    reply = Wire.getreply

    def dies_after_the_dot(wire: Wire) -> tuple[int, bytes]:
        answer = reply(wire)
        if inbox.received:
            raise Crash
        return answer

    with mail_server(inbox) as port:
        monkeypatch.setattr(Wire, "getreply", dies_after_the_dot)
        with pytest.raises(Crash):
            _run(history, port)
        monkeypatch.setattr(Wire, "getreply", reply)
        (posting,) = history.disk.postings.values()
        assert (posting.state, posting.failure) == (PostingState.UNKNOWN, None)
        for _ in range(3):
            _run(history, port)
            history.clock.sleep(86_400)
    (posting,) = history.disk.postings.values()
    case = history.disk.cases[posting.case]
    assert (case.state, bool(posting.asks)) == (CaseState.REVIEW, True)
    assert len(inbox.received) == 1


def test_a_server_that_dies_after_the_dot_leaves_one_message_and_a_question() -> None:
    history = History(3, by_mail=True)
    history.faults.healed = True
    history.add_bills(2)
    inbox = Inbox(cut=True)
    with mail_server(inbox) as port:
        _run(history, port)
        inbox.cut = False
        _run(history, port)
        assert post_batch(_work(history, port)) == 0
    assert len(inbox.received) == 2
    assert all(posting.asks for posting in history.disk.postings.values())
