"""Which requests are known already; the marks that came too late and wait for whoever runs the session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import EVERYWHERE, Scope, within
from app.attendance.models import AttendanceMark, LateMark, MarkChange
from app.attendance.queries import IN_TIME, own_sittings, spelled
from app.catalogue.models import Course
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Enrolment, called
from app.people.models import Employee
from app.training.models import CourseSession, Sitting


def known(keys: Collection[str]) -> tuple[set[str], set[str]]:
    """Of these requests those that were carried out, and those whose mark came too late and was kept."""
    done = sa.select(MarkChange.request_key, sa.false()).where(MarkChange.request_key.in_(keys))
    kept = sa.select(LateMark.request_key, sa.true()).where(LateMark.request_key.in_(keys))
    # a key is drawn at random by whoever sends it, and says nothing but that it was here
    rows = db.session.execute(EVERYWHERE.trusting(done.union_all(kept), MarkChange, LateMark)).all()
    return {key for key, late in rows if not late}, {key for key, late in rows if late}


def undecided(sitting_id: int, enrolment_id: int, by_id: int | None) -> Sequence[LateMark]:
    """What one person sent of one cell (of a sitting loaded through a scope) that nobody has decided on."""
    return db.session.scalars(
        within(Sitting)
        .select(LateMark)
        .where(
            LateMark.sitting_id == sitting_id,
            LateMark.enrolment_id == enrolment_id,
            LateMark.by_id == by_id,
            LateMark.accepted.is_(None),
        )
    ).all()


def chosen(sitting_id: int, ids: Collection[int]) -> list[LateMark]:
    """Those of a sitting (loaded through a scope) that are chosen and still wait."""
    statement = within(Sitting).select(LateMark).with_for_update()
    return list(
        db.session.scalars(
            statement.where(
                LateMark.sitting_id == sitting_id, LateMark.id.in_(list(ids)), LateMark.accepted.is_(None)
            ).order_by(LateMark.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Late:
    """A mark that came too late: `word` is what was sent, `stands` what the cell says now (`rules.spell`); `seated`:
    whether the person has a seat still, for else it can only be set aside.
    """

    id: int
    sitting_id: int
    date: date | None
    starts: time
    code: str
    name_tr: str
    name_en: str
    person: str
    organisation: str
    word: str
    stands: str
    seated: bool
    by: str
    at: datetime


def _waiting(scope: Scope, *columns: Any) -> sa.Select[Any]:
    # whose sittings they are is said below
    statement: sa.Select[Any] = scope.trusting(sa.select(*columns), LateMark, Sitting, CourseSession)
    return (
        statement.select_from(LateMark)
        .join(Sitting, Sitting.id == LateMark.sitting_id)
        .where(LateMark.accepted.is_(None), own_sittings(scope))
    )


def count_waiting(scope: Scope) -> sa.Select[Any]:
    """How many wait for somebody with this scope."""
    return _waiting(scope, sa.func.count(LateMark.id))


def waiting(scope: Scope, most: int = 200) -> list[Late]:
    """Those that wait for somebody with this scope: by sitting, then by person."""
    columns = (
        LateMark.id,
        Sitting.id,
        Sitting.date,
        Sitting.starts,
        Course.code,
        CourseSession.ordinal,
        Course.name_tr,
        Course.name_en,
        Employee.given_name,
        Employee.family_name,
        called("short_name"),
        LateMark.word,
        spelled(),
        Enrolment.status.in_(SEAT_HOLDING),
        User.given_name,
        User.family_name,
        LateMark.at,
    )
    mark = sa.and_(
        AttendanceMark.sitting_id == LateMark.sitting_id, AttendanceMark.enrolment_id == LateMark.enrolment_id
    )
    statement = scope.trusting(_waiting(scope, *columns), Enrolment, Employee, AttendanceMark, User)
    rows = db.session.execute(
        statement.join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Enrolment, Enrolment.id == LateMark.enrolment_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(AttendanceMark, mark)
        .outerjoin(User, User.id == LateMark.by_id)
        .order_by(*IN_TIME, Employee.name_sort, LateMark.id)
        .limit(most)
    )
    return [_late(row) for row in rows]


def _late(row: Any) -> Late:
    key, sitting_id, day, starts, code, ordinal, tr, en, given, family, institution, word, stands, *rest = row
    seated, hand_given, hand_family, moment = rest
    return Late(
        key,
        sitting_id,
        day,
        starts,
        f"{code}/{ordinal}",
        tr,
        en,
        f"{given} {family}",
        institution,
        word,
        stands,
        bool(seated),
        " ".join(filter(None, (hand_given, hand_family))),
        moment,
    )
