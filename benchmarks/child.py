"""A command as a process of its own: seconds, processor seconds, and peak memory.

Invariant: the figures are the kernel's for that process and those it waited for; nothing is
estimated. Memory is that of the largest process, and counts this one's at the moment of the start:
so this one stays small.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAID_MAX = 300


@dataclass(frozen=True)
class Run:
    """How a command went."""

    code: int
    seconds: float
    cpu_seconds: float
    peak_mb: int
    out: str
    complaint: str
    """What it said on stderr, in one line: the last of a traceback, else the first."""

    def cost(self) -> str:
        """For people."""
        return f"{self.seconds:.1f} s, {self.cpu_seconds:.1f} CPU-s, {self.peak_mb} MB"


def run(command: Sequence[str | Path]) -> Run:
    """Run it to its end in the project's folder."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
        started = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], stdout=out, stderr=said, cwd=ROOT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said.seek(0)
        return Run(
            code=process.returncode,
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mb=usage.ru_maxrss // 1024,
            out=out.read(),
            complaint=_complaint(said.read()),
        )


def _complaint(said: str) -> str:
    lines = [text.strip() for text in said.splitlines() if text.strip()] or [""]
    return lines[-1 if lines[0].startswith("Traceback") else 0][:SAID_MAX]
