"""Statements that are kept: what they ask of the clock and the settings is of the moment they are carried out."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import today
from app.core.db import db
from app.core.tables.written import TODAY, in_days, written_once
from app.settings import queries as settings
from app.settings.models import Setting


@written_once
def _asked(days: int) -> sa.Select[tuple[date, date]]:
    return sa.select(TODAY, in_days(days))


def test_it_is_written_once_and_reads_each_day_anew(app: Flask) -> None:
    with app.app_context():
        with time_machine.travel("2026-03-01T09:00:00Z", tick=False):
            first = _asked(2)
            assert db.session.execute(first).one() == (date(2026, 3, 1), date(2026, 3, 3))
        with time_machine.travel("2026-12-31T21:00:00Z", tick=False):  # midnight has passed in Istanbul
            assert db.session.execute(_asked(2)).one() == (date(2027, 1, 1), date(2027, 1, 3))
        assert _asked(2) is first
        assert _asked(3) is not first


def test_no_moment_is_kept(app: Flask) -> None:
    @written_once
    def careless() -> sa.Select[tuple[date]]:
        return sa.select(sa.literal(today()))

    with app.app_context():
        with pytest.raises(RuntimeError):
            careless()
        assert today()  # and the clock goes on


def test_one_shape_with_a_value_and_one_that_reads_are_told_apart(app: Flask) -> None:
    """The database layer keeps what it made of a statement by its shape."""
    with app.app_context(), time_machine.travel("2026-03-01T09:00:00Z", tick=False):
        told = sa.select(sa.literal(1)).where(sa.literal(date(2020, 1, 1)) < sa.literal(date(2026, 1, 1)))
        read = sa.select(sa.literal(1)).where(sa.literal(date(2020, 1, 1)) < TODAY)
        never = sa.select(sa.literal(1)).where(sa.literal(date(2030, 1, 1)) < TODAY)
        assert [db.session.scalar(each) for each in (told, read, never, told)] == [1, 1, None, 1]


def test_a_setting_is_the_one_of_now(app: Flask) -> None:
    with app.app_context():
        statement = sa.select(settings.stored("least_women"))
        assert db.session.scalar(statement) == settings.value("least_women")
        db.session.add(Setting(key="least_women", value={"value": 7}))
        db.session.flush()
        assert db.session.scalar(statement) == 7
        db.session.rollback()
