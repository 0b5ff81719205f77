"""The same tests of storage and tenancy once more, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders.postgres import binaries

HERE = Path(__file__).parents[2]


@pytest.mark.slow
def test_storage_keeps_its_promises_on_postgres_too() -> None:
    if os.environ.get("WELL_TEST_DATABASE") == "postgres":
        pytest.skip("this run is on PostgreSQL already")
    if binaries() is None:
        pytest.skip("PostgreSQL's own programs are not here: apt-get install postgresql")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("WELL_", "DJANGO_", "PYTEST_"))}
    folders = [str(HERE / name) for name in ("unit/storage", "unit/accounts", "security")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *folders],
        cwd=HERE.parent,
        env=env | {"WELL_TEST_DATABASE": "postgres"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
