"""Index who was merged into whom only where somebody was: with all the empty keys the planner took it for useless.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("employees", "enrolments")
SET = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    for table in TABLES:
        name = f"ix_{table}_merged_into_id"
        op.drop_index(name, table)
        op.create_index(name, table, ["merged_into_id"], sqlite_where=SET, postgresql_where=SET)


def downgrade() -> None:
    for table in TABLES:
        name = f"ix_{table}_merged_into_id"
        op.drop_index(name, table)
        op.create_index(name, table, ["merged_into_id"])
