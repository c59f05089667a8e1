"""What is kept between two readings is what counting from nothing would find."""

from __future__ import annotations

import threading
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.attendance.models import Presence
from app.audit.journal import SYSTEM, record
from app.certificates.reopening.services import reopen
from app.core.db import db
from app.enrolment.models import Enrolment
from app.oversight.figures import facts
from app.oversight.figures.facts import Cell
from app.people.events import EmployeeChanged
from app.training.models import CourseSession, SessionStatus, Sitting
from tests import databases, factories
from tests.cast import Cast
from tests.oversight.stage import arrange


def anew() -> facts.Facts:
    """Counted by a process that remembers nothing."""
    facts._memory.clear()
    return facts.facts()


def remembered() -> Any:
    return databases.until_kept(
        facts.facts, lambda found: (kept := facts._memory.get(db.engine.pool)) and kept.facts is found
    )


def running() -> list[tuple[int, int]]:
    """(session, sitting) of those that go on."""
    rows = sa.select(Sitting.course_session_id, Sitting.id).join(Sitting.course_session)
    rows = rows.where(CourseSession.status == SessionStatus.CONFIRMED)
    return [(one, other) for one, other in db.session.execute(EVERYWHERE.trusting(rows, Sitting, CourseSession))]


def agrees(before: facts.Facts, *, kept: bool) -> None:
    """The figures changed, and to what a process finds that remembers nothing; the sums were `kept`, or not."""
    base = facts._memory[db.engine.pool].base
    found = remembered()
    assert (facts._memory[db.engine.pool].base is base) == kept
    assert found.cells != before.cells
    counted = anew()
    assert (found.cells, found.given) == (counted.cells, counted.given)


def test_a_mark_moves_its_person_only(cast: Cast) -> None:
    """Of somebody who was counted before (her first of the area is another now), and of somebody who was not."""
    rows = arrange(cast, moving=0.4)
    before = remembered()
    for person in (rows[0].person, cast.employees["sukru"]):
        for course_session, sitting in running():
            taken = sa.select(Enrolment.id).filter_by(course_session_id=course_session, employee_id=person)
            if db.session.scalar(EVERYWHERE.trusting(taken, Enrolment)) is None:
                factories.mark(sitting, factories.enrolment(course_session, person).id, Presence.PRESENT)
    db.session.commit()
    agrees(before, kept=True)


def test_what_is_finalised_no_more_is_taken_off(cast: Cast) -> None:
    arrange(cast, moving=0.4)
    before = remembered()
    over = sa.select(CourseSession).where(CourseSession.year == 2025)
    reopen(db.session.scalars(EVERYWHERE.trusting(over, CourseSession)).all()[0], "Yoklama", by=SYSTEM)
    db.session.commit()
    agrees(before, kept=False)


def test_who_writes_meanwhile_is_seen_when_he_is_done(app: Flask, cast: Cast) -> None:
    """On PostgreSQL a number is given before it is committed: the log's latest says nothing of one that came earlier."""
    arrange(cast)
    remembered()
    db.session.commit()
    given, read = threading.Event(), threading.Event()

    def takes_part(number: str) -> None:
        person = factories.employee("Geç", "Kalan", number, 1)
        record(EmployeeChanged(person.id, ("title",)), by=SYSTEM)
        course_session, sitting = running()[0]
        factories.mark(sitting, factories.enrolment(course_session, person.id).id, Presence.PRESENT)
        db.session.flush()

    def writes() -> None:
        with app.app_context():
            takes_part("GK-1")
            given.set()
            read.wait(20)
            db.session.commit()

    thread = threading.Thread(target=writes)
    thread.start()
    given.wait(20)
    if databases.postgresql():  # SQLite lets nobody else write meanwhile
        takes_part("GK-2")
        db.session.commit()
        facts.facts()
        db.session.commit()
    read.set()
    thread.join(20)
    db.session.commit()
    assert facts.facts().cells[Cell()] == anew().cells[Cell()]
