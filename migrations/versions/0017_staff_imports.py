"""Keep staff lists that are brought in, what their words were said to mean, and pairs of records that may be one.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_memories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_import_memories_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_memories")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "word", name=op.f("uq_import_memories_organisation_id_kind_word")
        ),
    )
    with op.batch_alter_table("import_memories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_memories_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "staff_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "read",
                "checking",
                "checked",
                "storing",
                "committed",
                "undone",
                "discarded",
                name="staffimportstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column(
            "employment_type",
            sa.Enum(
                "civil_servant",
                "contract",
                "worker",
                "company",
                name="employmenttype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("committed_by", sa.Integer(), nullable=True),
        sa.Column("committed_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["committed_by"], ["users.id"], name=op.f("fk_staff_imports_committed_by_users")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_staff_imports_created_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_staff_imports_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_staff_imports_undone_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_imports")),
    )
    with op.batch_alter_table("staff_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_imports_committed_by"), ["committed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_imports_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_imports_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_imports_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_imports_undone_by"), ["undone_by"], unique=False)

    op.create_table(
        "staff_import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "new",
                "changed",
                "same",
                "repeated",
                "possible",
                "error",
                name="importrowkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["staff_imports.id"], name=op.f("fk_staff_import_rows_import_id_staff_imports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_import_rows")),
    )
    with op.batch_alter_table("staff_import_rows", schema=None) as batch_op:
        batch_op.create_index("ix_staff_import_rows_import_id_kind", ["import_id", "kind", "position"], unique=False)

    op.create_table(
        "employee_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("first_organisation_id", sa.Integer(), nullable=False),
        sa.Column("second_organisation_id", sa.Integer(), nullable=False),
        sa.Column("signs", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("different", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_employee_pairs_decided_by_users")),
        sa.ForeignKeyConstraint(["first_id"], ["employees.id"], name=op.f("fk_employee_pairs_first_id_employees")),
        sa.ForeignKeyConstraint(
            ["first_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_employee_pairs_first_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["second_id"], ["employees.id"], name=op.f("fk_employee_pairs_second_id_employees")),
        sa.ForeignKeyConstraint(
            ["second_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_employee_pairs_second_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee_pairs")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_employee_pairs_first_id_second_id")),
    )
    with op.batch_alter_table("employee_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employee_pairs_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index("ix_employee_pairs_different_score", ["different", "score", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employee_pairs_first_id"), ["first_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_employee_pairs_first_organisation_id"), ["first_organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_employee_pairs_second_id"), ["second_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_employee_pairs_second_organisation_id"), ["second_organisation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("employee_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employee_pairs_second_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_employee_pairs_second_id"))
        batch_op.drop_index(batch_op.f("ix_employee_pairs_first_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_employee_pairs_first_id"))
        batch_op.drop_index("ix_employee_pairs_different_score")
        batch_op.drop_index(batch_op.f("ix_employee_pairs_decided_by"))

    op.drop_table("employee_pairs")
    with op.batch_alter_table("staff_import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_import_rows_import_id_kind")

    op.drop_table("staff_import_rows")
    with op.batch_alter_table("staff_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_imports_undone_by"))
        batch_op.drop_index(batch_op.f("ix_staff_imports_sha256"))
        batch_op.drop_index(batch_op.f("ix_staff_imports_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_staff_imports_created_by"))
        batch_op.drop_index(batch_op.f("ix_staff_imports_committed_by"))

    op.drop_table("staff_imports")
    with op.batch_alter_table("import_memories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_memories_organisation_id"))

    op.drop_table("import_memories")
