"""When a mail may go out: a notice of a change waits for the next one.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("not_before", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "not_before")
