"""The only file that knows every adapter: builds them once and hands out what the edges use.

Invariant: web, worker and command line reach the product through `Well`; nothing else wires
ports to adapters. It decides nothing about records.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from well.accounts.notices import OwnerNotices
from well.accounts.registrations import StoredRegistrations
from well.accounts.workspaces import all_workspaces, region_of
from well.connectors import freshbooks, language_model, mailboxes, qonto, quickbooks, xero
from well.connectors.mailboxes import MailboxProvider, MailboxProviders
from well.connectors.qonto import hints as qonto_hints
from well.connectors.quickbooks import hints as quickbooks_hints
from well.connectors.xero import hints as xero_hints
from well.documents.reading.reader import DocumentReader
from well.documents.writing.rendition import TypstRenderer
from well.domain.case import Case
from well.domain.delivery import Delivery, MailRoute, domain_of
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.ids import stable_id
from well.domain.sender import SenderCheck
from well.domain.trail import TrailEvent
from well.mail.adapter import Outbox, Returned
from well.mail.journal import Journal
from well.mail.owner import OwnerNote, mail_owner
from well.pipeline import drift, inbox, rewind, setup, sign_in
from well.pipeline.checks import answer_check
from well.pipeline.correct import correct, undo_correction
from well.pipeline.hint import PICKED_UP, due_at
from well.pipeline.judge import Judgement, judge
from well.pipeline.layouts import forget_layouts
from well.pipeline.learning import forget
from well.pipeline.returned import take_reports
from well.pipeline.simulate import WINDOW
from well.pipeline.work import BATCH, WELL, Work
from well.policy.monitor import Alarm
from well.ports.clock import Clock
from well.ports.connector import Connector, Consent
from well.ports.grants import KeptGrants
from well.ports.hints import EVERY, HintReader
from well.ports.mailer import DeliveryReport, sign_in_of
from well.ports.notices import Notices
from well.settings import Settings, load
from well.storage.clock import SystemClock
from well.storage.keystore import DjangoKeyStore
from well.storage.scope import Tenant
from well.storage.store import DjangoStore
from well.storage.stores import Stores
from well.vault.keyfile import master_key
from well.vault.vault import Vault

Untold = list[tuple[str, str]]
"""Providers that could not be told of an end, by title, each with the sentence that says why."""


@dataclass(frozen=True)
class Well:
    """Everything one process needs, built from settings."""

    settings: Settings
    clock: Clock
    stores: Stores
    connectors: Mapping[str, Connector]
    reader: DocumentReader
    renderer: TypstRenderer
    outbox: Outbox
    mailboxes: MailboxProviders
    returned: Returned
    hints: Mapping[str, HintReader] = field(default_factory=dict)

    def close(self) -> None:
        """End the child processes that read and check files."""
        self.reader.close()
        self.renderer.close()

    def tenant(self, workspace: str) -> Tenant:
        """What names the workspace and its region to the read models."""
        return Tenant(workspace, region_of(workspace))

    def store(self, workspace: str) -> DjangoStore:
        """The workspace's memory, in its region."""
        return self.stores.open(workspace, region_of(workspace))

    def grants(self, workspace: str) -> KeptGrants:
        """The workspace's sealed tokens."""
        return self.stores.grants(workspace, region_of(workspace))

    def notices(self, workspace: str) -> Notices:
        """How its owners are told."""
        return OwnerNotices(workspace, self.clock)

    def mail_owner(self, workspace: str, name: str, to: str, id: str, text: str) -> None:
        """Mail one owner of the workspace `name` what needs them; `Failed` when it did not go."""
        address = f"{self.settings.base_url}/w/{workspace}/connections/"
        mail_owner(self.settings.mail, self.clock, to, OwnerNote(id, name, text, address))

    def flow(self, workspace: str, flow_id: str) -> Flow:
        """One flow; KeyError when the workspace has none of that id."""
        flows = {flow.id: flow for flow in self.store(workspace).flows()}
        return flows[flow_id]

    def work(self, workspace: str, flow_id: str, batch: int = BATCH) -> Work:
        """The ports of one flow, opened."""
        store, grants = self.store(workspace), self.grants(workspace)
        flow = self.flow(workspace, flow_id)
        source, target = store.connection(flow.source), store.connection(flow.target)
        reads, writes = self.connectors[source.connector], self.connectors[target.connector]
        return Work(
            store=store,
            source=reads.source(source, grants),
            target=writes.target(target, grants),
            reader=self.reader,
            renderer=self.renderer,
            clock=self.clock,
            flow=flow,
            source_name=reads.name,
            source_title=reads.title,
            batch=batch,
            blind=target.blind,
        )

    def takes_documents(self, connection: Connection) -> bool:
        """Whether a connection can be the target of a flow as it is now."""
        connector = self.connectors[connection.connector]
        return connector.writes and (not connector.by_mail or connection.mail is not None)

    def sees(self, workspace: str, connection: Connection) -> bool:
        """Whether what a target holds already can be read."""
        connector = self.connectors[connection.connector]
        return connector.target(connection, self.grants(workspace)).limits.sees_entries

    def set_mail_route(
        self, workspace: str, connection: str, route: MailRoute, password: str, actor: str
    ) -> Untold:
        """By which way a connection mails from now on; a sign-in that it no longer uses ends."""
        store, grants = self.store(workspace), self.grants(workspace)
        untold = self._leave_mailbox(workspace, store.connection(connection), route)
        inbox.set_route(store, grants, connection, route, password, actor, self.clock)
        return untold

    def mailbox_of(self, connection: Connection) -> MailboxProvider | None:
        """Where somebody signs in for this connection to mail, if that is its way."""
        route = connection.mail
        return self.mailboxes.offered.get(route.mailbox) if route else None

    def sign_in(
        self, workspace: str, connection: str, answer: Mapping[str, str], verifier: str, actor: str
    ) -> None:
        """Keep the sign-in that a provider's answer brings; the caller has checked its state."""
        store, grants = self.store(workspace), self.grants(workspace)
        provider = self.mailbox_of(store.connection(connection))
        if provider is not None:
            grant = provider.exchange(answer, verifier)
            sign_in.keep(store, grants, connection, grant, actor, self.clock)

    def is_signed_in(self, workspace: str, connection: Connection) -> bool:
        """Whether a sign-in to the mailbox of a connection is kept and was not refused since."""
        kept = self.grants(workspace).load(sign_in_of(connection.id)) is not None
        return kept and not sign_in.is_for_signing_in(connection.mail)

    def _leave_mailbox(
        self, workspace: str, connection: Connection, route: MailRoute | None
    ) -> Untold:
        """End a sign-in that is not used by `route`. Ending one at its provider may end all of the
        same mailbox (Google's does), so one that another connection uses is only forgotten here."""
        if not sign_in.is_left(connection.mail, route):
            return []
        grants, provider = self.grants(workspace), self.mailbox_of(connection)
        if provider is None or self._is_shared(workspace, connection):
            grants.drop(sign_in_of(connection.id))
            return []
        trouble = sign_in.leave(grants, connection.id, provider.revoke)
        return [(provider.title, trouble.sentence)] if trouble else []

    def _is_shared(self, workspace: str, connection: Connection) -> bool:
        """Whether another connection, of any workspace, mails by the same mailbox."""
        return any(
            sign_in.mailbox_of(link.mail) == sign_in.mailbox_of(connection.mail)
            and (one, link.id) != (workspace, connection.id)
            and self.is_signed_in(one, link)
            for one in all_workspaces()
            for link in self.store(one).connections()
        )

    def send_mail_test(self, workspace: str, connection: str, actor: str) -> Delivery:
        """Mail the test document of a connection; `Failed` when it was not taken."""
        mailer = self.outbox.of(connection, self.grants(workspace))
        store = self.store(workspace)
        route = store.connection(connection).mail
        if route is not None:
            self.outbox.senders.forget(domain_of(route.sender))
        return inbox.send_test(store, mailer, self.renderer, connection, actor, self.clock)

    def sender_known(self, link: Connection) -> SenderCheck | None:
        """What this process knows of the domain a connection mails from, without asking."""
        return self.outbox.senders.known(domain_of(link.mail.sender)) if link.mail else None

    def look_at_sender(self, link: Connection) -> SenderCheck:
        """Ask for the records of that domain now."""
        assert link.mail is not None, "only a connection that mails has a sender"
        return self.outbox.senders.look(self.outbox.mail, domain_of(link.mail.sender))

    def look_again(self, workspace: str, link: Connection, actor: str) -> SenderCheck:
        """The same for somebody who put it right: a mailing that had stopped for it goes on."""
        check = self.look_at_sender(link)
        if check.fit:
            inbox.sender_proven(self.store(workspace), link.id, actor, self.clock)
        return check

    def confirm_mail_test(self, workspace: str, connection: str, actor: str) -> None:
        """A person saw the test document; flows to the connection may mail."""
        inbox.confirm_test(self.store(workspace), connection, actor, self.clock)

    def take_returned_mail(self, workspace: str, reports: Sequence[DeliveryReport]) -> int:
        """Apply what came back to this workspace's documents; how many told something new."""
        store = self.store(workspace)
        tests = {
            inbox.test_posting(one.id): one.id
            for one in store.connections()
            if one.mail is not None
        }
        noted = [
            inbox.note_test(store, tests[report.posting], report.delivery, self.clock)
            for report in reports
            if report.posting in tests
        ]
        return sum(noted) + take_reports(store, reports, self.clock.now())

    def connect(
        self, workspace: str, connector: Connector, consent: Consent, actor: str, onto: str = ""
    ) -> Connection:
        """Store what a person authorised; `onto` is the connection by e-mail it belongs to."""
        store, grants = self.store(workspace), self.grants(workspace)
        return setup.connect(store, grants, connector, consent, actor, self.clock, onto)

    def connect_by_mail(
        self, workspace: str, connector: Connector, route: MailRoute, actor: str
    ) -> Connection:
        """A connection that only takes documents by e-mail; nothing of it can be read."""
        return setup.connect_by_mail(self.store(workspace), connector, route, actor, self.clock)

    def disconnect(self, workspace: str, connection_id: str, actor: str) -> Untold:
        """Revoke and forget, the sign-in to a mailbox as well."""
        store, grants = self.store(workspace), self.grants(workspace)
        link = store.connection(connection_id)
        connector = self.connectors[link.connector]
        spared = self.in_use(connector.name, (workspace, connection_id))
        untold = self._leave_mailbox(workspace, link, None)
        trouble = setup.disconnect(
            store, grants, connector, connection_id, actor, self.clock, spared
        )
        return [*untold, *([(connector.title, trouble.sentence)] if trouble else [])]

    def in_use(self, connector: str, besides: tuple[str, str] = ("", "")) -> frozenset[str]:
        """The companies that connections of this connector are for, in all workspaces, but for
        the connection `besides` (workspace, id)."""
        return frozenset(
            link.account
            for workspace in all_workspaces()
            for link in self.store(workspace).connections()
            if link.connector == connector
            and link.state is ConnectionState.CONNECTED
            and (workspace, link.id) != besides
        )

    def create_flow(self, workspace: str, source_id: str, target_id: str, actor: str) -> Flow:
        """A flow between two connections; `start_flow` begins it."""
        store = self.store(workspace)
        source, target = store.connection(source_id), store.connection(target_id)
        connector = self.connectors[source.connector]
        return setup.create_flow(store, source, target, connector, actor, self.clock)

    def change_flow(self, workspace: str, flow: Flow, actor: str) -> Flow:
        """Store a changed flow under its next versions."""
        return setup.change_flow(self.store(workspace), flow, actor, self.clock)

    def start_sync(self, workspace: str, flow_id: str) -> None:
        """Ask for a sync now; the worker starts it within about a second."""
        self.store(workspace).set_due(flow_id, self.clock.now())

    def hint(
        self, connector: str, connection: str | None, headers: Mapping[str, str], body: bytes
    ) -> bool:
        """A provider's webhook: whether it was signed and, where its address names a connection,
        that is known. Flows that read what it is about are due within a minute."""
        reader = self.hints.get(connector)
        told = reader(headers, body) if reader is not None else None
        if told is None:
            return False
        named = {stable_id("connection", connector, account) for account in told - {EVERY}}
        if connection is not None:
            if not self._known(connector, connection):
                return False
            named = {connection} if EVERY in told or connection in named else set()
        now = self.clock.now()
        for workspace in all_workspaces() if named else ():
            store = self.store(workspace)
            store.due_early(sorted(named), due_at(now), now - PICKED_UP)
        return True

    def _known(self, connector: str, connection: str) -> bool:
        """Whether any workspace has this connection of this connector."""
        return any(
            link.id == connection and link.connector == connector
            for workspace in all_workspaces()
            for link in self.store(workspace).connections()
        )

    def switch_flow(
        self, workspace: str, flow: Flow, actor: str, enabled: bool, history_paused: bool
    ) -> None:
        """Pause or continue a flow or its history; what was waiting goes on at once."""
        changed = replace(flow, enabled=enabled, history_paused=history_paused)
        self.change_flow(workspace, changed, actor)
        if enabled and self.store(workspace).slices(flow.id):
            self.start_sync(workspace, flow.id)

    def start_flow(self, workspace: str, flow: Flow, actor: str) -> None:
        """The first sync of a flow, with what was chosen for it."""
        self.change_flow(workspace, flow, actor)
        self.start_sync(workspace, flow.id)

    def read_history_again(self, workspace: str, flow_id: str, actor: str) -> int:
        """Have the whole history read again; how many parts. Failed (conflict) while it is read."""
        parts = rewind.read_history_again(self.work(workspace, flow_id), actor)
        self.start_sync(workspace, flow_id)
        return parts

    def rewind(self, workspace: str, flow_id: str, to: datetime, actor: str) -> datetime:
        """Have the changes since `to` read again; up to where they had been read."""
        stood = rewind.rewind(self.work(workspace, flow_id), to, actor)
        self.start_sync(workspace, flow_id)
        return stood

    def judge(self, workspace: str, case_id: str, judgement: Judgement, actor: str) -> Case:
        """What a person said of a case; Failed (conflict) when it cannot be done any more."""
        store = self.store(workspace)
        case = store.cases([case_id])[case_id]
        after = judge(self.work(workspace, case.flow), case_id, judgement, actor)
        store.set_due(case.flow, self.clock.now())
        return after

    def correct(self, workspace: str, case_id: str, texts: Mapping[str, str], actor: str) -> Case:
        """A person's word on the fields of a case; Failed (conflict) when it cannot be taken."""
        store = self.store(workspace)
        flow = store.cases([case_id])[case_id].flow
        after = correct(self.work(workspace, flow), case_id, texts, actor)
        store.set_due(flow, self.clock.now())
        return after

    def undo_correction(self, workspace: str, case_id: str, actor: str) -> Case:
        """Take the newest correction back; Failed (conflict) when there is none."""
        store = self.store(workspace)
        flow = store.cases([case_id])[case_id].flow
        after = undo_correction(self.work(workspace, flow), case_id, actor)
        store.set_due(flow, self.clock.now())
        return after

    def answer_check(
        self,
        workspace: str,
        case_id: str,
        right: bool,
        actor: str,
        entry: str | None = None,
        note: str = "",
    ) -> Alarm | None:
        """What a person said of a spot check; Failed (conflict) when it waits for no answer.

        The owner is told when the limit was raised, and the caller by the alarm.
        """
        flow = self.store(workspace).cases([case_id])[case_id].flow
        alarm = answer_check(self.work(workspace, flow), case_id, right, actor, entry, note)
        if alarm is not None:
            self.notices(workspace).tell_owner(flow, alarm.sentence)
        return alarm

    def forget(self, workspace: str, flow_id: str, actor: str) -> int:
        """Forget what the flow's judgements taught; how many had taught something."""
        return forget(self.work(workspace, flow_id), actor)

    def forget_layouts(self, workspace: str, flow_id: str, supplier: str, actor: str) -> int:
        """Forget where one supplier prints its values; how many layouts there were."""
        return forget_layouts(self.work(workspace, flow_id), supplier, actor)

    def look_for_drift(self, workspace: str, flow_id: str) -> None:
        """Tell the owner when the newest records no longer look like those before."""
        store, now = self.store(workspace), self.clock.now()
        decided = store.told_since(["decided"], now - WINDOW)
        features = drift.news(decided, flow_id, store.trail_of([flow_id]), now)
        if features:
            detail = {"flow": flow_id, "features": list(features)}
            store.append([TrailEvent(now, WELL, drift.VERB, flow_id, detail)])
            self.notices(workspace).tell_owner(flow_id, drift.sentence(features))


