"""The sandbox as a whole: one folder, one company, a real process that ends when told.

Invariant: what is remembered in the folder wins over what is asked. The stand-ins themselves are
tested by themselves.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import httpx
import pytest

from builders.running_standin import NO_TLS
from well.sandbox.serve import Sandbox, SandboxRefusedError, remembered_books

DAY = date(2026, 4, 22)
NAMES = ["quickbooks", "qonto"]


def test_a_folder_remembers_its_company(tmp_path: Path) -> None:
    made = remembered_books(tmp_path, 60, 7, DAY)
    assert remembered_books(tmp_path, 60, 7, None) == made
    assert remembered_books(tmp_path, 60, 7, date(2027, 1, 1)) == made


@pytest.mark.parametrize(("bills", "seed"), [(61, 7), (60, 8)])
def test_another_company_in_the_same_folder_is_refused(
    tmp_path: Path, bills: int, seed: int
) -> None:
    remembered_books(tmp_path, 60, 7, DAY)
    with pytest.raises(SandboxRefusedError, match=r"holds a company of 60 bills \(seed 7\)"):
        remembered_books(tmp_path, bills, seed, DAY)


def test_a_company_without_bills_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxRefusedError, match="at least one bill"):
        remembered_books(tmp_path, 0, 1, DAY)


@pytest.mark.parametrize("text", ["{", '{"bills": 60, "seed": 7, "today": "soon"}'])
def test_a_broken_folder_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "books.json").write_text(text)
    with pytest.raises(SandboxRefusedError, match=r"\.$"):
        remembered_books(tmp_path, 60, 7, DAY)


@pytest.mark.parametrize("names", [[], ["dragon"], ["quickbooks", "gmail"]])
def test_an_unknown_stand_in_is_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(
        SandboxRefusedError, match="there are freshbooks, mailbox, qonto, quickbooks"
    ):
        Sandbox(names, tmp_path)


def test_a_restart_keeps_addresses_and_credentials(tmp_path: Path) -> None:
    with Sandbox(NAMES, tmp_path, 60, 7, today=DAY) as sandbox:
        first = sandbox.addresses
        for name in NAMES:
            health = httpx.get(f"{first[name]['admin']}/_admin/health", verify=NO_TLS)
            assert health.json()["name"] == name
        assert sandbox.truth()["records"]
    with Sandbox(NAMES, tmp_path, 60, 7) as sandbox:
        assert sandbox.addresses == first


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with Sandbox(["quickbooks"], tmp_path / "a", 60, 7, today=DAY) as sandbox:
        port = int(sandbox.addresses["quickbooks"]["api"].rsplit(":", 1)[1])
        other = Sandbox(["quickbooks"], tmp_path / "b", 60, 7, {"quickbooks": port}, DAY)
        with pytest.raises(SandboxRefusedError, match="cannot be used"):
            other.start()
        other.stop()


@pytest.mark.slow
def test_a_process_says_where_it_listens_and_ends_on_sigterm(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from well.sandbox.serve import serve;"
        "serve(['quickbooks'], pathlib.Path(sys.argv[1]), 60, 7)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    source = Path(__file__).parents[3] / "src"
    environment = os.environ | {"PYTHONPATH": str(source)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            addresses = json.loads(process.stdout.readline())["quickbooks"]
            admin = f"{addresses['admin']}/_admin"
            assert httpx.get(f"{admin}/health", verify=NO_TLS).json()["ok"] is True
            assert httpx.post(f"{admin}/second-act", verify=NO_TLS).json()["applied"] > 0
            assert httpx.post(f"{admin}/second-act", verify=NO_TLS).json()["applied"] == 0
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
        finally:
            process.kill()
