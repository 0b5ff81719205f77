"""What a stand-in tells the rest of the sandbox about itself.

Invariant: `create` of every stand-in returns an app whose `state.standin` is one of these. It
holds no behaviour.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.routing import Route

from well.sandbox.kit.edge import RequestLog
from well.sandbox.kit.mailbox import Mailbox
from well.sandbox.kit.oauth import OAuthServer


@dataclass
class StandIn:
    """One provider's stand-in.

    `addresses`: what a client must know (api, authorize, token, revoke ...). `settings`: whole
    numbers that the admin port may change while it runs. `second_act`: applies what happens
    later, once, and returns how many changes were made (0 when it was done before). `mailbox`:
    what is mailed to the provider; it is served on a port of its own. `opens`: whether a user's
    token opens it, where tokens do and no password.
    """

    name: str
    oauth: OAuthServer
    addresses: Mapping[str, str]
    log: RequestLog
    settings: dict[str, int] = field(default_factory=dict)
    admin_routes: list[Route] = field(default_factory=list)
    second_act: Callable[[], int] | None = None
    mailbox: Mailbox | None = None
    opens: Callable[[str, str], bool] | None = None


def standin_of(app: Starlette) -> StandIn:
    """The description that `create` put on the app."""
    standin = app.state.standin
    assert isinstance(standin, StandIn)
    return standin
