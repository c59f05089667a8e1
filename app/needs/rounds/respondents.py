"""A round keeps who people were when it met them; later transfers, changes and merges leave that as it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from app.access.scope import within
from app.core.db import db
from app.needs.models import Respondent
from app.needs.queries import AT_ONCE
from app.people.models import Employee, Title, Unit

KEPT = ("organisation_id", "unit_id", "title_id", "title_level", "sex", "supervisor_id", "guessed")


def keep_respondents(round_id: int, employee_ids: Collection[int]) -> None:
    """Note who these people are today, those left out whom the round has met already."""
    db.session.flush()
    known = sa.select(Respondent.id).where(Respondent.round_id == round_id, Respondent.employee_id == Employee.id)
    place = (Employee.organisation_id, Employee.unit_id, Employee.title_id, Title.level)
    chief = sa.func.coalesce(Employee.supervisor_id, sa.func.nullif(Unit.head_id, Employee.id))
    columns = (sa.literal(round_id), Employee.id, Employee.id, *place, Employee.sex, chief, sa.false())
    today = (
        within(Employee)
        .trusting(sa.select(*columns), Employee, Respondent)
        .join(Employee.title)
        .join(Employee.unit)
        .where(sa.not_(known.exists()))
        .order_by(Employee.id)
    )
    keys = sorted(employee_ids)
    for start in range(0, len(keys), AT_ONCE):
        _insert(today.where(Employee.id.in_(keys[start : start + AT_ONCE])))


def stand_in(round_id: int, kept_id: int, merged_id: int) -> None:
    """The kept record as who the merged one was in a round, unless the round has met it itself."""
    known = sa.select(Respondent.id).where(Respondent.round_id == round_id, Respondent.employee_id == kept_id)
    if db.session.scalar(within(Employee).trusting(known, Respondent)) is None:
        columns = (
            Respondent.round_id,
            sa.literal(kept_id),
            sa.literal(kept_id),
            *(getattr(Respondent, k) for k in KEPT),
        )
        merged = sa.select(*columns).where(Respondent.round_id == round_id, Respondent.employee_id == merged_id)
        _insert(within(Employee).trusting(merged, Respondent))


def _insert(rows: Any) -> None:
    db.session.execute(sa.insert(Respondent).from_select(("round_id", "employee_id", "person_id", *KEPT), rows))


def link_respondents(kept_id: int, merged_id: int) -> None:
    """Two records were one person, whose answers both are from now on; they stay as they were."""
    theirs = sa.update(Respondent).where(Respondent.person_id == merged_id).values(person_id=kept_id)
    db.session.execute(within(Employee).trusting(theirs, Respondent))
