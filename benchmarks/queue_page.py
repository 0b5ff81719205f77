"""The review queue's page with 100,000 records stored: how long the server takes to answer.

Invariant: real rows through the real store, the page through Django's own request handling.
"""

import os
import tempfile
from importlib import import_module

import django

CASES = 100_000
REQUESTS = 20


def main() -> None:
    """Fill, then ask for pages."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WELL_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "well.django_settings"
        django.setup()
        import_module("benchmarks.queue_page_run").run(CASES, REQUESTS)


if __name__ == "__main__":
    main()
