"""Index keys that few rows have only where they are set; count who has a title, and see which round rates a competency,
without reading people and ratings.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UNIQUE = {"user_id", "employee_id"}
KEYS = (
    ("employees", "user_id"),
    ("trainers", "user_id"),
    ("trainers", "employee_id"),
    ("certificates", "trainer_id"),
    ("certificates", "ended_by"),
    ("certificates", "superseded_by_id"),
)


def upgrade() -> None:
    for table, key in KEYS:
        name, where = f"ix_{table}_{key}", sa.text(f"{key} IS NOT NULL")
        op.drop_index(name, table)
        op.create_index(name, table, [key], unique=key in UNIQUE, sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_employees_title_id", "employees")
    op.create_index("ix_employees_title_id", "employees", ["title_id", "organisation_id", "active"])
    op.drop_index("ix_ratings_competency_id", "ratings")
    op.create_index("ix_ratings_competency_id", "ratings", ["competency_id", "round_id"])


def downgrade() -> None:
    op.drop_index("ix_ratings_competency_id", "ratings")
    op.create_index("ix_ratings_competency_id", "ratings", ["competency_id"])
    op.drop_index("ix_employees_title_id", "employees")
    op.create_index("ix_employees_title_id", "employees", ["title_id"])
    for table, key in KEYS:
        name = f"ix_{table}_{key}"
        op.drop_index(name, table)
        op.create_index(name, table, [key], unique=key in UNIQUE)
