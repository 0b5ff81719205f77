"""The storage as a Django app.

Invariant: its label is `storage`; the router sends exactly this label to the data databases.
"""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Registered in django_settings as `well.storage`."""

    name = "well.storage"
    label = "storage"
