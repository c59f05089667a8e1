"""A backup is all of an installation in one file, and was brought back before it has its name."""

from __future__ import annotations

import io
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.upgrades.migrations import head
from app.operations import backups
from app.operations.backups import archive, nightly, queries, rules, sealing, services
from app.operations.backups.rules import State
from tests.operations.conftest import House
from tests.serving import ROOT

MOMENT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def manifest(file: Path) -> dict[str, object]:
    with tarfile.open(file) as tar:
        content = tar.extractfile("manifest.json")
        assert content is not None
        return dict(json.load(content))


def nothing_but(folder: Path, *names: str) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_a_backup_says_what_is_in_it(house: House, tmp_path: Path) -> None:
    (house.folder / "scans").mkdir()
    (house.folder / "scans" / "liste.pdf").write_bytes(b"%PDF")
    (house.folder / ".env").write_text("SECRET_KEY=never")
    (house.folder / "outbox").mkdir()
    (house.folder / "outbox" / "1.eml").write_text("a link that opens a door")
    status, said = house.run("backup", tmp_path / "all.tar.gz")
    assert status == 0, said
    assert "brought back and compared" in said and "2 certificates opened" in said
    nothing_but(tmp_path, "all.tar.gz")
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o777 == 0o600
    listed = manifest(tmp_path / "all.tar.gz")
    assert listed["head"] == head() and listed["counts"]["certificates"] == 2  # type: ignore[index]
    assert sorted(listed["parts"]) == ["database", "files/scans/liste.pdf"]  # type: ignore[call-overload]
    with tarfile.open(tmp_path / "all.tar.gz") as tar:
        content = b"".join(tar.extractfile(each).read() for each in tar)  # type: ignore[union-attr]
    assert house.app.config["SECRET_KEY"].encode() not in content and b"never" not in content


def test_what_was_written_last_is_in_it(house: House, tmp_path: Path) -> None:
    """A copy of the file alone would lose it: it stands in the file beside."""
    with sqlite3.connect(house.file, isolation_level=None) as other:
        other.execute("INSERT INTO settings (key, value, version) VALUES ('last', '{}', 1)")
        assert Path(f"{house.file}-wal").stat().st_size
        assert house.run("backup", tmp_path / "all.tar.gz")[0] == 0
    assert manifest(tmp_path / "all.tar.gz")["counts"]["settings"] == 1  # type: ignore[index]


