"""Two hosts on one PostgreSQL, used as people use them: what is sent twice, killed, crowded out, stopped or full."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError

import pytest
import sqlalchemy as sa

import config
from app import create_app
from app.access.models import User
from app.access.scope import EVERYWHERE
from app.access.sign_in.secrets import hash_password
from app.core.db import db, set_writing
from app.core.upgrades.migrations import bring_up_to_date
from tests.cast import assemble
from tests.certificates.stage import arrange, many
from tests.operations.test_faults import frozen
from tests.operations.test_kill import PASSWORD, Person
from tests.operations.test_serving import children, wait_until
from tests.postgres import Cluster, programs, server
from tests.serving import Server

T = TypeVar("T")
pytestmark = pytest.mark.postgresql
STARTED = "başka biri zaten başlattı"
SECONDS = 6.0
"""Five until an answer, and one for a busy machine."""


def outside(statement: str, address: str) -> Any:
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(statement)
        return found.scalar() if found.returns_rows else None


@dataclass
class Hosts:
    cluster: Cluster
    address: str
    folder: Path
    web: list[Server]
    session: int
    """One with twelve certificates to issue."""

    def asked(self, statement: str) -> Any:
        """One value, or what is done; by the server's owner."""
        return outside(statement, self.cluster.address("yetkin"))

    def worker(self) -> Server:
        return Server(self.folder, "worker", DATABASE_URL=self.address)


@contextmanager
def opened(cluster: Cluster, folder: Path, others: str = "") -> Iterator[Hosts]:
    """On this server, `others` being what the address says of more of them. The application's role owns its database
    and is no superuser, whom no limit meets.
    """
    for statement in ("CREATE ROLE yetkin LOGIN", "CREATE DATABASE yetkin OWNER yetkin"):
        outside(statement, cluster.address())
    address = cluster.address("yetkin", "yetkin") + others
    session = filled(address, folder)
    made = Hosts(cluster, address, folder, [Server(folder, "web", DATABASE_URL=address) for _ in range(2)], session)
    try:
        yield made
    finally:
        ended = [each.stop() for each in made.web]
    assert ended == [0, 0]
    assert "Traceback" not in (folder / "server.log").read_text()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    found = programs()
    assert found is not None
    with server(found) as cluster, opened(cluster, tmp_path_factory.mktemp("hosts")) as made:
        yield made


def filled(address: str, folder: Path) -> int:
    chosen = config.Testing()
    chosen.INSTANCE_PATH, chosen.SQLALCHEMY_DATABASE_URI = folder, address
    with create_app(chosen).app_context():
        bring_up_to_date()
        set_writing(True)
        given = arrange(assemble())
        many(given, 10)
        knows = hash_password(PASSWORD)
        for each in db.session.scalars(EVERYWHERE.select(User)):
            each.password_hash = knows
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return given.session


class Visitor(Person):
    """Somebody who is signed in, on all hosts alike."""

    def __init__(self, hosts: Hosts, account: str) -> None:
        super().__init__(hosts.web[0].url)
        self.urls = [each.url for each in hosts.web]
        self.post("/sign-in", self.get("/sign-in"), email=f"{account}@yetkin.example", password=PASSWORD)
        if 'name="notice"' in (notice := self.get("/notice")):
            self.post("/notice", notice, notice="1")
        self.page = self.get("/venues/new")

    def ask(self, host: int, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """The status, and where it led; 0 where there was no answer."""
        other = Person(self.urls[host])
        other.opener = self.opener
        try:
            return 200, (other.get(path) and path) if fields is None else other.post(path, self.page, **fields)
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (OSError, HTTPException):
            return 0, ""

    def add_venue(self, host: int, name: str) -> tuple[int, str]:
        fields = {"name_tr": name, "name_en": name, "province_id": "1", "address": "", "request_key": name}
        return self.ask(host, "/venues/new", fields)


@pytest.fixture(scope="module")
def coordinator(hosts: Hosts) -> Visitor:
    return Visitor(hosts, "koordinator")


def at_once(*works: Callable[[], T]) -> list[T]:
    start = threading.Barrier(len(works))

    def begun(work: Callable[[], T]) -> T:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begun, works))


def kept(hosts: Hosts, of: str) -> dict[str, int]:
    """Venues called so, how many of them were put down, and forms that led to one: as many, or something is half."""
    ids = f"SELECT id FROM venues WHERE name_tr LIKE '{of}%%'"
    told = f"event = 'venue.created' AND (facts ->> 'venue_id')::int IN ({ids})"
    return {
        "venues": hosts.asked(f"SELECT count(*) FROM ({ids}) AS these"),
        "told": hosts.asked(f"SELECT count(*) FROM audit_entries WHERE {told}"),
        "forms": hosts.asked(
            "SELECT count(*) FROM submitted_forms JOIN venues ON submitted_forms.location = '/venues/' || venues.id"
            f" WHERE name_tr LIKE '{of}%%'"
        ),
    }


