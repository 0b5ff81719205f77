"""The real product in a process of its own, pointed at stand-ins, for tests that kill it.

Invariant: everything lives below one temporary folder; `stop` ends what was started.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from well.cli.demo_settings import environment

WELL = [sys.executable, "-m", "well.cli.main"]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Product:
    """`addresses` are the stand-ins'; `extra` overrides settings."""

    data: Path
    addresses: dict[str, Any]
    extra: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """The environment its commands run in."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("WELL_", "DJANGO_"))}
        return clean | environment(self.addresses, self.data, self.port) | self.extra

    @property
    def base(self) -> str:
        """Address of its pages."""
        return f"http://localhost:{self.port}"

    def command(self, *words: str) -> str:
        """Run one `well` command to its end; its output."""
        done = subprocess.run(
            [*WELL, *words], env=self.env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def start(self) -> None:
        """Start `well up` without waiting for it."""
        log = (self.data / "log.txt").open("ab")
        self.process = subprocess.Popen(
            [*WELL, "up"], env=self.env, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def wait_until_served(self, seconds: float = 60) -> None:
        """Until its pages answer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                httpx.get(f"{self.base}/healthz", timeout=2)
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError((self.data / "log.txt").read_text()[-3000:])

    def kill(self) -> None:
        """kill -9, with the children that read files."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it orderly."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        try:
            if how is signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
            self.process.wait(timeout=30)
        except ProcessLookupError:
            pass
        self.process = None

    def status(self) -> dict[str, Any]:
        """`well status --json --records` of its only workspace."""
        found = json.loads(self.command("status", "--json", "--records"))
        workspace: dict[str, Any] = found["workspaces"][0]
        return workspace
