"""Field studies of needs: their interviews, their findings, and what those ask of the training.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_studies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("title_tr", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "household_survey",
                "focus_group",
                "interview",
                name="studymethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "design",
                "development",
                "fieldwork",
                "analysis",
                "done",
                name="studystage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("design_on", sa.Date(), nullable=True),
        sa.Column("development_on", sa.Date(), nullable=True),
        sa.Column("fieldwork_on", sa.Date(), nullable=True),
        sa.Column("analysis_on", sa.Date(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("lead", sa.String(length=200), nullable=False),
        sa.Column("summary_tr", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_field_studies_province_id_provinces")),
        sa.ForeignKeyConstraint(["report_id"], ["documents.id"], name=op.f("fk_field_studies_report_id_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_studies")),
    )
    with op.batch_alter_table("field_studies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_studies_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_studies_report_id"), ["report_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("statement_tr", sa.String(length=500), nullable=False),
        sa.Column("statement_en", sa.String(length=500), nullable=False),
        sa.Column(
            "strength",
            sa.Enum(
                "strong", "medium", "weak", name="findingstrength", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("rests_on", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "verified",
                "withdrawn",
                name="findingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1000", name=op.f("ck_findings_share")),
        sa.ForeignKeyConstraint(["study_id"], ["field_studies.id"], name=op.f("fk_findings_study_id_field_studies")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_findings_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "study_districts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("planned_women", sa.Integer(), nullable=False),
        sa.Column("planned_men", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned_women >= 0 AND planned_men >= 0", name=op.f("ck_study_districts_planned")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_study_districts_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["field_studies.id"], name=op.f("fk_study_districts_study_id_field_studies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_districts")),
        sa.UniqueConstraint("study_id", "organisation_id", name=op.f("uq_study_districts_study_id_organisation_id")),
    )
    with op.batch_alter_table("study_districts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_districts_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_districts_study_id"), ["study_id"], unique=False)

    op.create_table(
        "finding_asks",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_finding_asks_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_asks_finding_id_findings")),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_items.id"], name=op.f("fk_finding_asks_plan_item_id_plan_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_asks")),
    )
    with op.batch_alter_table("finding_asks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_asks_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_asks_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_asks_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "study_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "stage",
                "report",
                "finding",
                "ask",
                name="studymove",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("new", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_study_changes_changed_by_users")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_study_changes_finding_id_findings")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["field_studies.id"], name=op.f("fk_study_changes_study_id_field_studies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_changes")),
    )
    with op.batch_alter_table("study_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_changes_changed_by"), ["changed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_changes_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_changes_study_id"), ["study_id"], unique=False)

    op.create_table(
        "study_interviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("men", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("women >= 0 AND men >= 0", name=op.f("ck_study_interviews_held")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["study_districts.id"], name=op.f("fk_study_interviews_district_id_study_districts")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_study_interviews_entered_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_interviews")),
        sa.UniqueConstraint("district_id", "day", name=op.f("uq_study_interviews_district_id_day")),
    )
    with op.batch_alter_table("study_interviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_interviews_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_interviews_entered_by"), ["entered_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("study_interviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_interviews_entered_by"))
        batch_op.drop_index(batch_op.f("ix_study_interviews_district_id"))

    op.drop_table("study_interviews")
    with op.batch_alter_table("study_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_changes_study_id"))
        batch_op.drop_index(batch_op.f("ix_study_changes_finding_id"))
        batch_op.drop_index(batch_op.f("ix_study_changes_changed_by"))

    op.drop_table("study_changes")
    with op.batch_alter_table("finding_asks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_asks_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_finding_asks_finding_id"))
        batch_op.drop_index(batch_op.f("ix_finding_asks_competency_id"))

    op.drop_table("finding_asks")
    with op.batch_alter_table("study_districts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_districts_study_id"))
        batch_op.drop_index(batch_op.f("ix_study_districts_organisation_id"))

    op.drop_table("study_districts")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_theme_id"))
        batch_op.drop_index(batch_op.f("ix_findings_study_id"))

    op.drop_table("findings")
    with op.batch_alter_table("field_studies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_studies_report_id"))
        batch_op.drop_index(batch_op.f("ix_field_studies_province_id"))

    op.drop_table("field_studies")
