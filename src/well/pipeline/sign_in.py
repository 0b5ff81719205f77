"""Sign-in: the permission to send by a mailbox, from its consent until it is ended.

Invariant: it is kept under the connection that it was asked for and nowhere else, and is forgotten
here even when the provider cannot be told. It asks nobody for a consent and mails nothing.
"""

from collections.abc import Callable

from well.domain.delivery import MailRoute
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.trail import TrailEvent
from well.pipeline.inbox import go_on_mailing
from well.ports.clock import Clock
from well.ports.grants import Grant, Grants
from well.ports.mailer import sign_in_of
from well.ports.store import Store


def keep(store: Store, grants: Grants, id: str, grant: Grant, actor: str, clock: Clock) -> None:
    """Keep what a person gave; a mailing that had stopped for it goes on, with the test it had."""
    with store.unit():
        grants.put(sign_in_of(id), grant)
        detail = {"scopes": list(grant.scopes)}
        store.append([TrailEvent(clock.now(), actor, "mailbox signed in", id, detail)])
        if is_for_signing_in(store.connection(id).mail):
            go_on_mailing(store, id, actor, clock)


def is_for_signing_in(route: MailRoute | None) -> bool:
    """Whether it is a lost permission that keeps the documents here."""
    stopped = route.stopped if route else None
    return stopped is not None and stopped.kind is FailureKind.GRANT_LOST


def is_left(former: MailRoute | None, route: MailRoute | None) -> bool:
    """Whether a sign-in of the former way is of no use by the new one."""
    return mailbox_of(former) is not None and mailbox_of(former) != mailbox_of(route)


def mailbox_of(route: MailRoute | None) -> tuple[str, str] | None:
    """Whose mailbox a way signs in to: the provider and the user, None for another way."""
    return (route.mailbox, route.user.lower()) if route and route.mailbox else None


def leave(grants: Grants, id: str, revoke: Callable[[Grant], None]) -> Failure | None:
    """End the permission at the provider and forget it here; why the provider was not told."""
    grant = grants.load(sign_in_of(id))
    if grant is None:
        return None
    trouble: Failure | None = None
    try:
        revoke(grant)
    except Failed as failed:
        trouble = failed.failure
    grants.drop(sign_in_of(id))
    return trouble
