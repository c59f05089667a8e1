"""The migrations make exactly the schema the models say, on an empty database, up, down and up again."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from tests.laws.schema import Installation, differences, says

REMEDY = """
The models say one schema, the migrations make another. Where a model changed, let a migration follow it:
    flask --app wsgi db upgrade && flask --app wsgi db migrate -m "what changes"
then read what it wrote. It does not see indexes on expressions, another WHERE of an index, and search tables: those are
written by hand (flask --app wsgi db revision -m "…"). docs/changing.md tells the rest."""


def test_migrations_and_models_agree(template_database: Path, tmp_path: Path) -> None:
    declared = says(sa.create_engine(f"sqlite:///{template_database}", poolclass=sa.NullPool))
    house = Installation(tmp_path / "migrated.db")
    house.run("upgrade", "head")
    wrong = differences(declared, says(house.engine()))
    assert not wrong, "\n".join(wrong) + REMEDY
    house.run("downgrade", "base")
    left = says(house.engine())
    assert not left, f"after all downgrades these are still there: {left}. A `downgrade()` forgets them."
    house.run("upgrade", "head")
    wrong = differences(declared, says(house.engine()))
    assert not wrong, "\n".join(wrong) + "\nThe second way up makes another schema than the first: see `downgrade()`."
