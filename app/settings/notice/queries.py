from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.core.errors import Missing
from app.settings.models import Notice, NoticeReading


@dataclass(frozen=True)
class Version:
    """A version, and how many were shown it."""

    notice: Notice
    readers: int


def current() -> Notice | None:
    """What it says now."""
    return db.session.scalar(sa.select(Notice).order_by(Notice.id.desc()).limit(1))


def notice(notice_id: int) -> Notice:
    found = db.session.get(Notice, notice_id)
    if found is None:
        raise Missing
    return found


def versions() -> Sequence[Version]:
    """All there were, newest first."""
    readers = sa.func.count(NoticeReading.id)
    rows = db.session.execute(
        EVERYWHERE.restrict(sa.select(Notice, readers), NoticeReading)  # counted only
        .outerjoin(NoticeReading, NoticeReading.notice_id == Notice.id)
        .group_by(Notice.id)
        .order_by(Notice.id.desc())
    )
    return [Version(*row) for row in rows]


def readings(reader: str) -> Sequence[NoticeReading]:
    """What one reader (user:7) was shown, oldest first."""
    return db.session.scalars(
        EVERYWHERE.select(NoticeReading)  # a reader is nobody's but their own
        .where(NoticeReading.reader == reader)
        .order_by(NoticeReading.notice_id)
    ).all()


def last_read(reader: str) -> int:
    """The newest version this reader was shown; 0 if none."""
    return max((reading.notice_id for reading in readings(reader)), default=0)
