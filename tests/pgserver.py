"""A throw-away PostgreSQL for tests: as `nobody` when root runs it, as oneself otherwise."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def find_binaries() -> Path | None:
    """The newest folder of Debian that holds initdb and postgres."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class TempPostgres:
    """A server on a socket in its own folder; `url()` names its database."""

    def __init__(self, binaries: Path):
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.identity: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder), "TZ": "UTC"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self.identity,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}\n{done.stderr}")

    def start(self) -> TempPostgres:
        """Make the cluster and start it; without a log file pg_ctl would keep our pipes open."""
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "tracker", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = (
            "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off "
            f"-c max_connections=60 -c timezone=UTC -k {self.folder}"
        )
        self._run("pg_ctl", "-D", data, "-w", "-t", "30", "-l", str(self.folder / "log"), "-o", options, "start")
        return self

    def url(self) -> str:
        """The address of its database."""
        return f"postgresql+psycopg://tracker@/postgres?host={self.folder}"

    def stop(self) -> None:
        """Stop at once and leave nothing behind."""
        with contextlib.suppress(RuntimeError):
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
