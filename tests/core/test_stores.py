"""What the programs of PostgreSQL are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.upgrades.stores import Postgres


@pytest.mark.parametrize(
    "address", ["yetkin:gizli%40@host:5433/house", "/house?user=yetkin&password=gizli%40&host=a,b"]
)
def test_nobody_reads_a_password_from_the_list_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    program, told = tmp_path / "pg_restore", tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$@" >{told}\necho "$PGPASSWORD" >>{told}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    Postgres(f"postgresql://{address}").load(tmp_path / "part")
    listed, apart = told.read_text().splitlines()
    assert "gizli" not in listed and "yetkin" in listed and "house" in listed
    assert apart == "gizli@"
