"""How Yetkin runs: one supervisor over some web processes that share a socket, a worker, or both.

Waitress takes requests in completely before a thread touches them, so slow clients hold no thread. SIGTERM
stops accepting, finishes what was begun (15 s at most) and exits with 0; a child that dies is started again.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.cli import with_appcontext

from app.core.db import WORK, database_problems, db, limit, reading, said
from app.core.upgrades.migrations import at_head, bring_up_to_date
from app.post.addresses import public_address
from app.web import assets, compiled
from app.web.edge.headers import everywhere

if TYPE_CHECKING:
    from waitress.channel import HTTPChannel

log = structlog.get_logger()
DRAIN_SECONDS = 12.0
JOBS_AT_ONCE = 2  # a long one keeps the next from waiting for it
LOOK_SECONDS = 1.0
SWEEP_SECONDS = 2.0
STOP_SECONDS = 15.0
CONNECTIONS = 1_000
# Nobody knows yet which language is read, so both are said.
REFUSED = {
    400: ("İstek anlaşılamadı.", "The request could not be understood."),
    413: (
        "Dosya çok büyük: listeler en fazla 25 MB, diğer dosyalar en fazla 5 MB olabilir. Geri dönüp daha küçük bir"
        " dosya seçiniz.",
        "The file is too large: 25 MB at most for lists, 5 MB for other files. Please go back and choose a smaller"
        " one.",
    ),
    431: ("İstek başlıkları çok uzun.", "The request headers are too long."),
}


# --- a web process ------------------------------------------------------------------------------------


def serve_socket(app: Flask, listener: socket.socket, threads: int) -> None:
    """Answer requests on an inherited listening socket until SIGTERM, then let go of it and drain."""
    from waitress.server import create_server

    # a request that waits a moment for a thread is no news
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stopping = threading.Event()
    _on_stop(stopping.set)
    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        ident=None,
        connection_limit=CONNECTIONS,
        channel_timeout=60,
        max_request_body_size=app.config["MAX_TAKEN_IN"],
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
        **trusted(int(app.config["TRUSTED_PROXIES"]), app.config["TRUSTED_PROXY"]),
    )
    server.channel_class = _channel(app.config["SECURE"])
    _answer(server, stopping)
    server.task_dispatcher.shutdown()


def _channel(secure: bool) -> type[HTTPChannel]:
    """What waitress refuses before the application sees it: our words, our headers."""
    from waitress.channel import HTTPChannel
    from waitress.task import ErrorTask

    class Refusal(ErrorTask):
        def execute(self) -> None:
            code = self.request.error.code
            body = "\n".join(REFUSED.get(code, REFUSED[400])).encode()
            self.status = f"{code} {self.request.error.reason}"
            self.response_headers += [("Content-Type", "text/plain; charset=utf-8"), *everywhere(secure)]
            self.set_close_on_finish()
            self.content_length = len(body)  # type: ignore[assignment]  # waitress starts it as None
            self.write(body)  # type: ignore[no-untyped-call]  # nor has it types

    class Channel(HTTPChannel):
        error_task_class = Refusal

    return Channel


def trusted(proxies: int, nearest: str) -> dict[str, Any]:
    """Whose word is taken for where a request comes from: nobody's, unless a number of proxies is set."""
    if not proxies:
        return {}
    return {
        "trusted_proxy": nearest,
        "trusted_proxy_count": proxies,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
    }


def _answer(server: Any, stopping: threading.Event) -> None:
    """Whoever comes, until `stopping` is set; after that for a while whoever is being answered."""
    deadline = None
    while True:
        server.asyncore.loop(timeout=0.5, map=server._map, use_poll=True, count=1)
        if not stopping.is_set():
            continue
        if deadline is None:
            deadline = time.monotonic() + DRAIN_SECONDS
            server.accepting = False
            server.del_channel()
            server.socket.close()
        busy = [c for c in server.active_channels.values() if c.requests or c.request or c.total_outbufs_len]
        if not busy or time.monotonic() > deadline:
            break


