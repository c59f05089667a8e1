"""A round remembers since when its single answers are destroyed.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assessment_rounds", sa.Column("answers_gone_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("assessment_rounds", "answers_gone_at")
