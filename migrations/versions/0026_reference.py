"""What titles, themes and competencies were called before, which are no longer offered, and what became of which.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("competencies", "themes", "titles")
enrolments = sa.table("enrolments", sa.column("id"), sa.column("title_id"), sa.column("called", sa.JSON()))
titles = sa.table("titles", sa.column("id"), sa.column("name_tr"), sa.column("name_en"))


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("former", sa.JSON(), server_default="[]", nullable=False))
            batch_op.add_column(sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
            batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
            batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_merged_into_id"), ["merged_into_id"], unique=False)
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_merged_into_id_{table}"), table, ["merged_into_id"], ["id"]
            )
    # titles could not be renamed so far: what they are called is what they were called when a seat was taken
    names = {
        row.id: {"title_tr": row.name_tr, "title_en": row.name_en} for row in op.get_bind().execute(titles.select())
    }
    _call(lambda row: row.called | names.get(row.title_id, {"title_tr": "", "title_en": ""}))


def _call(anew: Callable[[Any], dict[str, Any]]) -> None:
    """Give every enrolment with a place the names `anew` says."""
    bind = op.get_bind()
    placed = bind.execute(enrolments.select().where(enrolments.c.called.is_not(None))).all()
    by_id = enrolments.update().where(enrolments.c.id == sa.bindparam("key"))
    rows = [{"key": row.id, "names": anew(row)} for row in placed]
    if rows:
        bind.execute(by_id.values(called=sa.bindparam("names", type_=sa.JSON())), rows)


def downgrade() -> None:
    _call(lambda row: {name: word for name, word in row.called.items() if not name.startswith("title_")})
    for table in reversed(TABLES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_merged_into_id_{table}"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_{table}_merged_into_id"))
            batch_op.drop_column("merged_into_id")
            batch_op.drop_column("version")
            batch_op.drop_column("active")
            batch_op.drop_column("former")
