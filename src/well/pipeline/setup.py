"""Setup: connections and flows come, change and go, each change with its line in the trail.

Invariant: disconnecting stops reading and writing at once and touches nothing that was posted;
a changed mapping or rule gets the next version and applies to records decided after it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from well.domain.delivery import MailRoute
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.ids import stable_id
from well.domain.marker import Marker
from well.domain.source_record import Kind
from well.domain.trail import TrailEvent
from well.pipeline.poll import ENTRIES
from well.ports.clock import Clock
from well.ports.connector import Connector, Consent
from well.ports.grants import Grants
from well.ports.mailer import password_of
from well.ports.store import Store

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
POSTED_BY_DEFAULT = frozenset({Kind.SUPPLIER_INVOICE, Kind.SUPPLIER_CREDIT_NOTE})


def connect(
    store: Store,
    grants: Grants,
    connector: Connector,
    consent: Consent,
    actor: str,
    clock: Clock,
    onto: str = "",
) -> Connection:
    """Store a consent. The same account connected again is the same connection, so its markers
    and links go on from the last successful sync, and its inbox stays.

    `onto` names the connection it was asked for: one that was lost, or one that only mails and
    learns to read. It counts where it is for this account, or was never authorised. A consent
    for several companies is no connection yet: `consents.connect_kept` makes it one.
    """
    assert len(consent.choices) < 2, "somebody has to choose the company first"
    now = clock.now()
    wanted = _known(store, onto) if onto else None
    fits = wanted is not None and (not wanted.scopes or wanted.account == consent.account)
    id = onto if fits else stable_id("connection", connector.name, consent.account)
    known = _known(store, id)
    connection = Connection(
        id=id,
        connector=connector.name,
        label=f"{connector.title} · {consent.label}",
        account=consent.account,
        state=ConnectionState.CONNECTED,
        scopes=consent.grant.scopes,
        connected_at=now,
        mail=known.mail if known else None,
        currency=consent.currency,
    )
    with store.unit():
        store.save_connection(connection)
        grants.put(connection.id, consent.grant)
        if known is not None and not set(consent.grant.scopes) <= set(known.scopes):
            _mirror_anew(store, id)
        store.append([_event(now, actor, "connected", connection.id, label=consent.label)])
        for flow in store.flows():
            if connection.id in (flow.source, flow.target) and store.slices(flow.id):
                store.set_due(flow.id, now)
    return connection


def _mirror_anew(store: Store, id: str) -> None:
    """More may be seen of the other side than before, so what was mirrored is not all of it."""
    if store.marker(id, ENTRIES) is not None:
        store.save_marker(Marker(id, ENTRIES, BEGINNING))


def _known(store: Store, id: str) -> Connection | None:
    try:
        return store.connection(id)
    except KeyError:
        return None


def connect_by_mail(
    store: Store, connector: Connector, route: MailRoute, actor: str, clock: Clock
) -> Connection:
    """A connection that only takes documents at an inbox: nothing is authorised and nothing can
    be read. The same inbox again is the same connection, with what it may read by now."""
    now, account = clock.now(), route.inbox.lower()
    id = stable_id("connection", connector.name, account)
    known = _known(store, id)
    if known is not None and known.state is ConnectionState.CONNECTED:
        return known
    connection = Connection(
        id=id,
        connector=connector.name,
        label=f"{connector.title} · {route.inbox}",
        account=account,
        state=ConnectionState.CONNECTED,
        connected_at=now,
        mail=route,
    )
    with store.unit():
        store.save_connection(connection)
        event = _event(now, actor, "connected by mail", connection.id, inbox=route.inbox)
        store.append([event])
    return connection


def disconnect(
    store: Store,
    grants: Grants,
    connector: Connector,
    id: str,
    actor: str,
    clock: Clock,
    spared: Collection[str] = (),
) -> Failure | None:
    """Revoke at the provider and forget the tokens here, even when the provider cannot be told.

    `spared`: the companies of other connections, as in `Connector.revoke`.
    """
    grant = grants.load(id)
    trouble: Failure | None = None
    if grant is not None:
        try:
            connector.revoke(grant, spared)
        except Failed as failed:
            trouble = failed.failure
    now = clock.now()
    with store.unit():
        grants.drop(id)
        grants.drop(password_of(id))
        gone = replace(store.connection(id), state=ConnectionState.DISCONNECTED, failure=trouble)
        store.save_connection(gone)
        told = trouble.sentence if trouble else None
        store.append([_event(now, actor, "disconnected", id, not_told=told)])
    return trouble


def lose_grant(store: Store, id: str, failure: Failure, clock: Clock) -> None:
    """The provider no longer accepts the grant: the connection stops, everything is kept."""
    with store.unit():
        lost = replace(store.connection(id), state=ConnectionState.GRANT_LOST, failure=failure)
        store.save_connection(lost)
        store.append([_event(clock.now(), "well", "grant lost", id, failure=failure.sentence)])


def note_failure(store: Store, id: str, failure: Failure | None) -> None:
    """Show on the connection what is wrong now, or that it works again."""
    known = store.connection(id)
    if known.failure != failure and known.state is ConnectionState.CONNECTED:
        store.save_connection(replace(known, failure=failure))


def create_flow(
    store: Store,
    source: Connection,
    target: Connection,
    connector: Connector,
    actor: str,
    clock: Clock,
) -> Flow:
    """A flow with the connector's default mapping and cadence. It starts when somebody says so,
    having seen how far back it will read."""
    if source.id == target.id:
        raise Failed(
            Failure(
                FailureKind.REJECTED,
                "A flow needs two different connections.",
                way_out=WayOut.FIX_AND_RETRY,
            )
        )
    flow = Flow(
        id=stable_id("flow", source.id, target.id),
        name=f"{source.label} to {target.label}",
        source=source.id,
        target=target.id,
        posted_kinds=POSTED_BY_DEFAULT,
        mapping=connector.mapping,
        every=connector.every,
    )
    now = clock.now()
    with store.unit():
        known = next((f for f in store.flows() if f.id == flow.id), None)
        if known is not None:
            return known
        store.save_flow(flow)
        store.append([_event(now, actor, "flow created", flow.id, name=flow.name)])
    return flow


def change_flow(store: Store, flow: Flow, actor: str, clock: Clock) -> Flow:
    """Store a changed flow; mapping and rules get the next version where they differ."""
    known = next(f for f in store.flows() if f.id == flow.id)
    if flow.mapping.rows != known.mapping.rows:
        flow = replace(flow, mapping=replace(flow.mapping, version=known.mapping.version + 1))
    if flow.rules != known.rules:
        flow = replace(flow, rules=replace(flow.rules, version=known.rules.version + 1))
    with store.unit():
        store.save_flow(flow)
        detail = {
            "mapping": flow.mapping.version,
            "rules": flow.rules.version,
            "e_invoice": flow.e_invoice is not None,
        }
        store.append([_event(clock.now(), actor, "flow changed", flow.id, **detail)])
    return flow


def _event(at: datetime, actor: str, verb: str, subject: str, **detail: object) -> TrailEvent:
    return TrailEvent(at, actor, verb, subject, dict(detail))
