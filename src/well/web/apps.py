"""The pages as a Django app, so that templates, static files and tags are found.

Invariant: it has no models; nothing is stored here.
"""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registered in django_settings as `well.web`."""

    name = "well.web"
    label = "web"
