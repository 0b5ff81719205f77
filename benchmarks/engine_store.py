"""One record against the real store, sealed rows and all: time to a decision of the policy.

Invariant: entries are saved and asked as the pipeline does it (keys through their digests, rows
opened with the workspace's key), on SQLite below a temporary folder that goes with the process.

`python -m benchmarks.engine_store FOLDER [ENTRIES]`
"""

import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django

ENTRIES = 100_000


def main(words: list[str]) -> None:
    """Keep the first entries of the ledger, then ask."""
    most = int(words[1]) if len(words) > 1 else ENTRIES
    with tempfile.TemporaryDirectory() as data:
        os.environ["WELL_DATA"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "well.django_settings"
        django.setup()
        import_module("benchmarks.engine_store_run").run(Path(words[0]), most)


if __name__ == "__main__":
    main(sys.argv[1:])
