"""Pilot projects are searched: their codes, names and districts, folded. Months of all services are found by month.

Revision ID: 0052
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.language.turkish import search_key

revision = "0052"
down_revision = "0049"
branch_labels = None
depends_on = None

TEXTS = ("code", "name_tr", "name_en", "district")
PILOTS = sa.table(
    "pilots", sa.column("id", sa.Integer), *(sa.column(name, sa.String) for name in (*TEXTS, "search_text"))
)


def upgrade() -> None:
    op.add_column("pilots", sa.Column("search_text", sa.String(length=420), server_default="", nullable=False))
    op.create_index("ix_pilot_months_month", "pilot_months", ["month", "service_id"])
    bind = op.get_bind()
    for key, *texts in bind.execute(sa.select(PILOTS.c.id, *(PILOTS.c[name] for name in TEXTS))).all():
        folded = search_key(" ".join(texts))[:420]
        bind.execute(sa.update(PILOTS).where(PILOTS.c.id == key).values(search_text=folded))


def downgrade() -> None:
    op.drop_index("ix_pilot_months_month", "pilot_months")
    op.execute("UPDATE pilots SET search_text = ''")
    op.drop_column("pilots", "search_text")
