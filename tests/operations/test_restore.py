"""What was backed up comes back into an empty place, whole or not at all, and nothing that had gone comes back."""

from __future__ import annotations

import gzip
import io
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.access.models import SignIn
from app.core.clock import now
from app.core.db import db
from app.core.upgrades.migrations import head
from app.operations.backups import services
from app.post.models import Message, MessageStatus
from app.post.services import Place, enqueue
from app.retention import services as retention
from tests.operations.conftest import House
from tests.serving import ROOT


@pytest.fixture
def backup(house: House, tmp_path: Path) -> Path:
    file = tmp_path / "all.tar.gz"
    assert house.run("backup", file)[0] == 0
    return file


def is_empty(house: House) -> bool:
    return not house.file.exists() and not list(house.folder.glob(f"{services.BEGUN}*"))


def dumped(house: House) -> list[str]:
    """All rows, but of what a restore itself writes."""
    with sqlite3.connect(house.file) as look:
        lines = list(look.iterdump())
    return [line for line in lines if not line.startswith(('INSERT INTO "audit_entries"', 'INSERT INTO "settings"'))]


def test_all_comes_back(house: House, backup: Path) -> None:
    before = dumped(house)
    code = house.inside(lambda: db.session.scalar(sa.text("SELECT code FROM certificates ORDER BY id")))
    page = house.app.test_client().get(f"/d/{code}.json").get_data()
    house.gone()
    status, said = house.run("restore", backup)
    assert status == 0, said
    assert "no list of destructions" in said and "SECRET_KEY" not in said
    assert dumped(house) == before
    assert house.app.test_client().get(f"/d/{code}.json").get_data() == page
    assert house.file.stat().st_mode & 0o777 == 0o600


def test_files_beside_the_database_come_back(house: House, tmp_path: Path) -> None:
    (house.folder / "scans").mkdir()
    scan = house.folder / "scans" / "liste.pdf"
    scan.write_bytes(b"%PDF")
    assert house.run("backup", tmp_path / "b")[0] == 0
    house.gone()
    status, said = house.run("restore", tmp_path / "b")
    assert status == 1 and "scans/liste.pdf" in said, "nothing is written over"
    assert is_empty(house)
    scan.unlink()
    assert house.run("restore", tmp_path / "b")[0] == 0
    assert scan.read_bytes() == b"%PDF" and scan.stat().st_mode & 0o777 == 0o600


def test_a_living_installation_is_left_alone(house: House, backup: Path) -> None:
    before = house.file.read_bytes()
    status, said = house.run("restore", backup)
    assert status == 1 and "empty place only" in said and "Nothing was restored" in said
    assert house.file.read_bytes() == before


