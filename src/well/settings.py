"""One typed object for every setting, read once from the environment (prefix WELL_).

Invariant: nothing else reads the environment; each setting has a default that works on one
machine with one data folder. Secrets are read from here and never printed.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from ssl import TLSVersion
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Provider:
    """Addresses and client credentials of one provider. `file_hosts` may serve signed links.

    `settle`: seconds after which what was taken must be listed there; 0 leaves it to the connector.
    `tls`: the oldest version of TLS that is spoken with it, here and below.
    """

    api: str
    authorize: str
    token: str
    revoke: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    staging_token: str = field(default="", repr=False)
    app: str = ""
    file_hosts: tuple[str, ...] = ()
    settle: float = 0.0
    tls: TLSVersion = TLSVersion.TLSv1_2


@dataclass(frozen=True, slots=True)
class Xero:
    """Xero by its MCP server: `mcp` is its address, empty when this installation has none.

    `authorities` are the addresses that it may name as its authorization server. `rest` says
    which tokens Xero's API takes: `same` (the server's), `own` (those of Xero's ordinary consent,
    for the client of `provider`), `off` (the API is not used). `scopes` are asked for; the rest
    are Xero's limits of one organisation, requests a minute and a day.
    """

    provider: Provider = Provider("", "", "", "")
    mcp: str = ""
    authorities: tuple[str, ...] = ()
    rest: str = "same"
    scopes: tuple[str, ...] = ()
    per_minute: int = 60
    per_day: int = 5000


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Base address, name and key of an OpenAI-compatible model; off without the first two."""

    url: str = ""
    name: str = ""
    key: str = field(default="", repr=False)
    tls: TLSVersion = TLSVersion.TLSv1_2


@dataclass(frozen=True, slots=True)
class Hooks:
    """Secrets with which providers sign their webhooks; without one, theirs are refused.

    `qonto_header` names the header of Qonto's signature, which is not documented.
    """

    quickbooks: str = field(default="", repr=False)
    xero: str = field(default="", repr=False)
    qonto: str = field(default="", repr=False)
    qonto_header: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """Outgoing mail of the installation and where what comes back arrives.

    `security`: tls (465), starttls (587) or none (a relay on the same machine). `sender` is the
    installation's own From; `domain` that of Message-IDs and return addresses. `dkim_key` is a
    PEM file for `domain`, or a folder of `<domain>.pem`. `return_port` 0: nothing listens;
    `imap_host`: read returned mail there instead. `refusers` are domains whose people refuse
    documents by mail. `private_hosts` are servers of workspaces that may have a private address.
    `spf` are the terms that let the server send (`include:spf.example.net`), `dns` the name server
    to ask (`192.0.2.53:53`), empty for the machine's.
    Times in seconds; `retry` is the pause after a mail that was not taken for now, 0 for the usual
    one that begins with ten minutes and doubles.
    """

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    domain: str = ""
    dkim_selector: str = ""
    dkim_key: str = ""
    spf: str = ""
    dns: str = ""
    ca_file: str = ""
    pace: float = 1.0
    retry: float = 0.0
    timeout: float = 60.0
    answer_timeout: float = 300.0
    private_hosts: tuple[str, ...] = ()
    return_host: str = "127.0.0.1"
    return_port: int = 0
    imap_host: str = ""
    imap_port: int = 993
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    imap_folder: str = "INBOX"
    refusers: tuple[str, ...] = ("intuit.com", "qbodocs.com", "freshbooks.com")
    tls: TLSVersion = TLSVersion.TLSv1_2


@dataclass(frozen=True, slots=True)
class MailProvider:
    """A mail provider where a workspace may sign in to send by its own mailbox (XOAUTH2).

    `scopes` are asked for, `asks` goes with them into the address of the consent; `host` and
    `port` are its submission server. It is offered once it is complete, with a client id; without
    a `revoke` address a person has to end the permission there.
    """

    name: str
    title: str
    provider: Provider
    scopes: tuple[str, ...]
    asks: Mapping[str, str]
    host: str
    port: int

    @property
    def complete(self) -> bool:
        """Whether it can be offered."""
        it = self.provider
        return bool(it.client_id and it.authorize and it.token and self.scopes and self.host)


@dataclass(frozen=True, slots=True)
class Settings:
    """`regions` maps a region's name to its data database, `files` to the folder of its files
    where that is another than the data folder's; times in seconds, sizes in bytes."""

    data: Path
    base_url: str
    control_database: str
    regions: Mapping[str, str]
    engine_database: str
    quickbooks: Provider
    qonto: Provider
    freshbooks: Provider
    secret_key: str = field(default="", repr=False)
    master_key: str = field(default="", repr=False)
    debug: bool = False
    executor: str = "local"
    host: str = "127.0.0.1"
    port: int = 8000
    signup: bool = False
    language_model: LanguageModel = LanguageModel()
    hooks: Hooks = Hooks()
    mail: Mail = Mail()
    xero: Xero = Xero()
    files: Mapping[str, Path] = field(default_factory=dict)
    mail_providers: tuple[MailProvider, ...] = ()


