"""Who signs certificates, as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Province
from app.core.db import db
from app.core.errors import Missing
from app.settings.models import Signatory


def all_signatories() -> Sequence[Signatory]:
    """Everybody who signs or signed, province by province (the programme's own first), in order."""
    return db.session.scalars(
        sa.select(Signatory)
        .outerjoin(Signatory.province)
        .options(joinedload(Signatory.province))
        .order_by(sa.func.coalesce(Province.name_sort, ""), Signatory.active.desc(), Signatory.position, Signatory.id)
    ).all()


def signatory(signatory_id: int) -> Signatory:
    found = db.session.scalar(
        sa.select(Signatory).where(Signatory.id == signatory_id).options(joinedload(Signatory.province))
    )
    if found is None:
        raise Missing
    return found


def signatories_beside(province_id: int | None) -> Sequence[Signatory]:
    """Those who sign for this province (or for the programme) now, in order."""
    own = Signatory.province_id.is_(None) if province_id is None else Signatory.province_id == province_id
    return db.session.scalars(
        sa.select(Signatory).where(own, Signatory.active.is_(True)).order_by(Signatory.position, Signatory.id)
    ).all()
