"""Strategic action plan groups: members, meetings with attendance, actions with their steps and asks.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("name_sort", sa.String(length=640), nullable=False),
        sa.Column("search_text", sa.String(length=340), nullable=False),
        sa.Column("aim_tr", sa.String(length=1000), nullable=False),
        sa.Column("aim_en", sa.String(length=1000), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_action_groups_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_groups")),
    )
    with op.batch_alter_table("action_groups") as batch_op:
        batch_op.create_index(op.f("ix_action_groups_province_id"), ["province_id"], unique=False)

    op.create_table(
        "action_group_themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["action_groups.id"], name=op.f("fk_action_group_themes_group_id_action_groups")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_action_group_themes_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_group_themes")),
        sa.UniqueConstraint("group_id", "theme_id", name=op.f("uq_action_group_themes_group_id_theme_id")),
    )
    with op.batch_alter_table("action_group_themes") as batch_op:
        batch_op.create_index(op.f("ix_action_group_themes_group_id"), ["group_id"], unique=False)
        batch_op.create_index(op.f("ix_action_group_themes_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "group_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_group_meetings_hours")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_group_meetings_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["action_groups.id"], name=op.f("fk_group_meetings_group_id_action_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meetings")),
    )
    with op.batch_alter_table("group_meetings") as batch_op:
        batch_op.create_index(op.f("ix_group_meetings_date"), ["date"], unique=False)
        batch_op.create_index(op.f("ix_group_meetings_document_id"), ["document_id"], unique=False)
        batch_op.create_index(op.f("ix_group_meetings_group_id"), ["group_id"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column(
            "institution_type",
            sa.Enum(
                "municipality",
                "governorate",
                "public_body",
                "university",
                "ngo",
                "chamber",
                "muhtar",
                "private",
                name="institutiontype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job", sa.String(length=120), nullable=False),
        sa.Column(
            "office",
            sa.Enum(
                "chair", "secretary", "member", name="office", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("woman", "man", "not_stated", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "email",
            sa.String(length=254).with_variant(sa.String(length=254, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "left_on IS NULL OR joined_on IS NULL OR joined_on <= left_on", name=op.f("ck_group_members_days")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_group_members_employee_id_employees")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["action_groups.id"], name=op.f("fk_group_members_group_id_action_groups")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_group_members_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
    )
    with op.batch_alter_table("group_members") as batch_op:
        batch_op.create_index(
            "ix_group_members_employee_id",
            ["employee_id"],
            unique=False,
            sqlite_where=sa.text("employee_id IS NOT NULL"),
            postgresql_where=sa.text("employee_id IS NOT NULL"),
        )
        batch_op.create_index(op.f("ix_group_members_group_id"), ["group_id"], unique=False)
        batch_op.create_index(op.f("ix_group_members_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "strategic_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["programme_documents.id"], name=op.f("fk_strategic_plans_document_id_programme_documents")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_strategic_plans_province_id_provinces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_plans")),
    )
    with op.batch_alter_table("strategic_plans") as batch_op:
        batch_op.create_index(op.f("ix_strategic_plans_document_id"), ["document_id"], unique=False)
        batch_op.create_index(op.f("ix_strategic_plans_province_id"), ["province_id"], unique=True)

    op.create_table(
        "strategic_goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_tr", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["strategic_plans.id"], name=op.f("fk_strategic_goals_plan_id_strategic_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_goals")),
    )
    with op.batch_alter_table("strategic_goals") as batch_op:
        batch_op.create_index(op.f("ix_strategic_goals_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "group_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("text_tr", sa.String(length=500), nullable=False),
        sa.Column("text_en", sa.String(length=500), nullable=False),
        sa.Column("search_text", sa.String(length=1002), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "under_way",
                "done",
                "dropped",
                name="actionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=1000), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_group_actions_percent")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_group_actions_document_id_documents")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["action_groups.id"], name=op.f("fk_group_actions_group_id_action_groups")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["group_meetings.id"], name=op.f("fk_group_actions_meeting_id_group_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["group_members.id"], name=op.f("fk_group_actions_owner_id_group_members")
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["strategic_goals.id"], name=op.f("fk_group_actions_goal_id_strategic_goals")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_group_actions_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_actions")),
    )
    with op.batch_alter_table("group_actions") as batch_op:
        batch_op.create_index(op.f("ix_group_actions_document_id"), ["document_id"], unique=False)
        batch_op.create_index(op.f("ix_group_actions_due_on"), ["due_on"], unique=False)
        batch_op.create_index(op.f("ix_group_actions_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(op.f("ix_group_actions_group_id"), ["group_id"], unique=False)
        batch_op.create_index(op.f("ix_group_actions_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(op.f("ix_group_actions_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(op.f("ix_group_actions_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "meeting_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "attended",
            sa.Enum(
                "present", "substitute", "absent", name="attended", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("substitute", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["group_meetings.id"], name=op.f("fk_meeting_attendance_meeting_id_group_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["group_members.id"], name=op.f("fk_meeting_attendance_member_id_group_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("meeting_id", "member_id", name=op.f("uq_meeting_attendance_meeting_id_member_id")),
    )
    with op.batch_alter_table("meeting_attendance") as batch_op:
        batch_op.create_index(op.f("ix_meeting_attendance_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(op.f("ix_meeting_attendance_member_id"), ["member_id"], unique=False)

    op.create_table(
        "action_asks",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["group_actions.id"], name=op.f("fk_action_asks_action_id_group_actions")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_action_asks_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_items.id"], name=op.f("fk_action_asks_plan_item_id_plan_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_asks")),
        sa.UniqueConstraint("action_id", "competency_id", name=op.f("uq_action_asks_action_id_competency_id")),
    )
    with op.batch_alter_table("action_asks") as batch_op:
        batch_op.create_index(op.f("ix_action_asks_action_id"), ["action_id"], unique=False)
        batch_op.create_index(op.f("ix_action_asks_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(op.f("ix_action_asks_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "group_action_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "under_way",
                "done",
                "dropped",
                name="actionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["group_actions.id"], name=op.f("fk_group_action_changes_action_id_group_actions")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_group_action_changes_changed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_action_changes")),
    )
    with op.batch_alter_table("group_action_changes") as batch_op:
        batch_op.create_index(op.f("ix_group_action_changes_action_id"), ["action_id"], unique=False)
        batch_op.create_index(op.f("ix_group_action_changes_changed_by"), ["changed_by"], unique=False)


def downgrade() -> None:
    for table in (
        "group_action_changes",
        "action_asks",
        "meeting_attendance",
        "group_actions",
        "strategic_goals",
        "strategic_plans",
        "group_members",
        "group_meetings",
        "action_group_themes",
        "action_groups",
    ):
        op.drop_table(table)