_QUICKBOOKS = {
    "API": "https://quickbooks.api.intuit.com",
    "AUTHORIZE": "https://appcenter.intuit.com/connect/oauth2",
    "TOKEN": "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    "REVOKE": "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    "APP": "https://app.qbo.intuit.com",
    "FILE_HOSTS": "*.amazonaws.com",
}
_QONTO = {
    "API": "https://thirdparty.qonto.com",
    "AUTHORIZE": "https://oauth.qonto.com/oauth2/auth",
    "TOKEN": "https://oauth.qonto.com/oauth2/token",
    "REVOKE": "https://oauth.qonto.com/oauth2/revoke",
    "APP": "https://app.qonto.com",
    "FILE_HOSTS": "*.amazonaws.com,*.qonto.com",
}
_XERO = {
    "API": "https://api.xero.com",
    "AUTHORIZE": "https://login.xero.com/identity/connect/authorize",
    "TOKEN": "https://identity.xero.com/connect/token",
    "REVOKE": "https://identity.xero.com/connect/revocation",
    "APP": "https://go.xero.com",
}
_XERO_AUTHORITIES = "https://identity.xero.com,https://login.xero.com"
_XERO_SCOPES = (
    "offline_access accounting.invoices.read accounting.payments.read "
    "accounting.banktransactions.read accounting.contacts.read accounting.settings.read "
    "accounting.attachments.read"
)
"""The names of 2026; an older app has accounting.transactions.read in place of the first three."""


_FRESHBOOKS = {
    "API": "https://api.freshbooks.com",
    "AUTHORIZE": "https://auth.freshbooks.com/oauth/authorize",
    "TOKEN": "https://api.freshbooks.com/auth/oauth/token",
    "REVOKE": "https://api.freshbooks.com/auth/oauth/revoke",
}
_MAILBOXES: Mapping[str, Mapping[str, str]] = {
    "GOOGLE": {
        "TITLE": "Google",
        "AUTHORIZE": "https://accounts.google.com/o/oauth2/v2/auth",
        "TOKEN": "https://oauth2.googleapis.com/token",
        "REVOKE": "https://oauth2.googleapis.com/revoke",
        "SCOPES": "https://mail.google.com/",
        "ASKS": "access_type=offline&prompt=consent",
        "HOST": "smtp.gmail.com",
    },
    "MICROSOFT": {
        "TITLE": "Microsoft",
        "AUTHORIZE": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "TOKEN": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "SCOPES": "https://outlook.office.com/SMTP.Send offline_access",
        "HOST": "smtp.office365.com",
    },
}
"""As both document their sign-in for SMTP; Microsoft documents no address for revocation."""


_TLS = {"1.2": TLSVersion.TLSv1_2, "1.3": TLSVersion.TLSv1_3}


def _tls(env: Mapping[str, str]) -> TLSVersion:
    """WELL_TLS_MINIMUM, for providers and mail servers alike; ValueError for another version."""
    text = env.get("WELL_TLS_MINIMUM", "1.2")
    if text not in _TLS:
        raise ValueError(f"WELL_TLS_MINIMUM is {' or '.join(_TLS)}, not “{text[:20]}”.")
    return _TLS[text]


def _provider(env: Mapping[str, str], prefix: str, defaults: Mapping[str, str]) -> Provider:
    def get(name: str) -> str:
        return env.get(f"WELL_{prefix}_{name}", defaults.get(name, ""))

    return Provider(
        api=get("API").rstrip("/"),
        authorize=get("AUTHORIZE"),
        token=get("TOKEN"),
        revoke=get("REVOKE"),
        client_id=get("CLIENT_ID"),
        client_secret=get("CLIENT_SECRET"),
        staging_token=get("STAGING_TOKEN"),
        app=get("APP").rstrip("/"),
        file_hosts=tuple(host for host in get("FILE_HOSTS").split(",") if host),
        settle=float(get("SETTLE") or 0),
        tls=_tls(env),
    )


