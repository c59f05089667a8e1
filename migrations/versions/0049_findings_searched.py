"""Findings are searched: their statements, folded.

Revision ID: 0049
Revises: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.language.turkish import search_key

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

FINDINGS = sa.table(
    "findings",
    sa.column("id", sa.Integer),
    sa.column("statement_tr", sa.String),
    sa.column("statement_en", sa.String),
    sa.column("search_text", sa.String),
)


def upgrade() -> None:
    op.add_column("findings", sa.Column("search_text", sa.String(length=1001), server_default="", nullable=False))
    bind, found = op.get_bind(), FINDINGS.c
    for key, turkish, english in bind.execute(sa.select(found.id, found.statement_tr, found.statement_en)).all():
        folded = search_key(f"{turkish} {english}")[:1001]
        bind.execute(sa.update(FINDINGS).where(found.id == key).values(search_text=folded))


def downgrade() -> None:
    op.execute("UPDATE findings SET search_text = ''")
    op.drop_column("findings", "search_text")
