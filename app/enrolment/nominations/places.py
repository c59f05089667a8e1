"""Where one may look for people to put on a session's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.catalogue.queries import built_by
from app.core.db import db
from app.core.tables.written import written_once
from app.enrolment.nominations.candidates import COURSE, of
from app.language import in_language
from app.needs.models import Need
from app.needs.queries import need_in
from app.people.models import Unit
from app.training.models import CourseSession


@dataclass(frozen=True)
class Places:
    """Where one may look for people: institutions by name, and their units by what they are called, each once.
    `rated`: whether the needs analysis asked anybody at all for what the course builds.
    """

    homes: list[tuple[int, str]]
    units: list[tuple[str, str]]
    rated: bool


def places(scope: Scope, course_session: CourseSession) -> Places:
    """Of the people this scope sees; one statement."""
    rows = db.session.execute(_statement(scope), of(course_session)).all()
    called = [(row, in_language(row, "name")) for row in rows]
    return Places(
        [(row.id, name) for row, name in called if row.id],
        [(row.name_tr, name) for row, name in called if not row.id],
        bool(rows and rows[0].rated),
    )


@written_once
def _statement(scope: Scope) -> sa.Select[Any]:
    homes = sa.select(Organisation.id, Organisation.name_tr, Organisation.name_en, Organisation.name_sort)
    units = sa.select(sa.literal(0), Unit.name_tr, sa.func.max(Unit.name_en), sa.func.min(Unit.name_sort))
    units = units.group_by(Unit.name_tr)
    if not scope.everything:
        mine = sorted(scope.organisations)
        homes, units = homes.where(Organisation.id.in_(mine)), units.where(Unit.organisation_id.in_(mine))
    both, rated = sa.union_all(homes, units).subquery(), sa.select(Need.id).where(need_in(built_by(COURSE))).exists()
    statement = sa.select(both, rated.label("rated")).order_by(both.c.name_sort)
    return cast("sa.Select[Any]", EVERYWHERE.trusting(statement, Need))  # whether anybody was, not who