def _mail(env: Mapping[str, str]) -> Mail:
    """WELL_MAIL_<FIELD> for each field of `Mail`; several values are separated by commas."""
    default = Mail()

    def get(name: str) -> str:
        return env.get(f"WELL_MAIL_{name.upper()}", str(getattr(default, name)))

    def several(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        text = env.get(f"WELL_MAIL_{name.upper()}")
        return default if text is None else tuple(part for part in text.split(",") if part)

    return Mail(
        host=get("host"),
        port=int(get("port")),
        security=get("security"),
        user=get("user"),
        password=get("password"),
        sender=get("sender"),
        domain=get("domain").lower(),
        dkim_selector=get("dkim_selector"),
        dkim_key=get("dkim_key"),
        spf=" ".join(get("spf").split()),
        dns=get("dns"),
        ca_file=get("ca_file"),
        pace=float(get("pace")),
        retry=float(get("retry")),
        timeout=float(get("timeout")),
        answer_timeout=float(get("answer_timeout")),
        private_hosts=several("private_hosts", default.private_hosts),
        return_host=get("return_host"),
        return_port=int(get("return_port")),
        imap_host=get("imap_host"),
        imap_port=int(get("imap_port")),
        imap_user=get("imap_user"),
        imap_password=get("imap_password"),
        imap_folder=get("imap_folder"),
        refusers=several("refusers", default.refusers),
        tls=_tls(env),
    )


def _xero(env: Mapping[str, str]) -> Xero:
    return Xero(
        provider=_provider(env, "XERO", _XERO),
        mcp=env.get("WELL_XERO_MCP", ""),
        authorities=_listed(env.get("WELL_XERO_AUTHORITIES", _XERO_AUTHORITIES)),
        rest=env.get("WELL_XERO_REST", "same"),
        scopes=tuple(env.get("WELL_XERO_SCOPES", _XERO_SCOPES).split()),
        per_minute=int(env.get("WELL_XERO_PER_MINUTE", "60")),
        per_day=int(env.get("WELL_XERO_PER_DAY", "5000")),
    )


def _mail_providers(env: Mapping[str, str]) -> tuple[MailProvider, ...]:
    """WELL_MAILBOX_<NAME>_...; two have defaults, WELL_MAILBOXES names more."""
    names = [*_MAILBOXES, *(name.upper() for name in _listed(env.get("WELL_MAILBOXES", "")))]
    return tuple(_mail_provider(env, name) for name in dict.fromkeys(names))


def _mail_provider(env: Mapping[str, str], name: str) -> MailProvider:
    defaults = _MAILBOXES.get(name, {})

    def get(part: str, default: str = "") -> str:
        return env.get(f"WELL_MAILBOX_{name}_{part}", defaults.get(part, default))

    return MailProvider(
        name=name.lower(),
        title=get("TITLE", name.capitalize()),
        provider=_provider(env, f"MAILBOX_{name}", defaults),
        scopes=tuple(get("SCOPES").split()),
        asks=dict(parse_qsl(get("ASKS"))),
        host=get("HOST").lower(),
        port=int(get("PORT", "587")),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (the process environment by default).

    WELL_REGIONS is `name=url` pairs separated by blanks, for instance
    `eu=postgresql://well@db.eu/well us=postgresql://well@db.us/well`; WELL_FILES the same with
    folders. ValueError where a setting has a value it cannot have.
    """
    env = os.environ if env is None else env
    data = Path(env.get("WELL_DATA", ".well")).absolute()
    regions = dict(
        pair.split("=", 1)
        for pair in env.get("WELL_REGIONS", f"eu=sqlite:///{data}/data-eu.sqlite3").split()
    )
    files = dict(pair.split("=", 1) for pair in env.get("WELL_FILES", "").split())
    if set(files) - set(regions):
        raise ValueError(f"WELL_FILES names a region that there is not: {', '.join(files)}.")
    port = int(env.get("WELL_PORT", "8000"))
    host = env.get("WELL_HOST", "127.0.0.1")
    return Settings(
        data=data,
        base_url=env.get("WELL_BASE_URL", f"http://localhost:{port}").rstrip("/"),
        control_database=env.get("WELL_CONTROL_DATABASE", f"sqlite:///{data}/control.sqlite3"),
        regions=regions,
        files={region: Path(folder).absolute() for region, folder in files.items()},
        engine_database=env.get("WELL_ENGINE_DATABASE", f"sqlite:///{data}/engine.sqlite3"),
        quickbooks=_provider(env, "QUICKBOOKS", _QUICKBOOKS),
        qonto=_provider(env, "QONTO", _QONTO),
        freshbooks=_provider(env, "FRESHBOOKS", _FRESHBOOKS),
        xero=_xero(env),
        secret_key=env.get("WELL_SECRET_KEY", ""),
        master_key=env.get("WELL_MASTER_KEY", ""),
        debug=env.get("WELL_DEBUG", "") == "1",
        executor=env.get("WELL_EXECUTOR", "local"),
        host=host,
        port=port,
        signup=env.get("WELL_SIGNUP", "") == "1",
        language_model=LanguageModel(
            url=env.get("WELL_READER_URL", "").rstrip("/"),
            name=env.get("WELL_READER_MODEL", ""),
            key=env.get("WELL_READER_KEY", ""),
            tls=_tls(env),
        ),
        hooks=Hooks(
            quickbooks=env.get("WELL_QUICKBOOKS_HOOK_SECRET", ""),
            xero=env.get("WELL_XERO_HOOK_SECRET", ""),
            qonto=env.get("WELL_QONTO_HOOK_SECRET", ""),
            qonto_header=env.get("WELL_QONTO_HOOK_HEADER", ""),
        ),
        mail=_mail(env),
        mail_providers=_mail_providers(env),
    )
