"""The migrations on PostgreSQL: the schema the models say, and each row through every revision, down and up again."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from app import load_models
from app.core.db import Base
from app.core.upgrades.migrations import head
from tests import databases
from tests.laws.rooms import ROOT
from tests.laws.schema import Installation, Schema, columns, differences, fill, rows, says, shared
from tests.laws.test_schema import REMEDY
from tests.laws.test_upgrades import DISCARD, MEANT, migration, revision_of, steps

pytestmark = pytest.mark.postgresql
Made = Callable[[str], str]


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """Databases, made like the named one and gone at the end."""
    with contextlib.ExitStack() as gone:

        def another(template: str = "template1") -> str:
            address = databases.made(template)
            gone.callback(databases.dropped, address)
            return address

        yield another


@pytest.fixture(scope="module")
def declared(made: Made) -> str:
    """Empty, all tables made from the models."""
    address = made("template1")
    load_models()
    Base.metadata.create_all(sa.create_engine(address, poolclass=sa.NullPool))
    return address


@pytest.fixture(scope="module")
def filled(made: Made, tmp_path_factory: pytest.TempPathFactory, crawl_template: Path) -> str:
    """The example programme at head, no table empty."""
    address = made("template1")
    house = Installation(tmp_path_factory.mktemp("filled") / "none", address=address)
    house.run("upgrade", "head")
    databases.copy(sa.create_engine(f"sqlite:///{crawl_template}", poolclass=sa.NullPool), address)
    fill(house.engine(), Base.metadata)
    return address


@pytest.fixture
def house(tmp_path: Path, made: Made, filled: str) -> Installation:
    (tmp_path / "scripts").mkdir()
    name = sa.make_url(filled).database
    return Installation(tmp_path / "none", tmp_path / "scripts", address=made(str(name)))


def test_migrations_and_models_agree(tmp_path: Path, made: Made, declared: str) -> None:
    house = Installation(tmp_path / "none", address=made("template1"))
    wanted = says(sa.create_engine(declared, poolclass=sa.NullPool))
    house.run("upgrade", "head")
    wrong = differences(wanted, says(house.engine()))
    assert not wrong, "\n".join(wrong) + REMEDY
    house.run("check")
    house.run("downgrade", "base")
    assert not says(house.engine()), "after all downgrades something is still there"
    house.run("upgrade", "head")
    wrong = differences(wanted, says(house.engine()))
    assert not wrong, "\n".join(wrong) + "\nThe second way up makes another schema than the first: see `downgrade()`."


def test_rows_come_through_every_revision(house: Installation, made: Made, filled: str) -> None:
    """Each step down and up again, and at the end all of them up in one go. (SQLite goes all the way up from each.)"""
    reference, engine = sa.create_engine(filled, poolclass=sa.NullPool), house.engine()
    newest, everything = says(reference), columns(reference)
    meant: set[str] = set()

    def compare(older: str, newer: str, wanted: Schema) -> None:
        again = Installation(house.file, address=made(str(engine.url.database)))
        again.run("upgrade", newer)
        wrong = differences(wanted, says(again.engine()))
        assert not wrong, f"upgraded from {older} to {newer}:\n" + "\n".join(wrong)
        both = shared(everything, columns(engine), meant)
        was = rows(reference, both)
        for place, which in ((f"down to {older}", engine), (f"from there up to {newer}", again.engine())):
            now = rows(which, both)
            changed = sorted(table for table in both if now[table] != was[table])
            assert not changed, f"{place}: rows of {', '.join(changed)} are not what they were"
        databases.dropped(again.address)

    above = newest
    for newer, older in itertools.pairwise([str(head()), *steps()]):
        meant |= MEANT.get(newer, set())
        house.run("downgrade", older, x=DISCARD)
        compare(older, newer, above)
        above = says(engine)
    compare(older, str(head()), newest)


def test_a_head_who_is_no_longer_there_stops_no_upgrade(house: Installation) -> None:
    """Up to 0021 the key was missing on PostgreSQL."""
    house.run("downgrade", "0021", x=DISCARD)
    with house.engine().begin() as connection:
        lost = connection.scalar(sa.text("UPDATE units SET head_id = 0 WHERE id = 1 RETURNING id"))
    house.run("upgrade", "head")
    with house.engine().connect() as connection:
        assert connection.scalar(sa.text("SELECT head_id FROM units WHERE id = :id"), {"id": lost}) is None


def test_ids_count_themselves_again(house: Installation) -> None:
    """Up to 0021 a table that was made anew had lost its sequence: nobody could be assigned to a sitting."""
    house.run("downgrade", "0021", x=DISCARD)
    with house.engine().begin() as connection:
        connection.exec_driver_sql("DROP SEQUENCE trainer_assignments_id_seq CASCADE")
        last = connection.exec_driver_sql("SELECT max(id) FROM trainer_assignments").scalar() or 0
    house.run("upgrade", "head")
    with house.engine().connect() as connection:
        following = sa.text("SELECT nextval(pg_get_serial_sequence('trainer_assignments', 'id'))")
        assert connection.scalar(following) == last + 1


def test_a_fault_on_the_way_leaves_the_old_state(house: Installation) -> None:
    schema, everything = says(house.engine()), columns(house.engine())
    before = rows(house.engine(), everything)
    migration(house, 'op.drop_column("venues", "address")\nop.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(CommandError, match=r"nowhere[^$]*Nothing was changed"):
        house.run("upgrade", "head")
    assert says(house.engine()) == schema
    assert rows(house.engine(), everything) == before


def test_no_table_is_made_anew(house: Installation) -> None:
    migration(house, 'with op.batch_alter_table("venues", recreate="always"):\n    pass')
    with pytest.raises(RuntimeError, match="would lose the sequence of its ids"):
        house.run("upgrade", "head")
    assert revision_of(house) == head()


def test_what_a_downgrade_would_lose_stops_it(house: Installation) -> None:
    with pytest.raises(CommandError, match=r"The older schema has no place for .*trainer_absences"):
        house.run("downgrade", "0002")
    assert revision_of(house) == head()


IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from tests.laws.schema import Installation
Installation(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]).run("upgrade", "head")
"""


def test_two_upgrades_at_once_are_one(house: Installation) -> None:
    migration(
        house,
        """
        import time
        op.add_column("venues", sa.Column("upgrades", sa.Integer(), server_default="0", nullable=False))
        op.execute("UPDATE venues SET upgrades = upgrades + 1")
        time.sleep(1.5)
        """,
    )
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, str(house.file), str(house.scripts), house.address]
    both = [subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    with house.engine().connect() as connection:
        assert connection.scalars(sa.text("SELECT DISTINCT upgrades FROM venues")).all() == [1]
