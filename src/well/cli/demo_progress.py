"""Progress and memory of the demo: one line that moves on a terminal, one every few seconds else.

Invariant: figures come from the store and from the kernel; nothing is estimated.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from well.domain.marker import SliceState
from well.ports.store import Store
from well.storage.queries import counts
from well.storage.scope import Tenant

PLAIN_EVERY = 5.0
"""Seconds between lines where the output is no terminal."""
WIDTH = 24
_last_plain = [0.0]


def bar(store: Store, tenant: Tenant, flow: str, title: str, last: bool = False) -> None:
    """Show how far the flow is."""
    slices = store.slices(flow)
    done = sum(1 for s in slices if s.state is SliceState.DONE)
    share = done / len(slices) if slices else 0.0
    states = counts(tenant).get(flow, {})
    words = ", ".join(f"{n} {state}" for state, n in sorted(states.items()) if state != "ignored")
    filled = round(share * WIDTH)
    told = f"{sum(states.values())} records; {words}" if words else "0 records"
    line = f"{title}: [{'#' * filled}{'.' * (WIDTH - filled)}] {told}"
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" + line[: _columns()] + ("\n" if last else ""))
        sys.stderr.flush()
    elif last or time.monotonic() - _last_plain[0] > PLAIN_EVERY:
        _last_plain[0] = time.monotonic()
        print(line, file=sys.stderr, flush=True)


def _columns() -> int:
    return os.get_terminal_size(sys.stderr.fileno()).columns - 1


@dataclass
class Meter:
    """Peak resident memory, in MB, of this process and the children it started for reading."""

    peak_mb: int = 0

    def sample(self) -> None:
        """Look once."""
        mine = os.getpid()
        total = sum(_resident_mb(pid) for pid in [mine, *_children(mine)])
        self.peak_mb = max(self.peak_mb, round(total))


def _children(pid: int) -> list[int]:
    """Children of every thread, except the stand-ins (they are a session of their own)."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return [child for child in found if _session(child) == os.getsid(0)]


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return -1


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
