"""indexes certificate lists are read from

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BY_DATE = ["issued_on", "id", "course_session_id", "enrolment_id", "trainer_id", "kind", "status"]
BY_SESSION = ["course_session_id", "issued_on", "id", "kind", "status"]


def upgrade() -> None:
    op.create_index("ix_certificates_by_date", "certificates", BY_DATE)
    op.create_index("ix_certificates_by_session", "certificates", BY_SESSION)
    for column in ("course_session_id", "issued_on", "status"):
        op.drop_index(f"ix_certificates_{column}", "certificates")


def downgrade() -> None:
    for column in ("course_session_id", "issued_on", "status"):
        op.create_index(f"ix_certificates_{column}", "certificates", [column])
    op.drop_index("ix_certificates_by_session", "certificates")
    op.drop_index("ix_certificates_by_date", "certificates")
