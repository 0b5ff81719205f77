"""What a connector consists of: its files and lines, counted (`python -m benchmarks.connector_files
freshbooks --write`).

Invariant: only counts what is in the tree; `--write` replaces the table on the page of connectors
and nothing else.
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "connectors" / "adding.md"
MARK = re.compile(r"(<!-- files -->\n).*?(\n<!-- end -->)", re.DOTALL)
SHARED = ("src/well", "pyproject.toml", "docs/operations")


def lines(path: Path) -> int:
    """Lines of a text file."""
    return len(path.read_text("utf-8").splitlines())


def own(name: str) -> list[tuple[str, list[Path]]]:
    """The connector's own files, by what they are."""
    groups = (
        ("connector", f"src/well/connectors/{name}/*.py"),
        ("stand-in", f"src/well/sandbox/{name}/*.py"),
        ("tests of the connector", f"tests/*/connectors/test_*{name}*.py"),
        ("tests of the stand-in", f"tests/contract/standin_{name}/*.py"),
        ("page", f"docs/connectors/{name}.md"),
    )
    return [(what, sorted(ROOT.glob(pattern))) for what, pattern in groups]


def mentions(name: str) -> list[tuple[Path, int]]:
    """Other files of the product that name it, with how many lines do."""
    files = [p for place in SHARED for p in sorted((ROOT / place).rglob("*.py"))]
    files += [ROOT / place for place in SHARED if (ROOT / place).is_file()]
    found = []
    for path in files:
        if path.parent.name == name:
            continue
        count = sum(name in line.lower() for line in path.read_text("utf-8").splitlines())
        if count:
            found.append((path, count))
    return found


def table(name: str) -> str:
    """The table of the page."""
    rows = ["| part | files | lines |", "|---|---|---|"]
    for what, files in own(name):
        rows.append(f"| {what} | {len(files)} | {sum(map(lines, files))} |")
    rows.append("")
    rows.append("Lines that name it in files of others:")
    rows.append("")
    rows += [f"- `{path.relative_to(ROOT)}`: {count}" for path, count in mentions(name)]
    return "\n".join(rows)


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("name")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    told = table(arguments.name)
    print(told)
    if arguments.write:
        text = PAGE.read_text("utf-8")
        PAGE.write_text(MARK.sub(lambda found: found[1] + told + found[2], text), "utf-8")


if __name__ == "__main__":
    main()
