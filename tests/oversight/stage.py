"""A small programme with many small cells: two years and an undated session, three provinces and an institution of none.

`Took` repeats what stands in the rows, so that tests count from it without a query of the application's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, time

from app.access.models import Grant, OrganisationKind
from app.access.permissions import Role
from app.attendance.models import Presence
from app.certificates.models import CertificateStatus
from app.completion.models import Result
from app.core.db import db
from app.oversight.figures.services import recount
from app.people.models import Sex
from app.training.models import CourseSession, SessionStatus
from tests import factories
from tests.cast import Cast
from tests.factories import employee, user

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
    recount()
    db.session.commit()
    return found


def _places(cast: Cast) -> None:
    factories.province("Diyarbakır", "21")
    for key, name, province_id in ((4, "Büyükşehir", 2), (5, "Bağlar", 3), (6, "Merkez", None)):
        factories.organisation(name, province_id, id=key, kind=OrganisationKind(PLACES[key][1]))
        factories.unit(key, id=key)
    here, there = ({"role": Role.VIEWER, "province_id": key} for key in (1, 2))
    run_here, run_there = (grant | {"role": Role.COORDINATOR} for grant in (here, there))
    cast.users |= {
        "viewer_here": user("vali", "Yer", "Valisi", Grant(**here)).id,
        "viewer_of_two": user("iki", "İki", "İl", Grant(**here), Grant(**there)).id,
        "coordinator_of_two": user("ikil", "İki", "İl", Grant(**run_here), Grant(**run_there)).id,
        "coordinator_viewer": user("hem", "Hem", "Hem", Grant(**run_here), Grant(role=Role.VIEWER)).id,
    }


def _sessions() -> list[tuple[CourseSession, int, int]]:
    """(session, its sitting, theme); per theme: two finalised in 2025, one in 2026, and one that runs, undated."""
    found = []
    for theme, name in THEMES.items():
        factories.theme(name, id=theme, name_en=f"{name} en", prefix=f"T{theme}", position=theme)
        course = factories.course(f"T{theme}-01", name, theme_id=theme, min_participants=1, max_participants=99)
        for ordinal, year in enumerate((2025, 2025, 2026, None), start=1):
            day = date(year, 5, ordinal) if year else None
            status = SessionStatus.FINALISED if year else SessionStatus.CONFIRMED
            made = factories.course_session(
                course_id=course.id, ordinal=ordinal, status=status, starts_on=day, capacity=99, minimum=1
            )
            found.append((made, factories.sitting(made.id, day, time(9), time(15)).id, theme))
    return found


def _take(course_session: CourseSession, sitting: int, person: int, came: bool, certified: bool, number: int) -> None:
    made = factories.enrolment(course_session.id, person)
    if course_session.status is SessionStatus.FINALISED:
        result = Result.COMPLETED_ATTENDANCE if came else Result.NO_SHOW
        factories.outcome(made.id, result, credit_minutes=360 if came else 0)
    else:
        factories.mark(sitting, made.id, Presence.PRESENT if came else Presence.ABSENT)
    if came:
        status = CertificateStatus.VALID if certified else CertificateStatus.REVOKED
        factories.certificate(course_session.id, number, enrolment_id=made.id, status=status)
