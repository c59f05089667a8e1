"""Measures that keep the work alive, each step of theirs; what indicators should come to.

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LEVELS = ("municipality", "governorate", "central", "international")
KINDS = ("decision", "staff", "budget", "protocol", "trainer_pool", "infrastructure")
STATUSES = ("proposed", "accepted", "under_way", "in_place", "dropped")


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _pointer(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _text(name: str, length: int, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, **options)


def upgrade() -> None:
    op.create_table(
        "measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("level", _one_of(LEVELS, "measurelevel"), nullable=False),
        sa.Column("scope", _one_of(("pilots", "general"), "measurescope"), nullable=False),
        sa.Column("kind", _one_of(KINDS, "measurekind"), nullable=False),
        _text("component", 160, server_default=""),
        _text("text_tr", 500),
        _text("text_en", 500, server_default=""),
        _text("responsible", 160, server_default=""),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", _one_of(STATUSES, "measurestatus"), server_default="proposed", nullable=False),
        _text("evidence", 1000, server_default=""),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _pointer("measures", "document_id", "documents"),
        _pointer("measures", "organisation_id", "organisations"),
        _pointer("measures", "province_id", "provinces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    for column in ("document_id", "organisation_id", "province_id"):
        op.create_index(op.f(f"ix_measures_{column}"), "measures", [column])
    op.create_table(
        "measure_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("status", _one_of(STATUSES, "measurestatus"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _text("reason", 500, server_default=""),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _pointer("measure_steps", "by_id", "users"),
        _pointer("measure_steps", "measure_id", "measures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_steps")),
    )
    for column in ("by_id", "measure_id"):
        op.create_index(op.f(f"ix_measure_steps_{column}"), "measure_steps", [column])
    op.create_table(
        "programme_targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("code", 8),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_programme_targets_value")),
        _pointer("programme_targets", "province_id", "provinces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_targets")),
    )
    op.create_index(op.f("ix_programme_targets_province_id"), "programme_targets", ["province_id"])
    whole = ["year", "code", sa.text("coalesce(province_id, 0)")]
    op.create_index("uq_programme_targets_whole", "programme_targets", whole, unique=True)


def downgrade() -> None:
    op.drop_table("programme_targets")
    op.drop_table("measure_steps")
    op.drop_table("measures")