def build(settings: Settings) -> Well:
    """Wire the adapters for `settings`; opens no connection yet."""
    clock = SystemClock()
    master = master_key(settings.master_key, settings.data / "keys")
    vault = Vault(master, DjangoKeyStore(region_of))
    secret = hmac.digest(master, b"return addresses", "sha256")
    signing_in = mailboxes.connect(settings.mail_providers, settings.base_url, clock)
    outbox = Outbox(settings.mail, secret, clock, mailboxes=signing_in)
    connectors: list[Connector] = [
        quickbooks.connect(
            settings.quickbooks, _redirect(settings, "quickbooks"), clock, mail=outbox
        ),
        qonto.connect(settings.qonto, _redirect(settings, "qonto"), clock),
        freshbooks.connect(
            settings.freshbooks, _redirect(settings, "freshbooks"), clock, mail=outbox
        ),
        xero.connect(settings.xero, _redirect(settings, "xero"), StoredRegistrations(), clock),
    ]
    return Well(
        settings=settings,
        clock=clock,
        stores=Stores(settings.data, vault.cipher, clock, settings.files),
        connectors={connector.name: connector for connector in connectors},
        reader=DocumentReader(
            suggest=language_model.connect(settings.language_model, clock),
        ),
        renderer=TypstRenderer(),
        outbox=outbox,
        mailboxes=signing_in,
        returned=Returned(settings.mail, secret, Journal(settings.data / "returned")),
        hints={
            "quickbooks": quickbooks_hints.reader(settings.hooks.quickbooks),
            "xero": xero_hints.reader(settings.hooks.xero),
            "qonto": qonto_hints.reader(settings.hooks.qonto_header, settings.hooks.qonto),
        },
    )


def _redirect(settings: Settings, connector: str) -> str:
    return f"{settings.base_url}/connect/{connector}/callback"


@cache
def well() -> Well:
    """The process-wide instance, from the environment."""
    return build(load())
