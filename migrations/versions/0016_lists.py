"""Find one or two letters by the beginnings of words (SQLite); filter lists in the index of their order.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# see app/core/search.py
WORDS = (
    "CREATE VIRTUAL TABLE certificates_search_words USING fts5(search_text, content='certificates', content_rowid='id', detail='none', columnsize=0, prefix='1 2', tokenize='unicode61')",
    "CREATE TRIGGER certificates_search_words_insert AFTER INSERT ON certificates BEGIN INSERT INTO certificates_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER certificates_search_words_delete AFTER DELETE ON certificates BEGIN INSERT INTO certificates_search_words(certificates_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER certificates_search_words_update AFTER UPDATE OF search_text ON certificates BEGIN INSERT INTO certificates_search_words(certificates_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO certificates_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO certificates_search_words(certificates_search_words) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE courses_search_words USING fts5(search_text, content='courses', content_rowid='id', detail='none', columnsize=0, prefix='1 2', tokenize='unicode61')",
    "CREATE TRIGGER courses_search_words_insert AFTER INSERT ON courses BEGIN INSERT INTO courses_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER courses_search_words_delete AFTER DELETE ON courses BEGIN INSERT INTO courses_search_words(courses_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER courses_search_words_update AFTER UPDATE OF search_text ON courses BEGIN INSERT INTO courses_search_words(courses_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO courses_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO courses_search_words(courses_search_words) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE employees_search_words USING fts5(search_text, content='employees', content_rowid='id', detail='none', columnsize=0, prefix='1 2', tokenize='unicode61')",
    "CREATE TRIGGER employees_search_words_insert AFTER INSERT ON employees BEGIN INSERT INTO employees_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER employees_search_words_delete AFTER DELETE ON employees BEGIN INSERT INTO employees_search_words(employees_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER employees_search_words_update AFTER UPDATE OF search_text ON employees BEGIN INSERT INTO employees_search_words(employees_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO employees_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO employees_search_words(employees_search_words) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE trainers_search_words USING fts5(search_text, content='trainers', content_rowid='id', detail='none', columnsize=0, prefix='1 2', tokenize='unicode61')",
    "CREATE TRIGGER trainers_search_words_insert AFTER INSERT ON trainers BEGIN INSERT INTO trainers_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER trainers_search_words_delete AFTER DELETE ON trainers BEGIN INSERT INTO trainers_search_words(trainers_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER trainers_search_words_update AFTER UPDATE OF search_text ON trainers BEGIN INSERT INTO trainers_search_words(trainers_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO trainers_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO trainers_search_words(trainers_search_words) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE users_search_words USING fts5(search_text, content='users', content_rowid='id', detail='none', columnsize=0, prefix='1 2', tokenize='unicode61')",
    "CREATE TRIGGER users_search_words_insert AFTER INSERT ON users BEGIN INSERT INTO users_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER users_search_words_delete AFTER DELETE ON users BEGIN INSERT INTO users_search_words(users_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER users_search_words_update AFTER UPDATE OF search_text ON users BEGIN INSERT INTO users_search_words(users_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO users_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO users_search_words(users_search_words) VALUES ('rebuild')",
)
WORDS_REMOVAL = (
    "DROP TRIGGER certificates_search_words_insert",
    "DROP TRIGGER certificates_search_words_delete",
    "DROP TRIGGER certificates_search_words_update",
    "DROP TABLE certificates_search_words",
    "DROP TRIGGER courses_search_words_insert",
    "DROP TRIGGER courses_search_words_delete",
    "DROP TRIGGER courses_search_words_update",
    "DROP TABLE courses_search_words",
    "DROP TRIGGER employees_search_words_insert",
    "DROP TRIGGER employees_search_words_delete",
    "DROP TRIGGER employees_search_words_update",
    "DROP TABLE employees_search_words",
    "DROP TRIGGER trainers_search_words_insert",
    "DROP TRIGGER trainers_search_words_delete",
    "DROP TRIGGER trainers_search_words_update",
    "DROP TABLE trainers_search_words",
    "DROP TRIGGER users_search_words_insert",
    "DROP TRIGGER users_search_words_delete",
    "DROP TRIGGER users_search_words_update",
    "DROP TABLE users_search_words",
)
DECIDING = ["id", "course_session_id", "enrolment_id", "trainer_id", "kind", "status"]
NAMES = ["active", "name_sort", "id", "organisation_id"]


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in WORDS:
            op.execute(statement)
    op.drop_index("ix_employees_active_name", table_name="employees")
    op.create_index("ix_employees_active_name", "employees", [*NAMES, "sex", "employment_type"])
    op.create_index("ix_certificates_by_number", "certificates", ["number", *DECIDING])
    op.create_index("ix_certificates_by_name", "certificates", ["name_sort", *DECIDING])
    op.drop_index("ix_certificates_name_sort", table_name="certificates")
    for table in ("employees", "certificates"):  # what was known of an old index went with it
        op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    op.create_index("ix_certificates_name_sort", "certificates", ["name_sort"])
    op.drop_index("ix_certificates_by_name", table_name="certificates")
    op.drop_index("ix_certificates_by_number", table_name="certificates")
    op.drop_index("ix_employees_active_name", table_name="employees")
    op.create_index("ix_employees_active_name", "employees", NAMES)
    for table in ("employees", "certificates"):
        op.execute(f"ANALYZE {table}")
    if op.get_bind().dialect.name == "sqlite":
        for statement in WORDS_REMOVAL:
            op.execute(statement)
