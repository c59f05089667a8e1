"""Which tap a change of a mark came from, and the marks that arrived after their sheet was locked.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime, by_bytes

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("request_key IS NOT NULL")
    op.add_column("mark_changes", sa.Column("request_key", by_bytes(64), nullable=True))
    op.create_index(
        "ix_mark_changes_request_key",
        "mark_changes",
        ["request_key"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "late_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("request_key", by_bytes(64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_late_marks_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_late_marks_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_marks")),
        sa.UniqueConstraint("request_key", name=op.f("uq_late_marks_request_key")),
    )
    op.create_index("ix_late_marks_accepted", "late_marks", ["accepted"])
    op.create_index(op.f("ix_late_marks_enrolment_id"), "late_marks", ["enrolment_id"])
    op.create_index(op.f("ix_late_marks_sitting_id"), "late_marks", ["sitting_id"])


def downgrade() -> None:
    op.drop_table("late_marks")
    op.drop_index("ix_mark_changes_request_key", "mark_changes")
    op.drop_column("mark_changes", "request_key")
