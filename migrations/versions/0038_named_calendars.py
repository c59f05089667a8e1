"""Several calendar addresses for each account, each with a name.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

USERS = "ix_calendar_feeds_user_id"


def upgrade() -> None:
    op.add_column("calendar_feeds", sa.Column("name", sa.String(length=80), server_default="", nullable=False))
    op.drop_index(op.f(USERS), "calendar_feeds")
    op.create_index(op.f(USERS), "calendar_feeds", ["user_id"])


def downgrade() -> None:
    op.drop_index(op.f(USERS), "calendar_feeds")
    op.create_index(op.f(USERS), "calendar_feeds", ["user_id"], unique=True)
    op.drop_column("calendar_feeds", "name")
