from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.core.db import db
from app.programme.picture.models import ProgrammeTarget


def targets(year: int) -> Mapping[tuple[str, int | None], int]:
    """What was set for a year, by indicator and province (None: all together)."""
    columns = (ProgrammeTarget.code, ProgrammeTarget.province_id, ProgrammeTarget.value)
    rows = db.session.execute(sa.select(*columns).where(ProgrammeTarget.year == year))
    return {(code, province_id): value for code, province_id, value in rows}
