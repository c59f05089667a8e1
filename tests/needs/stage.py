"""The cast's colleagues: competencies, courses, an open round and people who were rated in it."""

from __future__ import annotations

from typing import Any

from app.core.db import db
from app.needs.models import AssessmentRound, RatingSource
from app.people.models import TitleLevel
from app.refdata import load
from tests import factories
from tests.factories import employee

CASE_MANAGEMENT, PLAIN_LANGUAGE, CORRESPONDENCE = 1, 2, 3
SLUGS = {"vaka-yonetimi": 1, "cok-dilli-hizmet": 2, "resmi-yazisma": 3}
NIZIP, SAHINBEY, YAKUTIYE = 1, 2, 3

Four = tuple[int | None, int | None, int | None, int | None]


def scenery() -> None:
    """Two themes, three competencies of the worked example, two courses, an open round (id 1)."""
    factories.theme(name_en="Social services")
    other = factories.theme("Belediye kapasitesi", name_en="Capacity", slug="kapasite", prefix="BK", position=2)
    factories.competency(name_en="Case management")
    factories.competency("Çok dilli hizmet", name_en="Plain language")
    factories.competency("Resmî yazışma", name_en="Correspondence", theme_id=other.id)
    factories.title("Müdür", name_en="Manager", level=TitleLevel.MANAGER)
    police: dict[str, Any] = {"name_en": "Municipal Police", "function": "zabita", "themes": ["kapasite"]}
    for key, organisation_id in ((11, NIZIP), (12, SAHINBEY), (13, YAKUTIYE)):
        factories.unit(organisation_id, "Zabıta Müdürlüğü", id=key, **police)
    factories.assessment_round()
    for code, builds in (("SH-01", (CASE_MANAGEMENT, PLAIN_LANGUAGE)), ("SH-02", (CASE_MANAGEMENT,))):
        named = {"name_en": f"Course {code}", "hours": 12, "days": 2}
        factories.course(code, f"Eğitim {code}", competency_ids=builds, **named)


def name_all(round_id: int = 1) -> None:
    """Let the notice of a round name everybody who reads needs; committed."""
    db.session.get_one(AssessmentRound, round_id).readers = ["administrator", "coordinator", "focal_point"]
    db.session.commit()


def rate(employee_id: int, competency_id: int, four: Four, round_id: int = 1) -> None:
    """Own importance and level, supervisor's importance and level."""
    for source, importance, level in ((RatingSource.SELF, *four[:2]), (RatingSource.SUPERVISOR, *four[2:])):
        if importance is not None and level is not None:
            given = {"round_id": round_id, "importance": importance, "level": level}
            factories.rating(employee_id, competency_id, source, **given)


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
    return found
