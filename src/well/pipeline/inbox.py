"""Inbox: by which way a connection mails, and the test document that a person confirms first.

Invariant: a changed inbox, sender or server has to be tested again before anything is mailed by
it; the password of a workspace's own server is kept among its sealed grants alone. A way that is
lost stops mailing and nothing else. Each change has its line in the trail.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from well.domain.delivery import Delivery, MailRoute
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.flow import Connection
from well.domain.ids import stable_id
from well.domain.invoice import Invoice, Seller
from well.domain.money import Money
from well.domain.trail import TrailEvent
from well.ports.clock import Clock
from well.ports.grants import Grant, Grants
from well.ports.mailer import Letter, Mailer, password_of
from well.ports.reader import Renderer, Rendition
from well.ports.store import Store

TEST = "This is a test by Well"
TEST_BODY = (
    f"{TEST}. It shows that documents arrive in this inbox.\n\n"
    "Delete it on this side, then press “It arrived” on the connections page of Well. Nothing "
    "else is mailed before that."
)
CLOCKS_APART = timedelta(minutes=1)
"""How far the clock of a mailbox may be behind ours."""
_FOREVER = datetime.max.replace(tzinfo=UTC)


def set_route(
    store: Store, grants: Grants, id: str, route: MailRoute, password: str, actor: str, clock: Clock
) -> Connection:
    """Keep the way and, where one was typed, the password of its own server. The same way as
    before keeps its test; a new password is how one that was lost is renewed."""
    with store.unit():
        known = store.connection(id)
        if known.mail is not None and _way(known.mail) == _way(route):
            stopped = None if password and _by_password(known.mail) else known.mail.stopped
            route = replace(route, tested=known.mail.tested, test=known.mail.test, stopped=stopped)
        if password:
            grants.put(password_of(id), Grant(password, "", _FOREVER))
        elif not route.user or route.mailbox:
            grants.drop(password_of(id))
        saved = replace(known, mail=route)
        store.save_connection(saved)
        _told(store, clock, actor, "mail route set", id, inbox=route.inbox, server=route.host)
        _wake(store, id, clock)
    return saved


def _way(route: MailRoute) -> tuple[str, str, str, int, str, str]:
    return (route.inbox, route.sender, route.host, route.port, route.user, route.mailbox)


def _by_password(route: MailRoute) -> bool:
    return route.stopped is not None and route.stopped.kind is FailureKind.GRANT_LOST


def stop_mailing(store: Store, id: str, failure: Failure, clock: Clock) -> None:
    """The way of a connection was lost: documents wait, reading goes on."""
    with store.unit():
        known = store.connection(id)
        if known.mail is None:
            return
        store.save_connection(replace(known, mail=replace(known.mail, stopped=failure)))
        _told(store, clock, "well", "mailing stopped", id, failure=failure.sentence)


def sender_proven(store: Store, id: str, actor: str, clock: Clock) -> None:
    """The sender's domain is as it must be; a mailing that was stopped for it goes on."""
    route = store.connection(id).mail
    if route and route.stopped and route.stopped.kind is FailureKind.REJECTED:
        go_on_mailing(store, id, actor, clock)


def go_on_mailing(store: Store, id: str, actor: str, clock: Clock) -> bool:
    """What had stopped the mailing is put right; whether it had been stopped."""
    with store.unit():
        known = store.connection(id)
        if known.mail is None or known.mail.stopped is None:
            return False
        store.save_connection(replace(known, mail=replace(known.mail, stopped=None)))
        _told(store, clock, actor, "mailing goes on", id)
        _wake(store, id, clock)
    return True


def test_posting(connection: str) -> str:
    """Under which id the test document of a connection is mailed."""
    return stable_id("mail test", connection)


def send_test(
    store: Store, mailer: Mailer, renderer: Renderer, id: str, actor: str, clock: Clock
) -> Delivery:
    """Mail the test document; `Failed` when there is no way or the server did not take it."""
    route = store.connection(id).mail
    if route is None:
        raise Failed(_refusal("Enter the inbox and the sender first."))
    document = renderer.render(
        _test_invoice(clock.now().date()),
        Rendition(TEST, "test", "WELL-TEST--well-test.pdf"),
    )
    letter = Letter(test_posting(id), TEST, TEST_BODY, document)
    delivery = mailer.hand_over(route, letter)
    _save(store, id, replace(route, test=delivery), clock, actor, "mail test sent")
    # The same server took a mail from the same sender: whatever had stopped it is over.
    go_on_mailing(store, id, actor, clock)
    return delivery


def _test_invoice(today: date) -> Invoice:
    """A page that nobody can take for a bill: a total of zero, and it says what it is."""
    return Invoice(
        number="WELL-TEST",
        issue_date=today,
        due_date=today,
        currency="EUR",
        gross_total=Money(0, "EUR"),
        seller=Seller(name=f"{TEST}. Please delete it."),
    )


def confirm_test(store: Store, id: str, actor: str, clock: Clock) -> None:
    """A person has seen the test document on the other side: the connection may be used."""
    route = store.connection(id).mail
    if route is None or route.test is None:
        raise Failed(_refusal("Send the test first, then look for it on the other side."))
    with store.unit():
        _save(store, id, replace(route, tested=True), clock, actor, "mail test confirmed")
        _wake(store, id, clock)


def note_test(store: Store, id: str, delivery: Delivery, clock: Clock) -> bool:
    """What came back about the test document; whether that was news."""
    route = store.connection(id).mail
    if route is None or route.test is None or not _news(route.test, delivery):
        return False
    _save(store, id, replace(route, test=delivery), clock, "well", "mail test returned")
    return True


def _news(known: Delivery, told: Delivery) -> bool:
    """Whether a report is about this test, and not told before."""
    former = told.at < known.at - CLOCKS_APART
    return not former and not (known.state is told.state and told.at <= known.at)


def _save(store: Store, id: str, route: MailRoute, clock: Clock, actor: str, verb: str) -> None:
    with store.unit():
        store.save_connection(replace(store.connection(id), mail=route))
        note = route.test.note if route.test else ""
        _told(store, clock, actor, verb, id, inbox=route.inbox, server=note)


def _wake(store: Store, id: str, clock: Clock) -> None:
    for flow in store.flows():
        if flow.target == id:
            store.set_due(flow.id, clock.now())


def _told(store: Store, clock: Clock, actor: str, verb: str, subject: str, **detail: str) -> None:
    store.append([TrailEvent(clock.now(), actor, verb, subject, dict(detail))])


def _refusal(sentence: str) -> Failure:
    return Failure(FailureKind.CONFLICT, sentence, way_out=WayOut.DECIDE)
