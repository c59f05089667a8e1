"""Keep what registry numbers are compared by, whatever dash they were typed with.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DASHES = re.compile("\\s*[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]\\s*")
PEOPLE = sa.table("employees", *map(sa.column, ("id", "registry_no", "registry_key")))


def fold(number: str) -> str:
    return DASHES.sub("-", number.lstrip("'\u2019\u2018").strip())


def upgrade() -> None:
    op.add_column("employees", sa.Column("registry_key", sa.String(length=32), nullable=False, server_default=""))
    op.create_index("ix_employees_registry_key", "employees", ["registry_key", "organisation_id"])
    people = PEOPLE.c
    op.execute(sa.update(PEOPLE).values(registry_key=people.registry_no))
    for key, number in op.get_bind().execute(sa.select(people.id, people.registry_no)).all():
        if (folded := fold(number)) != number:
            op.execute(sa.update(PEOPLE).where(people.id == key).values(registry_key=folded))


def downgrade() -> None:
    op.execute(sa.update(PEOPLE).values(registry_key=""))
    op.drop_index("ix_employees_registry_key", "employees")
    op.drop_column("employees", "registry_key")
