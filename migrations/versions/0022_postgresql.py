"""Give PostgreSQL what earlier steps left out there: the key to the head of a unit, and ids that count themselves.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = "fk_units_head_id_employees"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    inspector = sa.inspect(op.get_bind())
    # the table was made anew, and the sequence went with the old one
    if not any(c["name"] == "id" and c["default"] for c in inspector.get_columns("trainer_assignments")):
        op.execute("CREATE SEQUENCE trainer_assignments_id_seq AS integer OWNED BY trainer_assignments.id")
        op.execute(
            "SELECT setval('trainer_assignments_id_seq', max(id)) FROM trainer_assignments HAVING max(id) IS NOT NULL"
        )
        op.alter_column(
            "trainer_assignments", "id", server_default=sa.text("nextval('trainer_assignments_id_seq'::regclass)")
        )
    # made in a circle, it was left out; nothing kept a unit from pointing at somebody who is no longer there
    if not any(key["name"] == KEY for key in inspector.get_foreign_keys("units")):
        op.execute("UPDATE units SET head_id = NULL WHERE head_id NOT IN (SELECT id FROM employees)")
        op.create_foreign_key(KEY, "units", "employees", ["head_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(KEY, "units", type_="foreignkey")
