from __future__ import annotations

from itertools import product

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.access.models import OrganisationKind
from app.access.scope import Nobody
from app.core.db import Model, points_to
from app.people.models import Sex

SIDES = tuple(
    tuple(name for name in names if name)
    for names in product(("", "year"), ("", "province_id"), ("", "organisation_kind", "theme_id", "certified"))
)
"""What participations of one cell have in common: nothing (all of them), a year, a year and a province …"""


class Participation(Model):
    """Somebody's part in a finalised session, as the figures count it: kept by `services.recount`, never typed.
    Its id is the enrolment's.

    `firsts`: bit n stands where it is the first of this person among those alike in the n-th of `SIDES`, so that
    persons add up like participations, whatever is asked. `certified`: a valid certificate was issued for it.
    """

    __tablename__ = "participations"
    __scope__ = Nobody()
    __table_args__ = (
        # All that is counted, in the order it is grouped in: the figures read this alone.
        sa.Index(
            "ix_participations_counted",
            "year",
            "province_id",
            "organisation_kind",
            "theme_id",
            "certified",
            "sex",
            "firsts",
            "employee_id",
            "credit_minutes",
            "base_minutes",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    employee_id: Mapped[int] = points_to("employees.id")
    sex: Mapped[Sex]
    year: Mapped[int | None]
    province_id: Mapped[int | None]
    organisation_kind: Mapped[OrganisationKind | None]
    theme_id: Mapped[int]
    certified: Mapped[bool]
    credit_minutes: Mapped[int]
    base_minutes: Mapped[int]
    firsts: Mapped[int]