def run_worker(app: Flask) -> None:
    """Do background jobs and deliver mail until SIGTERM; a job cut short is taken up by the next worker."""
    from app.jobs.worker import sweep, take_up

    with app.app_context():
        limit(db.engine, WORK)
    stopping = threading.Event()
    _on_stop(stopping.set)

    def again(step: Callable[[], None], seconds: float) -> None:
        away = False
        while not stopping.wait(seconds):
            try:
                with app.app_context():
                    step()
            except sa.exc.OperationalError as error:  # the next turn asks again; said once, not every second
                if not away:
                    log.warning("database away", step=step.__name__, why=said(error))
                away = True
            except Exception as error:
                log.exception("worker", step=step.__name__, error=type(error).__name__)
            else:
                if away:
                    log.warning("database back", step=step.__name__)
                away = False

    jobs = [threading.Thread(target=again, args=(take_up, LOOK_SECONDS), daemon=True) for _ in range(JOBS_AT_ONCE)]
    for thread in jobs:
        thread.start()
    again(sweep, SWEEP_SECONDS)
    until = time.monotonic() + DRAIN_SECONDS
    for thread in jobs:
        thread.join(max(0.0, until - time.monotonic()))


def _on_stop(action: Callable[[], None]) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        action()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h


def spare_memory(app: Flask) -> None:
    """Before the children are made: what they never change stays one copy, and what a moment takes is given back.

    A hashed password takes 19 MB for as long as it is computed. Below its threshold, which grows with what is asked
    for, glibc keeps such blocks in an arena of each thread; one arena is enough for threads that take turns. A page is
    made for nobody: the texts and what frames every page are then read before there are children.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # another C library has none, and other habits
        mallopt(M_MMAP_THRESHOLD, 1024 * 1024)
        mallopt(M_ARENA_MAX, 1)
    app.test_client().get(public_address("sign_in.show_sign_in"))
    gc.collect()
    gc.freeze()


# --- the supervisor -------------------------------------------------------------------------------------


Task = tuple[str, Callable[[], None]]


class Supervisor:
    """Forks the children from one loaded application, forks them again when they die, stops them all.

    Connections are refused as soon as nobody holds `listener` any more: a proxy then asks another host at once. One
    held by whoever still drains would be taken, and never answered.
    """

    def __init__(self, app: Flask, tasks: list[Task], listener: socket.socket | None = None) -> None:
        self.app, self.tasks, self.listener = app, tasks, listener
        self.children: list[BaseProcess] = []
        self.stopping = threading.Event()

    def _start(self, place: int) -> BaseProcess:
        """A child inherits the application but no open database connection."""
        name, task = self.tasks[place]
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        child = get_context("fork").Process(target=_under(task), name=name)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # until the child hears them itself
        child.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return child

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit status is 0 when every child stopped in time."""
        _on_stop(self.stopping.set)  # before there is a child that answers
        spare_memory(self.app)
        self.children = [self._start(place) for place in range(len(self.tasks))]
        while not self.stopping.wait(0.5):
            for place, child in enumerate(self.children):
                if not child.is_alive() and not self.stopping.is_set():
                    click.echo(f"{child.name} ended with {child.exitcode}; starting it again", err=True)
                    self.stopping.wait(0.5)
                    self.children[place] = self._start(place)
        return self._stop()

    def _stop(self) -> int:
        if self.listener is not None:
            self.listener.close()
        for child in self.children:
            child.terminate()
        until = time.monotonic() + STOP_SECONDS
        late = 0
        for child in self.children:
            child.join(max(0.1, until - time.monotonic()))
            if child.is_alive():
                child.kill()
                late += 1
        return 1 if late else 0


STOPS = (signal.SIGTERM, signal.SIGINT)
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _under(task: Callable[[], None]) -> Callable[[], None]:
    """The task of a child that is stopped with its supervisor, also where that is killed: else it would go on unseen,
    keep the port, and the next start would fail.
    """
    above = os.getpid()

    def tied() -> None:
        for each in STOPS:  # what they did was the supervisor's; until the task says what they do they end the child
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        prctl = getattr(ctypes.CDLL(None), "prctl", None)
        if prctl is not None:  # Linux alone has it
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != above:  # killed before that was said
                return
        task()

    return tied


def listen(app: Flask, host: str, port: int) -> socket.socket:
    """One socket that all web processes take their requests from."""
    if not os.environ.get("PUBLIC_URL"):  # links in mails and on certificates lead to where it is really served
        app.config["PUBLIC_URL"] = f"http://{host}:{port}"
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from error
    listener.listen(1024)
    return listener


