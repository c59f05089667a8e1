"""Pilot projects: management plans, users by month, staff and what they need.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

WATCHED = {
    "sqlite": [
        "CREATE TRIGGER pilot_corrections_kept_update BEFORE UPDATE ON pilot_corrections BEGIN"
        " SELECT RAISE(ABORT, 'pilot_corrections is only added to'); END",
        "CREATE TRIGGER pilot_corrections_kept_delete BEFORE DELETE ON pilot_corrections BEGIN"
        " SELECT RAISE(ABORT, 'pilot_corrections is only added to'); END",
    ],
    "postgresql": [
        "CREATE TRIGGER pilot_corrections_kept BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON pilot_corrections EXECUTE FUNCTION only_added_to()",
    ],
}
"""The database itself refuses to change or delete what was corrected; PostgreSQL has the function since plan versions."""


def upgrade() -> None:
    op.create_table(
        "pilots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=160), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("name_sort", sa.String(length=700), nullable=False),
        sa.Column("beneficiaries_tr", sa.String(length=300), nullable=False),
        sa.Column("beneficiaries_en", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "tracking",
            sa.Enum(
                "preparing",
                "testing",
                "in_use",
                name="trackingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_note", sa.String(length=1000), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["programme_documents.id"], name=op.f("fk_pilots_document_id_programme_documents")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_pilots_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_pilots_province_id_provinces")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_pilots_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilots")),
        sa.UniqueConstraint("code", name=op.f("uq_pilots_code")),
    )
    with op.batch_alter_table("pilots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilots_document_id"), ["document_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_pilots_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilots_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilots_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "pilot_asks",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_pilot_asks_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_asks_pilot_id_pilots")),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_items.id"], name=op.f("fk_pilot_asks_plan_item_id_plan_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_asks")),
    )
    with op.batch_alter_table("pilot_asks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_asks_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_asks_pilot_id"), ["pilot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_asks_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "pilot_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.Enum(
                "purpose",
                "staff",
                "services",
                "beneficiaries",
                "budget",
                "indicators",
                "risks",
                "sustainability",
                name="sectionkey",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "empty", "draft", "complete", name="sectionstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("text_tr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=160), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["documents.id"], name=op.f("fk_pilot_sections_attachment_id_documents")
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_sections_pilot_id_pilots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_sections")),
        sa.UniqueConstraint("pilot_id", "key", name=op.f("uq_pilot_sections_pilot_id_key")),
    )
    with op.batch_alter_table("pilot_sections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_sections_attachment_id"), ["attachment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_sections_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "pilot_services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_services_pilot_id_pilots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_services")),
    )
    with op.batch_alter_table("pilot_services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_services_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "pilot_staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_pilot_staff_employee_id_employees")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_staff_pilot_id_pilots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_staff")),
        sa.UniqueConstraint("pilot_id", "employee_id", name=op.f("uq_pilot_staff_pilot_id_employee_id")),
    )
    with op.batch_alter_table("pilot_staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_staff_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_staff_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "pilot_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=16), nullable=False),
        sa.Column("was", sa.Integer(), nullable=True),
        sa.Column("now", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_pilot_corrections_changed_by_users")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["pilot_services.id"], name=op.f("fk_pilot_corrections_service_id_pilot_services")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_corrections")),
    )
    with op.batch_alter_table("pilot_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_corrections_changed_by"), ["changed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_corrections_service_id"), ["service_id"], unique=False)

    op.create_table(
        "pilot_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("women_0", sa.Integer(), nullable=False),
        sa.Column("women_13", sa.Integer(), nullable=False),
        sa.Column("women_18", sa.Integer(), nullable=False),
        sa.Column("women_30", sa.Integer(), nullable=False),
        sa.Column("women_60", sa.Integer(), nullable=False),
        sa.Column("men_0", sa.Integer(), nullable=False),
        sa.Column("men_13", sa.Integer(), nullable=False),
        sa.Column("men_18", sa.Integer(), nullable=False),
        sa.Column("men_30", sa.Integer(), nullable=False),
        sa.Column("men_60", sa.Integer(), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "women_0 >= 0 AND women_13 >= 0 AND women_18 >= 0 AND women_30 >= 0 AND women_60 >= 0 AND men_0 >= 0 AND men_13 >= 0 AND men_18 >= 0 AND men_30 >= 0 AND men_60 >= 0 AND newcomers >= 0 AND settled >= 0 AND visits >= 0",
            name=op.f("ck_pilot_months_counts"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_pilot_months_entered_by_users")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["pilot_services.id"], name=op.f("fk_pilot_months_service_id_pilot_services")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_months")),
        sa.UniqueConstraint("service_id", "month", name=op.f("uq_pilot_months_service_id_month")),
    )
    with op.batch_alter_table("pilot_months", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_months_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_months_service_id"), ["service_id"], unique=False)
    for statement in WATCHED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("pilot_months", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_months_service_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_months_entered_by"))

    op.drop_table("pilot_months")
    with op.batch_alter_table("pilot_corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_corrections_service_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_corrections_changed_by"))

    op.drop_table("pilot_corrections")
    with op.batch_alter_table("pilot_staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_staff_pilot_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_staff_employee_id"))

    op.drop_table("pilot_staff")
    with op.batch_alter_table("pilot_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_services_pilot_id"))

    op.drop_table("pilot_services")
    with op.batch_alter_table("pilot_sections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_sections_pilot_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_sections_attachment_id"))

    op.drop_table("pilot_sections")
    with op.batch_alter_table("pilot_asks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_asks_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_asks_pilot_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_asks_competency_id"))

    op.drop_table("pilot_asks")
    with op.batch_alter_table("pilots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilots_theme_id"))
        batch_op.drop_index(batch_op.f("ix_pilots_province_id"))
        batch_op.drop_index(batch_op.f("ix_pilots_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_pilots_document_id"))

    op.drop_table("pilots")
