"""An activity of visibility may belong to a pilot project or a meeting of a group, too.

Revision ID: 0058
Revises: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TABLE = "visibility_activities"
OWNERS = (("pilot_id", "pilots"), ("meeting_id", "group_meetings"))


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        for column, target in OWNERS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{TABLE}_{column}_{target}"), target, [column], ["id"])
            batch_op.create_index(op.f(f"ix_{TABLE}_{column}"), [column])


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        for column, target in reversed(OWNERS):
            batch_op.drop_index(op.f(f"ix_{TABLE}_{column}"))
            batch_op.drop_constraint(op.f(f"fk_{TABLE}_{column}_{target}"), type_="foreignkey")
            batch_op.drop_column(column)
