"""Trainers marking and staff answering at once over HTTP, and what starting costs. Loopback only, bounded in count."""

from __future__ import annotations

import http.cookiejar
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

from tests.bench.rows import ROOT, Row

CLIENTS, TAPS, WARM_UP = 8, 40, 4


class Fields(HTMLParser):
    """What a browser would send of the roll's form: hidden fields and chosen radios; and the radios there are."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.sent: dict[str, str] = {}
        self.radios: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = self.action in (found.get("action"), found.get("hx-post"))
        name = found.get("name")
        if not self.inside or tag != "input" or not name:
            return
        if found.get("type") == "radio":
            self.radios.setdefault(name, []).append(str(found.get("value")))
            if "checked" in found:
                self.sent[name] = str(found.get("value"))
        elif found.get("type") not in ("submit", "button"):
            self.sent[name] = str(found.get("value") or "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """Yetkin served on loopback, from the instance being measured."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        environment = {
            **os.environ,
            "YETKIN_ENV": "development",
            "YETKIN_INSTANCE": str(folder),
            "PUBLIC_URL": self.url,
            "LOG_LEVEL": "ERROR",
        }
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", self.url.rsplit(":", 1)[1]],
            cwd=ROOT,
            env=environment,
        )
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
                break
            except OSError:
                if time.perf_counter() - self.began > 60:
                    raise
                time.sleep(0.02)
        self.started = time.perf_counter() - self.began

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Guest:
    """A browser nobody signed in with, as far as these measurements need one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str], **headers: str) -> int:
        request = urllib.request.Request(self.url + path, urllib.parse.urlencode(fields).encode(), headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                answer.read()
                return answer.status
        except urllib.error.HTTPError as error:
            error.read()
            return error.code


class Client(Guest):
    """One an administrator signed in with."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        page = self.get("/sign-in")
        fields = Fields(page, "/sign-in").sent
        fields |= {"email": "admin@yetkin.example", "password": "yetkin-demo"}
        self.post("/sign-in", fields)
        self.user = json.loads(self.get("/roll/queue"))["user"]

    def tap(self, item: dict[str, str], token: str) -> int:
        """One mark as the queue of a browser sends it; 200 where it stands."""
        sent = json.dumps({"user": self.user, "items": [item]}).encode()
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        with self.opener.open(urllib.request.Request(f"{self.url}/roll/queue", sent, headers), timeout=30) as answer:
            became = [each["became"] for each in json.load(answer)["answers"]]
        return 200 if became == ["saved"] else 409


def marks(folder: Path) -> list[Row]:
    """Eight clients, each tapping its own people's marks at one sitting."""
    from app import create_app
    from config import chosen
    from tests.bench.grid import forty_by_ten, open_sitting

    app = create_app(chosen())
    forty_by_ten(app)
    sitting_id = open_sitting(app)
    running = Running(folder)
    try:
        path = f"/sittings/{sitting_id}/save"
        clients = [Client(running.url) for _ in range(CLIENTS)]
        form = Fields(clients[0].get(f"/sittings/{sitting_id}"), path)
        slugs = sorted(name.removeprefix("m-") for name in form.radios)
        latencies: list[float] = []
        errors: list[int] = []
        lock = threading.Lock()

        def tap(number: int) -> None:
            client, mine = clients[number], slugs[number::CLIENTS]
            own = Fields(client.get(f"/sittings/{sitting_id}"), path).sent
            thinking = random.Random(number)
            for turn in range(TAPS):
                slug = mine[turn % len(mine)]
                was = own[f"w-{slug}"]
                word = "absent" if was == "present" else "present"
                sitting, enrolment = slug.split("-")
                item = {"key": uuid4().hex, "sitting": sitting, "enrolment": enrolment, "was": was, "word": word}
                time.sleep(thinking.uniform(0.1, 0.5))  # a person taps a few times a second at most
                began = time.perf_counter()
                status = client.tap(item, own["csrf_token"])
                took = (time.perf_counter() - began) * 1000
                own[f"w-{slug}"] = word
                with lock:
                    if turn >= WARM_UP:
                        latencies.append(took)
                    if status != 200:
                        errors.append(status)

        threads = [threading.Thread(target=tap, args=(n,)) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        latencies.sort()
        p50, p99 = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]
        return [
            Row(
                f"one mark, {CLIENTS} clients, 2 workers, SQLite",
                "p99 ≤ 40 ms (must ≤ 60), zero lock errors",
                f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {len(latencies)} marks, {len(errors)} errors {sorted(set(errors)) or ''}".rstrip(),
            )
        ]
    finally:
        running.stop()


