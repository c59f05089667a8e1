"""A move beside what others do at the same moment."""

from __future__ import annotations

import threading
import time as process
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.enrolment import queries as enrolments
from app.enrolment.models import Answer
from app.enrolment.notices import services as notices
from app.enrolment.seats import services as seats
from app.post.models import Message
from app.training import queries as training
from app.training.conflicts.rules import planned_of
from app.training.models import SessionStatus
from app.training.sessions import services as sessions
from app.training.sittings import services
from tests import factories
from tests.cast import By, Cast
from tests.enrolment.stage import course_session, enrolled, person, race
from tests.training.stage import MONDAY, Props, at, make, sittings

LATER = date(2026, 12, 14)


def change(key: int, **wish: Any) -> None:
    """All sittings of a session come to stand where this says."""
    found = training.course_session(EVERYWHERE, key)
    rows = training.sittings(found)
    planned = [replace(each, **wish) for each in planned_of(rows, training.assignments(found))]
    services.change(found, rows, planned, by=By(1), reason="Böyle gerekti")


@pytest.mark.parametrize("_", range(3))
def test_two_sessions_are_not_moved_into_one_room(app: Flask, cast: Cast, props: Props, _: int) -> None:
    places = ((props.hall, 1), (props.spare, 2))
    keys = [make(cast, at(MONDAY, "09:00-10:30", room), course_id=of).id for room, of in places]
    for each in keys:
        training.course_session(EVERYWHERE, each).status = SessionStatus.CONFIRMED
    wish = {"date": LATER, "room_id": props.hall}
    assert race(app, *(lambda key=key: change(key, **wish) for key in keys)) == []
    assert sorted(each.date or date.min for each in sittings()) == [MONDAY, LATER], "the second was refused"


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set as the first letter is written; each takes its time."""
    plain, begun = notices.enqueue, threading.Event()

    def slowly(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        process.sleep(0.3)
        return plain(*args, **kwargs)

    monkeypatch.setattr(notices, "enqueue", slowly)
    return begun


def last_to(address: str) -> Message:
    found = sa.select(Message).where(Message.to_address == address).order_by(Message.id.desc())
    return db.session.scalars(found.limit(1)).one()


def test_what_is_cancelled_meanwhile_is_not_moved(app: Flask, cast: Cast, writing: threading.Event) -> None:
    made = course_session(capacity=1, day=MONDAY)
    factories.room("Salon 2", id=2)
    enrolled(made, cast.employees["elif"])
    seats.confirm(made, by=By())
    key = made.id

    def moves() -> None:
        if db.engine.dialect.name == "postgresql":  # SQLite lets nobody begin meanwhile
            writing.wait(10)
        change(key, room_id=2)

    def cancels() -> None:
        sessions.cancel(training.course_session(EVERYWHERE, key), reason="Bütçe", by=By())

    writing.clear()
    assert race(app, cancels, moves) == []
    assert last_to("personel@yetkin.example").occasion.startswith("cancel:")
    if db.engine.dialect.name == "postgresql":
        assert {each.room_id for each in sittings()} == {1}, "it was refused"


@pytest.mark.parametrize("waits", [False, True])
def test_whoever_moves_up_meanwhile_is_told_where_it_is_now(
    app: Flask, cast: Cast, waits: bool, writing: threading.Event
) -> None:
    person(cast.employees["sukru"]).email = "sukru@ornek.example"
    made = course_session(capacity=1, day=MONDAY)
    factories.room("Salon 2", id=2)
    elif_, _waits = enrolled(made, cast.employees["elif"], cast.employees["sukru"])
    seats.confirm(made, by=By())
    key, seat = made.id, elif_.id

    def gives_up() -> None:
        seats.answer(enrolments.enrolment(EVERYWHERE, seat), Answer.NO, by=By(), reason="İşim çıktı")

    def moves() -> None:
        if waits and db.engine.dialect.name == "postgresql":
            writing.wait(10)
        change(key, room_id=2)

    writing.clear()
    assert race(app, gives_up, moves) == []
    assert "Salon 2" in last_to("sukru@ornek.example").body
