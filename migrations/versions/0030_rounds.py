"""What a needs analysis asks whom, how far everybody came, and answers that are not complete yet.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "published",
                name="roundstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_round_changes_changed_by_users")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_round_changes_round_id_assessment_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_changes")),
    )
    with op.batch_alter_table("round_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_changes_changed_by"), ["changed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_changes_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_round_items_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_round_items_round_id_assessment_rounds")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_round_items_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_items")),
        sa.UniqueConstraint(
            "round_id", "unit_id", "competency_id", name=op.f("uq_round_items_round_id_unit_id_competency_id")
        ),
    )
    with op.batch_alter_table("round_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_items_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_items_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "round_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_round_places_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_round_places_round_id_assessment_rounds")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_round_places_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_places")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_round_places_round_id_unit_id")),
    )
    with op.batch_alter_table("round_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_places_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_places_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "questionnaires",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column(
            "told_by",
            sa.Enum("mail", "slip", "paper", name="told", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("typed_by", sa.Integer(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("past", sa.Text(), nullable=False),
        sa.Column("preferences", sa.JSON(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["respondent_id"], ["respondents.id"], name=op.f("fk_questionnaires_respondent_id_respondents")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_questionnaires_round_id_assessment_rounds")
        ),
        sa.ForeignKeyConstraint(["typed_by"], ["users.id"], name=op.f("fk_questionnaires_typed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaires")),
    )
    with op.batch_alter_table("questionnaires", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questionnaires_respondent_id"), ["respondent_id"], unique=True)
        batch_op.create_index("ix_questionnaires_round_id_finished_at", ["round_id", "finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_questionnaires_typed_by"), ["typed_by"], unique=False)

    with op.batch_alter_table("assessment_rounds", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "asking",
                sa.Enum("everyone", "sample", name="asking", native_enum=False, create_constraint=True, length=32),
                server_default="everyone",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("seed", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("notice", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("readers", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("paper", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("designed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_assessment_rounds_follows_id"), ["follows_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_assessment_rounds_follows_id_assessment_rounds"), "assessment_rounds", ["follows_id"], ["id"]
        )

    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("relevant", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.alter_column("importance", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("level", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_check_constraint(
            batch_op.f("ck_ratings_relevant"), "relevant OR (importance IS NULL AND level IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ratings_relevant"), type_="check")
        batch_op.alter_column("level", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("importance", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("relevant")

    with op.batch_alter_table("assessment_rounds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assessment_rounds_follows_id_assessment_rounds"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_assessment_rounds_follows_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("designed")
        batch_op.drop_column("follows_id")
        batch_op.drop_column("paper")
        batch_op.drop_column("readers")
        batch_op.drop_column("notice")
        batch_op.drop_column("seed")
        batch_op.drop_column("asking")

    with op.batch_alter_table("questionnaires", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questionnaires_typed_by"))
        batch_op.drop_index("ix_questionnaires_round_id_finished_at")
        batch_op.drop_index(batch_op.f("ix_questionnaires_respondent_id"))

    op.drop_table("questionnaires")
    with op.batch_alter_table("round_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_places_unit_id"))
        batch_op.drop_index(batch_op.f("ix_round_places_organisation_id"))

    op.drop_table("round_places")
    with op.batch_alter_table("round_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_items_unit_id"))
        batch_op.drop_index(batch_op.f("ix_round_items_competency_id"))

    op.drop_table("round_items")
    with op.batch_alter_table("round_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_changes_round_id"))
        batch_op.drop_index(batch_op.f("ix_round_changes_changed_by"))

    op.drop_table("round_changes")
