from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Model


class SubmittedForm(Model):
    """A form that was carried out: its idempotency key, whose it was and where it led."""

    __tablename__ = "submitted_forms"
    __table_args__ = (sa.UniqueConstraint("request_key", "owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_key: Mapped[str] = mapped_column(sa.String(64))
    owner: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.String(500))
    location: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime] = mapped_column(default=now, index=True)
