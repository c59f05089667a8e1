"""Keep which outcomes wait for their document.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

outcomes = sa.table(
    "outcomes",
    sa.column("enrolment_id"),
    sa.column("document"),
    sa.column("at", UtcDateTime()),
    sa.column("due_since", UtcDateTime()),
)
certificates = sa.table("certificates", sa.column("enrolment_id"), sa.column("status"))


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("due_since", UtcDateTime(), nullable=True))
    issued = sa.select(certificates.c.enrolment_id).where(
        certificates.c.enrolment_id == outcomes.c.enrolment_id, certificates.c.status == "valid"
    )
    waits = sa.and_(outcomes.c.document.is_not(None), sa.not_(issued.exists()))
    op.execute(outcomes.update().where(waits).values(due_since=outcomes.c.at))
    op.create_index(
        "ix_outcomes_due",
        "outcomes",
        ["enrolment_id"],
        sqlite_where=sa.text("due_since IS NOT NULL"),
        postgresql_where=sa.text("due_since IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outcomes_due", table_name="outcomes")
    op.drop_column("outcomes", "due_since")
