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


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a new server's first database. A server refuses to run as root: somebody else runs it then."""
    who = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg") as here:
        if who:
            shutil.chown(here, who)
        run = [str(folder / "initdb"), "-D", f"{here}/data", "-U", "postgres", "--auth=trust", "--no-sync", *LETTERS]
        subprocess.run(run, user=who, cwd=here, check=True, stdout=subprocess.DEVNULL)
        options = [word for setting in QUICK for word in ("-c", setting)]
        with Path(here, "log").open("w") as log:
            running = subprocess.Popen(
                [str(folder / "postgres"), "-D", f"{here}/data", "-k", here, "-h", "", *options],
                user=who,
                cwd=here,
                stderr=log,
            )
        try:
            until = time.monotonic() + WAIT_SECONDS
            ready = [str(folder / "pg_isready"), "-q", "-h", here]
            while subprocess.run(ready, check=False).returncode:
                if running.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"The server does not start:\n{Path(here, 'log').read_text()}")
                time.sleep(0.1)
            yield f"postgresql://postgres@/postgres?host={here}"
        finally:
            running.send_signal(signal.SIGINT)  # whoever is still connected is sent away
            running.wait(WAIT_SECONDS)


def main(arguments: list[str]) -> int:
    folder = programs()
    if folder is None:
        print("NO POSTGRESQL SERVER on this machine (Debian: apt-get install postgresql): its tests are LEFT OUT.")
        return 1 if os.environ.get("CI") == "true" else 0
    with server(folder) as address:
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, env={**os.environ, "YETKIN_TEST_DATABASE": address}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
