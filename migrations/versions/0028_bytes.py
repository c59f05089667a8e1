"""Let addresses and keys be no words on PostgreSQL, whatever its order of letters and its small letters are.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMNS = (
    ("employees", "email", 254),
    ("invalid_addresses", "address", 254),
    ("messages", "occasion", 120),
    ("messages", "to_address", 254),
    ("reset_requests", "email", 254),
    ("trainers", "email", 254),
    ("users", "email", 254),
)


def upgrade() -> None:
    _order("C")


def downgrade() -> None:
    _order("default")


def _order(name: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column, length in COLUMNS:  # its indexes are made anew with it
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "{name}"')
