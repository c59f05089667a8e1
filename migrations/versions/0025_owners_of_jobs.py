"""Remember which worker does a job.

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


def upgrade() -> None:
    op.add_column("jobs", sa.Column("owner", sa.String(length=120), server_default="", nullable=False))


def downgrade() -> None:
    op.execute("UPDATE jobs SET owner = ''")  # of a worker that is not running any more
    op.drop_column("jobs", "owner")
