"""Find letters by their address, and people by theirs, in an index.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# see app/core/search.py
SEARCH = (
    "CREATE VIRTUAL TABLE messages_search USING fts5(search_text, content='messages', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER messages_search_insert AFTER INSERT ON messages BEGIN INSERT INTO messages_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER messages_search_delete AFTER DELETE ON messages BEGIN INSERT INTO messages_search(messages_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER messages_search_update AFTER UPDATE OF search_text ON messages BEGIN INSERT INTO messages_search(messages_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO messages_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE VIRTUAL TABLE messages_search_words USING fts5(search_text, content='messages', content_rowid='id', detail='none', columnsize=0, prefix='1 2', tokenize='unicode61')",
    "CREATE TRIGGER messages_search_words_insert AFTER INSERT ON messages BEGIN INSERT INTO messages_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER messages_search_words_delete AFTER DELETE ON messages BEGIN INSERT INTO messages_search_words(messages_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER messages_search_words_update AFTER UPDATE OF search_text ON messages BEGIN INSERT INTO messages_search_words(messages_search_words, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO messages_search_words(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO messages_search(messages_search) VALUES ('rebuild')",
    "INSERT INTO messages_search_words(messages_search_words) VALUES ('rebuild')",
)
REMOVAL = (
    "DROP TRIGGER messages_search_insert",
    "DROP TRIGGER messages_search_delete",
    "DROP TRIGGER messages_search_update",
    "DROP TABLE messages_search",
    "DROP TRIGGER messages_search_words_insert",
    "DROP TRIGGER messages_search_words_delete",
    "DROP TRIGGER messages_search_words_update",
    "DROP TABLE messages_search_words",
)


def upgrade() -> None:
    op.add_column("messages", sa.Column("search_text", sa.String(length=254), server_default="", nullable=False))
    op.execute("UPDATE messages SET search_text = lower(to_address)")  # no address has other letters
    op.create_index("ix_messages_address", "messages", [sa.text("lower(to_address)"), "id"])
    said = sa.text("body != ''")
    op.create_index("ix_messages_said", "messages", ["created_at", "status"], sqlite_where=said, postgresql_where=said)
    op.create_index("ix_employees_email", "employees", [sa.text("lower(email)")])
    if op.get_bind().dialect.name == "sqlite":
        for statement in SEARCH:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in REMOVAL:
            op.execute(statement)
    op.drop_index("ix_employees_email", table_name="employees")
    op.drop_index("ix_messages_said", table_name="messages")
    op.drop_index("ix_messages_address", table_name="messages")
    op.execute("UPDATE messages SET search_text = ''")
    op.drop_column("messages", "search_text")
