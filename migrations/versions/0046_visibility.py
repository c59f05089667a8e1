"""Visibility strategies, activities, and the checklist of an event.

Revision ID: 0046
Revises: 0044
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None

PARTS = ("goals", "audiences", "messages", "channels", "rules")
KINDS = ("press", "social_media", "event", "poster", "publication", "web")
ITEMS = ("flags", "logos", "sizes", "printing", "statement", "consent", "archive")


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _pointer(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _text(name: str, kind: Any, **options: Any) -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False, **options)


def upgrade() -> None:
    texts = [_text(f"{part}_{tongue}", sa.Text(), server_default="") for part in PARTS for tongue in ("tr", "en")]
    op.create_table(
        "strategies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        *texts,
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _pointer("strategies", "province_id", "provinces"),
        _pointer("strategies", "document_id", "programme_documents"),
        _pointer("strategies", "file_id", "documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategies")),
    )
    for column in ("province_id", "document_id"):
        op.create_index(op.f(f"ix_strategies_{column}"), "strategies", [column], unique=True)
    op.create_index(op.f("ix_strategies_file_id"), "strategies", ["file_id"])
    _activities()
    op.create_table(
        "event_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("item", _one_of(ITEMS, "checkitem"), nullable=False),
        sa.Column("answer", _one_of(("yes", "no", "not_needed"), "checkanswer"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _pointer("event_checks", "course_session_id", "course_sessions"),
        _pointer("event_checks", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_checks")),
        sa.UniqueConstraint("course_session_id", "item", name=op.f("uq_event_checks_course_session_id_item")),
    )
    op.create_index(op.f("ix_event_checks_by_id"), "event_checks", ["by_id"])


def _activities() -> None:
    approvals = ("not_needed", "asked", "given")
    op.create_table(
        "visibility_activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of(KINDS, "activitykind"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _text("title_tr", sa.String(length=240)),
        _text("title_en", sa.String(length=240), server_default=""),
        sa.Column("course_session_id", sa.Integer(), nullable=True),
        sa.Column("reach", sa.Integer(), nullable=True),
        _text("reach_source", sa.String(length=160), server_default=""),
        sa.Column("approval", _one_of(approvals, "donorapproval"), server_default="not_needed", nullable=False),
        sa.Column("approval_day", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "reach IS NULL OR (reach >= 0 AND reach_source <> '')", name=op.f("ck_visibility_activities_reach")
        ),
        sa.CheckConstraint(
            "approval <> 'given' OR approval_day IS NOT NULL", name=op.f("ck_visibility_activities_approval")
        ),
        _pointer("visibility_activities", "province_id", "provinces"),
        _pointer("visibility_activities", "course_session_id", "course_sessions"),
        _pointer("visibility_activities", "file_id", "documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visibility_activities")),
    )
    for column in ("province_id", "course_session_id", "file_id"):
        op.create_index(op.f(f"ix_visibility_activities_{column}"), "visibility_activities", [column])


def downgrade() -> None:
    op.drop_table("event_checks")
    op.drop_table("visibility_activities")
    op.drop_table("strategies")
