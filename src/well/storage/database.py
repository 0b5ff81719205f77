"""From a database's address to Django's configuration of it.

Invariant: every SQLite write transaction takes the write lock when it begins and waits for it, so
none fails half way; commits survive `kill -9` (WAL). It opens nothing.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BUSY_SECONDS = 30
"""How long a writer waits for another one's transaction."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
    "PRAGMA cache_size=-20000; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;"
)


def database_config(url: str) -> dict[str, Any]:
    """Django's settings of `sqlite:///path` or `postgresql://user:password@host:port/name?opts`.

    ValueError for another form; the address (it may hold a password) is not repeated in it.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in ("postgresql", "postgres"):
        return _postgres(url)
    raise ValueError("a database address begins with sqlite:/// or postgresql://")


def _sqlite(url: str) -> dict[str, Any]:
    path = url.removeprefix("sqlite:///")
    if path in ("", url):
        raise ValueError("an SQLite address is sqlite:/// and a path")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": _PRAGMAS,
        },
        # A file, so that tests meet the same locking as the product.
        "TEST": {"NAME": str(Path(path).with_suffix(".test.sqlite3"))},
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("a PostgreSQL address ends with the name of the database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
