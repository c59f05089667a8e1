from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Province
from app.access.scope import Everyone, Nobody
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.tables.append_only import append_only


class Setting(Model):
    """One value an administrator may change; `queries.SETTINGS` names them all with type and default."""

    __tablename__ = "settings"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    value: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Signatory(Model):
    """Who signs certificates of a province (or of the whole programme where province is empty), in order."""

    __tablename__ = "signatories"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int | None] = points_to("provinces.id")
    name: Mapped[str] = mapped_column(sa.String(120))
    title_tr: Mapped[str] = mapped_column(sa.String(120))
    title_en: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Logo(Model):
    """A picture for one of the logo slots of certificates (1–4, left to right)."""

    __tablename__ = "logos"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(unique=True)
    alt: Mapped[str] = mapped_column(sa.String(120))
    document_id: Mapped[int] = points_to("documents.id")


class Notice(Model):
    """A version of the notice on personal data, numbered by its id; what it says is never changed, the next is a row.

    `must_read`: everybody is shown it once, also who had read an earlier one.
    """

    __tablename__ = "notices"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    text_tr: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text)
    must_read: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class NoticeReading(Model):
    """Who was shown which version when: once each, only ever added to. `reader` is a mark (user:7, employee:12), for
    not everybody who reads it can sign in.
    """

    __tablename__ = "notice_readings"
    __scope__ = Nobody()
    __table_args__ = (sa.UniqueConstraint("reader", "notice_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = points_to("notices.id")
    reader: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(default=now)


append_only(Notice)
append_only(NoticeReading)
