"""A stand-in that really listens, for the length of a test.

Invariant: free loopback ports, and nothing is left behind. It starts one provider, not a sandbox.
"""

import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette

from well.sandbox.kit.admin import admin_routes
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.listen import Listener, address, bind
from well.sandbox.kit.smtp import mail_addresses, mail_server
from well.sandbox.kit.standin import StandIn, standin_of
from well.sandbox.kit.state import State

Create = Callable[[State, Company, StandInClock, Faults, str], Starlette]
# Loading the machine's certificates costs more than most tests; the loopback speaks no TLS.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
REDIRECT = "http://localhost:9/callback"


@dataclass
class Running:
    """Where it listens, and a hand on its inside."""

    base: str
    admin: httpx.Client
    standin: StandIn
    faults: Faults
    clock: StandInClock
    state: State
    mail: dict[str, str] = field(default_factory=dict)

    @property
    def client_id(self) -> str:
        """The registered app."""
        return self.standin.oauth.client_id

    @property
    def secret(self) -> str:
        """Its secret."""
        return self.standin.oauth.client_secret

    def fault(self, mode: str, **more: object) -> None:
        """Switch a fault on through the admin port."""
        answer = self.admin.post("/_admin/faults", json={"mode": mode, **more})
        assert answer.status_code == 201, answer.text

    def settings(self, **numbers: int) -> None:
        """Change settings through the admin port."""
        answer = self.admin.post("/_admin/settings", json=numbers)
        assert answer.status_code == 200, answer.text

    def consent(self, authorize: str, decision: str = "approve", **chosen: str) -> dict[str, str]:
        """Walk the consent page of this address; returns the fields of the redirect. `chosen` is
        filled in."""
        with httpx.Client(verify=NO_TLS) as browser:
            page = browser.get(authorize)
            assert page.status_code == 200, page.text
            asked = {name: value[0] for name, value in parse_qs(urlsplit(authorize).query).items()}
            target = authorize.partition("?")[0]
            answer = browser.post(target, data={**asked, **chosen, "decision": decision})
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["location"])
        return {name: value[0] for name, value in parse_qs(back.query).items()}


@contextmanager
def running(
    create: Create, company: Company, folder: Path, modes: Collection[str] = ()
) -> Iterator[Running]:
    """Start the stand-in with its admin port, stop it at the end."""
    state = State(folder / "state.sqlite")
    clock = StandInClock()
    faults = Faults(clock, modes)
    api, admin = bind(0), bind(0)
    app = create(state, company, clock, faults, address(api))
    standin = standin_of(app)
    listener = Listener([(app, api), (Starlette(routes=admin_routes(standin, faults)), admin)])
    listener.start()
    mail, post = {}, None
    if standin.mailbox is not None:
        sock = bind(0)
        mail = mail_addresses(standin, sock.getsockname()[1], folder / "mail")
        post = mail_server(standin, sock, faults, folder / "mail")
        post.start()
    try:
        with httpx.Client(base_url=address(admin), verify=NO_TLS) as client:
            yield Running(address(api), client, standin, faults, clock, state, mail)
    finally:
        if post is not None:
            post.stop()
        listener.stop()
        state.close()
