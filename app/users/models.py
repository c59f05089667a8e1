from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.access.scope import OwnedThrough
from app.core.clock import now
from app.core.db import Model, points_to


class Invitation(Model):
    """That somebody was sent a link to set their password: the last time, how often, and since when they have one."""

    __tablename__ = "invitations"
    __scope__ = OwnedThrough("user")

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id", unique=True, index=False)
    invited_at: Mapped[datetime] = mapped_column(default=now, index=True)
    times: Mapped[int] = mapped_column(default=1)
    accepted_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise_on_sql")
