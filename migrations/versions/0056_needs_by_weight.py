"""Needs are put in order by their index alone: the largest gap first, and of equal ones the most important.

Revision ID: 0056
Revises: 0055
"""

from __future__ import annotations

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

COLUMNS = ["round_id", "competency_id", "need", "gap"]


def upgrade() -> None:
    op.drop_index("ix_needs_round_competency", "needs")
    op.create_index("ix_needs_round_competency", "needs", [*COLUMNS, "importance"])


def downgrade() -> None:
    op.drop_index("ix_needs_round_competency", "needs")
    op.create_index("ix_needs_round_competency", "needs", COLUMNS)
