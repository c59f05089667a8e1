"""Who recorded an answer, whom no letter could tell something, and a fourth class for who completed the course.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

enrolments = sa.table(
    "enrolments",
    sa.column("course_session_id"),
    sa.column("employee_id"),
    sa.column("status"),
    sa.column("answer"),
    sa.column("priority"),
    sa.column("untold_since", UtcDateTime()),
)
sessions = sa.table("course_sessions", sa.column("id"), sa.column("status"))
employees = sa.table("employees", sa.column("id"), sa.column("user_id"), sa.column("email"))
users = sa.table("users", sa.column("id"), sa.column("active"))


def upgrade() -> None:
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("untold_since", UtcDateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_enrolments_priority"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_enrolments_priority"), "priority BETWEEN 1 AND 4")
    # whoever was to be invited so far and could not be written to was told by nobody
    confirmed = sa.select(sessions.c.id).where(sessions.c.status == "confirmed")
    signing_in = sa.select(users.c.id).where(users.c.active.is_(sa.true()))
    unwritten = sa.select(employees.c.id).where(
        employees.c.email == "", sa.or_(employees.c.user_id.is_(None), employees.c.user_id.not_in(signing_in))
    )
    op.execute(
        enrolments.update()
        .where(
            enrolments.c.status == "enrolled",
            enrolments.c.answer == "none",
            enrolments.c.course_session_id.in_(confirmed),
            enrolments.c.employee_id.in_(unwritten),
        )
        .values(untold_since=datetime.now(UTC))
    )


def downgrade() -> None:
    op.execute(enrolments.update().where(enrolments.c.priority == 4).values(priority=3))
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_enrolments_priority"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_enrolments_priority"), "priority BETWEEN 1 AND 3")
        batch_op.drop_column("untold_since")
        batch_op.drop_column("answered_by_id")
