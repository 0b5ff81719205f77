"""`well check FILE`: structure of a PDF/A-3, the e-invoice in it, schema and business rules.

Invariant: one line on stdout for each violated rule, `RULE where: sentence`; exit code 0 clean, 1
violations, 2 unreadable. Nothing is changed. The work is `documents.checking`'s.
"""

import argparse
import sys
from pathlib import Path

from well.documents.checking.checker import FileChecker
from well.documents.checking.violation import Report
from well.documents.reading.limits import FILE_BYTES


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("files", type=Path, nargs="+", help="PDF or XML")
    parser.add_argument(
        "--france",
        action="store_const",
        const=True,
        help="apply the French rules (BR-FR) even where the file does not claim them",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check each file; the worst answer is the exit code."""
    files: list[Path] = arguments.files
    checker = FileChecker()
    try:
        return max(_check(checker, path, arguments.france, len(files) > 1) for path in files)
    finally:
        checker.close()


def _check(checker: FileChecker, path: Path, french: bool | None, several: bool) -> int:
    try:
        with path.open("rb") as file:
            report = checker.check(file.read(FILE_BYTES + 1), french)
    except OSError as error:
        report = Report(error=str(error.strerror))
    if report.error:
        print(f"well check: {path}: {report.error}", file=sys.stderr)
        return 2
    for violation in report.violations:
        print(f"{path}: {violation}" if several else violation)
    verdict = f"{len(report.violations)} violations" if report.violations else "clean"
    print(f"{path}: {verdict} (checked: {', '.join(report.checked)})", file=sys.stderr)
    return 1 if report.violations else 0
