"""Each flask of docs/install.md, upgrade.md and backup.md was run as it stands there, and the rest can be read by a shell."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.laws.test_docs import FENCE, commands_in
from tests.operations.conftest import House
from tests.serving import ROOT

ELSEWHERE = {"serve", "serve --port 8001", "assets"}
"""Run by tests/operations/test_serving.py, and by whoever runs the tests."""


def commands(document: str) -> list[str]:
    text = (ROOT / "docs" / document).read_text("utf-8")
    return [" ".join(words).removeprefix("--app wsgi ") for words in commands_in(text)]


class Clerk:
    """Types what a document says, with what it leaves open filled in."""

    def __init__(self, house: House, document: str) -> None:
        self.house, self.left, self.open = house, set(commands(document)) - ELSEWHERE, dict[str, str]()

    def types(self, command: str, status: int = 0) -> str:
        self.left.remove(command)
        given, said = self.house.run(*(self.open.get(word, word) for word in command.split()))
        assert given == status, (command, said)
        return said


def test_backup(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clerk = Clerk(house, "backup.md")
    clerk.types("backup before-the-move.tar.gz")
    clerk.open["age1"] = clerk.types("backup-key yetkin-private.key").strip().removeprefix("BACKUP_KEY=")
    clerk.types("backup sealed.tar.gz.age --key age1")
    clerk.types("destructions list.json")
    house.gone()
    clerk.types("restore before-the-move.tar.gz")
    house.gone()
    clerk.types("restore sealed.tar.gz.age --private-key yetkin-private.key")
    house.gone()
    clerk.open |= {"FILE": "sealed.tar.gz.age", "KEY": "yetkin-private.key"}
    clerk.types("restore FILE --private-key KEY")
    assert "the worker is not at work" in clerk.types("check", status=1), "it is served in the step before"
    assert not clerk.left


def test_upgrade(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clerk = Clerk(house, "upgrade.md")
    clerk.types("check", status=1)
    clerk.open["/var/backups/yetkin/before-upgrade.tar.gz"] = "before-upgrade.tar.gz"
    clerk.types("backup /var/backups/yetkin/before-upgrade.tar.gz")
    clerk.types("db downgrade")
    clerk.types("db upgrade")
    assert len(list((house.folder / "before-upgrades").iterdir())) == 2
    house.run("db", "downgrade")
    clerk.types("db -x copy=no upgrade")
    assert len(list((house.folder / "before-upgrades").iterdir())) == 3
    house.gone()
    clerk.types("restore /var/backups/yetkin/before-upgrade.tar.gz")
    assert not clerk.left


def test_install(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    house.gone()
    clerk = Clerk(house, "install.md")
    clerk.open |= {
        "/var/lib/yetkin/yetkin-private.key": "yetkin-private.key",
        "/var/backups/yetkin/before-the-move.tar.gz": "before-the-move.tar.gz",
        '"postgresql:///yetkin?host=/var/run/postgresql"': f"sqlite:///{tmp_path / 'moved.db'}",
    }
    clerk.types("backup-key /var/lib/yetkin/yetkin-private.key")
    assert "/welcome/" in clerk.types("setup --email you@yetkin.example --given Ad --family Soyad")
    assert "the worker is not at work" in clerk.types("check", status=1), "it is started in the step before"
    clerk.types("backup /var/backups/yetkin/before-the-move.tar.gz")
    clerk.types('move "postgresql:///yetkin?host=/var/run/postgresql"')
    assert not clerk.left


def test_installing_takes_twenty_steps_at_most() -> None:
    text = (ROOT / "docs/install.md").read_text("utf-8").partition("## Watching")[0]
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1)) and len(steps) <= 20


@pytest.mark.parametrize("document", ["install.md", "upgrade.md", "backup.md"])
def test_what_is_typed_can_be_read_by_a_shell_and_names_files_that_are_there(document: str) -> None:
    text = (ROOT / "docs" / document).read_text("utf-8")
    for block in FENCE.findall(text):
        done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (block, done.stderr)
    for named in re.findall(r"(?<![\w/])(?:/opt/yetkin/)?(deploy/[\w.*-]+|requirements\.txt)", text):
        assert list(ROOT.glob(named)), named
    for unit in re.findall(r"\byetkin-(?:web|worker|backup)(?:\.\w+)?", text):
        name = unit if "." in unit else f"{unit}.service"
        assert (ROOT / "deploy" / name).exists() or unit == "yetkin-backup", unit
