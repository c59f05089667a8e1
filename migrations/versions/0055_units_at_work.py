"""How many of a unit are at work is counted from its index: adding people to a session asks it of every unit of theirs.

Revision ID: 0055
Revises: 0054
"""

from __future__ import annotations

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_employees_unit_id", "employees")
    op.create_index("ix_employees_unit_id", "employees", ["unit_id", "active"])


def downgrade() -> None:
    op.drop_index("ix_employees_unit_id", "employees")
    op.create_index("ix_employees_unit_id", "employees", ["unit_id"])
