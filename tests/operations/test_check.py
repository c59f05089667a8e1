"""`flask check` says nothing of a healthy demo, and exactly what is wrong of one that is not."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import config
from app import create_app
from app.core.clock import now
from app.operations import backups
from app.operations.backups import nightly
from app.operations.checks import queries
from app.settings import services as settings
from app.web import assets
from tests.operations.conftest import House
from tests.serving import free_port

Fault = Callable[[House, pytest.MonkeyPatch], None]


def moment(**ago: float) -> int:
    return int((now() - timedelta(**ago)).timestamp())


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The demo as `demo load` makes it, its worker at work, its first backup made by it."""
    folder = tmp_path_factory.mktemp("healthy") / "instance"
    chosen = config.Testing()
    chosen.INSTANCE_PATH = folder
    chosen.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'yetkin.db'}"
    chosen.MAIL_URL = f"file://{folder / 'outbox'}"
    chosen.BACKUP_FOLDER = folder / "backups"
    chosen.PUBLIC_URL = "http://127.0.0.1:8000"
    chosen.SECRET_KEY, chosen.KEY_GUESSABLE = config.DEVELOPMENT_KEY, True
    house = House(create_app(chosen), folder)
    status, said = house.run("demo", "load")
    assert status == 0, said

    def worked() -> None:
        nightly.beat()
        nightly.make(backups.plan(house.app), backups.installation(house.app))

    house.inside(worked)
    shutil.copyfile(house.file, folder.parent / "healthy.db")
    return house


