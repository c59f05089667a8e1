"""Two titles, themes or competencies that are merged: whatever points at them, in any room, goes along or says it stays."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.core.db import Base, db, set_writing
from app.needs.models import AssessmentRound, RoundStatus
from app.reference import queries, services
from app.reference.models import KINDS, Kind
from tests.laws.conftest import World
from tests.laws.rooms import told

# What says how things were: a participation, an analysis.
STAY = {
    "enrolments.title_id",
    "need_sums.competency_id",
    "sex_sums.competency_id",
    "needs.competency_id",
    "ratings.competency_id",
    "respondents.title_id",
    "round_items.competency_id",
}


def pointing(kind: Kind) -> list[sa.Column[Any]]:
    """By reflection, so that the next table is not forgotten."""
    return [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is kind.model.__table__ for key in column.foreign_keys)
    ]


def rows(column: sa.Column[Any], key: int) -> int:
    models = [mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is column.table]
    counted = sa.select(sa.func.count()).select_from(column.table).where(column == key)
    return db.session.scalar(EVERYWHERE.trusting(counted, *models)) or 0  # a test looks at all of them


def free(kind: Kind) -> list[Any]:
    """Things of a kind that can be merged today, those most pointed at first."""
    found = [one for one in db.session.scalars(sa.select(kind.model)) if one.merged_into_id is None and one.active]
    return [one for one in found if services.why_held(one) is None]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_everything_that_points_at_a_merged_one_moves(world: World, name: str) -> None:
    kind = KINDS[name]
    with world.app.app_context():
        set_writing(True)
        bare, behind = [], []
        # what an open analysis asks does not change under its hands
        for one in db.session.scalars(sa.select(AssessmentRound).where(AssessmentRound.status == RoundStatus.OPEN)):
            one.status = RoundStatus.CLOSED
        db.session.flush()
        for column in sorted(pointing(kind), key=lambda each: each.name == "merged_into_id"):
            where = f"{column.table.name}.{column.name}"
            if where in STAY:
                continue
            merged = next((one for one in free(kind) if rows(column, one.id)), None)
            if merged is None:
                bare.append(where)
                continue
            kept = next(one for one in free(kind) if one.id != merged.id)
            gone, heir, stood = merged.id, kept.id, rows(column, kept.id)
            services.merge(kind, kept, merged, by=SYSTEM)
            db.session.flush()
            left = [f"{where}: {number} rows" for other in pointing(kind) if (number := left_behind(other, gone))]
            behind += left
            assert rows(column, heir) >= max(stood, 1), where
        db.session.rollback()
    assert not bare, told(bare, "The example programme has no row that points so: nothing says whether it moves.")
    assert not behind, told(
        behind,
        "These still point at what was merged. A foreign key moves by itself (app/reference/services.py); one that"
        ' says how things were is written points_to("…", stays=True) and named in STAY above.',
    )


def left_behind(column: sa.Column[Any], key: int) -> int:
    return 0 if f"{column.table.name}.{column.name}" in STAY else rows(column, key)


def test_what_stays_is_what_was_decided() -> None:
    """Both ways: a new one is a decision, and is written down here."""
    found = {
        f"{column.table.name}.{column.name}"
        for kind in KINDS.values()
        for _, column in queries.pointers(kind.model)
        if column.info.get("stays")
    }
    assert found == STAY, told(
        found ^ STAY, "Named on one side only: `points_to(…, stays=True)` in the model, or STAY above, with the reason."
    )
