"""Who plays in the tests: two provinces, and somebody of each role in them; and the scenes several rooms share.

An officer here (Gaziantep: Nizip, Şahinbey), one elsewhere (Erzurum: Yakutiye) who must never see us.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.attendance.models import Presence
from app.catalogue.models import CourseLevel
from app.core.db import db
from app.people.models import Sex
from app.trainers.models import Trainer
from app.training.models import SessionStatus
from tests import factories


@dataclass
class Cast:
    """Ids and emails, not objects: each request has its own session."""

    gaziantep: int = 1
    erzurum: int = 2
    nizip: int = 1
    sahinbey: int = 2
    yakutiye: int = 3
    users: dict[str, int] = field(default_factory=dict)
    employees: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class By:
    """Somebody who does something."""

    id: int | None = None


def assemble() -> Cast:
    """Put the cast on the stage (committed)."""
    user, employee = factories.user, factories.employee
    factories.province("Gaziantep", "27")
    factories.province("Erzurum", "25")
    for key, (name, province_id, slug) in enumerate(
        [("Nizip", 1, "gaziantep-nizip"), ("Şahinbey", 1, "gaziantep-sahinbey"), ("Yakutiye", 2, "erzurum-yakutiye")], 1
    ):
        factories.organisation(name, province_id, slug=slug)
        factories.unit(key, name_en="Social Assistance")
    factories.title("Uzman", name_en="Specialist")
    people = {
        "admin": user("admin", "Deniz", "Yönetici", Grant(role=Role.ADMINISTRATOR)),
        "coordinator": user("koordinator", "Ayşe", "Çelik", Grant(role=Role.COORDINATOR, province_id=1)),
        "coordinator_elsewhere": user(
            "koordinator.erzurum", "Işıl", "Şahin", Grant(role=Role.COORDINATOR, province_id=2)
        ),
        "focal_point": user("ik.nizip", "Hasan", "Öz", Grant(role=Role.FOCAL_POINT, organisation_id=1)),
        "focal_point_elsewhere": user("ik.yakutiye", "İnci", "Uçar", Grant(role=Role.FOCAL_POINT, organisation_id=3)),
        "trainer": user("egitmen", "Ümit", "Güneş", Grant(role=Role.TRAINER)),
        "staff": user("personel", "Elif", "Ağaoğlu", Grant(role=Role.STAFF, organisation_id=1)),
        "viewer": user("izleyici", "Mary", "Donor", Grant(role=Role.VIEWER)),
        "nobody_special": user("rolsuz", "Rol", "Yok"),
    }
    cast = Cast(users={name: person.id for name, person in people.items()})
    cast.employees = {
        "elif": employee("Elif", "Ağaoğlu", "N-001", 1, user_id=cast.users["staff"]).id,
        "isik": employee("Işık", "Çınar", "N-002", 1, sex=Sex.MAN).id,
        "sukru": employee("Şükrü", "İğneci", "Ş-001", 2, sex=Sex.MAN).id,
        "zeynep": employee("Zeynep", "Yakut", "Y-001", 3).id,
    }
    db.session.commit()
    return cast


# --- a catalogue ---------------------------------------------------------------------------------------


@dataclass
class Catalogue:
    """Ids of what stands in the catalogue, by slug and code."""

    themes: dict[str, int]
    competencies: dict[str, int]
    courses: dict[str, int]


def catalogue() -> Catalogue:
    """Two themes with a competency each, three courses (one no longer offered); committed."""
    belediye = factories.theme("Belediye kapasitesi", name_en="Municipal capacity", slug="belediye", prefix="BK").id
    sosyal = factories.theme(name_en="Social services", slug="sosyal", position=2).id
    factories.capacity_area("Yönetim", name_en="Management")
    project = factories.competency("Proje döngüsü", name_en="Project cycle", theme_id=belediye).id
    case = factories.competency(name_en="Case management", theme_id=sosyal).id
    offered: dict[str, Any] = {
        "hours": 12,
        "days": 2,
        "has_test": True,
        "pass_mark": 70,
        "min_participants": 8,
        "objectives_tr": "Amaç",
        "objectives_en": "Aim",
        "target_units": ["sosyal-yardim-isleri"],
    }
    about_cases = offered | {"theme_id": sosyal, "competency_ids": [case]}
    courses = [
        factories.course(
            "BK-02",
            "Proje Döngüsü Yönetimi",
            name_en="Project Cycle Management",
            theme_id=belediye,
            competency_ids=[project],
            **offered,
        ),
        factories.course(
            "SH-01", "Işıklı Vaka Yönetimi", name_en="Case Management", level=CourseLevel.ADVANCED, **about_cases
        ),
        factories.course("SH-09", "Eski Eğitim", name_en="Old Course", active=False, **about_cases),
    ]
    db.session.commit()
    return Catalogue(
        {"belediye": belediye, "sosyal": sosyal},
        {"proje-dongusu": project, "vaka-yonetimi": case},
        {course.code: course.id for course in courses},
    )


# --- a session with its sittings and people ------------------------------------------------------------

MONDAY = date(2026, 11, 23)
BLOCKS = [(time(9), time(10, 30)), (time(10, 45), time(12, 15)), (time(13, 30), time(15)), (time(15, 15), time(16, 45))]
DURING = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
"""Ten past nine on the Monday, in Gaziantep."""
EVENING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@dataclass
class Group:
    """Ids of what stands on the stage. `sittings` in time, `enrolments` by name of the person."""

    session: int
    trainer: int
    sittings: list[int]
    enrolments: dict[str, int]


def group(
    cast: Cast,
    *,
    days: int = 1,
    most: int = 99,
    people: tuple[str, ...] = ("elif", "isik", "sukru"),
    trainer_gives: tuple[int, ...] | None = None,
    first_day: date = MONDAY,
    **values: Any,
) -> Group:
    """A session of `days` days with four sittings of 90 minutes each (`most` in all); the cast's trainer gives all of
    them, or those whose positions `trainer_gives` names. Committed.
    """
    rules = {"threshold": 80, "test_required": False, "attendance_document_on_fail": True, "sheet_required": False}
    plain: dict[str, Any] = {"ordinal": 3, "status": SessionStatus.CONFIRMED, "capacity": 60, "minimum": 1, **rules}
    dates = [first_day + timedelta(days=day) for day in range(days)]
    made = factories.course_session(starts_on=dates[0], ends_on=dates[-1], **plain | values)
    factories.audience(made.id, province_id=1)
    spans = [(day, *block) for day in dates for block in BLOCKS][:most]
    sittings = [factories.sitting(made.id, *span).id for span in spans]
    stands = Group(made.id, _trainer(cast), sittings, {})
    for position, key in enumerate(sittings):
        if trainer_gives is None or position in trainer_gives:
            factories.assignment(key, stands.trainer)
    for name in people:
        stands.enrolments[name] = factories.enrolment(made.id, cast.employees[name]).id
    db.session.commit()
    return stands


def _trainer(cast: Cast) -> int:
    user_id = cast.users["trainer"]
    found = db.session.scalar(EVERYWHERE.restrict(sa.select(Trainer.id), Trainer).where(Trainer.user_id == user_id))
    return found or factories.trainer(user_id=user_id).id


def join(stands: Group, cast: Cast, name: str, at: datetime) -> None:
    """Somebody of the cast gets a seat at this moment. Committed."""
    made = factories.enrolment(stands.session, cast.employees[name])
    factories.enrolment_change(made.id, at)
    stands.enrolments[name] = made.id
    db.session.commit()


def crowd(stands: Group, count: int, of: str = "K") -> None:
    """So many more people from Nizip with a seat; `of` begins their registry numbers. Committed."""
    for number in range(count):
        someone = factories.employee("Gülşah", f"Kişi{number:03d}", f"{of}-{number:03d}", 1)
        stands.enrolments[f"k{number}"] = factories.enrolment(stands.session, someone.id).id
    db.session.commit()


def mark(stands: Group, position: int, name: str, kind: str, minutes: int | None = None) -> None:
    factories.mark(stands.sittings[position], stands.enrolments[name], Presence(kind), minutes)
    db.session.commit()


def mark_all(stands: Group, kind: str = "present", *, but: tuple[tuple[int, str], ...] = ()) -> None:
    """Every cell of the session, except those named (position, person)."""
    for position, sitting_id in enumerate(stands.sittings):
        for name, enrolment_id in stands.enrolments.items():
            if (position, name) not in but:
                factories.mark(sitting_id, enrolment_id, Presence(kind))
    db.session.commit()
