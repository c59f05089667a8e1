from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.programme.picture.events import TargetsSet
from app.programme.picture.models import ProgrammeTarget


def set_targets(year: int, wanted: Mapping[tuple[str, int | None], int | None], *, by: Actor) -> None:
    """What each of these indicators should come to in a year, by province (None: all together); None for no target."""
    rows = db.session.scalars(sa.select(ProgrammeTarget).where(ProgrammeTarget.year == year))
    there = {(row.code, row.province_id): row for row in rows}
    changed = set()
    for (code, province_id), value in wanted.items():
        row = there.get((code, province_id))
        if value == (row.value if row else None):
            continue
        changed.add(code)
        if row is not None and value is None:
            db.session.delete(row)
        elif row is not None and value is not None:
            row.value = value
        elif value is not None:
            db.session.add(ProgrammeTarget(year=year, code=code, province_id=province_id, value=value))
    if changed:
        journal.record(TargetsSet(year, tuple(sorted(changed))), by=by)
