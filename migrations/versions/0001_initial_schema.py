"""initial schema

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# substring search on SQLite: see app/core/search.py
SEARCH = (
    "CREATE VIRTUAL TABLE certificates_search USING fts5(search_text, content='certificates', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER certificates_search_insert AFTER INSERT ON certificates BEGIN INSERT INTO certificates_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER certificates_search_delete AFTER DELETE ON certificates BEGIN INSERT INTO certificates_search(certificates_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER certificates_search_update AFTER UPDATE OF search_text ON certificates BEGIN INSERT INTO certificates_search(certificates_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO certificates_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE VIRTUAL TABLE courses_search USING fts5(search_text, content='courses', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER courses_search_insert AFTER INSERT ON courses BEGIN INSERT INTO courses_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER courses_search_delete AFTER DELETE ON courses BEGIN INSERT INTO courses_search(courses_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER courses_search_update AFTER UPDATE OF search_text ON courses BEGIN INSERT INTO courses_search(courses_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO courses_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE VIRTUAL TABLE employees_search USING fts5(search_text, content='employees', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER employees_search_insert AFTER INSERT ON employees BEGIN INSERT INTO employees_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER employees_search_delete AFTER DELETE ON employees BEGIN INSERT INTO employees_search(employees_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER employees_search_update AFTER UPDATE OF search_text ON employees BEGIN INSERT INTO employees_search(employees_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO employees_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE VIRTUAL TABLE trainers_search USING fts5(search_text, content='trainers', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER trainers_search_insert AFTER INSERT ON trainers BEGIN INSERT INTO trainers_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER trainers_search_delete AFTER DELETE ON trainers BEGIN INSERT INTO trainers_search(trainers_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER trainers_search_update AFTER UPDATE OF search_text ON trainers BEGIN INSERT INTO trainers_search(trainers_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO trainers_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE VIRTUAL TABLE users_search USING fts5(search_text, content='users', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN INSERT INTO users_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN INSERT INTO users_search(users_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER users_search_update AFTER UPDATE OF search_text ON users BEGIN INSERT INTO users_search(users_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO users_search(rowid, search_text) VALUES (new.id, new.search_text); END",
)
SEARCH_REMOVAL = (
    "DROP TRIGGER IF EXISTS certificates_search_insert",
    "DROP TRIGGER IF EXISTS certificates_search_delete",
    "DROP TRIGGER IF EXISTS certificates_search_update",
    "DROP TABLE IF EXISTS certificates_search",
    "DROP TRIGGER IF EXISTS courses_search_insert",
    "DROP TRIGGER IF EXISTS courses_search_delete",
    "DROP TRIGGER IF EXISTS courses_search_update",
    "DROP TABLE IF EXISTS courses_search",
    "DROP TRIGGER IF EXISTS employees_search_insert",
    "DROP TRIGGER IF EXISTS employees_search_delete",
    "DROP TRIGGER IF EXISTS employees_search_update",
    "DROP TABLE IF EXISTS employees_search",
    "DROP TRIGGER IF EXISTS trainers_search_insert",
    "DROP TRIGGER IF EXISTS trainers_search_delete",
    "DROP TRIGGER IF EXISTS trainers_search_update",
    "DROP TABLE IF EXISTS trainers_search",
    "DROP TRIGGER IF EXISTS users_search_insert",
    "DROP TRIGGER IF EXISTS users_search_delete",
    "DROP TRIGGER IF EXISTS users_search_update",
    "DROP TABLE IF EXISTS users_search",
)


def upgrade() -> None:
    op.create_table(
        "access_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entries")),
    )
    with op.batch_alter_table("access_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_entries_event"), ["event"], unique=False)

    op.create_table(
        "assessment_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "open", "closed", name="roundstatus", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("alpha", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_rounds")),
    )
    with op.batch_alter_table("assessment_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_rounds_year"), ["year"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_event"), ["event"], unique=False)

    op.create_table(
        "capacity_areas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name_tr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_areas")),
        sa.UniqueConstraint("slug", name=op.f("uq_capacity_areas_slug")),
    )
    op.create_table(
        "certificate_counters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_counters")),
        sa.UniqueConstraint("year", "series", name=op.f("uq_certificate_counters_year_series")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_sha256"), ["sha256"], unique=False)

    op.create_table(
        "holidays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("full", "half", name="holidaykind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("name_tr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "fixed",
                "religious",
                "administrative",
                name="holidaybasis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("date", name=op.f("uq_holidays_date")),
    )
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_forms")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_kept_forms_key_hash")),
    )
    with op.batch_alter_table("kept_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_forms_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=120), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("calendar", sa.LargeBinary(), nullable=True),
        sa.Column("calendar_method", sa.String(length=10), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                "cancelled",
                name="messagestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("occasion", name=op.f("uq_messages_occasion")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_status"), ["status"], unique=False)

    op.create_table(
        "provinces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("doc_abbr", sa.String(length=3), nullable=False),
        sa.Column("name_tr", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("locative_tr", sa.String(length=80), nullable=False),
        sa.Column("name_sort", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provinces")),
        sa.UniqueConstraint("code", name=op.f("uq_provinces_code")),
        sa.UniqueConstraint("doc_abbr", name=op.f("uq_provinces_doc_abbr")),
        sa.UniqueConstraint("slug", name=op.f("uq_provinces_slug")),
    )
    with op.batch_alter_table("provinces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provinces_name_sort"), ["name_sort"], unique=False)

    op.create_table(
        "settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        sa.UniqueConstraint("key", name=op.f("uq_settings_key")),
    )
    op.create_table(
        "submitted_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("location", sa.String(length=1000), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submitted_forms")),
        sa.UniqueConstraint("request_key", "owner", name=op.f("uq_submitted_forms_request_key_owner")),
    )
    with op.batch_alter_table("submitted_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submitted_forms_at"), ["at"], unique=False)

    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("description_tr", sa.String(length=500), nullable=False),
        sa.Column("description_en", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("prefix", name=op.f("uq_themes_prefix")),
        sa.UniqueConstraint("slug", name=op.f("uq_themes_slug")),
    )
    op.create_table(
        "throttles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("closed_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttles")),
        sa.UniqueConstraint("key", name=op.f("uq_throttles_key")),
    )
    op.create_table(
        "titles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name_tr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_sort", sa.String(length=500), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "top",
                "manager",
                "middle",
                "specialist",
                "technical",
                "officer",
                "worker",
                name="titlelevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_titles")),
        sa.UniqueConstraint("slug", name=op.f("uq_titles_slug")),
    )
    op.create_table(
        "training_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "returned",
                name="planstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plans")),
        sa.UniqueConstraint("year", name=op.f("uq_training_plans_year")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("name_sort", sa.String(length=800), nullable=False),
        sa.Column("search_text", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_name_sort"), ["name_sort"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_user_id"), ["user_id"], unique=True)

    op.create_table(
        "competencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("capacity_area_id", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("name_sort", sa.String(length=700), nullable=False),
        sa.ForeignKeyConstraint(
            ["capacity_area_id"], ["capacity_areas.id"], name=op.f("fk_competencies_capacity_area_id_capacity_areas")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_competencies_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competencies")),
        sa.UniqueConstraint("slug", name=op.f("uq_competencies_slug")),
    )
    with op.batch_alter_table("competencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competencies_capacity_area_id"), ["capacity_area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competencies_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_competencies_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("name_sort", sa.String(length=700), nullable=False),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "basic",
                "intermediate",
                "advanced",
                name="courselevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "delivery_mode",
            sa.Enum(
                "in_person",
                "online",
                "blended",
                name="deliverymode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("min_participants", sa.Integer(), nullable=False),
        sa.Column("max_participants", sa.Integer(), nullable=False),
        sa.Column("has_test", sa.Boolean(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("attendance_document_on_fail", sa.Boolean(), nullable=False),
        sa.Column("sheet_required", sa.Boolean(), nullable=False),
        sa.Column("objectives_tr", sa.Text(), nullable=False),
        sa.Column("objectives_en", sa.Text(), nullable=False),
        sa.Column("target_units", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "min_participants >= 1 AND max_participants >= min_participants", name=op.f("ck_courses_participants")
        ),
        sa.CheckConstraint("pass_mark IS NULL OR pass_mark BETWEEN 0 AND 100", name=op.f("ck_courses_pass_mark")),
        sa.CheckConstraint("threshold BETWEEN 0 AND 100", name=op.f("ck_courses_threshold")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_courses_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code", name=op.f("uq_courses_code")),
    )
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_courses_name_sort"), ["name_sort"], unique=False)
        batch_op.create_index(batch_op.f("ix_courses_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("failed_items", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("result_url", sa.String(length=250), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("beat_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_jobs_document_id_documents")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_jobs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_jobs_open_subject",
            ["kind", "subject"],
            unique=True,
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )

    op.create_table(
        "logos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=120), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_logos_document_id_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logos")),
        sa.UniqueConstraint("slot", name=op.f("uq_logos_slot")),
    )
    with op.batch_alter_table("logos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_logos_document_id"), ["document_id"], unique=False)

    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_user_id"), ["user_id"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "metropolitan",
                "district",
                "governorate",
                "central",
                "international",
                "other",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("name_tr", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=80), nullable=False),
        sa.Column("name_sort", sa.String(length=400), nullable=False),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_organisations_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_name_sort"), ["name_sort"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisations_province_id"), ["province_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "signatories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title_tr", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_signatories_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
    )
    with op.batch_alter_table("signatories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatories_province_id"), ["province_id"], unique=False)

    op.create_table(
        "venues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("name_tr", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_sort", sa.String(length=800), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_venues_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
    )
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venues_province_id"), ["province_id"], unique=False)

    op.create_table(
        "course_competencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_course_competencies_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_competencies_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_competencies")),
        sa.UniqueConstraint("course_id", "competency_id", name=op.f("uq_course_competencies_course_id_competency_id")),
    )
    with op.batch_alter_table("course_competencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_competencies_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_competencies_course_id"), ["course_id"], unique=False)

    op.create_table(
        "course_prerequisites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("required_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_prerequisites_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["required_id"], ["courses.id"], name=op.f("fk_course_prerequisites_required_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_prerequisites")),
        sa.UniqueConstraint("course_id", "required_id", name=op.f("uq_course_prerequisites_course_id_required_id")),
    )
    with op.batch_alter_table("course_prerequisites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_prerequisites_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_prerequisites_required_id"), ["required_id"], unique=False)

    op.create_table(
        "course_titles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_titles_course_id_courses")),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name=op.f("fk_course_titles_title_id_titles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_titles")),
        sa.UniqueConstraint("course_id", "title_id", name=op.f("uq_course_titles_course_id_title_id")),
    )
    with op.batch_alter_table("course_titles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_titles_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_titles_title_id"), ["title_id"], unique=False)

    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "coordinator",
                "focal_point",
                "trainer",
                "staff",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("province_id IS NULL OR organisation_id IS NULL", name=op.f("ck_grants_one_scope")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_grants_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_grants_province_id_provinces")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_user_id"), ["user_id"], unique=False)

    op.create_table(
        "job_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "done",
                "skipped",
                "failed",
                name="jobitemstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_items_job_id_jobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_items")),
        sa.UniqueConstraint("job_id", "item_id", name=op.f("uq_job_items_job_id_item_id")),
    )
    with op.batch_alter_table("job_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_items_job_id"), ["job_id"], unique=False)

    op.create_table(
        "plan_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "needs",
                "field",
                "action_plan",
                "manager",
                "law",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("origin_text", sa.String(length=300), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Numeric(precision=10, scale=4), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("gap_points", sa.Numeric(precision=10, scale=4), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_plan_items_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_plan_items_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_plan_items_plan_id_training_plans")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_plan_items_province_id_provinces")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_plan_items_round_id_assessment_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_items")),
    )
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_items_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_items_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_items_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_items_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_items_round_id"), ["round_id"], unique=False)

    op.create_table(
        "ratings_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "staged",
                "committed",
                "discarded",
                name="importstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("committed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_ratings_imports_created_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ratings_imports_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_ratings_imports_round_id_assessment_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings_imports")),
    )
    with op.batch_alter_table("ratings_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratings_imports_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_imports_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_imports_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_imports_sha256"), ["sha256"], unique=False)

    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name_tr", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_rooms_capacity")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_rooms_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("venue_id", "name_tr", name=op.f("uq_rooms_venue_id_name_tr")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rooms_venue_id"), ["venue_id"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=64), nullable=False),
        sa.Column("name_tr", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_sort", sa.String(length=800), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["head_id"], ["employees.id"], name="fk_units_head_id_employees", use_alter=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_units_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("organisation_id", "function", name=op.f("uq_units_organisation_id_function")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_function"), ["function"], unique=False)
        batch_op.create_index(batch_op.f("ix_units_head_id"), ["head_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_units_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "course_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "confirmed",
                "finalised",
                "postponed",
                "cancelled",
                name="sessionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(length=500), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column(
            "acceptance",
            sa.Enum("automatic", "by_hand", name="acceptance", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("nominations_close_at", UtcDateTime(), nullable=True),
        sa.Column("step_free_needed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("competency_id", sa.Integer(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("pass_mark", sa.Integer(), nullable=True),
        sa.Column("test_required", sa.Boolean(), nullable=True),
        sa.Column("attendance_document_on_fail", sa.Boolean(), nullable=True),
        sa.Column("sheet_required", sa.Boolean(), nullable=True),
        sa.Column(
            "excused_policy",
            sa.Enum("as_absent", "exclude", name="excusedpolicy", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finalised_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_course_sessions_capacity")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_course_sessions_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_sessions_course_id_courses")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_course_sessions_created_by_users")),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_items.id"], name=op.f("fk_course_sessions_plan_item_id_plan_items")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_course_sessions_province_id_provinces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sessions")),
    )
    with op.batch_alter_table("course_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_sessions_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_sessions_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_sessions_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_sessions_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_sessions_province_id"), ["province_id"], unique=False)
        batch_op.create_index("ix_course_sessions_province_starts", ["province_id", "starts_on", "id"], unique=False)
        batch_op.create_index("ix_course_sessions_starts", ["starts_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_sessions_status"), ["status"], unique=False)

    op.create_table(
        "employees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("name_sort", sa.String(length=800), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("registry_no", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
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
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("woman", "man", "not_stated", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["employees.id"], name=op.f("fk_employees_merged_into_id_employees")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_employees_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["supervisor_id"], ["employees.id"], name=op.f("fk_employees_supervisor_id_employees")),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name=op.f("fk_employees_title_id_titles")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_employees_unit_id_units")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_employees_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employees")),
        sa.UniqueConstraint("organisation_id", "registry_no", name=op.f("uq_employees_organisation_id_registry_no")),
    )
    with op.batch_alter_table("employees", schema=None) as batch_op:
        batch_op.create_index(
            "ix_employees_active_name", ["active", "name_sort", "id", "organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_employees_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employees_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_employees_organisation_name", ["organisation_id", "active", "name_sort", "id"], unique=False
        )
        batch_op.create_index("ix_employees_organisation_sex", ["organisation_id", "active", "sex"], unique=False)
        batch_op.create_index(batch_op.f("ix_employees_supervisor_id"), ["supervisor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employees_title_id"), ["title_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employees_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employees_user_id"), ["user_id"], unique=True)

    op.create_table(
        "conflict_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_conflict_overrides_by_id_users")),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_conflict_overrides_course_session_id_course_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_overrides")),
    )
    with op.batch_alter_table("conflict_overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_overrides_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_conflict_overrides_course_session_id"), ["course_session_id"], unique=False
        )

    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "nominated",
                "enrolled",
                "waitlisted",
                "offered",
                "offer_expired",
                "rejected",
                "declined",
                "withdrawn",
                "removed",
                "cancelled",
                name="enrolmentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("none", "yes", "no", name="answer", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("invited_version", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name=op.f("ck_enrolments_priority")),
        sa.ForeignKeyConstraint(
            ["course_session_id"], ["course_sessions.id"], name=op.f("fk_enrolments_course_session_id_course_sessions")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_enrolments_employee_id_employees")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["enrolments.id"], name=op.f("fk_enrolments_merged_into_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint(
            "course_session_id", "employee_id", name=op.f("uq_enrolments_course_session_id_employee_id")
        ),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolments_course_session_id"), ["course_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index("ix_enrolments_employee_status", ["employee_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index("ix_enrolments_session_status", ["course_session_id", "status"], unique=False)

    op.create_table(
        "needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("importance", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.Column("level", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.Column("gap", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.Column("need", sa.Boolean(), nullable=False),
        sa.Column("single_source", sa.Boolean(), nullable=False),
        sa.Column("self_level", sa.Integer(), nullable=True),
        sa.Column("supervisor_level", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_needs_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_needs_employee_id_employees")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_needs_round_id_assessment_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint(
            "round_id", "employee_id", "competency_id", name=op.f("uq_needs_round_id_employee_id_competency_id")
        ),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_needs_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_needs_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index("ix_needs_round_competency", ["round_id", "competency_id", "need", "gap"], unique=False)
        batch_op.create_index(batch_op.f("ix_needs_round_id"), ["round_id"], unique=False)

    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("self", "supervisor", name="ratingsource", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("importance", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("importance BETWEEN 1 AND 5", name=op.f("ck_ratings_importance")),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_ratings_level")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_ratings_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_ratings_employee_id_employees")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_ratings_round_id_assessment_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint(
            "round_id",
            "employee_id",
            "competency_id",
            "source",
            name=op.f("uq_ratings_round_id_employee_id_competency_id_source"),
        ),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratings_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_round_id"), ["round_id"], unique=False)

    op.create_table(
        "session_audiences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(province_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_session_audiences_one")),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_session_audiences_course_session_id_course_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_session_audiences_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_session_audiences_province_id_provinces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_audiences")),
        sa.UniqueConstraint(
            "course_session_id", "organisation_id", name=op.f("uq_session_audiences_course_session_id_organisation_id")
        ),
        sa.UniqueConstraint(
            "course_session_id", "province_id", name=op.f("uq_session_audiences_course_session_id_province_id")
        ),
    )
    with op.batch_alter_table("session_audiences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_audiences_course_session_id"), ["course_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_audiences_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_audiences_province_id"), ["province_id"], unique=False)

    op.create_table(
        "signed_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_signed_sheets_course_session_id_course_sessions"),
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signed_sheets_document_id_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_sheets")),
    )
    with op.batch_alter_table("signed_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_sheets_course_session_id"), ["course_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_sheets_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_signed_sheets_session_day", ["course_session_id", "day"], unique=False)

    op.create_table(
        "sittings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "shortened",
                "not_held",
                name="sittingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_minutes", sa.Integer(), nullable=True),
        sa.Column("state_reason", sa.String(length=300), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'shortened') = (effective_minutes IS NOT NULL)", name=op.f("ck_sittings_effective_minutes")
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_sittings_times")),
        sa.ForeignKeyConstraint(
            ["course_session_id"], ["course_sessions.id"], name=op.f("fk_sittings_course_session_id_course_sessions")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_sittings_room_id_rooms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
    )
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sittings_course_session_id"), ["course_session_id"], unique=False)
        batch_op.create_index("ix_sittings_date_starts", ["date", "starts"], unique=False)
        batch_op.create_index("ix_sittings_room_date", ["room_id", "date"], unique=False)
        batch_op.create_index(batch_op.f("ix_sittings_room_id"), ["room_id"], unique=False)

    op.create_table(
        "trainers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("academic_title", sa.String(length=40), nullable=False),
        sa.Column("name_sort", sa.String(length=800), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("internal", "external", name="trainerkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_trainers_employee_id_employees")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_trainers_province_id_provinces")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_trainers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainers")),
    )
    with op.batch_alter_table("trainers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainers_employee_id"), ["employee_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_trainers_name_sort"), ["name_sort"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainers_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainers_user_id"), ["user_id"], unique=True)

    op.create_table(
        "attendance_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "present",
                "late",
                "left_early",
                "absent",
                "excused",
                "exempt",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "qr",
                "kiosk",
                "import",
                name="marksource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('late', 'left_early')) = (minutes IS NOT NULL)", name=op.f("ck_attendance_marks_minutes")
        ),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes BETWEEN 1 AND 1440", name=op.f("ck_attendance_marks_minutes_range")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendance_marks_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_attendance_marks_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_marks")),
        sa.UniqueConstraint("sitting_id", "enrolment_id", name=op.f("uq_attendance_marks_sitting_id_enrolment_id")),
    )
    with op.batch_alter_table("attendance_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_marks_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_marks_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("trainer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "attendance",
                "success",
                "thanks",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "valid",
                "revoked",
                "superseded",
                name="certificatestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("printed_name", sa.String(length=220), nullable=False),
        sa.Column("name_sort", sa.String(length=800), nullable=False),
        sa.Column("search_text", sa.String(length=500), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(enrolment_id IS NULL) <> (trainer_id IS NULL)", name=op.f("ck_certificates_one_holder")),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_certificates_course_session_id_course_sessions"),
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_certificates_document_id_documents")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_certificates_ended_by_users")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_certificates_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name=op.f("fk_certificates_issued_by_users")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["certificates.id"], name=op.f("fk_certificates_superseded_by_id_certificates")
        ),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainers.id"], name=op.f("fk_certificates_trainer_id_trainers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_course_session_id"), ["course_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_issued_by"), ["issued_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_issued_on"), ["issued_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_name_sort"), ["name_sort"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_superseded_by_id"), ["superseded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_trainer_id"), ["trainer_id"], unique=False)
        batch_op.create_index(
            "uq_certificates_valid_enrolment",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        )
        batch_op.create_index(
            "uq_certificates_valid_trainer",
            ["course_session_id", "trainer_id"],
            unique=True,
            sqlite_where=sa.text("status = 'valid' AND trainer_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'valid' AND trainer_id IS NOT NULL"),
        )

    op.create_table(
        "closed_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_closed_sheets_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_sheets")),
    )
    with op.batch_alter_table("closed_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closed_sheets_sitting_id"), ["sitting_id"], unique=True)

    op.create_table(
        "enrolment_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(length=32), nullable=False),
        sa.Column("new", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_enrolment_changes_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_changes")),
    )
    with op.batch_alter_table("enrolment_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_changes_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "mark_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(length=40), nullable=False),
        sa.Column("new", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "qr",
                "kiosk",
                "import",
                name="marksource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_mark_changes_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_mark_changes_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_changes")),
    )
    with op.batch_alter_table("mark_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_changes_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_changes_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "completed_attendance",
                "completed_success",
                "failed_assessment",
                "failed_attendance",
                "no_show",
                "exempt",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "document",
            sa.Enum(
                "attendance",
                "success",
                "thanks",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("credit_minutes", sa.Integer(), nullable=False),
        sa.Column("base_minutes", sa.Integer(), nullable=False),
        sa.Column("percent_tenths", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_outcomes_enrolment_id_enrolments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcomes_enrolment_id"), ["enrolment_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_outcomes_result"), ["result"], unique=False)

    op.create_table(
        "test_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pre", "post", name="testkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_test_scores_score")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_test_scores_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_scores")),
        sa.UniqueConstraint("enrolment_id", "kind", name=op.f("uq_test_scores_enrolment_id_kind")),
    )
    with op.batch_alter_table("test_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_scores_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "trainer_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "pending",
                "accepted",
                "declined",
                name="assignmentanswer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_trainer_assignments_sitting_id_sittings")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainers.id"], name=op.f("fk_trainer_assignments_trainer_id_trainers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_assignments")),
        sa.UniqueConstraint("sitting_id", "trainer_id", name=op.f("uq_trainer_assignments_sitting_id_trainer_id")),
    )
    with op.batch_alter_table("trainer_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainer_assignments_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainer_assignments_trainer_id"), ["trainer_id"], unique=False)

    op.create_table(
        "trainer_expertise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_trainer_expertise_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainers.id"], name=op.f("fk_trainer_expertise_trainer_id_trainers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_expertise")),
        sa.UniqueConstraint("trainer_id", "competency_id", name=op.f("uq_trainer_expertise_trainer_id_competency_id")),
    )
    with op.batch_alter_table("trainer_expertise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainer_expertise_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainer_expertise_trainer_id"), ["trainer_id"], unique=False)

    op.create_index(
        "uq_grants_whole",
        "grants",
        ["user_id", "role", sa.text("coalesce(province_id, 0)"), sa.text("coalesce(organisation_id, 0)")],
        unique=True,
    )
    op.create_index(
        "uq_course_sessions_code",
        "course_sessions",
        ["course_id", sa.text("coalesce(province_id, 0)"), "year", "ordinal"],
        unique=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in SEARCH:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SEARCH_REMOVAL:
            op.execute(statement)
    op.drop_index("uq_grants_whole", table_name="grants")
    op.drop_index("uq_course_sessions_code", table_name="course_sessions")
    with op.batch_alter_table("trainer_expertise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainer_expertise_trainer_id"))
        batch_op.drop_index(batch_op.f("ix_trainer_expertise_competency_id"))

    op.drop_table("trainer_expertise")
    with op.batch_alter_table("trainer_assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainer_assignments_trainer_id"))
        batch_op.drop_index(batch_op.f("ix_trainer_assignments_sitting_id"))

    op.drop_table("trainer_assignments")
    with op.batch_alter_table("test_scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_scores_enrolment_id"))

    op.drop_table("test_scores")
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcomes_result"))
        batch_op.drop_index(batch_op.f("ix_outcomes_enrolment_id"))

    op.drop_table("outcomes")
    with op.batch_alter_table("mark_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_changes_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_mark_changes_enrolment_id"))

    op.drop_table("mark_changes")
    with op.batch_alter_table("enrolment_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_changes_enrolment_id"))

    op.drop_table("enrolment_changes")
    with op.batch_alter_table("closed_sheets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closed_sheets_sitting_id"))

    op.drop_table("closed_sheets")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificates_valid_trainer",
            sqlite_where=sa.text("status = 'valid' AND trainer_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'valid' AND trainer_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_certificates_valid_enrolment",
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        )
        batch_op.drop_index(batch_op.f("ix_certificates_trainer_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_superseded_by_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_status"))
        batch_op.drop_index(batch_op.f("ix_certificates_name_sort"))
        batch_op.drop_index(batch_op.f("ix_certificates_issued_on"))
        batch_op.drop_index(batch_op.f("ix_certificates_issued_by"))
        batch_op.drop_index(batch_op.f("ix_certificates_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_ended_by"))
        batch_op.drop_index(batch_op.f("ix_certificates_document_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_course_session_id"))

    op.drop_table("certificates")
    with op.batch_alter_table("attendance_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_marks_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_marks_enrolment_id"))

    op.drop_table("attendance_marks")
    with op.batch_alter_table("trainers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainers_user_id"))
        batch_op.drop_index(batch_op.f("ix_trainers_province_id"))
        batch_op.drop_index(batch_op.f("ix_trainers_name_sort"))
        batch_op.drop_index(batch_op.f("ix_trainers_employee_id"))

    op.drop_table("trainers")
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sittings_room_id"))
        batch_op.drop_index("ix_sittings_room_date")
        batch_op.drop_index("ix_sittings_date_starts")
        batch_op.drop_index(batch_op.f("ix_sittings_course_session_id"))

    op.drop_table("sittings")
    with op.batch_alter_table("signed_sheets", schema=None) as batch_op:
        batch_op.drop_index("ix_signed_sheets_session_day")
        batch_op.drop_index(batch_op.f("ix_signed_sheets_document_id"))
        batch_op.drop_index(batch_op.f("ix_signed_sheets_course_session_id"))

    op.drop_table("signed_sheets")
    with op.batch_alter_table("session_audiences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_audiences_province_id"))
        batch_op.drop_index(batch_op.f("ix_session_audiences_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_session_audiences_course_session_id"))

    op.drop_table("session_audiences")
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratings_round_id"))
        batch_op.drop_index(batch_op.f("ix_ratings_employee_id"))
        batch_op.drop_index(batch_op.f("ix_ratings_competency_id"))

    op.drop_table("ratings")
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_needs_round_id"))
        batch_op.drop_index("ix_needs_round_competency")
        batch_op.drop_index(batch_op.f("ix_needs_employee_id"))
        batch_op.drop_index(batch_op.f("ix_needs_competency_id"))

    op.drop_table("needs")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index("ix_enrolments_session_status")
        batch_op.drop_index(batch_op.f("ix_enrolments_merged_into_id"))
        batch_op.drop_index("ix_enrolments_employee_status")
        batch_op.drop_index(batch_op.f("ix_enrolments_employee_id"))
        batch_op.drop_index(batch_op.f("ix_enrolments_course_session_id"))

    op.drop_table("enrolments")
    with op.batch_alter_table("conflict_overrides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_overrides_course_session_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_overrides_by_id"))

    op.drop_table("conflict_overrides")
    with op.batch_alter_table("employees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employees_user_id"))
        batch_op.drop_index(batch_op.f("ix_employees_unit_id"))
        batch_op.drop_index(batch_op.f("ix_employees_title_id"))
        batch_op.drop_index(batch_op.f("ix_employees_supervisor_id"))
        batch_op.drop_index("ix_employees_organisation_sex")
        batch_op.drop_index("ix_employees_organisation_name")
        batch_op.drop_index(batch_op.f("ix_employees_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_employees_merged_into_id"))
        batch_op.drop_index("ix_employees_active_name")

    op.drop_table("employees")
    with op.batch_alter_table("course_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_sessions_status"))
        batch_op.drop_index("ix_course_sessions_starts")
        batch_op.drop_index("ix_course_sessions_province_starts")
        batch_op.drop_index(batch_op.f("ix_course_sessions_province_id"))
        batch_op.drop_index(batch_op.f("ix_course_sessions_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_course_sessions_created_by"))
        batch_op.drop_index(batch_op.f("ix_course_sessions_course_id"))
        batch_op.drop_index(batch_op.f("ix_course_sessions_competency_id"))

    op.drop_table("course_sessions")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_units_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_units_head_id"))
        batch_op.drop_index(batch_op.f("ix_units_function"))

    op.drop_table("units")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rooms_venue_id"))

    op.drop_table("rooms")
    with op.batch_alter_table("ratings_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratings_imports_sha256"))
        batch_op.drop_index(batch_op.f("ix_ratings_imports_round_id"))
        batch_op.drop_index(batch_op.f("ix_ratings_imports_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_ratings_imports_created_by"))

    op.drop_table("ratings_imports")
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_items_round_id"))
        batch_op.drop_index(batch_op.f("ix_plan_items_province_id"))
        batch_op.drop_index(batch_op.f("ix_plan_items_plan_id"))
        batch_op.drop_index(batch_op.f("ix_plan_items_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_plan_items_course_id"))

    op.drop_table("plan_items")
    with op.batch_alter_table("job_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_items_job_id"))

    op.drop_table("job_items")
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grants_user_id"))
        batch_op.drop_index(batch_op.f("ix_grants_province_id"))
        batch_op.drop_index(batch_op.f("ix_grants_organisation_id"))

    op.drop_table("grants")
    with op.batch_alter_table("course_titles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_titles_title_id"))
        batch_op.drop_index(batch_op.f("ix_course_titles_course_id"))

    op.drop_table("course_titles")
    with op.batch_alter_table("course_prerequisites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_prerequisites_required_id"))
        batch_op.drop_index(batch_op.f("ix_course_prerequisites_course_id"))

    op.drop_table("course_prerequisites")
    with op.batch_alter_table("course_competencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_competencies_course_id"))
        batch_op.drop_index(batch_op.f("ix_course_competencies_competency_id"))

    op.drop_table("course_competencies")
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_venues_province_id"))

    op.drop_table("venues")
    with op.batch_alter_table("signatories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatories_province_id"))

    op.drop_table("signatories")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_user_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_province_id"))
        batch_op.drop_index(batch_op.f("ix_organisations_name_sort"))

    op.drop_table("organisations")
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_links_user_id"))

    op.drop_table("one_time_links")
    with op.batch_alter_table("logos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logos_document_id"))

    op.drop_table("logos")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_jobs_open_subject",
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_jobs_user_id"))
        batch_op.drop_index(batch_op.f("ix_jobs_status"))
        batch_op.drop_index(batch_op.f("ix_jobs_document_id"))

    op.drop_table("jobs")
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courses_theme_id"))
        batch_op.drop_index(batch_op.f("ix_courses_name_sort"))

    op.drop_table("courses")
    with op.batch_alter_table("competencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competencies_theme_id"))
        batch_op.drop_index(batch_op.f("ix_competencies_name_key"))
        batch_op.drop_index(batch_op.f("ix_competencies_capacity_area_id"))

    op.drop_table("competencies")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feeds_user_id"))

    op.drop_table("calendar_feeds")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_name_sort"))

    op.drop_table("users")
    op.drop_table("training_plans")
    op.drop_table("titles")
    op.drop_table("throttles")
    op.drop_table("themes")
    with op.batch_alter_table("submitted_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submitted_forms_at"))

    op.drop_table("submitted_forms")
    op.drop_table("settings")
    with op.batch_alter_table("provinces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provinces_name_sort"))

    op.drop_table("provinces")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_status"))

    op.drop_table("messages")
    with op.batch_alter_table("kept_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_forms_expires_at"))

    op.drop_table("kept_forms")
    op.drop_table("holidays")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_sha256"))

    op.drop_table("documents")
    op.drop_table("certificate_counters")
    op.drop_table("capacity_areas")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_event"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("assessment_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_rounds_year"))

    op.drop_table("assessment_rounds")
    with op.batch_alter_table("access_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_entries_event"))
        batch_op.drop_index(batch_op.f("ix_access_entries_at"))
        batch_op.drop_index(batch_op.f("ix_access_entries_actor_id"))

    op.drop_table("access_entries")
