"""kill -9 at any moment: what was acknowledged is there exactly once, the start needs no hand work."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path

from tests.serving import ROOT, Server, environment, flask

PASSWORD = "mavi fil kırık saat"
ROUNDS = 2


class Person:
    """A browser as far as this needs one: cookies, and the CSRF token of the page last seen."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=10) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        """The address the answer led to; raises where it was refused."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        data = urllib.parse.urlencode({"csrf_token": token[1], **fields}).encode()
        with self.opener.open(self.url + path, data, timeout=10) as answer:
            answer.read()
            return str(answer.url)


def first_administrator(folder: Path) -> str:
    """Set up a real installation; the path of the one-time link it prints."""
    flask(folder, "db", "upgrade")
    person = ["--email", "ilk@yetkin.example", "--given", "İlk", "--family", "Yönetici"]
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "setup", *person],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    return re.search(r"/welcome/\S+", done.stdout)[0]  # type: ignore[index]  # printed, or the test fails


def signed_in(server: Server) -> Person:
    person = Person(server.url)
    person.post("/sign-in", person.get("/sign-in"), email="ilk@yetkin.example", password=PASSWORD)
    notice = person.get("/notice")
    if 'name="notice"' in notice:  # read once, before first use
        person.post("/notice", notice, notice="1")
    return person


def kill_everything(server: Server) -> None:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True, check=False
    )
    for pid in [server.process.pid, *(int(line) for line in found.stdout.split())]:
        os.kill(pid, signal.SIGKILL)
    server.process.wait(10)


def test_acknowledged_writes_survive_a_killed_service(tmp_path: Path) -> None:
    link = first_administrator(tmp_path)
    server = Server(tmp_path)
    person = Person(server.url)
    person.post(link, person.get(link), new_password=PASSWORD, repeat_password=PASSWORD)
    acknowledged: list[str] = []
    day = date(2027, 6, 1)
    for turn in range(ROUNDS):
        person = signed_in(server)
        page = person.get("/settings/holidays")
        killer = threading.Timer(0.3 + 0.2 * turn, kill_everything, [server])
        killer.start()
        try:
            for _ in range(400):
                day += timedelta(days=1)
                fields = {"date": day.isoformat(), "basis": "administrative", "kind": "full"}
                led = person.post("/settings/holidays/new", page, name_tr="İzin", name_en="Leave", **fields)
                assert re.search(r"/settings/holidays", led), led
                acknowledged.append(day.isoformat())
        except (OSError, HTTPException):  # killed in the middle of an answer
            pass
        killer.join()
        time.sleep(0.1)
        server = Server(tmp_path)  # starts without hand work
    assert server.stop() == 0
    assert acknowledged, "the service was killed before it did anything"
    with sqlite3.connect(tmp_path / "yetkin.db") as database:
        stored = [row[0] for row in database.execute("SELECT date FROM holidays WHERE basis = 'administrative'")]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored), "nothing acknowledged is lost"
    assert len(stored) - len(acknowledged) <= ROUNDS, "at most the one in flight of each kill was stored unheard"
