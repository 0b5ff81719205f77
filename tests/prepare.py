"""Before the tests: install what needs the system's package manager, where that is possible.

Invariant: never fails; says clearly what could not be had and which tests skip for it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

WANTED = {
    "chromium": ("chromium", "the browser tests"),
    "initdb": ("postgresql", "the PostgreSQL tests"),
}


def present(program: str) -> bool:
    """Whether a program is on the path or where Debian keeps PostgreSQL's."""
    if shutil.which(program):
        return True
    return any(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))


def install(package: str) -> bool:
    """Try apt-get; True when it worked."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
        done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=900)
        if done.returncode != 0:
            return False
    return True


def main() -> None:
    """Install what is missing and say what stays missing."""
    for program, (package, what) in WANTED.items():
        if present(program) or (install(package) and present(program)):
            continue
        sys.stderr.write(
            f"{program} is not here and could not be installed: {what} skip. "
            f"Install it with: apt-get install {package}\n"
        )


if __name__ == "__main__":
    main()
