"""Tell the public why a certificate ended by a chosen reason; what was written stays inside.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REASONS = ("spelling", "name_change", "wrong_person", "attendance", "other")


def upgrade() -> None:
    op.add_column(
        "certificates",
        sa.Column(
            "public_reason",
            sa.Enum(*REASONS, name="endreason", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
    )
    # Nobody chose a reason for these, and what was written was not meant as one of the list.
    op.execute("UPDATE certificates SET public_reason = 'other' WHERE status <> 'valid'")


def downgrade() -> None:
    op.execute("UPDATE certificates SET public_reason = NULL WHERE public_reason = 'other'")  # set again on the way up
    op.drop_column("certificates", "public_reason")
