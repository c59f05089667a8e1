"""The service as a whole: slow clients, a killed process, an orderly end."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from app import serving
from app.web.edge.headers import EVERYWHERE
from tests.serving import PATIENCE, ROOT, Server, environment, flask, free_port

SLOW_CLIENTS = 100


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    flask(folder, "db", "upgrade")
    return folder


@pytest.fixture
def server(instance: Path) -> Iterator[Server]:
    running = Server(instance)
    yield running
    if running.process.poll() is None:
        running.stop()


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def offspring(running: Server, processes: int = 3) -> list[int]:
    """Two web processes and a worker, once all have begun: the first answers before."""
    wait_until(lambda: len(children(running.process.pid)) == processes, PATIENCE)
    return children(running.process.pid)


def answered(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_ready_says_so_and_shows_nothing_more(server: Server) -> None:
    with urlopen(f"{server.url}/readyz") as answer:
        text = answer.read().decode()
        assert answer.status == 200
        assert "Server" not in answer.headers
    assert "3.11" not in text
    assert "/" not in text


def test_a_hundred_slow_clients_do_not_stop_the_service(server: Server) -> None:
    """Each has sent half a request and goes on a byte at a time."""
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(SLOW_CLIENTS)]
    try:
        for connection in slow:
            connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nemail=")
        time.sleep(0.5)
        for connection in slow:
            connection.sendall(b"a")
        with urlopen(f"{server.url}/sign-in", timeout=5) as answer:
            assert answer.status == 200
    finally:
        for connection in slow:
            connection.close()


def test_a_killed_process_is_replaced(server: Server) -> None:
    before = offspring(server)
    os.kill(before[0], signal.SIGKILL)
    until = time.monotonic() + 10
    while len(alive := [p for p in children(server.process.pid) if p != before[0]]) < 3:
        assert time.monotonic() < until, alive
        time.sleep(0.1)
    with urlopen(f"{server.url}/healthz", timeout=5) as answer:
        assert answer.status == 200


def wait_until(so: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    """Neither gone nor waiting for somebody to take notice that it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def asked(instance: Path, subject: str, status: str = "queued", owner: str = "") -> int:
    """A job that waits; its number."""
    moment = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    job = told(
        instance,
        "INSERT INTO jobs (kind, subject, arguments, title, status, done, total, failed_items, message, result_url,"
        " attempts, owner, created_at, beat_at) VALUES ('export', ?, '{}', 'x', ?, 0, 1, 0, '', '', 0, ?, ?, ?)"
        " RETURNING id",
        (subject, status, owner, moment, moment),
    )
    return int(job)


def attempts(instance: Path, job: int) -> int:
    return int(told(instance, "SELECT attempts FROM jobs WHERE id = ?", (job,)))


def told(instance: Path, statement: str, values: tuple[object, ...]) -> Any:
    """The first value of the answer, if there is one."""
    with closing(sqlite3.connect(instance / "yetkin.db", timeout=10, isolation_level=None)) as database:
        row = database.execute(statement, values).fetchone()
    return row and row[0]


def test_a_killed_worker_s_job_is_taken_up_by_the_next_and_by_nobody_before(server: Server, instance: Path) -> None:
    waited = asked(instance, "waits")
    wait_until(lambda: attempts(instance, waited) > 0)  # the worker is at work
    host, pid, _ = told(instance, "SELECT owner FROM jobs WHERE id = ?", (waited,)).split(":")
    another = asked(instance, "runs elsewhere", "running", "another-host:1:0")
    running = asked(instance, "runs", "running", f"{host}:{os.getpid()}:0")  # a process that lives
    time.sleep(2.5)
    assert (attempts(instance, another), attempts(instance, running)) == (0, 0)
    told(instance, "UPDATE jobs SET owner = ? WHERE id = ?", (f"{host}:{pid}:0", running))
    os.kill(int(pid), signal.SIGKILL)
    wait_until(lambda: attempts(instance, running) > 0)
    assert attempts(instance, another) == 0, "of another host's worker nobody knows whether it goes on"


