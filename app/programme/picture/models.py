from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.access.scope import Everyone
from app.core.db import Model, points_to


class ProgrammeTarget(Model):
    """What an indicator should come to in a year: of a province, or (none) of all together. `value`: percent where it
    is a share, else a number.
    """

    __tablename__ = "programme_targets"
    __scope__ = Everyone()
    __table_args__ = (
        sa.Index("uq_programme_targets_whole", "year", "code", sa.text("coalesce(province_id, 0)"), unique=True),
        sa.CheckConstraint("value >= 0", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(8))
    province_id: Mapped[int | None] = points_to("provinces.id")
    value: Mapped[int]
