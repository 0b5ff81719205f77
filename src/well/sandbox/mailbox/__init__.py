"""A mail provider: people sign in by OAuth, and their mail program sends with the token it got.

Invariant: only a living token with the permission to send opens the submission server, and only
for the one user; what is sent is kept and goes no further. It speaks no IMAP.
"""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.edge import FaultMiddleware, RequestLog
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.files import Files
from well.sandbox.kit.mailbox import Mailbox, Manner
from well.sandbox.kit.oauth import OAuthServer, OAuthStyle, Unauthorized
from well.sandbox.kit.own_names import email_of
from well.sandbox.kit.smtp import MAIL_FAULTS
from well.sandbox.kit.smtp import SETTINGS as MAIL_SETTINGS
from well.sandbox.kit.standin import StandIn
from well.sandbox.kit.state import State

AUTHORIZE, TOKEN, REVOKE = "/oauth2/auth", "/oauth2/token", "/oauth2/revoke"
SEND, LASTING = "https://mail.sandbox.example/SMTP.Send", "offline_access"
FAULT_MODES = MAIL_FAULTS
DOMAIN = "smtp.sandbox.example"


class Sent(Mailbox):
    """What the one user has sent; mail goes to anybody."""

    def knows(self, recipient: str) -> bool:
        """Whether mail for this address is taken."""
        return "@" in recipient


def create(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The application; its `state.standin` says how to reach and to rule it."""
    user = email_of(world.company)
    settings = {**MAIL_SETTINGS, "mail_auth_required": 1}
    sent = Sent(
        address=user,
        state=state,
        clock=clock,
        files=Files(state.path.parent / "files"),
        manner=Manner(DOMAIN, standard_refusals=True),
        delay=lambda: 0,
    )
    sent.register(user)
    oauth = OAuthServer(_style(str(world.company.get("CompanyName"))), state, clock, faults)
    log = RequestLog()
    app = Starlette(
        routes=oauth.routes(),
        middleware=[Middleware(FaultMiddleware, faults=faults, log=log)],
    )

    def opens(named: str, value: str) -> bool:
        try:
            token = oauth.living(value)
        except Unauthorized:
            return False
        return named.lower() == user.lower() and SEND in token.scopes

    app.state.standin = StandIn(
        name="mailbox",
        oauth=oauth,
        addresses={
            "api": base_url,
            "authorize": base_url + AUTHORIZE,
            "token": base_url + TOKEN,
            "revoke": base_url + REVOKE,
            "scopes": f"{SEND} {LASTING}",
        },
        log=log,
        settings=settings,
        mailbox=sent,
        opens=opens,
    )
    return app


def _style(company: str) -> OAuthStyle:
    """Tokens of an hour; a lasting one is asked for by its own scope, and PKCE is used."""
    return OAuthStyle(
        provider="Mailbox provider",
        authorize=AUTHORIZE,
        token=TOKEN,
        revoke=REVOKE,
        client_auth="post",
        scopes=(SEND, LASTING),
        pkce=True,
        rotation="overlap",
        offline_scope=LASTING,
        company=company,
    )