def test_sigterm_drains_and_ends_with_zero(instance: Path) -> None:
    """A request begun before the signal is answered; new ones are not taken; no child stays behind."""
    running = Server(instance)
    begun = offspring(running)
    with socket.create_connection(("127.0.0.1", running.port), timeout=15) as began:
        began.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        time.sleep(0.5)  # it has arrived, however busy the machine
        running.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not answered(running.port))
        began.sendall(b"Connection: close\r\n\r\n")
        answer = http.client.HTTPResponse(began)
        answer.begin()
        assert answer.status == 200
        assert b"</html>" in answer.read()
    assert running.process.wait(15) == 0
    assert not [pid for pid in begun if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize(("command", "processes"), [("web", 2), ("worker", 1), ("serve", 3)])
def test_each_command_runs_its_own_and_ends_with_zero(instance: Path, command: str, processes: int) -> None:
    running = Server(instance, command)
    offspring(running, processes)
    assert answered(running.port) is (command != "worker")
    job = asked(instance, command)
    if command == "web":
        time.sleep(3)
        assert not attempts(instance, job), "it is the worker's"
    else:
        wait_until(lambda: attempts(instance, job) > 0)
    assert running.stop() == 0


@pytest.mark.parametrize("command", ["serve", "web", "worker"])
def test_a_schema_that_is_not_the_program_s_is_refused(app: Flask, command: str) -> None:
    """Here it was made by the models, and says of no revision that it is its own."""
    done = app.test_cli_runner().invoke(args=[command])
    assert done.exit_code == 1
    assert "flask --app wsgi db upgrade" in done.output


def test_what_a_killed_supervisor_leaves_ends_and_its_port_is_free(instance: Path) -> None:
    running = Server(instance)
    begun = offspring(running)
    running.process.kill()
    running.process.wait(10)
    wait_until(lambda: not [pid for pid in begun if alive(pid)])
    wait_until(lambda: not answered(running.port))  # a thread may hold it a moment after its process has ended


def test_a_stop_while_children_begin_is_heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answers before the last is there: told to stop then, the supervisor stops them all, and says 0."""
    supervisor = serving.Supervisor(app, [("short", lambda: time.sleep(5))] * 2)
    start, begun = supervisor._start, []

    def starts(place: int) -> BaseProcess:
        begun.append(child := start(place))
        os.kill(os.getpid(), signal.SIGTERM)
        return child

    monkeypatch.setattr(supervisor, "_start", starts)
    monkeypatch.setattr(serving, "spare_memory", lambda _: None)
    before = [(each, signal.signal(each, signal.SIG_IGN)) for each in serving.STOPS]
    try:
        assert supervisor.run() == 0
        assert len(begun) == 2, "it was heard only when they were begun again"
    finally:
        for each, heard in before:
            signal.signal(each, heard)
        for child in begun:
            child.kill()


def test_a_child_that_is_just_beginning_is_stopped_too(app: Flask) -> None:
    """It was begun with the supervisor's own ears: told to stop then, it would go on until it is killed, late."""
    before = [(each, signal.signal(each, lambda *_: None)) for each in serving.STOPS]
    try:
        child = serving.Supervisor(app, [("slow", lambda: time.sleep(60))])._start(0)
    finally:
        for each, heard in before:
            signal.signal(each, heard)
    child.terminate()
    child.join(5)
    stopped = not child.is_alive()
    child.kill()
    assert stopped


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/no-such-page", "/", "/static/none.css"])
def test_headers_stand_on_every_answer(server: Server, path: str) -> None:
    try:
        with urlopen(Request(server.url + path), timeout=5) as answer:
            headers = answer.headers
    except HTTPError as error:
        headers = error.headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"):
        assert headers[name], (path, name)
    assert headers["Server"] is None


def test_static_files_are_kept_for_ever_and_carry_the_headers(server: Server) -> None:
    with urlopen(f"{server.url}/sign-in", timeout=5) as answer:
        page = answer.read().decode()
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with urlopen(server.url + address, timeout=5) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"]


def test_production_refuses_debug(instance: Path) -> None:
    settings = {
        **environment(instance),
        "YETKIN_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "DATABASE_URL": f"sqlite:///{instance / 'yetkin.db'}",
        "MAIL_URL": f"file://{instance / 'outbox'}",
        "PUBLIC_URL": "https://yetkin.example",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--debug", "--app", "wsgi", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "debug" in done.stderr


def test_a_file_of_forty_megabytes_is_refused_by_a_page_and_not_by_a_closed_connection(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/sign-in", bytes(40 * 1024**2), {"Content-Type": "multipart/form-data; boundary=x"})
    answer = connection.getresponse()
    said = answer.read().decode()
    assert answer.status == 413 and "en fazla 5 MB" in said and "<h1" in said
    connection.close()


def test_what_the_server_itself_refuses_is_said_in_both_languages_with_the_headers(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Length", "70000000")
    connection.endheaders()
    answer = connection.getresponse()
    said = answer.read().decode()
    assert answer.status == 413 and "25 MB" in said and "too large" in said and "çok büyük" in said
    assert set(EVERYWHERE) <= set(answer.headers.keys())
    connection.close()
