"""Documentation that names a file, a function or a command must name one that exists."""

import re
from pathlib import Path

import pytest

from well.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PATH = re.compile(r"`((?:src|docs|tests|benchmarks|requirements)/[A-Za-z0-9_./-]+)`")
STEP = re.compile(r"`(src/well/[a-z_/]+\.py)`,\s+`([a-z_]+)`")
COMMAND = re.compile(r"`well ([a-z]+)[ `]")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_path_a_page_names_exists(page: Path) -> None:
    missing = [path for path in PATH.findall(page.read_text()) if not (ROOT / path).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_function_the_pages_name_is_in_its_file(page: Path) -> None:
    steps = STEP.findall(page.read_text())
    missing = [
        (path, name) for path, name in steps if f"def {name}(" not in (ROOT / path).read_text()
    ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_the_pages_name_exists(page: Path) -> None:
    assert not [name for name in COMMAND.findall(page.read_text()) if name not in COMMANDS]


def test_the_tour_visits_every_step_of_the_line() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text()
    steps = ["poll", "capture", "read", "resolve", "match", "decide", "post", "confirm"]
    assert not [step for step in steps if f"src/well/pipeline/{step}.py" not in tour]


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text()
    assert not [name for name in COMMANDS if f"well {name}" not in readme]
