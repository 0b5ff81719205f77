"""Pairs of the demo beside each other, on good days and on bad ones."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builders.product import WELL, free_port
from well.cli.demo_pairs import PAIRS
from well.cli.demo_result import JSON_KEYS


def _demo(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("WELL_", "DJANGO_"))}
    command = [*WELL, "demo", "--once", "--json", "--data", str(data), *words]
    return subprocess.run(
        [*command, "--port", str(free_port())],
        env=clean,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def _held(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The results, all of whose promises are held."""
    assert done.returncode == 0, done.stderr[-3000:]
    results: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for name, result in results.items():
        assert tuple(result) == JSON_KEYS, name
        assert (result["duplicates"], result["lost"]) == (0, 0), (name, result)
        assert sum(result["by_outcome"].values()) == result["source_records"] > 0
        assert result["by_outcome"]["posted"] > 0 and result["auto_precision"] >= 0.99, name
    return results


@pytest.mark.slow
def test_every_pair_holds_its_promises_in_the_order_asked(tmp_path: Path) -> None:
    asked = list(reversed(PAIRS))
    results = _held(_demo(tmp_path, "--pairs", ",".join(asked), "--bills", "30"))
    assert list(results) == asked
    assert {folder.name for folder in tmp_path.iterdir()} == set(PAIRS)


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_holds_its_promises_while_its_providers_have_bad_days(
    pair: str, tmp_path: Path
) -> None:
    done = _demo(tmp_path, "--pairs", pair, "--bills", "30", "--faults")
    _held(done)
    (line,) = [line for line in done.stderr.splitlines() if "faults; now they are well" in line]
    assert int(line.split()[3]) >= 10


@pytest.mark.parametrize("pairs", ["quickbooks-kolecto", " , ", ""])
def test_a_pair_that_there_is_not_is_said_in_a_sentence(pairs: str, tmp_path: Path) -> None:
    done = _demo(tmp_path, "--pairs", pairs)
    assert done.returncode == 2
    assert "quickbooks-qonto" in done.stderr.splitlines()[-1]