def each_once(forms: int) -> dict[str, int]:
    return {"venues": forms, "told": forms, "forms": forms}


def test_a_form_sent_over_two_hosts_leads_to_the_first_ones_place(hosts: Hosts, coordinator: Visitor) -> None:
    for turn in range(5):
        answers = at_once(*(partial(coordinator.add_venue, host, f"Two {turn}") for host in (0, 1, 0, 1)))
        assert {status for status, _ in answers} == {200}
        (place,) = {place.partition("/venues/")[2] for _, place in answers}
        assert place.isdigit()
    assert kept(hosts, "Two") == each_once(5)


def test_two_who_issue_for_one_session_both_arrive_and_all_have_one(hosts: Hosts, coordinator: Visitor) -> None:
    """Asked for on two hosts at once, then done by two workers. Whose job it is not may only see that it is being done."""
    path = f"/sessions/{hosts.session}/certificates/issue"
    admin = Visitor(hosts, "admin")
    both = [coordinator] * 2 + [admin] * 2
    answers = at_once(*(partial(who.ask, place % 2, path, {}) for place, who in enumerate(both)))
    assert [status for status, _ in answers[2:]] == [200, 200]
    assert all(status == 200 or (status == 422 and STARTED in page) for status, page in answers[:2]), answers
    workers = [hosts.worker(), hosts.worker()]
    valid = "FROM certificates WHERE status = 'valid'"
    wait_until(lambda: hosts.asked("SELECT count(*) FROM jobs WHERE status <> 'done'") == 0, 120)
    assert [each.stop() for each in workers] == [0, 0]
    assert hosts.asked(f"SELECT count(*) {valid}") == hosts.asked(f"SELECT count(DISTINCT enrolment_id) {valid}") == 12
    assert hosts.asked("SELECT count(*) FROM certificates") == hosts.asked("SELECT count(*) FROM documents") == 12
    assert hosts.asked("SELECT count(*) FROM jobs") == 1
    assert hosts.asked("SELECT count(*) FROM messages WHERE occasion LIKE 'certificate:%%'") == 12


def test_a_killed_process_leaves_nothing_half(hosts: Hosts, coordinator: Visitor) -> None:
    """What got no answer is sent again over the other host, as a browser behind a balancer does."""
    done, again = threading.Event(), []

    def kill() -> None:
        while not done.wait(0.25):
            for victim in children(hosts.web[0].process.pid)[:1]:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)

    def send(turn: int) -> int:
        for attempt in range(20):
            status, _ = coordinator.add_venue(min(attempt, 1), f"Kill {turn:02}")
            if status == 200:
                break
            again.append(status)
        return status

    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(4) as clients:
        assert set(clients.map(send, range(60))) == {200}
    done.set()
    killer.join()
    assert again and set(again) == {0}, "nobody was cut short, or somebody was told no"
    assert kept(hosts, "Kill") == each_once(60)
    wait_until(lambda: coordinator.ask(0, "/people")[0] == 200)


class Crowd:
    """Eight who look at a page and send a form, again and again, each time over the other host."""

    def __init__(self, visitor: Visitor, word: str) -> None:
        self.visitor, self.word = visitor, word
        self.statuses: list[int] = []
        self.longest = 0.0
        self.forms = 0
        self._over = threading.Event()
        self._clients = [threading.Thread(target=self._go_on, args=(number,)) for number in range(8)]

    def __enter__(self) -> Crowd:
        for each in self._clients:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._clients:
            each.join(60)

    def _go_on(self, number: int) -> None:
        turn = 0
        while not self._over.is_set():
            self._timed(lambda: self.visitor.ask(turn % 2, "/people")[0])  # noqa: B023 called at once
            name, turn, status = f"{self.word} {number}-{turn}", turn + 1, 503
            while status != 200 and not (self._over.is_set() and status not in (0, 503)):
                status = self._timed(lambda: self.visitor.add_venue(turn % 2, name)[0])  # noqa: B023 called at once
            self.forms += 1

    def _timed(self, work: Callable[[], int]) -> int:
        since = time.monotonic()
        status = work()
        self.longest = max(self.longest, time.monotonic() - since)
        self.statuses.append(status)
        return status


