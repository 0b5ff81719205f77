"""The README's first command, small: it holds its promises, goes on where it stopped, explains."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builders.product import WELL, free_port

KEYS = [
    "source_records",
    "by_outcome",
    "target_entries_before",
    "target_entries_after",
    "duplicates",
    "lost",
    "auto_precision",
    "auto_share",
    "seconds",
    "peak_mb",
]
OUTCOMES = ["posted", "linked", "review", "refused", "held", "ignored", "failed"]


def _clean_env() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("WELL_", "DJANGO_"))}


def _demo(data: Path) -> dict[str, Any]:
    words = ["demo", "--once", "--bills", "60", "--json", "--data", str(data)]
    done = subprocess.run(
        [*WELL, *words, "--port", str(free_port())],
        env=_clean_env(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return line


def _well(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = _clean_env() | {"WELL_DATA": str(data / "well")}
    return subprocess.run(
        [*WELL, *words], env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
def test_the_demo_holds_its_promises_twice_and_every_decision_replays(tmp_path: Path) -> None:
    first = _demo(tmp_path)
    assert list(first) == KEYS
    assert list(first["by_outcome"]) == OUTCOMES
    assert sum(first["by_outcome"].values()) == first["source_records"]
    assert (first["duplicates"], first["lost"]) == (0, 0)
    assert first["auto_precision"] >= 0.99
    assert first["auto_share"] >= 0.75

    again = _demo(tmp_path)
    same = [key for key in KEYS if key not in ("seconds", "peak_mb")]
    assert {key: again[key] for key in same} == {key: first[key] for key in same}

    verified = _well(tmp_path, "trail", "verify")
    assert verified.returncode == 0, verified.stdout
    assert "the chain holds" in verified.stdout

    status = json.loads(_well(tmp_path, "status", "--json", "--records").stdout)
    (flow,) = status["workspaces"][0]["flows"]
    assert sum(flow["states"].values()) == flow["records"] == first["source_records"]
    bills = [r for r in status["workspaces"][0]["records"] if r["stream"] == "bills"]
    for record in bills[:3]:
        explained = _well(tmp_path, "explain", record["source_id"])
        assert explained.returncode == 0, explained.stdout
        assert "replayed from the trail: the same; evidence adds up" in explained.stdout


def test_a_word_that_is_no_command_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = _well(tmp_path, "pots")
    assert done.returncode == 2
    assert "there is no command 'pots'" in done.stderr
