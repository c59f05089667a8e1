"""A plan for each province, too; what a revision would change of a row; versions as they were approved.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KEPT = "plan_versions"
FUNCTION = """
    CREATE OR REPLACE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$
"""
NAMED = ("id", "name_tr", "name_en")
FOUR_PLACES = Decimal("0.0001")
FIGURES = ("score", "eligible", "gap_points")

plans = sa.table("training_plans", *map(sa.column, ("id", "status")), sa.column("approved_at", UtcDateTime()))
items = sa.table(
    "plan_items",
    *map(sa.column, ("id", "plan_id", "course_id", "province_id", "organisation_id", "groups", "quarter", "position")),
    *map(sa.column, ("hours", "cost", "origin", "origin_text", "reason", "round_id", "approved", *FIGURES)),
)
courses = sa.table("courses", *map(sa.column, ("code", "hours", *NAMED)))
provinces = sa.table("provinces", *map(sa.column, NAMED))
organisations = sa.table("organisations", *map(sa.column, NAMED))
versions = sa.table(
    "plan_versions",
    *map(sa.column, ("plan_id", "edition", "reason")),
    sa.column("approved_at", UtcDateTime()),
    sa.column("rows", sa.JSON()),
)


def upgrade() -> None:
    _plans()
    _items()
    _tables()
    op.execute("UPDATE plan_items SET hours = (SELECT hours FROM courses WHERE courses.id = plan_items.course_id)")
    op.execute("UPDATE plan_items SET position = id")
    op.execute(_of_approved().values(approved=sa.true()))
    _freeze()
    _watch()


def _of_approved() -> sa.Update:
    """The rows of approved plans."""
    return sa.update(items).where(items.c.plan_id.in_(sa.select(plans.c.id).where(plans.c.status == "approved")))


def _plans() -> None:
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("province_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("limit_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("limit_cost", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("submitted_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("submitted_at", UtcDateTime(), nullable=True))
        batch_op.drop_constraint(op.f("uq_training_plans_year"), type_="unique")
        batch_op.create_foreign_key(
            op.f("fk_training_plans_province_id_provinces"), "provinces", ["province_id"], ["id"]
        )
        batch_op.create_foreign_key(op.f("fk_training_plans_submitted_by_users"), "users", ["submitted_by"], ["id"])
        batch_op.create_index(op.f("ix_training_plans_province_id"), ["province_id"], unique=False)
        batch_op.create_index(op.f("ix_training_plans_submitted_by"), ["submitted_by"], unique=False)
    for name, columns, where in (
        ("uq_training_plans_programme", ["year"], sa.text("province_id IS NULL")),
        ("uq_training_plans_province", ["year", "province_id"], sa.text("province_id IS NOT NULL")),
    ):
        op.create_index(name, "training_plans", columns, unique=True, sqlite_where=where, postgresql_where=where)


def _items() -> None:
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("hours", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("cost", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("approved", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("dropped", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("pending", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def _tables() -> None:
    status = sa.Enum(
        *("draft", "submitted", "approved", "returned"),
        name="planstatus",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    op.create_table(
        "plan_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_plan_changes_changed_by_users")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plans.id"], name=op.f("fk_plan_changes_plan_id_training_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
    )
    op.create_table(
        KEPT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("limit_hours", sa.Integer(), nullable=True),
        sa.Column("limit_cost", sa.Integer(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_plan_versions_approved_by_users")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plans.id"], name=op.f("fk_plan_versions_plan_id_training_plans")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_plan_versions_submitted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("plan_id", "edition", name=op.f("uq_plan_versions_plan_id_edition")),
    )
    for table, column in (
        ("plan_changes", "plan_id"),
        ("plan_changes", "changed_by"),
        (KEPT, "plan_id"),
        (KEPT, "approved_by"),
        (KEPT, "submitted_by"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _freeze() -> None:
    """Each approved plan as it stands is its first version."""
    bind = op.get_bind()
    place = {"province": provinces.c, "organisation": organisations.c}
    named = [c[key].label(f"{name}_{key}") for name, c in place.items() for key in ("name_tr", "name_en")]
    statement = (
        sa.select(items, courses.c.code, courses.c.name_tr, courses.c.name_en, *named)
        .select_from(items)
        .join(courses, courses.c.id == items.c.course_id)
        .outerjoin(provinces, provinces.c.id == items.c.province_id)
        .outerjoin(organisations, organisations.c.id == items.c.organisation_id)
        .order_by(items.c.id)
    )
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in bind.execute(statement).mappings():
        rows[row["plan_id"]].append(_frozen(row))
    for plan in bind.execute(sa.select(plans).where(plans.c.status == "approved")).all():
        frozen = {"plan_id": plan.id, "edition": 1, "reason": "", "rows": rows[plan.id]}
        moment = plan.approved_at or bind.scalar(sa.select(sa.func.now()))
        bind.execute(sa.insert(versions).values(approved_at=moment, **frozen))


def _frozen(row: Any) -> dict[str, Any]:
    kept = ("course_id", "province_id", "organisation_id", "groups", "quarter", "hours", "cost", "origin")
    frozen = {name: row[name] for name in (*kept, "origin_text", "round_id", "eligible", "reason", "code")}
    frozen |= {"id": row["id"], "course_tr": row["name_tr"], "course_en": row["name_en"]}
    for language in ("tr", "en"):
        place = row[f"organisation_name_{language}"] or row[f"province_name_{language}"]
        frozen[f"place_{language}"] = place or ""
    for name in ("score", "gap_points"):
        frozen[name] = None if row[name] is None else str(Decimal(str(row[name])).quantize(FOUR_PLACES))
    return frozen | {"dropped": False}


def _watch() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(FUNCTION.replace("%", "%%"))
        watched = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {KEPT}"
        op.execute(f"CREATE TRIGGER {KEPT}_kept {watched} EXECUTE FUNCTION only_added_to()")
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {KEPT}_kept_{verb.lower()} BEFORE {verb} ON {KEPT} BEGIN"
            f" SELECT RAISE(ABORT, '{KEPT} is only added to'); END"
        )


def downgrade() -> None:
    """What `upgrade` makes again is no loss: first versions nobody approved here, hours as the course has them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {KEPT}_kept ON {KEPT}")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {KEPT}_kept_{verb}")
    op.execute("DELETE FROM plan_versions WHERE edition = 1 AND approved_by IS NULL")
    op.execute("UPDATE plan_items SET hours = 0, position = 0, version = 1")
    op.execute(_of_approved().values(approved=sa.false()))
    op.drop_table(KEPT)
    op.drop_table("plan_changes")
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        for column in ("version", "pending", "dropped", "approved", "cost", "hours", "position"):
            batch_op.drop_column(column)
    for name in ("uq_training_plans_province", "uq_training_plans_programme"):
        op.drop_index(name, "training_plans")
    of_provinces = _plans_of_provinces()
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_training_plans_submitted_by"))
        batch_op.drop_index(op.f("ix_training_plans_province_id"))
        batch_op.drop_constraint(op.f("fk_training_plans_submitted_by_users"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_training_plans_province_id_provinces"), type_="foreignkey")
        for column in ("submitted_at", "submitted_by", "reason", "limit_cost", "limit_hours", "edition", "province_id"):
            batch_op.drop_column(column)
    _discard(of_provinces)
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_training_plans_year"), ["year"])


def _plans_of_provinces() -> list[int]:
    whose = sa.table("training_plans", sa.column("id"), sa.column("province_id"))
    return list(op.get_bind().scalars(sa.select(whose.c.id).where(whose.c.province_id.is_not(None))))


def _discard(plan_ids: list[int]) -> None:
    """The older schema has one plan a year. That their provinces go was counted: without a word nothing comes here."""
    sessions = sa.table("course_sessions", sa.column("plan_item_id"))
    rows = sa.select(items.c.id).where(items.c.plan_id.in_(plan_ids))
    op.execute(sa.update(sessions).where(sessions.c.plan_item_id.in_(rows)).values(plan_item_id=None))
    op.execute(sa.delete(items).where(items.c.plan_id.in_(plan_ids)))
    op.execute(sa.delete(plans).where(plans.c.id.in_(plan_ids)))
