"""What the plays about sessions need beside the cast: a course, two provinces' rooms, two trainers, holidays.

The clock stands on Monday 2 November 2026; the week planned is that of Monday 7 December.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.calendar.models import HolidayBasis, HolidayKind
from app.core.db import db
from app.core.errors import Refused
from app.training import queries
from app.training.conflicts.models import Planned
from app.training.models import CourseSession, SessionStatus, Sitting
from app.training.sessions import services
from app.training.sessions.services import Details
from tests import factories
from tests.cast import By, Cast

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


def at(day: date, span: str, room: int | None = None, *trainers: int) -> Planned:
    """`at(MONDAY, "09:00-10:30", hall, ümit)`."""
    starts, ends = (time.fromisoformat(part) for part in span.split("-"))
    return Planned(day, starts, ends, room, tuple(trainers))


def furnish(cast: Cast) -> Props:
    """Put the props on the stage (committed)."""
    theme = factories.theme("Belediye kapasitesi", prefix="BK")
    project = factories.competency("Proje", theme_id=theme.id).id
    length, group = {"hours": 12, "days": 2}, {"min_participants": 10, "max_participants": 25}
    taught: dict[str, Any] = {**length, **group, "has_test": True, "pass_mark": 70}
    factories.course("BK-02", "Proje Döngüsü", competency_ids=[project], **taught)
    factories.course("GY-01", "Göç Yönetimi", **taught)
    culture = factories.venue("Kültür Merkezi").id
    far = factories.venue("Erzurum Evi", province_id=2).id
    online = factories.venue("Çevrim içi", province_id=None, online=True).id
    factories.room("Eğitim Salonu 1", venue_id=culture, capacity=30, step_free=True)
    factories.room("Derslik 2", venue_id=culture, capacity=20)
    factories.room("Seminer Salonu", venue_id=culture, step_free=True)
    factories.room("Erzurum Salonu", venue_id=far, capacity=30, step_free=True)
    factories.room("Sanal sınıf", venue_id=online, capacity=60, step_free=True)
    umit = factories.trainer(user_id=cast.users["trainer"], province_id=1, competency_ids=[project]).id
    ayla = factories.trainer("Ayla", "Aydın", province_id=2).id
    zeki = factories.trainer("Zeki", "Öz", province_id=1).id
    factories.holiday(date(2026, 12, 9), "Deneme Bayramı", basis=HolidayBasis.FIXED)
    eve = {"kind": HolidayKind.HALF, "from_time": time(13), "basis": HolidayBasis.RELIGIOUS}
    factories.holiday(date(2026, 12, 10), "Deneme arifesi", **eve)
    factories.holiday(date(2026, 12, 17))
    db.session.commit()
    return Props(trainers={"umit": umit, "ayla": ayla, "zeki": zeki})


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
    made = services.create(found, province, Details(**values), planned, by=By(cast.users["coordinator"]), reason=reason)
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
