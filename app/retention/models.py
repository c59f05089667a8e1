from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.access.scope import Everyone
from app.core.clock import now
from app.core.db import Model
from app.core.tables.append_only import append_only


class Destruction(Model):
    """That something was destroyed: how many of a kind, all from before `up_to`. Only ever added to, and kept."""

    __tablename__ = "destructions"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    pieces: Mapped[int]
    up_to: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(default=now, index=True)


append_only(Destruction)
