"""Yetkin as `make run` serves it, for tests that need a real server: web and worker, on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0


def flask(folder: Path, *command: str) -> str:
    """Run one command on an instance folder; it must succeed. What it says."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def environment(folder: Path, port: int = 0) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YETKIN_", "DATABASE_URL", "MAIL_URL"))}
    return {
        **kept,
        "YETKIN_ENV": "development",
        "YETKIN_INSTANCE": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "a key for journeys only",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Yetkin as it is served, on loopback: web and worker, or one of them."""

    def __init__(self, folder: Path, command: str = "serve", **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        port = [] if command == "worker" else ["--port", str(self.port)]
        with (folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", command, *port],
                cwd=ROOT,
                env=environment(folder, self.port) | settings,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        if port:
            self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    assert answer.status == 200
                return
            except OSError:
                assert time.monotonic() < until and self.process.poll() is None, "the server did not start"
                time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """What failed leaves nothing running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)
