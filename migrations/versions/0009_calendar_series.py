"""One calendar series for each person and course session, instead of a UID for each sitting

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_series")),
        sa.UniqueConstraint("about", name=op.f("uq_calendar_series_about")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_series_uid")),
    )


def downgrade() -> None:
    op.drop_table("calendar_series")
