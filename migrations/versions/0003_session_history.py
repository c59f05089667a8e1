"""session history, reasons of declined assignments, days trainers cannot teach

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changes = op.create_table(
        "session_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "status",
                "sittings_moved",
                "sittings_undated",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("old", sa.String(length=32), nullable=False),
        sa.Column("new", sa.String(length=32), nullable=False),
        sa.Column("sittings", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_session_changes_course_session_id_course_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_changes")),
    )
    op.create_index(op.f("ix_session_changes_course_session_id"), "session_changes", ["course_session_id"])
    op.create_table(
        "trainer_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_trainer_absences_days")),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainers.id"], name=op.f("fk_trainer_absences_trainer_id_trainers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_absences")),
    )
    op.create_index(op.f("ix_trainer_absences_trainer_id"), "trainer_absences", ["trainer_id"])
    # made anew on PostgreSQL, it would lose the sequence of its ids
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table(
        "trainer_assignments", recreate=recreate, reflect_kwargs={"resolve_fks": False}
    ) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=500), server_default="", nullable=False))
    op.bulk_insert(changes, remembered())


def remembered() -> list[dict[str, object]]:
    """What the audit knows of the sessions' statuses so far; of their reasons only the last one was kept."""
    entries = sa.table(
        "audit_entries",
        sa.column("id", sa.Integer),
        sa.column("at", UtcDateTime()),
        sa.column("actor_id", sa.Integer),
        sa.column("event", sa.String),
        sa.column("facts", sa.JSON),
    )
    sessions = sa.table("course_sessions", sa.column("id", sa.Integer), sa.column("status_reason", sa.String))
    connection = op.get_bind()
    reasons: dict[int, str] = {row.id: row.status_reason for row in connection.execute(sa.select(sessions))}
    found = connection.execute(
        sa.select(entries.c.at, entries.c.actor_id, entries.c.facts)
        .where(entries.c.event.in_(("session.created", "session.moved")))
        .order_by(entries.c.at, entries.c.id)
    )
    rows: list[dict[str, object]] = [
        {
            "course_session_id": facts["course_session_id"],
            "kind": "status",
            "old": facts.get("was", ""),
            "new": facts.get("now", "draft"),
            "sittings": 0,
            "by_id": actor,
            "at": at,
            "reason": "",
        }
        for at, actor, facts in found
        if facts["course_session_id"] in reasons
    ]
    last = {row["course_session_id"]: row for row in rows if row["old"]}
    for key, row in last.items():
        row["reason"] = reasons[int(str(key))]
    return rows


def downgrade() -> None:
    with op.batch_alter_table("trainer_assignments", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.drop_column("reason")
    op.drop_table("trainer_absences")
    op.drop_table("session_changes")