def web_tasks(app: Flask, listener: socket.socket, workers: int, threads: int) -> list[Task]:
    return [("web", lambda: serve_socket(app, listener, threads))] * workers


def worker_tasks(app: Flask, listener: socket.socket | None) -> list[Task]:
    def work() -> None:
        if listener is not None:
            listener.close()  # inherited, and of no use here
        run_worker(app)

    return [("worker", work)]


def check_start(app: Flask) -> None:
    """A sentence and exit status 1 where the database does not answer or its schema is not the program's."""
    problems = database_problems(db.engine)
    if app.debug and app.config["ENV_NAME"] == "production":
        problems.append("production cannot run with debug")
    if not problems and not at_head():
        problems.append("the schema is not the program's: run `flask --app wsgi db upgrade`, which makes a copy first")
    if problems:
        raise click.ClickException("; ".join(problems))


def init_app(app: Flask) -> None:
    for name, with_web, with_worker in (("serve", True, True), ("web", True, False), ("worker", False, True)):
        app.cli.add_command(_command(app, name, with_web, with_worker))
    _add_start(app)


SAID = {
    "serve": "Web and worker together, until SIGTERM.",
    "web": "The pages, without the worker: it runs elsewhere, or nothing leaves and no job is done.",
    "worker": "Jobs, letters, backups: as many as wished, on any host that reaches the database.",
}


def _command(app: Flask, name: str, with_web: bool, with_worker: bool) -> click.Command:
    def run(host: str = "", port: int = 0, workers: int = 0, threads: int = 0) -> None:
        check_start(app)
        if with_web and not assets.is_built():
            click.echo("Files of the browser go out uncompressed: run `flask --app wsgi assets` first.", err=True)
        listener = listen(app, host, port) if with_web else None
        tasks = web_tasks(app, listener, workers, threads) if listener else []
        tasks += worker_tasks(app, listener) if with_worker else []
        raise SystemExit(Supervisor(app, tasks, listener).run())

    options: list[click.Parameter] = [
        click.Option(["--host"], default="127.0.0.1"),
        click.Option(["--port"], type=int, default=lambda: os.environ.get("PORT", "8000")),
        click.Option(["--workers"], type=int, default=2),
        click.Option(["--threads"], type=int, default=4),
    ]
    return click.Command(name, callback=with_appcontext(run), params=options if with_web else [], help=SAID[name])


def _add_start(app: Flask) -> None:
    @app.cli.command("start")
    @click.option("--port", type=int, default=lambda: os.environ.get("PORT", "8000"))
    @click.pass_context
    def start(context: click.Context, port: int) -> None:
        """What `make run` does: bring the database up to date, load the demo into an empty one, serve."""
        app.config["INSTANCE_PATH"].mkdir(mode=0o700, parents=True, exist_ok=True)
        bring_up_to_date()
        if not assets.is_built():
            assets.build()
            compiled.build(app)
        demo = app.cli.get_command(context, "demo")
        if app.config["ENV_NAME"] == "development" and not _has_users() and isinstance(demo, click.Group):
            click.echo("First start: loading the demo programme …")
            context.invoke(demo.commands["load"])
        click.echo(f"Yetkin: http://127.0.0.1:{port}  (Ctrl+C stops it)")
        if app.config["SAMPLE_DATA"]():
            click.echo(DEMO_ACCOUNTS)
        db.session.remove()
        context.invoke(app.cli.commands["serve"], host="127.0.0.1", port=port, workers=2, threads=4)


DEMO_ACCOUNTS = """Demo accounts, password yetkin-demo, each at yetkin.example:
  admin@                     programme administrator
  koordinator.gaziantep@     provincial coordinator (also .diyarbakir@, .erzurum@, .sanliurfa@)
  ik.haliliye@               training focal point of Haliliye
  egitmen@                   trainer
  personel@                  staff member of Haliliye
  izleyici@                  viewer"""


def _has_users() -> bool:
    with reading():
        found = db.session.scalar(sa.text("SELECT count(*) FROM users"))
        db.session.remove()
    return bool(found)
