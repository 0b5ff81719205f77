"""The accounts as a Django app.

Invariant: its label is `accounts`; its tables live in the control database.
"""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registered in django_settings as `well.accounts`."""

    name = "well.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
