"""Add up the needs of women and of men apart, for whom the notice of a round names.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SUMMED = "n, needs, weights, importance, level, gap_points, single, paired, own_minus_other"
SEXES = ("woman", "man", "not_stated")
KEYS = {
    "round_id": "assessment_rounds",
    "organisation_id": "organisations",
    "competency_id": "competencies",
    "unit_id": "units",
}
WIDE = {"weights", "importance", "level", "gap_points"}


def upgrade() -> None:
    op.create_table(
        "sex_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(key, sa.Integer(), nullable=key == "unit_id") for key in KEYS),
        sa.Column(
            "sex",
            sa.Enum(*SEXES, name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        *(
            sa.Column(name, sa.BigInteger() if name in WIDE else sa.Integer(), nullable=False)
            for name in SUMMED.split(", ")
        ),
        *(
            sa.ForeignKeyConstraint([key], [f"{table}.id"], name=op.f(f"fk_sex_sums_{key}_{table}"))
            for key, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sex_sums")),
    )
    for column in ("organisation_id", "competency_id"):
        op.create_index(op.f(f"ix_sex_sums_{column}"), "sex_sums", [column])
    op.create_index("ix_sex_sums_unit_id_round_id", "sex_sums", ["unit_id", "round_id"])
    for name, columns, where in (
        ("uq_sex_sums_institution", ["sex"], "unit_id IS NULL"),
        ("uq_sex_sums_part", ["unit_id", "sex"], "unit_id IS NOT NULL"),
    ):
        op.create_index(
            name,
            "sex_sums",
            ["round_id", "organisation_id", "competency_id", *columns],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    _fill()


def _fill() -> None:
    """What the service would write for the needs that stand already: the parts, then the institutions from them."""
    both = "n.self_level IS NOT NULL AND n.supervisor_level IS NOT NULL"
    op.execute(
        f"""
        INSERT INTO sex_sums (round_id, organisation_id, competency_id, unit_id, sex, {SUMMED})
        SELECT p.round_id, p.organisation_id, n.competency_id, p.unit_id, p.sex,
               count(*),
               sum(CASE WHEN n.need THEN 1 ELSE 0 END),
               sum(n.w),
               sum(n.w * n.i),
               sum(n.w * n.l),
               sum(CASE WHEN n.g > 0 THEN n.g ELSE 0 END),
               sum(CASE WHEN n.single_source THEN 1 ELSE 0 END),
               sum(CASE WHEN {both} THEN 1 ELSE 0 END),
               sum(CASE WHEN {both} THEN n.self_level - n.supervisor_level ELSE 0 END)
        FROM (
            SELECT needs.*,
                   CAST(round(weight * 10000) AS BIGINT) AS w,
                   CAST(round(importance * 10000) AS BIGINT) AS i,
                   CAST(round(level * 10000) AS BIGINT) AS l,
                   CAST(round(gap * 10000) AS BIGINT) AS g
            FROM needs
        ) AS n
        JOIN respondents AS p ON p.round_id = n.round_id AND p.employee_id = n.employee_id
        GROUP BY p.round_id, p.organisation_id, n.competency_id, p.unit_id, p.sex
        """  # noqa: S608  # nothing but our own words
    )
    op.execute(
        f"""
        INSERT INTO sex_sums (round_id, organisation_id, competency_id, sex, {SUMMED})
        SELECT round_id, organisation_id, competency_id, sex, {", ".join(f"sum({name})" for name in SUMMED.split(", "))}
        FROM sex_sums
        WHERE unit_id IS NOT NULL
        GROUP BY round_id, organisation_id, competency_id, sex
        """  # noqa: S608  # nothing but our own column names
    )


def downgrade() -> None:
    op.execute("DELETE FROM sex_sums")  # added up again on the way up
    op.drop_table("sex_sums")
