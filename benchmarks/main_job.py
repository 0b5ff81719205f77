"""The main job whole: 600 bills, then 10,000, from connect to confirmed.

Invariant: runs the demo as a user would, in a fresh folder, and prints what it says of itself.
"""

import json
import subprocess
import sys
import tempfile
from typing import Any

SIZES = (600, 10_000)
PORT = 8765


def run(bills: int) -> dict[str, Any]:
    """One whole run; its JSON line."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "well.cli.main", "demo", "--once", "--json"]
        command += ["--bills", str(bills), "--data", folder, "--port", str(PORT)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return line | {"exit": done.returncode, "bills": bills}


def main() -> None:
    """Both sizes, and the ratio of the time per bill."""
    first: float | None = None
    for bills in SIZES:
        result = run(bills)
        each = result["seconds"] / bills
        first = first or each
        print(
            f"{bills:>6} bills: {result['seconds']:>7.1f} s, {each * 1000:.0f} ms a bill "
            f"({each / first:.2f} times that of {SIZES[0]}), peak {result['peak_mb']} MB, "
            f"doubled {result['duplicates']}, lost {result['lost']}, "
            f"precision {result['auto_precision']:.4f}, share {result['auto_share']:.3f}, "
            f"exit {result['exit']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
