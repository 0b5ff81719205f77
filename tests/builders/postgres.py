"""A private PostgreSQL server for the tests, in a temporary folder, on a socket only.

Invariant: it runs as an unprivileged user, listens on no port, and is stopped and removed by
`stop`. Its roles are those of a production database: one owns the tables, another one, which can
neither pass row security nor change a table, works with them.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

OWNER = "well_owner"
APPLICATION = "well_app"

_ROLES = f"""
CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS;
CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOBYPASSRLS;
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT ALL ON TABLES TO {APPLICATION};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT ALL ON SEQUENCES TO {APPLICATION};
"""
_OPTIONS = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=50"


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs; None where there is none or nobody to run them as."""
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or _user() is None):
        return None
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path))
    return found[-1].resolve().parent if found else None


def _user() -> pwd.struct_passwd | None:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


@dataclass
class Cluster:
    """A running server; `folder` holds its socket."""

    where: Path
    folder: Path

    @classmethod
    def start(cls, where: Path) -> "Cluster":
        """Make and start one."""
        folder = Path(tempfile.mkdtemp(prefix="well-pg-", dir="/tmp"))
        cluster = cls(where, folder)
        user = _user()
        if os.geteuid() == 0 and user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        cluster._run(
            "initdb", "-D", f"{folder}/data", "-U", "super", "-A", "trust", "-N", "-E", "UTF8"
        )
        options = f"{_OPTIONS} -c unix_socket_directories={folder}"
        cluster._run(
            "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-o", options, "start"
        )
        # Databases are copies of this one, so the grants hold in each.
        cluster._run("psql", "-h", str(folder), "-U", "super", "-q", "-c", _ROLES, "template1")
        return cluster

    def stop(self) -> None:
        """End it and remove its folder."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.where / program), *arguments]
        user = _user()
        if os.geteuid() == 0 and user is not None:
            rights = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
            command = ["setpriv", *rights, *command]
        with (self.folder / "programs.log").open("ab") as log:
            done = subprocess.run(
                command, stdout=log, stderr=log, cwd="/", check=False, timeout=120
            )
        if done.returncode:
            raise RuntimeError((self.folder / "programs.log").read_text())
