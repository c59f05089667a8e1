"""Failures are counted one by one, however many come at the same moment."""

from __future__ import annotations

import contextvars
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.access.models import Throttle
from app.access.sign_in import throttling
from app.core.db import db, set_writing
from app.core.errors import TooOften

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def failures() -> int:
    db.session.expire_all()
    return db.session.scalar(sa.select(Throttle.failures)) or 0


def test_of_twelve_at_once_each_counts(app: Flask) -> None:
    db.session.remove()
    meet, faults = threading.Barrier(12), list[BaseException]()

    def fail() -> None:
        with app.app_context():
            set_writing(True)
            meet.wait()
            try:
                throttling.failed("door", free=5)
                db.session.commit()
            except BaseException as error:  # told to the test
                faults.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(fail,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert failures() == 12


def test_a_door_closes_longer_each_time_and_forgets_a_few(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(4):
            throttling.failed("door", free=5)
        throttling.check("door")
        for expected in (2, 4, 8):
            throttling.failed("door", free=5)
            with pytest.raises(TooOften) as closed:
                throttling.check("door")
            assert closed.value.retry_after == expected + 1
        clock.shift(timedelta(minutes=11))
        throttling.failed("door", free=5)
        assert failures() == 7, "as slow as before, not free and not slower"
        clock.shift(timedelta(days=1))
        throttling.failed("other", free=5)
        clock.shift(timedelta(minutes=11))
        throttling.failed("other", free=5)
        db.session.expire_all()
        assert db.session.scalar(sa.select(Throttle.failures).where(Throttle.key == "other")) == 1


def test_a_door_for_a_while(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(3):
            throttling.failed("door", free=3, growing=False)
        with pytest.raises(TooOften):
            throttling.check("door")
        clock.shift(timedelta(minutes=11))
        throttling.check("door")
        throttling.failed("door", free=3, growing=False)
        throttling.check("door")
        assert failures() == 1
