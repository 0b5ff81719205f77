"""The file of left-out rows and the line on a terminal, by themselves."""

import io
import sys
from pathlib import Path

import pytest

from well.cli.errors import ErrorFile
from well.cli.progress import Progress


class Terminal(io.StringIO):
    """A terminal that keeps what was flushed."""

    shown = ""

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        self.shown = self.getvalue()


def test_what_is_done_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress("well x") as note:
        note("one")
        assert screen.shown == "\r\x1b[Kwell x: one …"
    assert screen.shown.endswith("…\r\x1b[K")


def test_progress_is_gone_after_a_failure_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pytest.raises(KeyboardInterrupt), Progress("well x") as note:
        note("one")
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "\r\x1b[Kwell x: one …\r\x1b[K"


def test_reports_become_lines_with_file_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "e"
    with ErrorFile(path) as errors:
        assert not path.exists()
        errors.of(Path("some/a.csv"))(3, "Café.")
        errors.of(Path("b.csv"))(0, "All of it.")
        assert errors.count == 2
    assert path.read_text(encoding="utf-8") == "a.csv:3: Café.\nb.csv:0: All of it.\n"
    with ErrorFile(path) as errors:
        assert errors.count == 0
    assert not path.exists()


def test_reports_are_on_disk_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "e"
    with pytest.raises(KeyboardInterrupt), ErrorFile(path) as errors:
        errors.of(Path("a.csv"))(3, "Bad.")
        raise KeyboardInterrupt
    assert path.read_text() == "a.csv:3: Bad.\n"
