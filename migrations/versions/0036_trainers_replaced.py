"""The history of a session keeps that a trainer was replaced, and why.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KINDS = "'status', 'sittings_moved', 'sittings_undated'"


def upgrade() -> None:
    _allow(f"{KINDS}, 'trainers_replaced'")


def downgrade() -> None:
    _allow(KINDS)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("session_changes") as batch_op:
        batch_op.drop_constraint(op.f("ck_session_changes_changekind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_session_changes_changekind"), f"kind IN ({kinds})")
