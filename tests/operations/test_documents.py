"""Each command of docs/backup.md and docs/upgrade.md was run as it stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.test_docs import commands_in
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
    clerk.types("backup before-upgrade.tar.gz")
    clerk.types("db downgrade")
    clerk.types("db upgrade")
    assert len(list((house.folder / "before-upgrades").iterdir())) == 2
    house.run("db", "downgrade")
    clerk.types("db -x copy=no upgrade")
    assert len(list((house.folder / "before-upgrades").iterdir())) == 3
    house.gone()
    clerk.types("restore before-upgrade.tar.gz")
    assert not clerk.left
