from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.access.scope import OwnedBy
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Status, Worded


class DataRequestKind(Worded):
    CORRECTION = "correction", "Correction"
    ERASURE = "erasure", "Erasure"


class DataRequestStatus(Status):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"

    @property
    def tone(self) -> str:
        return "warn" if self.value == "open" else "ok"

    @property
    def next(self) -> frozenset[DataRequestStatus]:
        return frozenset({DataRequestStatus.ANSWERED} if self.value == "open" else ())


class DataRequest(Model):
    """What somebody asks to be done about what is stored of them, numbered by its id; answered by `due_on`."""

    __tablename__ = "data_requests"
    __scope__ = OwnedBy("user_id", "own_user")

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id")
    kind: Mapped[DataRequestKind]
    text: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[DataRequestStatus] = mapped_column(default=DataRequestStatus.OPEN, index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise_on_sql")
