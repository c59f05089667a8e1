"""Scores of tests have one decimal: they are kept in tenths.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_test_scores_score"), "test_scores", type_="check")
    op.alter_column("test_scores", "score", new_column_name="tenths")
    op.execute("UPDATE test_scores SET tenths = tenths * 10")
    op.create_check_constraint(op.f("ck_test_scores_tenths"), "test_scores", "tenths BETWEEN 0 AND 1000")


def downgrade() -> None:
    # a score with a decimal has no place in the older schema: this stops there
    op.create_check_constraint(op.f("ck_test_scores_whole"), "test_scores", "tenths / 10 * 10 = tenths")
    op.drop_constraint(op.f("ck_test_scores_whole"), "test_scores", type_="check")
    op.drop_constraint(op.f("ck_test_scores_tenths"), "test_scores", type_="check")
    op.execute("UPDATE test_scores SET tenths = tenths / 10")
    op.alter_column("test_scores", "tenths", new_column_name="score")
    op.create_check_constraint(op.f("ck_test_scores_score"), "test_scores", "score BETWEEN 0 AND 100")
