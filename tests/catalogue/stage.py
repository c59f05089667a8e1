"""Themes, competencies and courses for the tests of the catalogue and of the rooms above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.catalogue.models import CapacityArea, Competency, Course, CourseCompetency, CourseLevel, DeliveryMode, Theme
from app.core.db import db
from app.language.turkish import search_key, sort_key


@dataclass
class Catalogue:
    """Ids of what stands in the catalogue, by slug and code."""

    themes: dict[str, int] = field(default_factory=dict)
    competencies: dict[str, int] = field(default_factory=dict)
    courses: dict[str, int] = field(default_factory=dict)


def course(code: str, name_tr: str, name_en: str, theme_id: int, **values: Any) -> Course:
    given: dict[str, Any] = {
        "hours": 12,
        "days": 2,
        "level": CourseLevel.BASIC,
        "delivery_mode": DeliveryMode.IN_PERSON,
        "min_participants": 8,
        "max_participants": 20,
        "has_test": True,
        "pass_mark": 70,
        "objectives_tr": "Amaç",
        "objectives_en": "Aim",
        "target_units": ["sosyal-yardim-isleri"],
    } | values
    made = Course(
        code=code,
        theme_id=theme_id,
        name_tr=name_tr,
        name_en=name_en,
        name_sort=sort_key(name_tr),
        search_text=search_key(f"{code} {name_tr} {name_en}"),
        **given,
    )
    db.session.add(made)
    db.session.flush()
    return made


def catalogue() -> Catalogue:
    """Two themes with a competency each, three courses (one no longer offered); committed."""
    found = Catalogue()
    area = CapacityArea(slug="yonetim", name_tr="Yönetim", name_en="Management")
    db.session.add(area)
    db.session.flush()
    for place, (slug, prefix, tr, en) in enumerate(
        [
            ("belediye", "BK", "Belediye kapasitesi", "Municipal capacity"),
            ("sosyal", "SH", "Sosyal hizmetler", "Social services"),
        ]
    ):
        theme = Theme(
            slug=slug, prefix=prefix, position=place, name_tr=tr, name_en=en, description_tr="", description_en=""
        )
        db.session.add(theme)
        db.session.flush()
        found.themes[slug] = theme.id
    for slug, theme, tr, en in (
        ("proje-dongusu", "belediye", "Proje döngüsü", "Project cycle"),
        ("vaka-yonetimi", "sosyal", "Vaka yönetimi", "Case management"),
    ):
        competency = Competency(
            slug=slug,
            theme_id=found.themes[theme],
            capacity_area_id=area.id,
            name_tr=tr,
            name_en=en,
            name_key=search_key(tr),
            name_sort=sort_key(tr),
        )
        db.session.add(competency)
        db.session.flush()
        found.competencies[slug] = competency.id
    for code, tr, en, theme, slug, values in (
        ("BK-02", "Proje Döngüsü Yönetimi", "Project Cycle Management", "belediye", "proje-dongusu", {}),
        (
            "SH-01",
            "Işıklı Vaka Yönetimi",
            "Case Management",
            "sosyal",
            "vaka-yonetimi",
            {"level": CourseLevel.ADVANCED},
        ),
        ("SH-09", "Eski Eğitim", "Old Course", "sosyal", "vaka-yonetimi", {"active": False}),
    ):
        made = course(code, tr, en, found.themes[theme], **values)
        db.session.add(CourseCompetency(course_id=made.id, competency_id=found.competencies[slug]))
        found.courses[code] = made.id
    db.session.commit()
    return found