def test_nobody_waits_while_it_is_made(house: House, tmp_path: Path) -> None:
    """One writes all the time; the backup is one moment of it."""
    stop, waited = threading.Event(), [0.0]

    def write() -> None:
        with sqlite3.connect(house.file, isolation_level=None, timeout=10) as other:
            while not stop.is_set():
                began = time.monotonic()
                other.execute("BEGIN IMMEDIATE")
                for name in ("one", "two"):
                    key = f"{name}{began}"
                    other.execute("INSERT INTO settings (key, value, version) VALUES (?, '{}', 1)", (key,))
                other.execute("COMMIT")
                waited.append(time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        status, said = house.run("backup", tmp_path / "all.tar.gz")
    finally:
        stop.set()
        writer.join()
    assert status == 0, said
    assert len(waited) > 10 and max(waited) < 1.0, max(waited)
    assert manifest(tmp_path / "all.tar.gz")["counts"]["settings"] % 2 == 0, "two are written together"  # type: ignore[index,operator]


def test_what_does_not_come_back_gets_no_name(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = services.shape
    monkeypatch.setattr(services, "_seen", lambda c: (services.Shape(head(), counted(c).counts | {"users": 1}), []))
    status, said = house.run("backup", tmp_path / "all.tar.gz")
    assert status == 1 and "rows differ in users" in said and "There is no backup" in said
    nothing_but(tmp_path)
    assert house.inside(queries.state).failed == "differs"


def test_a_certificate_that_does_not_open_is_found(house: House, tmp_path: Path) -> None:
    with sqlite3.connect(house.file) as other:
        other.execute(
            "UPDATE documents SET content = x'255044460a' WHERE id = (SELECT min(document_id) FROM certificates)"
        )
    status, said = house.run("backup", tmp_path / "all.tar.gz")
    assert status == 1 and "1 of 2 certificates do not open" in said
    nothing_but(tmp_path)


def test_a_damaged_database_is_found(house: House, tmp_path: Path) -> None:
    house.inside(lambda: None)
    with sqlite3.connect(house.file) as other:
        other.execute("PRAGMA foreign_keys=OFF")
        other.execute("UPDATE employees SET organisation_id = 999")
    status, said = house.run("backup", tmp_path / "all.tar.gz")
    assert status == 1 and "damaged" in said


def test_a_file_that_is_there_is_not_written_over(house: House, tmp_path: Path) -> None:
    (tmp_path / "all.tar.gz").write_text("mine")
    status, said = house.run("backup", tmp_path / "all.tar.gz")
    assert status == 1 and "there already" in said
    assert (tmp_path / "all.tar.gz").read_text() == "mine"


# --- in a process of its own: what a full disk and a kill leave -------------------------------------------

BACK_UP = """
import os, signal, sys
from pathlib import Path
from app.operations.backups import services
if len(sys.argv) > 3:
    services._prove = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
services.back_up(services.Installation(f"sqlite:///{sys.argv[1]}", Path(sys.argv[1]).parent, "key"), Path(sys.argv[2]))
"""


def another_process(*arguments: object, most: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [sys.executable, "-c", BACK_UP, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "YETKIN_ENV": "testing"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
    )


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_full_disk_leaves_nothing(house: House, tmp_path: Path, share: float) -> None:
    house.inside(lambda: None)
    done = another_process(house.file, tmp_path / "all.tar.gz", most=int(house.file.stat().st_size * share))
    assert done.returncode == 1 and "StoreFailed" in done.stderr, done.stderr[-400:]
    nothing_but(tmp_path)


def test_a_killed_one_leaves_nothing_that_counts(house: House, tmp_path: Path) -> None:
    house.inside(lambda: None)
    assert another_process(house.file, tmp_path / "all.tar.gz", "kill").returncode == -9
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(services.BEGUN) and left.stat().st_mode & 0o077 == 0
    assert house.run("backup", tmp_path / "all.tar.gz")[0] == 0
    nothing_but(tmp_path, "all.tar.gz")


def test_one_at_work_is_left_alone(tmp_path: Path) -> None:
    with services.working(tmp_path) as first:
        with services.working(tmp_path):
            pass
        assert first.exists()
    nothing_but(tmp_path)


# --- sealed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, sealing.CHUNK - 1, sealing.CHUNK, sealing.CHUNK + 1, 3 * sealing.CHUNK])
def test_what_is_sealed_opens_with_its_key_alone(size: int) -> None:
    private, public = sealing.new_key()
    content, file = os.urandom(size), io.BytesIO()
    with sealing.Sealed(file, sealing.public_key(public)) as sealed:
        sealed.write(content)
    file.seek(0)
    assert sealing.is_sealed(file)
    assert io.BufferedReader(sealing.Opened(file, sealing.private_key(private))).read() == content
    stranger = sealing.private_key(sealing.new_key()[0])
    with pytest.raises(sealing.NotOpened, match="this key does not open it"):
        sealing.Opened(io.BytesIO(file.getvalue()), stranger)
    for cut in (1, sealing.TAG + 1, size + sealing.TAG):
        with pytest.raises(sealing.NotOpened):
            io.BufferedReader(sealing.Opened(io.BytesIO(file.getvalue()[:-cut]), sealing.private_key(private))).read()


# Made by rage 0.11 (pyrage 1.4.0), another implementation of the format.
RAGE_IDENTITY = "AGE-SECRET-KEY-1PTC72G3RCFLZ2VZLSG9FADNC885FMTW72FFV3CR8GST0XLPF2MUSTKX0J9"
RAGE_FILE = (
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e20583235353139206f4f2b566c61797a61324d4c39585742536b"
    "4f6a6179445551796739787333794633546c456d6b555956410a446253476249734e722f4766546b5664687973764444314f"
    "63654d397574754a4d4f6731316b2b302b38670a2d3e202c7c2c2d6772656173652030237a64293c206b564c38395e300a50"
    "41546e7a7042686a424d31726648626a537839636e72334a4433545432394f5258596e624670416538724c4c6f597145424d"
    "74474f590a2d2d2d202f5745612f716f7131347548756e67553070426f42375376635135684935386735367a54474a494d68"
    "794d0aa50f641a8f92777e9d1e08c220076a7bf2e0cdcdf07cbf053503d48fc81ce99e1307391050e65df54f40981d4be88a"
    "15"
)


def test_a_file_of_another_program_opens() -> None:
    opened = sealing.Opened(io.BytesIO(bytes.fromhex(RAGE_FILE)), sealing.private_key(RAGE_IDENTITY))
    assert io.BufferedReader(opened).read() == "Belediye yedeği".encode()


def test_an_encrypted_backup_is_proven_without_the_private_key(house: House, tmp_path: Path) -> None:
    status, said = house.run("backup-key", tmp_path / "private.key")
    assert status == 0
    public = said.strip().removeprefix("BACKUP_KEY=")
    assert (tmp_path / "private.key").stat().st_mode & 0o777 == 0o600
    assert house.run("backup-key", tmp_path / "private.key")[0] == 1, "a key is never written over"
    house.app.config["BACKUP_KEY"] = public
    status, said = house.run("backup", tmp_path / "all.tar.gz.age")
    assert status == 0 and "compared" in said
    assert (tmp_path / "all.tar.gz.age").read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert house.run("backup", tmp_path / "two", "--key", "age1nonsense")[0] == 1
    nothing_but(tmp_path, "private.key", "all.tar.gz.age")


# --- every night ----------------------------------------------------------------------------------------


def test_when_one_is_due() -> None:
    ago = lambda hours: MOMENT - timedelta(hours=hours)  # noqa: E731 reads as it is said
    assert rules.last_hour(3, MOMENT) == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert rules.last_hour(13, MOMENT) == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert rules.is_due(State(), 3, MOMENT), "the first is made at once"
    assert rules.is_due(State(at=ago(10)), 3, MOMENT) and not rules.is_due(State(at=ago(8)), 3, MOMENT)
    assert not rules.is_due(State(at=ago(10), failed="full", failed_at=ago(0.5)), 3, MOMENT)
    assert rules.is_due(State(at=ago(10), failed="full", failed_at=ago(1.5)), 3, MOMENT)
    assert rules.is_due(State(at=ago(2), asked_at=ago(1)), 3, MOMENT)
    assert not rules.is_due(State(at=ago(1), asked_at=ago(2)), 3, MOMENT)
    assert rules.is_overdue(State(at=ago(10)), 3, MOMENT) and not rules.is_overdue(State(at=ago(10)), 10, MOMENT)


def turn(house: House) -> None:
    def taken() -> None:
        backups.take_turn()
        for thread in backups.UNDER_WAY.here:
            thread.join(60)

    house.inside(taken)


def test_the_worker_makes_one_and_keeps_the_newest(house: House) -> None:
    folder = house.folder / "backups"
    folder.mkdir()
    (folder / "mine.tar.gz").touch()
    for hour in ("01", "02"):
        (folder / f"yetkin-20260101T{hour}0000Z.tar.gz").touch()
    house.app.config["BACKUP_KEEP"] = 2
    turn(house)
    turn(house)
    made = sorted(path.name for path in folder.iterdir())
    assert made[:2] == ["destructions.json", "mine.tar.gz"] and made[2] == "yetkin-20260101T020000Z.tar.gz"
    assert len(made) == 4, "one, for the second turn found that it is made"
    state = house.inside(queries.state)
    assert state.at is not None and not state.failed
    house.app.config["BACKUP_KEEP"] = 0
    house.inside(lambda: nightly.ask(by=nightly.journal.SYSTEM))
    assert not house.inside(lambda: nightly.is_due(backups.plan(house.app))), "made outside of the programme"


def test_a_failed_one_is_a_task_and_is_tried_again(house: House) -> None:
    (house.folder / "backups").write_text("no folder")
    turn(house)
    state = house.inside(queries.state)
    assert state.has_failed and state.failed == "failed"
    assert not house.inside(lambda: nightly.is_due(backups.plan(house.app))), "in an hour"
    (house.folder / "backups").unlink()
    house.inside(lambda: nightly.ask(by=nightly.journal.SYSTEM))
    turn(house)
    assert not house.inside(queries.state).has_failed


def test_a_timer_makes_what_the_worker_has_not_and_says_where_there_is_none(house: House) -> None:
    for _ in range(2):
        status, said = house.run("backup")
        assert status == 0 and "Proven on" in said, said
    folder = house.folder / "backups"
    (made,) = folder.glob("yetkin-*")
    made.unlink()
    (folder / "destructions.json").unlink()
    folder.rmdir()
    folder.write_text("no folder")
    house.inside(lambda: nightly.ask(by=nightly.journal.SYSTEM))
    status, said = house.run("backup")
    assert status == 1 and "the last one failed" in said, said
    house.app.config["BACKUP_KEEP"] = 0
    status, said = house.run("backup")
    assert status == 1 and "BACKUP_KEEP is 0" in said, said


def test_archives_of_a_newer_format_say_so(tmp_path: Path) -> None:
    part = tmp_path / "database"
    part.write_bytes(b"x")
    listed = archive.Manifest(
        "2026-11-22T09:00:00+00:00", "9", "sqlite", None, {}, [], "", {"database": archive.part_of(part)}, 2
    )
    with (tmp_path / "new").open("wb") as raw:
        archive.write(raw, listed, {"database": part}, None)
    with pytest.raises(archive.NotABackup, match="newer version"):
        archive.read(tmp_path / "new", tmp_path / "out")