def test_a_server_restarted_under_eight_clients(hosts: Hosts, coordinator: Visitor) -> None:
    with Crowd(coordinator, "Restart") as crowd:
        time.sleep(2)
        hosts.cluster.stop()
        time.sleep(2)
        hosts.cluster.start()
        before = len(crowd.statuses)
        wait_until(lambda: crowd.statuses[before:].count(200) > 16, 30)
    assert set(crowd.statuses) == {200, 503}
    assert crowd.longest < SECONDS
    assert kept(hosts, "Restart") == each_once(crowd.forms)


def test_three_connections_for_all(hosts: Hosts, coordinator: Visitor) -> None:
    """Whoever gets none is told so in time; once there are more, everybody is served."""
    hosts.asked("ALTER ROLE yetkin CONNECTION LIMIT 3")
    hosts.asked("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'yetkin'")
    with Crowd(coordinator, "Three") as crowd:
        time.sleep(6)
        assert hosts.asked("SELECT count(*) FROM pg_stat_activity WHERE usename = 'yetkin'") == 3
        hosts.asked("ALTER ROLE yetkin CONNECTION LIMIT -1")
        time.sleep(3)
        before = len(crowd.statuses)
        wait_until(lambda: len(crowd.statuses) > before + 16, 30)
    assert set(crowd.statuses) == {200, 503}
    assert set(crowd.statuses[before + 8 :]) == {200}, "it was over"
    assert crowd.longest < SECONDS
    assert kept(hosts, "Three") == each_once(crowd.forms)


FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON audit_entries EXECUTE FUNCTION full_disk()
"""


def test_a_full_disk_of_the_server_is_said_and_what_was_typed_stays(hosts: Hosts, coordinator: Visitor) -> None:
    """As PostgreSQL says it, from the place where it would: each change is put down there."""
    hosts.asked(FULL)
    status, page = coordinator.add_venue(0, "Dolu disk")
    looked, _ = coordinator.ask(0, "/people")
    hosts.asked("DROP FUNCTION full_disk CASCADE")
    assert status == 503 and 'value="Dolu disk"' in page and "base/1/2" not in page
    assert looked == 200
    assert coordinator.add_venue(1, "Dolu disk")[0] == 200
    assert kept(hosts, "Dolu") == each_once(1)


@contextmanager
def followed(folder: Path) -> Iterator[tuple[Hosts, Cluster]]:
    """Hosts that are told both addresses, and the standby."""
    found = programs()
    assert found is not None
    with (
        server(found) as first,
        server(found, of=first) as standby,
        opened(first, folder, f",{standby.host}&target_session_attrs=read-write") as made,
    ):
        yield made, standby


def test_a_standby_takes_over_under_eight_clients(tmp_path: Path) -> None:
    """Nothing of ours is started again: neither who answers pages, nor who works."""
    with followed(tmp_path) as (hosts, standby):
        coordinator, worker = Visitor(hosts, "koordinator"), hosts.worker()
        with Crowd(coordinator, "Standby") as crowd:
            time.sleep(2)
            hosts.cluster.stop()
            hosts.cluster = standby
            time.sleep(2)
            outside("SELECT pg_promote()", standby.address())
            before = len(crowd.statuses)
            wait_until(lambda: crowd.statuses[before:].count(200) > 16, 30)
        assert set(crowd.statuses) == {200, 503}
        assert crowd.longest < SECONDS
        assert kept(hosts, "Standby") == each_once(crowd.forms)
        assert coordinator.ask(1, f"/sessions/{hosts.session}/certificates/issue", {})[0] == 200
        wait_until(lambda: hosts.asked("SELECT count(*) FROM certificates") == 12, 120)
        assert worker.stop() == 0


def test_a_standby_takes_over_from_a_server_that_is_frozen(tmp_path: Path) -> None:
    """It takes connections, and answers nothing: whoever has one, or asks there first, gives it up in time."""
    caught_up = "SELECT replay_lsn = pg_current_wal_insert_lsn() FROM pg_stat_replication"
    with followed(tmp_path) as (hosts, standby):
        coordinator = Visitor(hosts, "koordinator")
        assert coordinator.add_venue(0, "Before")[0] == 200
        wait_until(lambda: hosts.asked(caught_up))
        with frozen(hosts.cluster.address()):
            outside("SELECT pg_promote()", standby.address())
            hosts.cluster = standby
            with Crowd(coordinator, "Frozen") as crowd:
                wait_until(lambda: crowd.statuses.count(200) > 32, 60)
            assert kept(hosts, "Before") == each_once(1)
            assert kept(hosts, "Frozen") == each_once(crowd.forms)
        assert set(crowd.statuses) == {200, 503}
        assert crowd.longest < SECONDS
