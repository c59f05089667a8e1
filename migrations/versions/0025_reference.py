"""What titles, themes and competencies were called before, which are no longer offered, and what became of which.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("competencies", "themes", "titles")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("former", sa.JSON(), server_default="[]", nullable=False))
            batch_op.add_column(sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
            batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
            batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_merged_into_id"), ["merged_into_id"], unique=False)
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_merged_into_id_{table}"), table, ["merged_into_id"], ["id"]
            )


def downgrade() -> None:
    for table in reversed(TABLES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_merged_into_id_{table}"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_{table}_merged_into_id"))
            batch_op.drop_column("merged_into_id")
            batch_op.drop_column("version")
            batch_op.drop_column("active")
            batch_op.drop_column("former")
