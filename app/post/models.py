from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Model
from app.core.status import Status


class MessageStatus(Status):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Message(Model):
    """A mail in the outbox. `occasion` is unique: nobody is told the same thing twice (invite:enrolment:7:v2).

    `claimed_at`: since when somebody tries to send it; for a while nobody else does. `not_before`: when it may go out,
    for one that the next change may replace.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(sa.String(120), unique=True)
    to_address: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    calendar: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    calendar_method: Mapped[str | None] = mapped_column(sa.String(10))
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class CalendarSeries(Model):
    """What the mails to one person put into their calendar of one course session, one series with one UID.

    `about` says whose and of what (enrolment:7, trainer:3:session:9). `sequence` is that of the last file sent, which
    `calendar` keeps while it stands: None after it was taken out again.
    """

    __tablename__ = "calendar_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(80), unique=True)
    uid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    calendar: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
