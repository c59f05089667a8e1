"""The checklist of an event, also of a meeting of a group and of an activity.

Revision ID: 0048
Revises: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OWNERS = (("meeting_id", "group_meetings"), ("activity_id", "visibility_activities"))
ONE = (
    "CASE WHEN course_session_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    with op.batch_alter_table("event_checks") as batch_op:
        batch_op.alter_column("course_session_id", existing_type=sa.Integer(), nullable=True)
        for column, target in OWNERS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_event_checks_{column}_{target}"), target, [column], ["id"])
            batch_op.create_unique_constraint(op.f(f"uq_event_checks_{column}_item"), [column, "item"])
        batch_op.create_check_constraint(op.f("ck_event_checks_one_event"), ONE)


def downgrade() -> None:
    with op.batch_alter_table("event_checks") as batch_op:
        batch_op.drop_constraint(op.f("ck_event_checks_one_event"), type_="check")
        for column, target in reversed(OWNERS):
            batch_op.drop_constraint(op.f(f"uq_event_checks_{column}_item"), type_="unique")
            batch_op.drop_constraint(op.f(f"fk_event_checks_{column}_{target}"), type_="foreignkey")
            batch_op.drop_column(column)
    # where the columns may go, what they held goes with them
    op.execute("DELETE FROM event_checks WHERE course_session_id IS NULL")
    with op.batch_alter_table("event_checks") as batch_op:
        batch_op.alter_column("course_session_id", existing_type=sa.Integer(), nullable=False)
