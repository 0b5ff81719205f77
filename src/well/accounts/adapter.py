"""What allauth asks of us.

Invariant: nobody signs up by themselves unless the operator allows it (WELL_SIGNUP=1). It adds
no other way in.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Named in django_settings."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's name
        """Whether the sign-up page is open."""
        return bool(settings.WELL.signup)
