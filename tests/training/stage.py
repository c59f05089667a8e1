"""What the plays about sessions need beside the cast: a course, two provinces' rooms, two trainers, holidays.

The clock stands on Monday 2 November 2026; the week planned is that of Monday 7 December.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.catalogue.models import CapacityArea, Competency, Course, CourseCompetency, CourseLevel, DeliveryMode, Theme
from app.core.db import db
from app.core.errors import Refused
from app.language.turkish import search_key, sort_key
from app.trainers.models import Trainer, TrainerExpertise, TrainerKind
from app.training import queries
from app.training.conflicts.models import Planned
from app.training.models import CourseSession, SessionStatus, Sitting
from app.training.sessions import services
from app.training.sessions.services import Details
from app.venues.models import Room, Venue
from tests.cast import Cast

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)  # 09:00 in Gaziantep
MONDAY = date(2026, 12, 7)
FRIDAY = date(2026, 12, 11)


@dataclass
class Props:
    course: int = 1
    other_course: int = 2
    hall: int = 1  # Gaziantep, 30 places, step-free
    class_room: int = 2  # Gaziantep, 20 places, with steps
    spare: int = 3  # Gaziantep, 40 places, step-free
    far: int = 4  # Erzurum
    online: int = 5
    trainers: dict[str, int] = field(default_factory=dict)


def by(user_id: int) -> SimpleNamespace:
    return SimpleNamespace(id=user_id)


def at(day: date, span: str, room: int | None = None, *trainers: int) -> Planned:
    """`at(MONDAY, "09:00-10:30", hall, ümit)`."""
    starts, ends = (time.fromisoformat(part) for part in span.split("-"))
    return Planned(day, starts, ends, room, tuple(trainers))


def course(id: int, code: str, name: str) -> Course:
    return Course(
        id=id,
        code=code,
        theme_id=1,
        name_tr=name,
        name_en=f"{name} (en)",
        name_sort=sort_key(name),
        search_text=search_key(f"{code} {name}"),
        hours=12,
        days=2,
        level=CourseLevel.BASIC,
        delivery_mode=DeliveryMode.IN_PERSON,
        min_participants=10,
        max_participants=25,
        has_test=True,
        pass_mark=70,
        objectives_tr="",
        objectives_en="",
        target_units=[],
    )


def trainer(given: str, family: str, user_id: int | None, province_id: int) -> Trainer:
    made = Trainer(kind=TrainerKind.EXTERNAL, user_id=user_id, province_id=province_id)
    made.set_identity(given, family, f"{search_key(given)}@egitmen.example")
    db.session.add(made)
    db.session.flush()
    return made


def furnish(cast: Cast) -> Props:
    """Put the props on the stage (committed)."""
    props = Props()
    words = {"name_tr": "Proje", "name_en": "Projects"}
    db.session.add(Theme(id=1, slug="kapasite", prefix="BK", position=1, description_tr="", description_en="", **words))
    db.session.add(CapacityArea(id=1, slug="yonetim", **words))
    db.session.flush()
    db.session.add(
        Competency(
            id=1, slug="proje", theme_id=1, capacity_area_id=1, name_key="proje", name_sort=sort_key("Proje"), **words
        )
    )
    db.session.add_all([course(1, "BK-02", "Proje Döngüsü"), course(2, "GY-01", "Göç Yönetimi")])
    db.session.flush()
    db.session.add(CourseCompetency(course_id=1, competency_id=1))
    for key, province, name, online in (
        (1, 1, "Kültür Merkezi", False),
        (2, 2, "Erzurum Evi", False),
        (3, None, "Çevrim içi", True),
    ):
        db.session.add(
            Venue(id=key, province_id=province, name_tr=name, name_en=name, name_sort=sort_key(name), online=online)
        )
    db.session.flush()
    rooms = (
        (1, 1, "Eğitim Salonu 1", 30, True),
        (2, 1, "Derslik 2", 20, False),
        (3, 1, "Seminer Salonu", 40, True),
        (4, 2, "Erzurum Salonu", 30, True),
        (5, 3, "Sanal sınıf", 60, True),
    )
    for key, venue, name, places, step_free in rooms:
        db.session.add(
            Room(id=key, venue_id=venue, name_tr=name, name_en=name, capacity=places, step_free=step_free, equipment=[])
        )
    umit = trainer("Ümit", "Güneş", cast.users["trainer"], 1)
    ayla = trainer("Ayla", "Aydın", None, 2)
    db.session.add(TrainerExpertise(trainer_id=umit.id, competency_id=1))
    props.trainers = {"umit": umit.id, "ayla": ayla.id, "zeki": trainer("Zeki", "Öz", None, 1).id}
    for day, kind, name, basis, hour in (
        (date(2026, 12, 9), HolidayKind.FULL, "Deneme Bayramı", HolidayBasis.FIXED, None),
        (date(2026, 12, 10), HolidayKind.HALF, "Deneme arifesi", HolidayBasis.RELIGIOUS, time(13)),
        (date(2026, 12, 17), HolidayKind.FULL, "İdari izin", HolidayBasis.ADMINISTRATIVE, None),
    ):
        db.session.add(Holiday(date=day, kind=kind, from_time=hour, name_tr=name, name_en=name, basis=basis))
    db.session.commit()
    return props


def make(
    cast: Cast,
    *planned: Planned,
    course_id: int = 1,
    province: int = 1,
    status: SessionStatus = SessionStatus.DRAFT,
    reason: str = "",
    **details: object,
) -> CourseSession:
    """A session with these sittings, in a status it may have (flushed, with course and province loaded)."""
    found = queries.course(course_id)
    assert found is not None
    values = {"capacity": 20, "minimum": 5, "provinces": (province,)} | details
    made = services.create(found, province, Details(**values), planned, by=by(cast.users["coordinator"]), reason=reason)
    if status is not SessionStatus.DRAFT:
        made.status = status
    db.session.flush()
    return queries.course_session(EVERYWHERE, made.id)


def sessions() -> list[CourseSession]:
    db.session.rollback()
    return list(db.session.scalars(EVERYWHERE.select(CourseSession).order_by(CourseSession.id)))


def sittings() -> list[Sitting]:
    db.session.rollback()
    return list(db.session.scalars(EVERYWHERE.select(Sitting).order_by(Sitting.id)))


def refusal(act: Any, *args: Any, **kwargs: Any) -> tuple[str, str | None]:
    """What it is refused with: the sentence, and the field it stands at."""
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return str(caught.value.message), caught.value.field


def recorded() -> list[str]:
    """The names of all events so far."""
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))
