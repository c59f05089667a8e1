"""A row of a plan may come from a pilot project.

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BEFORE, AFTER = "'needs', 'field', 'action_plan'", "'manager', 'law'"


def upgrade() -> None:
    _allow(f"{BEFORE}, 'pilot', {AFTER}")


def downgrade() -> None:
    # in words it still says which pilot project asked
    op.execute("UPDATE plan_items SET origin = 'manager' WHERE origin = 'pilot'")
    _allow(f"{BEFORE}, {AFTER}")


def _allow(origins: str) -> None:
    with op.batch_alter_table("plan_items") as batch_op:
        batch_op.drop_constraint(op.f("ck_plan_items_origin"), type_="check")
        batch_op.create_check_constraint(op.f("ck_plan_items_origin"), f"origin IN ({origins})")
