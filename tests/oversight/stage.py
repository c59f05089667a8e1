"""A small programme with many small cells: two years and an undated session, three provinces and an institution of none.

`Took` repeats what stands in the rows, so that tests count from it without a query of the application's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from app.access.models import Grant, Organisation, OrganisationKind
from app.access.permissions import Role
from app.attendance.models import AttendanceMark, Presence
from app.catalogue.models import Course, CourseLevel, DeliveryMode, Theme
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import DocumentKind, Outcome, Result
from app.core.db import db
from app.files.models import Document
from app.people.models import Sex, Unit
from app.training.models import CourseSession, SessionStatus, Sitting
from tests import factories
from tests.cast import Cast, employee, organisation, province, user

THEMES = {1: "Sağlık", 2: "Barınma", 3: "Planlama"}
PLACES = {1: ("Gaziantep", "district"), 2: ("Gaziantep", "district"), 3: ("Erzurum", "district"),
          4: ("Erzurum", "metropolitan"), 5: ("Diyarbakır", "district"), 6: (None, "central")}  # fmt: skip


@dataclass(frozen=True)
class Took:
    """One participation, in words."""

    person: int
    year: int | None
    province: str | None
    kind: str
    theme: str
    sex: str
    certified: bool


def arrange(cast: Cast, seed: int = 1, people: int = 90, moving: float = 0) -> list[Took]:
    """Who took part in what (committed). The same rows for the same seed. `moving`: how many go to work elsewhere
    before a participation, as a share.
    """
    chance = random.Random(seed)
    _places(cast)
    sessions = _sessions()
    found: list[Took] = []
    for number in range(people):
        place = chance.choice([1, 1, 2, 3, 3, 4, 5, 6])
        sex = chance.choices([Sex.WOMAN, Sex.MAN, Sex.NOT_STATED], [10, 12, 1])[0]
        person = employee("Kişi", f"{number}", f"K-{number}", place, unit_id=min(place, 3), sex=sex)
        for course_session, sitting, theme in chance.sample(sessions, chance.choice([0, 1, 1, 1, 2, 3])):
            if moving and chance.random() < moving:
                place = chance.choice(list(PLACES))
                person.organisation_id, person.unit_id = place, min(place, 3)
                db.session.flush()
            came, certified = chance.random() < 0.9, chance.random() < 0.7
            _take(course_session, sitting, person.id, came, certified, len(found))
            if came:
                year = course_session.ends_on.year if course_session.ends_on else None
                found.append(Took(person.id, year, *PLACES[place], THEMES[theme], sex.value, certified))
    db.session.commit()
    return found


def _places(cast: Cast) -> None:
    db.session.add(province(3, "21", "diyarbakir", "DIY", "Diyarbakır"))
    db.session.flush()
    for key, name, province_id in ((4, "Büyükşehir", 2), (5, "Bağlar", 3), (6, "Merkez", 3)):
        db.session.add(organisation(key, f"yer-{key}", name, province_id))
    db.session.flush()
    for key, (in_province, kind) in PLACES.items():
        place = db.session.get(Organisation, key)
        assert place is not None
        place.kind = OrganisationKind(kind)
        if in_province is None:
            place.province_id = None
    db.session.flush()
    for key in (4, 5, 6):
        db.session.add(
            Unit(id=key, organisation_id=key, function="x", name_tr="x", name_en="x", name_sort="x", themes=[])
        )
    cast.users["viewer_here"] = user("vali", "Yer", "Valisi", Grant(role=Role.VIEWER, province_id=1)).id
    cast.users["viewer_of_two"] = user(
        "iki", "İki", "İl", Grant(role=Role.VIEWER, province_id=1), Grant(role=Role.VIEWER, province_id=2)
    ).id
    cast.users["coordinator_of_two"] = user(
        "ikil", "İki", "İl", Grant(role=Role.COORDINATOR, province_id=1), Grant(role=Role.COORDINATOR, province_id=2)
    ).id
    cast.users["coordinator_viewer"] = user(
        "hem", "Hem", "Hem", Grant(role=Role.COORDINATOR, province_id=1), Grant(role=Role.VIEWER)
    ).id
    db.session.add(
        Document(id=1, sha256="0" * 64, media_type="application/pdf", filename="b.pdf", size=1, content=b"x")
    )
    db.session.flush()


def _sessions() -> list[tuple[CourseSession, int, int]]:
    """(session, its sitting, theme); per theme: two finalised in 2025, one in 2026, and one that runs, undated."""
    found = []
    for theme, name in THEMES.items():
        db.session.add(
            Theme(id=theme, slug=f"t{theme}", prefix=f"T{theme}", position=theme, name_tr=name, name_en=f"{name} en",
                  description_tr="", description_en="")
        )  # fmt: skip
        db.session.flush()
        db.session.add(
            Course(
                id=theme, code=f"T{theme}-01", theme_id=theme, name_tr=name, name_en=name, name_sort=name,
                search_text=name, hours=6, days=1, level=CourseLevel.BASIC, delivery_mode=DeliveryMode.IN_PERSON,
                min_participants=1, max_participants=99, has_test=False, pass_mark=None, objectives_tr="",
                objectives_en="", target_units=[],
            )
        )  # fmt: skip
        db.session.flush()
        for ordinal, year in enumerate((2025, 2025, 2026, None), start=1):
            day = date(year, 5, ordinal) if year else None
            course_session = CourseSession(
                course_id=theme, province_id=1, year=year or 2026, ordinal=ordinal, capacity=99, minimum=1,
                status=SessionStatus.FINALISED if year else SessionStatus.CONFIRMED, starts_on=day, ends_on=day,
            )  # fmt: skip
            db.session.add(course_session)
            db.session.flush()
            sitting = Sitting(course_session_id=course_session.id, date=day, starts=time(9), ends=time(15), minutes=360)
            db.session.add(sitting)
            db.session.flush()
            found.append((course_session, sitting.id, theme))
    db.session.flush()
    return found


def _take(course_session: CourseSession, sitting: int, person: int, came: bool, certified: bool, number: int) -> None:
    made = factories.enrolment(course_session.id, person)
    if course_session.status is SessionStatus.FINALISED:
        db.session.add(
            Outcome(
                enrolment_id=made.id, credit_minutes=360 if came else 0, base_minutes=360, percent_tenths=1000,
                result=Result.COMPLETED_ATTENDANCE if came else Result.NO_SHOW, document=None,
            )
        )  # fmt: skip
    else:
        db.session.add(
            AttendanceMark(
                sitting_id=sitting, enrolment_id=made.id, by_id=None,
                kind=Presence.PRESENT if came else Presence.ABSENT, minutes=None,
            )
        )  # fmt: skip
    if came:
        moment = datetime(2026, 6, 1, tzinfo=UTC)
        db.session.add(
            Certificate(
                number=f"2026/GAZ/{number:04d}", code=f"{number:016d}", course_session_id=course_session.id,
                enrolment_id=made.id, kind=DocumentKind.ATTENDANCE, language="tr", printed_name="x", name_sort="x",
                search_text="x", snapshot={}, document_id=1, issued_on=moment.date(), issued_at=moment,
                status=CertificateStatus.VALID if certified else CertificateStatus.REVOKED,
            )
        )  # fmt: skip