def test_damaged_backups_are_refused(house: House, backup: Path) -> None:
    whole = backup.read_bytes()
    house.gone()
    for at in (0, 5, 11, 400, len(whole) // 2, len(whole) - 6, len(whole) - 1):
        backup.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        status, said = house.run("restore", backup)
        # a few bits of gzip's header say nothing: what comes back is the same
        assert status == 1 or at in (5,), at
        if status == 1:
            assert "damaged" in said, said
            assert is_empty(house), at
        else:
            house.gone()


def test_truncated_backups_are_refused(house: House, backup: Path) -> None:
    whole = backup.read_bytes()
    house.gone()
    for size in (0, 1, 20, 1000, len(whole) // 2, len(whole) - 8, len(whole) - 1):
        backup.write_bytes(whole[:size])
        status, said = house.run("restore", backup)
        assert status == 1 and "cut short" in said, (size, said)
        assert is_empty(house), size


def tar_of(**members: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_dots_", ".."))
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


FOREIGN = {
    "a letter": b"Say\xc4\xb1n Elif",
    "packed words": gzip.compress(b"words " * 1000),
    "another archive": tar_of(readme=b"x"),
    "a list of nothing": tar_of(**{"manifest.json": b"[]"}),
    "a list without parts": tar_of(**{"manifest.json": b'{"format": 1}'}),
    "a way out": tar_of(
        **{
            "manifest.json": b'{"made_at": "2026-11-22T09:00:00+00:00", "version": "", "kind": "sqlite", "head": null,'
            b' "counts": {}, "certificates": [], "key": "", "format": 1, "parts": {"../out": {"size": 1, "sha256": ""}}}',
            "_dots___out": b"x",
        }
    ),
    "a sealed one": b"age-encryption.org/v1\n-> X25519 a\nb\n--- c\n",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_foreign_files_are_refused(house: House, tmp_path: Path, what: str) -> None:
    house.gone()
    file = tmp_path / "file"
    file.write_bytes(FOREIGN[what])
    status, said = house.run("restore", file)
    assert status == 1 and said.count("\n") == 1 and "Nothing was restored" in said, said
    assert is_empty(house)
    assert not (house.folder / "out").exists()


def test_one_of_an_older_version_is_upgraded_on_the_way(house: House, tmp_path: Path) -> None:
    assert house.run("db", "-x", "discard=yes", "downgrade", "0019")[0] == 0
    assert house.run("backup", tmp_path / "old")[0] == 0, "also with the newer program, before an upgrade"
    house.gone()
    status, said = house.run("restore", tmp_path / "old")
    assert status == 0, said
    with sqlite3.connect(house.file) as look:
        assert look.execute("SELECT version_num FROM alembic_version").fetchone() == (head(),)
    assert house.rows("certificates") == 2
    assert not list(house.folder.glob(f"{services.BEGUN}*"))


def test_an_encrypted_one_needs_its_key(house: House, tmp_path: Path) -> None:
    for name in ("mine", "theirs"):
        house.run("backup-key", tmp_path / name)
    public = (tmp_path / "mine").read_text().splitlines()[0].removeprefix("# public key: ")
    assert house.run("backup", tmp_path / "b.age", "--key", public)[0] == 0
    house.gone()
    assert "the private key is needed" in house.run("restore", tmp_path / "b.age")[1]
    assert "does not open it" in house.run("restore", tmp_path / "b.age", "--private-key", tmp_path / "theirs")[1]
    assert house.run("restore", tmp_path / "b.age", "--private-key", tmp_path / "b.age")[0] == 1, "no key at all"
    assert is_empty(house)
    assert house.run("restore", tmp_path / "b.age", "--private-key", tmp_path / "mine")[0] == 0


def test_another_secret_key_is_noticed(house: House, backup: Path) -> None:
    house.gone()
    house.app.config["SECRET_KEY"] = "another"
    status, said = house.run("restore", backup)
    assert status == 0 and "SECRET_KEY is not that of the backup" in said


def test_what_was_destroyed_since_is_destroyed_again(house: House, tmp_path: Path) -> None:
    def letter() -> None:
        enqueue("test:old", "elif@ornek.example", "tr", "Davet", "Sayın Elif", place=Place())
        row = db.session.scalars(sa.select(Message).where(Message.occasion == "test:old")).one()
        row.created_at, row.status = now() - timedelta(days=400), MessageStatus.SENT

    house.inside(letter)
    assert house.run("backup", tmp_path / "before")[0] == 0
    house.inside(retention.destroy_old)
    assert house.run("destructions", tmp_path / "destructions.json") == (0, "1 kinds.\n")
    house.gone()
    status, said = house.run("restore", tmp_path / "before")
    assert status == 0 and "Destroyed again: 1." in said, said
    body = house.inside(lambda: db.session.scalars(sa.select(Message.body).where(Message.occasion == "test:old")).one())
    assert body == "" and house.rows("destructions") == 1
    house.gone()
    (tmp_path / "wrong").write_text('{"kind": 1}')
    assert house.run("restore", tmp_path / "before", "--destructions", tmp_path / "wrong")[0] == 1
    assert is_empty(house)


def test_nobody_is_signed_in_afterwards(house: House, tmp_path: Path) -> None:
    """Who signed out since must not come back in."""
    house.inside(lambda: db.session.add(SignIn(token_hash="x" * 64, user_id=1, device="test")))
    assert house.run("backup", tmp_path / "b")[0] == 0
    house.gone()
    assert house.run("restore", tmp_path / "b")[0] == 0
    with sqlite3.connect(house.file) as look:
        assert look.execute("SELECT count(*) FROM sign_ins WHERE ended_at IS NULL").fetchone() == (0,)


RESTORE = """
import os, signal, sys
from pathlib import Path
from app.operations.backups import services
place = Path(sys.argv[2])
into = services.Installation(f"sqlite:///{place}", place.parent, "key")
services.restore(Path(sys.argv[1]), into, lambda url, of: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_killed_restore_leaves_the_place_empty(house: House, backup: Path) -> None:
    house.gone()
    killed = subprocess.run(
        [sys.executable, "-c", RESTORE, str(backup), str(house.file)],
        cwd=ROOT,
        env={**os.environ, "YETKIN_ENV": "testing"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not house.file.exists()
    assert house.run("restore", backup)[0] == 0
    assert [path.name for path in house.folder.iterdir()] == ["yetkin.db"]
