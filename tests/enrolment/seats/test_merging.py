"""Two records that were one person: every enrolment is kept, a seat is not counted twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.db import db
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.seats import queries as seats
from app.enrolment.seats import services as seats_services
from app.people.events import EmployeesMerged
from app.post.calendars import ics
from app.post.models import Message
from app.training import queries as training
from app.training.sittings import services as sittings
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, statuses

S = EnrolmentStatus


@pytest.fixture
def pair(cast: Cast) -> tuple[int, int]:
    """(kept, merged)"""
    return cast.employees["elif"], cast.employees["isik"]


def merge(pair: tuple[int, int]) -> None:
    journal.record(EmployeesMerged(*pair), by=By())
    db.session.commit()


def test_an_enrolment_moves_with_its_history(pair: tuple[int, int]) -> None:
    session = course_session()
    (row,) = enrolled(session, pair[1])
    merge(pair)
    assert statuses(session.id) == {pair[0]: S.ENROLLED}
    assert len(seats.history(EVERYWHERE.get(Enrolment, row.id))) == 2


def test_both_in_one_session_leave_one_seat_and_free_the_other(pair: tuple[int, int], cast: Cast) -> None:
    session = course_session(capacity=2)
    kept, merged, waiting = enrolled(session, *pair, cast.employees["sukru"])
    assert waiting.status is S.WAITLISTED
    merge(pair)
    assert statuses(session.id) == {pair[0]: S.ENROLLED, pair[1]: S.CANCELLED, cast.employees["sukru"]: S.ENROLLED}
    assert EVERYWHERE.get(Enrolment, merged.id).merged_into_id == kept.id


def test_the_kept_one_is_as_far_as_the_further_of_the_two(pair: tuple[int, int], cast: Cast) -> None:
    session = course_session(capacity=1)
    seat, _ = enrolled(session, pair[1], pair[0])
    merge(pair)
    assert statuses(session.id) == {pair[0]: S.ENROLLED, pair[1]: S.CANCELLED}
    assert EVERYWHERE.get(Enrolment, seat.id).merged_into_id is not None


def test_other_sessions_are_left_alone(pair: tuple[int, int], cast: Cast) -> None:
    session = course_session(course("BK-04", "Başka"))
    enrolled(session, cast.employees["sukru"])
    merge(pair)
    assert statuses(session.id) == {cast.employees["sukru"]: S.ENROLLED}


def test_whoever_was_invited_under_the_other_record_is_told_of_changes(pair: tuple[int, int]) -> None:
    session = course_session(capacity=1)
    enrolled(session, pair[1], pair[0])
    seats_services.confirm(session, by=By())
    invited = db.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    merge(pair)
    rows = training.sittings(session)
    sittings.remove(session, rows[1], by=By())
    change = db.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert invited is not None and change is not None and change.occasion.startswith("change:")
    one, other = (ics.read(letter.calendar or b"")[0] for letter in (invited, change))
    assert (other.uid, other.sequence) == (one.uid, 1)
    assert change.to_address == "personel@yetkin.example", "hers who stays"
