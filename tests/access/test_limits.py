"""How long a sign-in lasts, as the installation is set."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

import config
from app import create_app
from app.access.limits import LIMITS, Limits
from app.access.models import SignIn
from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db
from tests.conftest import Stage


def age(stage: Stage, name: str, **values: object) -> None:
    mine = sa.update(SignIn).where(SignIn.user_id == stage.cast.users[name]).values(**values)
    db.session.execute(EVERYWHERE.trusting(mine, SignIn))
    db.session.commit()


@pytest.mark.parametrize(("minutes", "status"), [(5, 302), (20, 200)])
def test_idle_minutes_are_a_setting(stage: Stage, monkeypatch: pytest.MonkeyPatch, minutes: int, status: int) -> None:
    monkeypatch.setitem(stage.app.extensions, "limits", Limits(idle=timedelta(minutes=minutes)))
    for name in ("coordinator", "staff"):
        getattr(stage, name).get("/devices")
        age(stage, name, seen_at=now() - timedelta(minutes=10))
    assert stage.coordinator.get("/devices").status_code == status
    assert stage.staff.get("/devices").status_code == 200, "only those who see others' data go idle"


@pytest.mark.parametrize(("hours", "status"), [(2, 302), (4, 200)])
def test_the_longest_life_is_a_setting(stage: Stage, monkeypatch: pytest.MonkeyPatch, hours: int, status: int) -> None:
    monkeypatch.setitem(stage.app.extensions, "limits", Limits(absolute=timedelta(hours=hours)))
    stage.staff.get("/devices")
    age(stage, "staff", created_at=now() - timedelta(hours=3))
    assert stage.staff.get("/devices").status_code == status


@pytest.mark.parametrize(("name", "value"), [("IDLE_MINUTES", "0"), ("SIGN_IN_HOURS", "often")])
def test_what_is_no_length_of_time_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(config.NotConfigured, match=name):
        config.Testing()


def test_they_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDLE_MINUTES", "7")
    monkeypatch.setenv("SIGN_IN_HOURS", "3")
    made = create_app(config.Testing())
    assert LIMITS.on(made) == Limits(timedelta(minutes=7), timedelta(hours=3), False)
