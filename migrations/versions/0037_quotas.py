"""Seats kept for institutions until a day, and until when a seat is offered.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quotas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_quotas_seats")),
        sa.ForeignKeyConstraint(
            ["course_session_id"], ["course_sessions.id"], name=op.f("fk_quotas_course_session_id_course_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quotas_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
        sa.UniqueConstraint(
            "course_session_id", "organisation_id", name=op.f("uq_quotas_course_session_id_organisation_id")
        ),
    )
    op.create_index(op.f("ix_quotas_organisation_id"), "quotas", ["organisation_id"])
    op.add_column("course_sessions", sa.Column("quota_release_at", UtcDateTime(), nullable=True))
    op.add_column("enrolments", sa.Column("offered_until", UtcDateTime(), nullable=True))
    # nothing offered a seat so far; one that somebody wrote by hand is over
    op.execute("UPDATE enrolments SET offered_until = created_at WHERE status = 'offered'")
    op.create_check_constraint(
        op.f("ck_enrolments_offered_until"), "enrolments", "status <> 'offered' OR offered_until IS NOT NULL"
    )


def downgrade() -> None:
    # what is empty in every row that never was offered; the older schema knows no end of an offer
    op.drop_column("enrolments", "offered_until")
    op.drop_column("course_sessions", "quota_release_at")
    op.drop_table("quotas")
