"""Contract: a command line client written by others lists, gets and creates supplier invoices.

It is installed with npm into a temporary folder and started as a program; where npm, the package
or a recent Node.js is absent, the tests are skipped and say which.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
NODE_NEEDED = 24
Client = Callable[..., str]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed program, shared by the session."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not installed here, so qontoctl cannot be tried.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip().lstrip("v").split(".")[0]) < NODE_NEEDED:
        pytest.skip(f"qontoctl needs Node.js {NODE_NEEDED}; here is {version.stdout.strip()}.")
    folder = tmp_path_factory.mktemp("qontoctl")
    asked = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "qontoctl"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=180, check=False)
    found = folder / "node_modules" / ".bin" / "qontoctl"
    if done.returncode or not found.exists():
        pytest.skip("npm could not install qontoctl: the registry that is set does not offer it.")
    return found


@pytest.fixture
def qontoctl(program: Path, qonto: Any, tmp_path: Path) -> Client:
    """Runs the program against the stand-in with the API key; what it prints."""
    login, _, secret = qonto.addresses["api_key"].partition(":")
    env = os.environ | {
        "HOME": str(tmp_path),
        "QONTOCTL_ENDPOINT": qonto.api,
        "QONTOCTL_ORGANIZATION_SLUG": login,
        "QONTOCTL_SECRET_KEY": secret,
        "QONTOCTL_AUTH": "api-key",
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [str(program), "--output", "json", *words],
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    return run


def test_the_independent_client_lists_and_shows_invoices(qontoctl: Client) -> None:
    listed = qontoctl("supplier-invoice", "list")
    assert "rent.pdf" in listed and "unread.pdf" in listed
    rent = "11111111-1111-4111-8111-111111111111"
    assert rent in qontoctl("supplier-invoice", "show", rent)


def test_the_independent_client_creates_invoices(
    qontoctl: Client, qonto: Any, paper: Callable[[str], bytes], tmp_path: Path
) -> None:
    files = [tmp_path / f"{name}.pdf" for name in ("one", "two")]
    for file in files:
        file.write_bytes(paper(f"N-{file.stem}"))
    qontoctl("supplier-invoice", "bulk-create", *map(str, files))
    assert {"one.pdf", "two.pdf"} <= {invoice["file_name"] for invoice in qonto.listed()}
