"""Trainers whom no letter could tell something, and an index of the participants who are to be told.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

untold = sa.table(
    "untold_trainers", sa.column("course_session_id"), sa.column("trainer_id"), sa.column("since", UtcDateTime())
)
sessions = sa.table("course_sessions", sa.column("id"), sa.column("status"))
sittings = sa.table("sittings", sa.column("id"), sa.column("course_session_id"))
assignments = sa.table("trainer_assignments", sa.column("sitting_id"), sa.column("trainer_id"), sa.column("answer"))
trainers = sa.table("trainers", sa.column("id"), sa.column("user_id"), sa.column("email"))
users = sa.table("users", sa.column("id"), sa.column("active"))


def upgrade() -> None:
    op.create_table(
        "untold_trainers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_untold_trainers_course_session_id_course_sessions"),
        ),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainers.id"], name=op.f("fk_untold_trainers_trainer_id_trainers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_untold_trainers")),
        sa.UniqueConstraint(
            "course_session_id", "trainer_id", name=op.f("uq_untold_trainers_course_session_id_trainer_id")
        ),
    )
    op.create_index(op.f("ix_untold_trainers_course_session_id"), "untold_trainers", ["course_session_id"])
    op.create_index(op.f("ix_untold_trainers_trainer_id"), "untold_trainers", ["trainer_id"])
    op.create_index(
        "ix_enrolments_untold",
        "enrolments",
        ["course_session_id"],
        sqlite_where=sa.text("untold_since IS NOT NULL"),
        postgresql_where=sa.text("untold_since IS NOT NULL"),
    )
    # whoever was asked so far, has not answered and could not be written to was told by nobody
    goes_on = sessions.c.status.in_(("open", "confirmed", "postponed"))
    signing_in = sa.select(users.c.id).where(users.c.active.is_(sa.true()))
    unwritten = sa.and_(
        trainers.c.email == "", sa.or_(trainers.c.user_id.is_(None), trainers.c.user_id.not_in(signing_in))
    )
    asked = (
        sa.select(sittings.c.course_session_id, trainers.c.id, sa.literal(datetime.now(UTC), UtcDateTime()))
        .distinct()
        .join(assignments, assignments.c.sitting_id == sittings.c.id)
        .join(trainers, trainers.c.id == assignments.c.trainer_id)
        .join(sessions, sessions.c.id == sittings.c.course_session_id)
        .where(goes_on, unwritten, assignments.c.answer == "pending")
    )
    op.execute(untold.insert().from_select(["course_session_id", "trainer_id", "since"], asked))


def downgrade() -> None:
    op.drop_index("ix_enrolments_untold", table_name="enrolments")
    op.drop_table("untold_trainers")
