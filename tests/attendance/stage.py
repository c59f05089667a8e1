"""A course session with its sittings and people, for the tests of attendance and completion."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.attendance import queries
from app.attendance.models import AttendanceMark, Presence
from app.catalogue.models import Course, CourseLevel, DeliveryMode, Theme
from app.core.db import db
from app.enrolment.models import EnrolmentChange, EnrolmentStatus
from app.language.turkish import search_key, sort_key
from app.people.models import Sex
from app.trainers.models import Trainer, TrainerKind
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionAudience,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from tests import factories
from tests.cast import Cast, employee

MONDAY = date(2026, 11, 23)
BLOCKS = [(time(9), time(10, 30)), (time(10, 45), time(12, 15)), (time(13, 30), time(15)), (time(15, 15), time(16, 45))]
DURING = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
"""Ten past nine on the Monday, in Gaziantep."""
EVENING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MUCH_LATER = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)


@dataclass
class Group:
    """Ids of what stands on the stage. `sittings` in time, `enrolments` by name of the person."""

    session: int
    sittings: list[int] = field(default_factory=list)
    enrolments: dict[str, int] = field(default_factory=dict)
    trainer: int = 0


def course(code: str = "BK-02", **values: object) -> Course:
    theme = db.session.query(Theme).first()
    if theme is None:
        theme = Theme(
            slug="belediye",
            prefix="BK",
            position=1,
            name_tr="Belediye",
            name_en="Municipal",
            description_tr="",
            description_en="",
        )
        db.session.add(theme)
        db.session.flush()
    settings: dict[str, object] = {
        "has_test": False,
        "pass_mark": None,
        "threshold": 80,
        "attendance_document_on_fail": True,
        "sheet_required": False,
        **values,
    }
    made = Course(
        code=code,
        theme_id=theme.id,
        name_tr="Vaka yönetimi",
        name_en="Case management",
        name_sort=sort_key("Vaka yönetimi"),
        search_text=search_key(f"{code} Vaka yönetimi"),
        hours=6,
        days=1,
        level=CourseLevel.BASIC,
        delivery_mode=DeliveryMode.IN_PERSON,
        min_participants=1,
        max_participants=40,
        objectives_tr="",
        objectives_en="",
        target_units=[],
        active=True,
        **settings,
    )
    db.session.add(made)
    db.session.flush()
    return made


def group(
    cast: Cast,
    *,
    days: int = 1,
    most: int = 99,
    people: tuple[str, ...] = ("elif", "isik", "sukru"),
    status: SessionStatus = SessionStatus.CONFIRMED,
    trainer_gives: tuple[int, ...] | None = None,
    first_day: date = MONDAY,
    province_id: int = 1,
    ordinal: int = 3,
    **session: object,
) -> Group:
    """A session of `days` days with four sittings of 90 minutes each (`most` in all); the cast's trainer gives all of them, or
    those whose positions `trainer_gives` names. Committed.
    """
    taught = db.session.query(Course).filter_by(code="BK-02").first() or course()
    values: dict[str, object] = {
        "threshold": 80,
        "pass_mark": None,
        "test_required": False,
        "attendance_document_on_fail": True,
        "sheet_required": False,
        **session,
    }
    made = CourseSession(
        course_id=taught.id,
        province_id=province_id,
        year=2026,
        ordinal=ordinal,
        status=status,
        capacity=60,
        minimum=1,
        starts_on=first_day,
        ends_on=date.fromordinal(first_day.toordinal() + days - 1),
        **values,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(SessionAudience(course_session_id=made.id, province_id=province_id))
    stands = Group(made.id)
    for day in range(days):
        for starts, ends in BLOCKS[: most - len(stands.sittings)]:
            sitting = Sitting(
                course_session_id=made.id,
                date=date.fromordinal(first_day.toordinal() + day),
                starts=starts,
                ends=ends,
                minutes=90,
                state=SittingState.HELD,
            )
            db.session.add(sitting)
            db.session.flush()
            stands.sittings.append(sitting.id)
    stands.trainer = trainer(cast)
    for position, sitting_id in enumerate(stands.sittings):
        if trainer_gives is None or position in trainer_gives:
            db.session.add(
                TrainerAssignment(sitting_id=sitting_id, trainer_id=stands.trainer, answer=AssignmentAnswer.ACCEPTED)
            )
    for name in people:
        stands.enrolments[name] = enrol(made.id, cast.employees[name])
    db.session.commit()
    return stands


def trainer(cast: Cast) -> int:
    found = db.session.scalar(
        EVERYWHERE.restrict(sa.select(Trainer.id), Trainer).where(Trainer.user_id == cast.users["trainer"])
    )
    if found:
        return int(found)
    made = Trainer(kind=TrainerKind.EXTERNAL, institution="", active=True, user_id=cast.users["trainer"])
    made.set_identity("Ümit", "Güneş", "umit@ornek.example")
    db.session.add(made)
    db.session.flush()
    return made.id


def enrol(
    course_session_id: int,
    employee_id: int,
    status: EnrolmentStatus = EnrolmentStatus.ENROLLED,
    at: datetime | None = None,
) -> int:
    """`at`: when the seat was given; with no history at all where nobody asks."""
    made = factories.enrolment(course_session_id, employee_id, status)
    if at:
        db.session.add(EnrolmentChange(enrolment_id=made.id, old="nominated", new=status.value, at=at))
        db.session.flush()
    return made.id


def join(stands: Group, cast: Cast, name: str, at: datetime) -> None:
    """Somebody of the cast gets a seat at this moment. Committed."""
    stands.enrolments[name] = enrol(stands.session, cast.employees[name], at=at)
    db.session.commit()


def crowd(stands: Group, count: int, of: str = "K") -> None:
    """So many more people from Nizip with a seat; `of` begins their registry numbers. Committed."""
    for number in range(count):
        someone = employee("Gülşah", f"Kişi{number:03d}", f"{of}-{number:03d}", 1, sex=Sex.WOMAN)
        stands.enrolments[f"k{number}"] = enrol(stands.session, someone.id)
    db.session.commit()


def mark(stands: Group, position: int, name: str, kind: str, minutes: int | None = None) -> None:
    db.session.add(
        AttendanceMark(
            sitting_id=stands.sittings[position],
            enrolment_id=stands.enrolments[name],
            kind=Presence(kind),
            minutes=minutes,
        )
    )
    db.session.commit()


def mark_all(stands: Group, kind: str = "present", *, but: tuple[tuple[int, str], ...] = ()) -> None:
    """Every cell of the session, except those named (position, person)."""
    for position, sitting_id in enumerate(stands.sittings):
        for name, enrolment_id in stands.enrolments.items():
            if (position, name) not in but:
                db.session.add(
                    AttendanceMark(sitting_id=sitting_id, enrolment_id=enrolment_id, kind=Presence(kind), minutes=None)
                )
    db.session.commit()


def fields(
    stands: Group, position: int, marks: dict[str, str], *, seen: dict[str, str] | None = None
) -> dict[str, str]:
    """A sent sheet: who is marked how (`late:20` in two fields), and what the page had shown."""
    sent = {}
    for name, word in marks.items():
        slug = f"{stands.sittings[position]}-{stands.enrolments[name]}"
        kind, _, minutes = word.partition(":")
        sent |= {f"m-{slug}": kind, f"n-{slug}": minutes, f"w-{slug}": (seen or {}).get(name, "")}
    return sent


def cells(stands: Group, position: int) -> dict[str, str]:
    """What is marked at a sitting, by name of the person."""
    found = {key[1]: m.spelled for key, m in queries.marks([stands.sittings[position]]).items()}
    return {name: found[key] for name, key in stands.enrolments.items() if key in found}
