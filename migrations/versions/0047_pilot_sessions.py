"""Course sessions that were given for a pilot project, and measures that keep one alive.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pilot_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_sessions_pilot_id_pilots")),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_pilot_sessions_course_session_id_course_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_sessions")),
    )
    op.create_index(op.f("ix_pilot_sessions_pilot_id"), "pilot_sessions", ["pilot_id"])
    op.create_index(op.f("ix_pilot_sessions_course_session_id"), "pilot_sessions", ["course_session_id"], unique=True)
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pilot_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_measures_pilot_id"), ["pilot_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_measures_pilot_id_pilots"), "pilots", ["pilot_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_measures_pilot_id_pilots"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_measures_pilot_id"))
        batch_op.drop_column("pilot_id")
    op.drop_table("pilot_sessions")
