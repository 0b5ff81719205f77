"""Which database a table lives in.

Invariant: the storage app's tables are in the data databases only and all other tables in the
control database only. It does not choose a region: a query of a tenant's rows names it
(`scope.rows`), and one that does not finds no table.
"""

from typing import Any

from django.db.models import Model

CONTROL = "default"
DATA_APP = "storage"


class Router:
    """Django's database router."""

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Whether the tables of `app_label` belong into `db`."""
        return (app_label == DATA_APP) == (db != CONTROL)

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        """No relation crosses from one kind of database to the other."""
        return (one._meta.app_label == DATA_APP) == (other._meta.app_label == DATA_APP)
