"""One typed object for every setting, read once from the environment (prefix WELL_).

Invariant: nothing else reads the environment; each setting has a default that works on one
machine with one data folder. Secrets are read from here and never printed.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Provider:
    """Addresses and client credentials of one provider. `file_hosts` may serve signed links."""

    api: str
    authorize: str
    token: str
    revoke: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    staging_token: str = field(default="", repr=False)
    app: str = ""
    file_hosts: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Settings:
    """`regions` maps a region's name to its data database; times in seconds, sizes in bytes."""

    data: Path
    base_url: str
    control_database: str
    regions: Mapping[str, str]
    engine_database: str
    quickbooks: Provider
    qonto: Provider
    secret_key: str = field(default="", repr=False)
    master_key: str = field(default="", repr=False)
    debug: bool = False
    executor: str = "local"
    host: str = "127.0.0.1"
    port: int = 8000
    signup: bool = False
    language_model: LanguageModel = LanguageModel()
    xero: Xero = Xero()


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


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (the process environment by default).

    WELL_REGIONS is `name=url` pairs separated by blanks, for instance
    `eu=postgresql://well@db.eu/well us=postgresql://well@db.us/well`.
    """
    env = os.environ if env is None else env
    data = Path(env.get("WELL_DATA", ".well")).absolute()
    regions = dict(
        pair.split("=", 1)
        for pair in env.get("WELL_REGIONS", f"eu=sqlite:///{data}/data-eu.sqlite3").split()
    )
    port = int(env.get("WELL_PORT", "8000"))
    host = env.get("WELL_HOST", "127.0.0.1")
    return Settings(
        data=data,
        base_url=env.get("WELL_BASE_URL", f"http://localhost:{port}").rstrip("/"),
        control_database=env.get("WELL_CONTROL_DATABASE", f"sqlite:///{data}/control.sqlite3"),
        regions=regions,
        engine_database=env.get("WELL_ENGINE_DATABASE", f"sqlite:///{data}/engine.sqlite3"),
        quickbooks=_provider(env, "QUICKBOOKS", _QUICKBOOKS),
        qonto=_provider(env, "QONTO", _QONTO),
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
        ),
    )