PHONES, A_SECOND, SECONDS = 25, 50, 10


def answers(folder: Path) -> list[Row]:
    """Phones answering a needs analysis by personal links, each tap saved: so many a second for ten seconds."""
    tokens = _questionnaires()
    running = Running(folder)
    try:
        phones = [(Guest(running.url), f"/k/{token}/answer") for token in tokens]
        steps = [Fields(phone.get(f"{way}/1"), f"{way}/1").sent["csrf_token"] for phone, way in phones]
        latencies: list[float] = []
        statuses: list[int] = []
        began = time.perf_counter()

        def tap(number: int) -> None:
            (phone, way), token = phones[number], steps[number]
            for turn in range(A_SECOND * SECONDS // PHONES):
                time.sleep(max(0, began + (turn + number / PHONES) * PHONES / A_SECOND - time.perf_counter()))
                fields = {"csrf_token": token, "importance": str(turn % 5 + 1), "level": "2"}
                sent = time.perf_counter()
                headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
                statuses.append(phone.post(f"{way}/{turn % 6 + 1}", fields, **headers))
                latencies.append((time.perf_counter() - sent) * 1000)

        threads = [threading.Thread(target=tap, args=(number,)) for number in range(len(phones))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, wrong = time.perf_counter() - began, [status for status in statuses if status != 200]
        latencies.sort()
        p50, p99 = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]
        return [
            Row(
                f"answers of {PHONES} phones by link, 2 workers, {os.environ.get('DATABASE_URL', 'sqlite').partition(':')[0]}",
                f"{A_SECOND} a second for {SECONDS} s, zero errors",
                f"{len(statuses)} in {took:.1f} s ({len(statuses) / took:.0f} a second), p50 {p50:.0f} ms,"
                f" p99 {p99:.0f} ms, {len(wrong)} errors {sorted(set(wrong)) or ''}".rstrip(),
            )
        ]
    finally:
        running.stop()


def _questionnaires() -> list[str]:
    """A link for each of so many people who have not finished a round that is opened for this."""
    import sqlalchemy as sa

    from app import create_app
    from app.access.models import User
    from app.access.permissions import Permission
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.audit.journal import SYSTEM
    from app.core.db import db, set_writing
    from app.jobs import runner
    from app.needs.answers.models import QUESTIONNAIRE
    from app.needs.models import Respondent
    from app.needs.rounds.queries import design
    from app.needs.running import services
    from app.people.links import services as links
    from config import chosen
    from tests.bench.work import designed

    app = create_app(chosen())
    with app.test_request_context():
        set_writing(True)
        by = caller_of(db.session.scalars(EVERYWHERE.select(User).where(User.email == "admin@yetkin.example")).one())
        scope = by.scope_for(Permission.NEED_RUN)
        found = designed(scope, by)
        job = services.open_round(found, design(scope, found), by=by).id
        db.session.commit()
        runner.run(job)
        asked = sa.select(Respondent.person_id).where(Respondent.round_id == found.id).order_by(Respondent.id)
        people = db.session.scalars(EVERYWHERE.restrict(asked.limit(PHONES), Respondent)).all()
        tokens = [links.make(one, QUESTIONNAIRE, by=SYSTEM, about=found.id) for one in people]
        db.session.commit()
        return tokens


SIGN_INS, PAGES = 8, 1_000
VISITED = (
    "/",
    "/people",
    "/sessions",
    "/needs",
    "/plans",
    "/certificates",
    "/courses",
    "/reports",
    "/trainers",
    "/venues",
)


def start(folder: Path) -> list[Row]:
    """Start to the first answer; and the memory of each process (PSS) after sign-ins at once and many pages."""
    running = Running(folder)
    try:
        Client(running.url).get("/people")
        clients: list[Client] = []
        threads = [threading.Thread(target=lambda: clients.append(Client(running.url))) for _ in range(SIGN_INS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for number in range(PAGES):
            clients[number % len(clients)].get(VISITED[number % len(VISITED)])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(running.process.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        sizes = [_pss(int(pid)) for pid in [*children, str(running.process.pid)]]
        return [
            Row(
                f"start to first answer / process memory (PSS) after {SIGN_INS} sign-ins at once and {PAGES:,} pages",
                "≤ 1 s / ≤ 90 MB",
                f"{running.started:.2f} s / " + ", ".join(f"{size:.0f}" for size in sizes) + " MB",
            )
        ]
    finally:
        running.stop()


def _pss(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
