"""Where the bench of matching works, what it runs, and what it may take from an earlier run.

Invariant: only rivals' answers are ever taken from a cache, keyed by the command and the files it
reads; Well is run anew each time.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.child import ROOT, Run, run

WELL = ROOT / ".venv" / "bin" / "well"
LINKS = ROOT / ".venv-bench" / "links" / "bin" / "python"
NAMES = ROOT / ".venv-bench" / "names" / "bin" / "python"


@dataclass(frozen=True)
class Setting:
    """Folders and sizes of one run of the bench."""

    data: Path
    """The public files with answers."""
    scratch: Path
    keep: bool
    """Whether rivals' answers of an earlier run in `scratch` may stand."""
    documents: int
    entries: int

    def ours(self, command: Sequence[str | Path]) -> Run:
        """Run Well."""
        return run(command) if WELL.exists() else _missing(WELL)

    def cached(self, out: Path, command: Sequence[str | Path]) -> Run:
        """Run a rival that writes `out`, or take its earlier answers."""
        if not Path(command[0]).exists():
            return _missing(Path(command[0]))
        note = out.with_suffix(out.suffix + ".run")
        key = _key(command, out)
        if self.keep and note.exists() and out.exists():
            kept = json.loads(note.read_text())
            if kept.pop("key") == key:
                return Run(**kept)
        done = run(command)
        if done.code == 0:
            note.write_text(json.dumps({"key": key, **asdict(done)}))
        return done


def _key(command: Sequence[str | Path], out: Path) -> str:
    """Changes with the command, our code for the rivals, and the content of what is read."""
    digest = hashlib.sha256(" ".join(map(str, command)).encode())
    read = [Path(word) for word in command[1:] if Path(word).is_file() and Path(word) != out]
    for path in sorted((ROOT / "benchmarks" / "rivals").glob("*.py")) + read:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _missing(program: Path) -> Run:
    name = program.relative_to(ROOT)
    return Run(127, 0.0, 0.0, 0, "", f"{name} is not installed (make bench-matching installs it)")