@pytest.fixture
def demo_house(healthy: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    healthy.gone()
    shutil.copyfile(healthy.folder.parent / "healthy.db", healthy.file)
    before = dict(healthy.app.config)
    healthy.inside(nightly.beat)
    monkeypatch.setattr(assets, "is_built", lambda: True)
    yield healthy
    healthy.app.config.clear()
    healthy.app.config.update(before)
    healthy.folder.chmod(0o700)


def warned(house: House) -> tuple[int, set[str]]:
    status, said = house.run("check")
    return status, {line.split()[1] for line in said.splitlines() if line.startswith("WARNING")}


def public(house: House, **values: object) -> None:
    """A good production."""
    good = {
        "ENV_NAME": "production",
        "PUBLIC_URL": "https://yetkin.example",
        "KEY_GUESSABLE": False,
        "TRUSTED_PROXIES": 1,
        "BACKUP_KEY": "age1…",
    }
    house.app.config.update(good | values)
    for unsealed in Path(house.app.config["BACKUP_FOLDER"]).glob("*.tar.gz*"):
        unsealed.unlink()
    put_there(house, "by-hand.tar.gz", b"age-encryption.org/v1\n")
    house.inside(lambda: settings.change_settings({"sample_data": False}, by=nightly.journal.SYSTEM))
    house.app.config["MAIL_URL"] = values.get("MAIL_URL", house.app.config["MAIL_URL"])


def noted(**values: int | str) -> Fault:
    return lambda house, _: house.inside(lambda: settings.note(values))


def sql(statement: str) -> Fault:
    def fault(house: House, _: pytest.MonkeyPatch) -> None:
        with sqlite3.connect(house.file) as rows:
            rows.execute(statement)

    return fault


def full(_: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _: SimpleNamespace(total=100 * 10**9, free=4 * 10**9))


def tight(_: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _: SimpleNamespace(total=10**8, free=5 * 10**7))


def open_to_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.folder.chmod(0o755)
    house.file.chmod(0o644)
    monkeypatch.setattr(queries, "_reachable", lambda folder: folder != house.folder or folder.stat().st_mode & 0o001)


def of_public(**values: object) -> Fault:
    return lambda house, _: public(house, **values)


def before_the_key(house: House, _: pytest.MonkeyPatch) -> None:
    public(house, MAIL_URL="SMTP")
    put_there(house, "yetkin-20260101T000000Z.tar.gz", b"")


def open_under_a_sealed_name(house: House, _: pytest.MonkeyPatch) -> None:
    public(house, MAIL_URL="SMTP")
    put_there(house, "march.tar.gz.age", b"\x1f\x8b")


def put_there(house: House, name: str, content: bytes) -> None:
    path = Path(house.app.config["BACKUP_FOLDER"]) / name
    path.touch(0o600)
    path.write_bytes(content)


FAULTS: dict[str, tuple[set[str], Fault]] = {
    "an older schema": ({"schema"}, sql("UPDATE alembic_version SET version_num = '0020'")),
    "no schema": ({"schema"}, sql("DELETE FROM alembic_version")),
    "a full disk": ({"disk"}, full),
    "no room for a backup": ({"disk"}, tight),
    "files everybody reads": ({"permissions"}, open_to_all),
    "no worker": ({"worker"}, noted(worker_at=moment(minutes=5))),
    "a clock that was set back": ({"clock"}, noted(worker_at=moment(hours=-1))),
    "no backup": ({"backup"}, noted(backup_at=0)),
    "an old backup": ({"backup"}, noted(backup_at=moment(hours=30))),
    "a failed backup": ({"backup"}, noted(backup_failed="full", backup_failed_at=moment(hours=-0.5))),
    "unpacked files": ({"files"}, lambda _, monkeypatch: monkeypatch.setattr(assets, "is_built", lambda: False)),
    "a mail server that is away": (
        {"mail"},
        lambda house, _: house.app.config.update(MAIL_URL=f"smtp://127.0.0.1:{free_port()}"),
    ),
    "a known key": ({"key"}, of_public(KEY_GUESSABLE=True, MAIL_URL="SMTP")),
    "letters into a folder": ({"mail"}, of_public()),
    "backups anybody can read": ({"encryption"}, of_public(BACKUP_KEY="", MAIL_URL="SMTP")),
    "a backup from before the key": ({"encryption"}, before_the_key),
    "an open backup by the name of a sealed one": ({"encryption"}, open_under_a_sealed_name),
    "no proxy": ({"proxies"}, of_public(TRUSTED_PROXIES=0, MAIL_URL="SMTP")),
    "a proxy anybody can be": ({"proxies"}, of_public(TRUSTED_PROXY="*", MAIL_URL="SMTP")),
    "development in public": ({"environment"}, of_public(ENV_NAME="development", MAIL_URL="SMTP")),
}


@dataclass
class Post:
    """Something that answers where a mail server is expected."""

    url: str


@pytest.fixture
def post() -> Iterator[Post]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Post(f"smtp://127.0.0.1:{server.getsockname()[1]}")


def test_a_healthy_demo_is_healthy(demo_house: House) -> None:
    status, said = demo_house.run("check")
    assert (status, said.splitlines()[-1]) == (0, "0 warnings."), said
    assert len(said.splitlines()) == 15 and config.DEVELOPMENT_KEY not in said


def test_a_good_production_is_healthy(demo_house: House, post: Post) -> None:
    public(demo_house, MAIL_URL=post.url)
    assert warned(demo_house) == (0, set())
    demo_house.inside(lambda: settings.change_settings({"sample_data": True}, by=nightly.journal.SYSTEM))
    assert warned(demo_house) == (1, {"accounts"})


@pytest.mark.parametrize("what", FAULTS)
def test_each_fault_is_told_and_nothing_else(
    demo_house: House, post: Post, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    expected, fault = FAULTS[what]
    fault(demo_house, monkeypatch)
    if demo_house.app.config["MAIL_URL"] == "SMTP":
        demo_house.app.config["MAIL_URL"] = post.url
    assert warned(demo_house) == (1, expected)


def test_a_database_that_does_not_answer_is_told(demo_house: House) -> None:
    demo_house.gone()
    demo_house.file.mkdir()
    try:
        assert warned(demo_house) == (1, {"database"})
    finally:
        demo_house.file.rmdir()


def test_serve_refuses_another_schema(demo_house: House) -> None:
    sql("UPDATE alembic_version SET version_num = '0020'")(demo_house, pytest.MonkeyPatch())
    status, said = demo_house.run("serve", "--port", free_port())
    assert status == 1 and "flask --app wsgi db upgrade" in said
