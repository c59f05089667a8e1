"""Who took part in a session, and of which institution they are, is read from the sessions' index alone.

Revision ID: 0057
Revises: 0056
"""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

INDEX = "ix_enrolments_course_session_id"


def upgrade() -> None:
    op.drop_index(INDEX, "enrolments")
    op.create_index(INDEX, "enrolments", ["course_session_id", "organisation_id", "employee_id"])


def downgrade() -> None:
    op.drop_index(INDEX, "enrolments")
    op.create_index(INDEX, "enrolments", ["course_session_id"])
