"""Commands that read one CSV file and write it again with a column more.

Invariant: all files lie in the folder given; `FOLDER` stands for its path in what is said.
"""

import csv
from pathlib import Path

import pytest

from well.cli.main import main


def answered(command: str, folder: Path, content: bytes) -> list[list[str]]:
    """The rows that the command writes for a file of that content, header first."""
    out = folder / "out.csv"
    assert _call(command, folder, content) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def refused(command: str, folder: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says of a file that it cannot read."""
    assert _call(command, folder, content) == 2
    return capsys.readouterr().err.replace(str(folder), "FOLDER")


def _call(command: str, folder: Path, content: bytes) -> int:
    given = folder / "given.csv"
    given.write_bytes(content)
    return main([command, str(given), "--out", str(folder / "out.csv")])
