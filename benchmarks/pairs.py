"""The three pairs of the demo, 200 bills each: in good weather, then with providers' bad days.

Invariant: runs the demo as a user would, in a fresh folder, and prints what it says of itself.
"""

import json
import re
import subprocess
import sys
import tempfile

PAIRS = "quickbooks-qonto,xero-qonto,qonto-freshbooks"
BILLS = 200
PORT = 8770
_SERVED = re.compile(r"providers served (\d+) faults")


def run(*options: str) -> None:
    """One whole run of all pairs; its figures, one line a pair."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "well.cli.main", "demo", "--once", "--json"]
        command += ["--pairs", PAIRS, "--bills", str(BILLS), "--data", folder]
        command += ["--port", str(PORT), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    served = iter(_SERVED.findall(done.stderr))
    for pair, told in json.loads(done.stdout.splitlines()[-1]).items():
        faults = f", {next(served, '?')} faults" if options else ""
        print(
            f"{pair:>17}: {told['source_records']} records in {told['seconds']:.0f} s{faults}, "
            f"posted {told['by_outcome']['posted']}, linked {told['by_outcome']['linked']}, "
            f"review {told['by_outcome']['review']}, doubled {told['duplicates']}, "
            f"lost {told['lost']}, precision {told['auto_precision']:.4f}, "
            f"share {told['auto_share']:.3f}, peak {told['peak_mb']} MB",
            flush=True,
        )
    print(f"exit {done.returncode}", flush=True)


def main() -> None:
    """Both runs."""
    run()
    print("with faults:", flush=True)
    run("--faults")


if __name__ == "__main__":
    main()
