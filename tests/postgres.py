"""Run tests on a PostgreSQL server of their own, which is thrown away: python -m tests.postgres [what pytest takes]

Of all tests it takes those that touch the database (they ask for the fixture `app`) or are marked `postgresql`, without
those marked `sqlite`; `tests/conftest.py` chooses. The rest knows no database, or has one of its own.

Its programs are looked for on the PATH and where Debian puts them. Its order of letters is Turkish, as on a server in
Türkiye, so that nothing rests on the order of bytes by chance.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 30
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=60")
LETTERS = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=tr-TR")  # since version 15


def programs() -> Path | None:
    """The folder of the newest server this machine has."""
    found = [Path(path).resolve().parent] if (path := shutil.which("initdb")) else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return next((path for path in reversed(found) if (path / "initdb").exists()), None)


class Cluster:
    """A new server in a folder of its own, or the standby `of` another. It refuses to run as root: somebody else runs
    it then.
    """

    def __init__(self, folder: Path, home: Path, of: Cluster | None = None) -> None:
        self._folder, self._home, self.host = folder, home, str(home)
        self._who = "postgres" if os.geteuid() == 0 else None
        if self._who:
            shutil.chown(home, self._who)
        new = ["initdb", "--auth=trust", *LETTERS]
        follower = ["pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", "-h", of.host if of else ""]
        program, *words = follower if of else new
        run = [str(folder / program), "-D", str(home / "data"), "-U", "postgres", "--no-sync", *words]
        subprocess.run(run, user=self._who, cwd=home, check=True, stdout=subprocess.DEVNULL)

    def address(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.host}"

    def start(self) -> None:
        options = [word for setting in QUICK for word in ("-c", setting)]
        run = [
            str(self._folder / "postgres"),
            "-D",
            str(self._home / "data"),
            "-k",
            str(self._home),
            "-h",
            "",
            *options,
        ]
        with (self._home / "log").open("a") as log:
            self._running = subprocess.Popen(run, user=self._who, cwd=self._home, stderr=log)
        until = time.monotonic() + WAIT_SECONDS
        ready = [str(self._folder / "pg_isready"), "-q", "-h", self.host]
        while subprocess.run(ready, check=False).returncode:
            if self._running.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"The server does not start:\n{(self._home / 'log').read_text()}")
            time.sleep(0.1)

    def stop(self) -> None:
        self._running.send_signal(signal.SIGINT)  # whoever is still connected is sent away
        self._running.wait(WAIT_SECONDS)


@contextmanager
def server(folder: Path, of: Cluster | None = None) -> Iterator[Cluster]:
    """A new server, or a standby, running, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="pg") as home:
        cluster = Cluster(folder, Path(home), of)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def main(arguments: list[str]) -> int:
    folder = programs()
    if folder is None:
        print("NO POSTGRESQL SERVER on this machine (Debian: apt-get install postgresql): its tests are LEFT OUT.")
        return 1 if os.environ.get("CI") == "true" else 0
    with server(folder) as cluster:
        command = [sys.executable, "-m", "pytest", *arguments]
        environment = {**os.environ, "YETKIN_TEST_DATABASE": cluster.address()}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
