from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Model
from app.core.tables.append_only import append_only


class AuditEntry(Model):
    """A change: ids, field names and status values, never names, addresses or free text. Outlives everything."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(sa.String(64), index=True)
    facts: Mapped[dict[str, Any]]


append_only(AuditEntry)


class AccessEntry(Model):
    """A look, an export, a sign-in, a refusal. Kept for two years."""

    __tablename__ = "access_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(sa.String(64), index=True)
    facts: Mapped[dict[str, Any]]
