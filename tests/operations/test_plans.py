"""How PostgreSQL finds what pages ask for, where it once read a whole table for a row or two.

A test has few rows, and few are read through faster; so the server is told not to wherever it can do otherwise. And it
forgets that a test before let it look at empty tables: one that nobody looked at is taken for ten pages.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE, Scope
from app.attendance.queries import OUT_OF_REACH, out_of_reach
from app.attendance.sheets import waiting
from app.certificates.models import Certificate
from app.core.db import db
from app.core.search import matches
from app.enrolment.models import Enrolment
from app.enrolment.queries import SEAT_GIVEN, seat_given
from app.enrolment.seats.queries import unanswered
from app.home import lacking
from app.people.models import Employee
from app.training.models import CourseSession
from tests.cast import Cast
from tests.factories import employee

pytestmark = pytest.mark.postgresql


def steps(statement: sa.Select[tuple[object, ...]], *models: object, how: str = "") -> str:
    db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    db.session.execute(
        sa.text("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE reltuples = 0 AND relkind IN ('r', 'i')")
    )
    asked = EVERYWHERE.trusting(statement, *models).compile(db.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(db.session.connection().exec_driver_sql(f"EXPLAIN {how} {asked}").scalars())


@pytest.mark.parametrize("typed", ["is", "i", "77"])
def test_the_index_leads_a_short_word_to_its_rows_alone(app: Flask, cast: Cast, typed: str) -> None:
    """It can be walked through as a whole, too: no row is found there and thrown away again."""
    for number in range(20):
        employee("Zehra", f"Yurt{number}", f"K-{number}", 1)
    employee("Işıl", "Öztürk", "AB/77-012", 1)
    plan = steps(sa.select(Employee.id).where(matches(Employee, typed)), Employee, how="(ANALYZE)")
    assert "Bitmap Index Scan on ix_employees_search" in plan
    assert "Removed by" not in plan, plan


def test_when_a_seat_was_given_is_found_by_its_records(app: Flask) -> None:
    db.session.execute(sa.text("ANALYZE enrolments, enrolment_changes"))  # as a test before may have
    plan = steps(sa.select(Enrolment.id, seat_given()), Enrolment, *SEAT_GIVEN)
    assert "Index Cond: (enrolment_id = " in plan and "Seq Scan on enrolment_changes" not in plan, plan


def test_whether_there_is_staff_is_asked_of_institutions(app: Flask) -> None:
    scope = Scope(everything=False, provinces=frozenset({1}), organisations=frozenset({1, 2}))
    plan = steps(lacking.no_staff(scope), *lacking.STAFF)
    assert "Semi Join" in plan and "on organisations" in plan, plan


def test_seats_are_counted_for_sheets_that_wait_alone(app: Flask) -> None:
    plan = steps(waiting._incomplete(EVERYWHERE).limit(20))
    assert "Semi Join" not in plan, plan


def test_a_coordinators_certificates_are_asked_by_their_own_enrolment(app: Flask) -> None:
    """All enrolments at once took 48 of 54 ms for a page of fifty."""
    scope = Scope(everything=False, provinces=frozenset({1}), organisations=frozenset({1, 2}))
    page = scope.select(Certificate).order_by(Certificate.issued_on.desc(), Certificate.id.desc()).limit(50)
    plan = steps(page, Certificate)
    assert "Index Cond: (id = certificates.enrolment_id)" in plan, plan
    assert "(SubPlan 2) IS NOT NULL" in plan, "an EXISTS is hashed where there are many rows"


def test_what_is_at_risk_is_asked_where_it_is_little(app: Flask) -> None:
    """Seats without an answer by their session, not all there are; who can no longer pass for all sessions at once."""
    silent = steps(sa.select(CourseSession.id).where(unanswered()), CourseSession, Enrolment)
    assert "(SubPlan 1) IS NOT NULL" in silent, silent
    lost = steps(sa.select(CourseSession.id).where(out_of_reach()), CourseSession, *OUT_OF_REACH)
    assert "Index Cond: (course_session_id = " in lost and "using pk_enrolments" not in lost, lost
