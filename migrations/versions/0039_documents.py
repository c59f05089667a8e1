"""Documents of the programme: drafted, submitted, decided, kept in versions.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

WATCHED = {
    "sqlite": [
        "CREATE TRIGGER programme_document_versions_kept_update BEFORE UPDATE ON programme_document_versions BEGIN"
        " SELECT RAISE(ABORT, 'programme_document_versions is only added to'); END",
        "CREATE TRIGGER programme_document_versions_kept_delete BEFORE DELETE ON programme_document_versions BEGIN"
        " SELECT RAISE(ABORT, 'programme_document_versions is only added to'); END",
    ],
    "postgresql": [
        "CREATE TRIGGER programme_document_versions_kept BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON programme_document_versions EXECUTE FUNCTION only_added_to()",
    ],
}
"""The database itself refuses to change or delete what was approved; PostgreSQL has that function since plan versions."""


def upgrade() -> None:
    op.create_table(
        "programme_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "management_plan",
                "action_plan",
                "strategy",
                name="programmedocumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name_tr", sa.String(length=240), nullable=False),
        sa.Column("name_en", sa.String(length=240), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "returned",
                name="programmedocumentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_programme_documents_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_programme_documents_province_id_provinces")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_programme_documents_submitted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_documents")),
    )
    with op.batch_alter_table("programme_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_documents_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_documents_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_documents_submitted_by"), ["submitted_by"], unique=False)

    op.create_table(
        "programme_document_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "returned",
                name="programmedocumentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("fk_programme_document_steps_changed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["programme_documents.id"],
            name=op.f("fk_programme_document_steps_document_id_programme_documents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_document_steps")),
    )
    with op.batch_alter_table("programme_document_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_document_steps_changed_by"), ["changed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_document_steps_document_id"), ["document_id"], unique=False)

    op.create_table(
        "programme_document_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=240), nullable=False),
        sa.Column("name_en", sa.String(length=240), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_programme_document_versions_approved_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["programme_documents.id"],
            name=op.f("fk_programme_document_versions_document_id_programme_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["users.id"], name=op.f("fk_programme_document_versions_submitted_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_document_versions")),
        sa.UniqueConstraint("document_id", "edition", name=op.f("uq_programme_document_versions_document_id_edition")),
    )
    with op.batch_alter_table("programme_document_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_document_versions_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_document_versions_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_document_versions_submitted_by"), ["submitted_by"], unique=False)
    for statement in WATCHED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("programme_document_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_document_versions_submitted_by"))
        batch_op.drop_index(batch_op.f("ix_programme_document_versions_document_id"))
        batch_op.drop_index(batch_op.f("ix_programme_document_versions_approved_by"))

    op.drop_table("programme_document_versions")
    with op.batch_alter_table("programme_document_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_document_steps_document_id"))
        batch_op.drop_index(batch_op.f("ix_programme_document_steps_changed_by"))

    op.drop_table("programme_document_steps")
    with op.batch_alter_table("programme_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_documents_submitted_by"))
        batch_op.drop_index(batch_op.f("ix_programme_documents_province_id"))
        batch_op.drop_index(batch_op.f("ix_programme_documents_organisation_id"))

    op.drop_table("programme_documents")
