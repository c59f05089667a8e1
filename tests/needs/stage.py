"""The cast's colleagues: competencies, courses, an open round and people who were rated in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.catalogue.models import (
    CapacityArea,
    Competency,
    Course,
    CourseCompetency,
    CourseLevel,
    DeliveryMode,
    Theme,
)
from app.core.db import db
from app.language.turkish import search_key, sort_key
from app.needs.models import AssessmentRound, Rating, RatingSource, RoundStatus
from app.needs.rounds.respondents import keep_respondents
from app.people.models import Title, TitleLevel, Unit
from app.refdata import load
from tests.factories import employee

CASE_MANAGEMENT, PLAIN_LANGUAGE, CORRESPONDENCE = 1, 2, 3
SLUGS = {"vaka-yonetimi": 1, "cok-dilli-hizmet": 2, "resmi-yazisma": 3}
NIZIP, SAHINBEY, YAKUTIYE = 1, 2, 3

Four = tuple[int | None, int | None, int | None, int | None]


def competency(id: int, slug: str, name_tr: str, name_en: str, theme_id: int) -> Competency:
    return Competency(
        id=id,
        slug=slug,
        theme_id=theme_id,
        capacity_area_id=1,
        name_tr=name_tr,
        name_en=name_en,
        name_key=search_key(name_tr),
        name_sort=sort_key(name_tr),
    )


def course(id: int, code: str, *competency_ids: int) -> None:
    db.session.add(
        Course(
            id=id,
            code=code,
            theme_id=1,
            name_tr=f"Eğitim {code}",
            name_en=f"Course {code}",
            name_sort=sort_key(f"Eğitim {code}"),
            search_text=search_key(f"{code} Eğitim {code}"),
            hours=12,
            days=2,
            level=CourseLevel.BASIC,
            delivery_mode=DeliveryMode.IN_PERSON,
            min_participants=5,
            max_participants=20,
            has_test=False,
            pass_mark=None,
            objectives_tr="",
            objectives_en="",
            target_units=[],
        )
    )
    db.session.flush()
    db.session.add_all([CourseCompetency(course_id=id, competency_id=key) for key in competency_ids])


def scenery() -> None:
    """Two themes, three competencies of the worked example, two courses, an open round (id 1)."""
    db.session.add(CapacityArea(id=1, slug="alan", name_tr="Alan", name_en="Area"))
    for key, (slug, prefix, name, english) in enumerate(
        [
            ("sosyal-hizmetler", "SH", "Sosyal hizmetler", "Social services"),
            ("kapasite", "BK", "Belediye kapasitesi", "Capacity"),
        ],
        1,
    ):
        db.session.add(
            Theme(
                id=key,
                slug=slug,
                prefix=prefix,
                position=key,
                name_tr=name,
                name_en=english,
                description_tr="",
                description_en="",
            )
        )
    db.session.flush()
    db.session.add_all(
        [
            competency(1, "vaka-yonetimi", "Vaka yönetimi", "Case management", 1),
            competency(2, "cok-dilli-hizmet", "Çok dilli hizmet", "Plain language", 1),
            competency(3, "resmi-yazisma", "Resmî yazışma", "Correspondence", 2),
        ]
    )
    db.session.add(
        Title(
            id=2,
            slug="mudur",
            name_tr="Müdür",
            name_en="Manager",
            name_sort=sort_key("Müdür"),
            level=TitleLevel.MANAGER,
        )
    )
    for key, organisation_id in ((11, NIZIP), (12, SAHINBEY), (13, YAKUTIYE)):
        db.session.add(
            Unit(
                id=key,
                organisation_id=organisation_id,
                function="zabita",
                name_tr="Zabıta Müdürlüğü",
                name_en="Municipal Police",
                name_sort=sort_key("Zabıta Müdürlüğü"),
                themes=["kapasite"],
            )
        )
    db.session.add(
        AssessmentRound(
            id=1,
            name_tr="2026, 1. dönem",
            name_en="2026, round 1",
            year=2026,
            starts_on=date(2026, 3, 1),
            ends_on=date(2026, 4, 30),
            status=RoundStatus.OPEN,
        )
    )
    db.session.flush()
    course(1, "SH-01", 1, 2)
    course(2, "SH-02", 1)
    db.session.flush()


def rate(employee_id: int, competency_id: int, four: Four, round_id: int = 1) -> None:
    """Own importance and level, supervisor's importance and level; the round meets the person as they are."""
    keep_respondents(round_id, [employee_id])
    for source, importance, level in (
        (RatingSource.SELF, four[0], four[1]),
        (RatingSource.SUPERVISOR, four[2], four[3]),
    ):
        if importance is not None and level is not None:
            db.session.add(
                Rating(
                    round_id=round_id,
                    employee_id=employee_id,
                    competency_id=competency_id,
                    source=source,
                    importance=importance,
                    level=level,
                )
            )


def people(count: int, organisation_id: int, prefix: str, **values: Any) -> list[int]:
    return [
        employee(f"Kişi{number}", f"{prefix}oğlu", f"{prefix}-{number}", organisation_id, **values).id
        for number in range(1, count + 1)
    ]


def worked_example(organisation_id: int = NIZIP) -> dict[str, int]:
    """The six people of the programme's worked example as staff of an institution: their ids by name."""
    found: dict[str, int] = {}
    for name, rows in load("tna_worked_example")["input"].items():
        found[name] = employee("Örnek", name, f"Ö-{name}", organisation_id).id
        for slug, row in rows.items():
            rate(found[name], SLUGS[slug], (row["I_self"], row["C_self"], row["I_sup"], row["C_sup"]))
    db.session.flush()
    return found
