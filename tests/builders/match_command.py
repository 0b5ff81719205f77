"""`well match` called on files of a folder of its own, and small files for it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from well.cli.main import main

HEAD = "id,name,reference,amount,currency,date\n"
SOURCE = (
    HEAD
    + "s1,Acme SAS,FA-2026-77,123.45,EUR,2026-03-01\n"
    + "s2,Kodex,,88.10,EUR,2026-03-02\n"
    + "s3,Nobody,,1.00,EUR,2026-03-02\n"
)
TARGET = (
    HEAD
    + "t1,Acme,FA-2026-77,123.45,EUR,2026-03-20\n"
    + "t2,Kodex GmbH,,88.10,EUR,2026-03-30\n"
    + "t3,Acme,FA-2026-78,123.45,EUR,2026-03-21\n"
)


class Run:
    """One call of the command in a folder of its own."""

    def __init__(self, folder: Path, source: str | bytes, target: str | bytes) -> None:
        self.folder = folder
        self.source = self.file("source.csv", source)
        self.target = self.file("target.csv", target)
        self.out = folder / "out.jsonl"

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def code(self, *more: str | Path) -> int:
        words = ["match", "--source", self.source, "--target", self.target, "--out", self.out]
        return main([str(word) for word in [*words, *more]])

    def lines(self, *more: str | Path) -> list[dict[str, Any]]:
        assert self.code(*more) == 0
        return [json.loads(line) for line in self.out.read_text(encoding="utf-8").splitlines()]

    def errors(self) -> list[str]:
        path = self.folder / "out.jsonl.errors"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def answers(lines: list[dict[str, Any]]) -> dict[str, tuple[str, str | None]]:
    return {line["source_id"]: (line["decision"], line["target_id"]) for line in lines}


def many(count: int, **other: str) -> tuple[str, str]:
    """Documents with their entries, every fourth by supplier and total alone."""
    source, target = io.StringIO(), io.StringIO()
    for side, letter in ((source, "s"), (target, "t")):
        side.write(HEAD)
        for n in range(count):
            number = f"FA-2026-{1000 + n}" if n % 4 else ""
            amount = f"{100 + n}.{n % 90 + 10}"
            side.write(f"{letter}{n},Firm {n % 7},{number},{amount},EUR,2026-03-{n % 28 + 1:02}\n")
    return source.getvalue(), target.getvalue()


def labels(*links: tuple[str, str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([("source_id", "target_id"), *links])
    return file.getvalue()
