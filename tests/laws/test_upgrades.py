"""Data survives every upgrade: the example programme, with a row in each table, goes through every migration."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app.access.scope import EVERYWHERE
from app.core.db import NAMES, Base, UtcDateTime, db
from app.core.search import INDEXED, matches
from app.core.tables.append_only import tables as append_only_tables
from app.core.upgrades.migrations import COPIES, COPIES_KEPT, FOLDER, head
from app.people.models import Employee
from tests.laws.rooms import ROOT
from tests.laws.schema import Installation, columns, differences, fill, orphans, rows, says, search_faults, shared

DISCARD = ("discard=yes",)

# Values a migration changes on purpose, so that rows differ: revision → "table.column" or "table", with the reason.
MEANT: dict[str, set[str]] = {
    # Rounds closed before there was a word for publishing are published. Sums count people where the round met them,
    # in the older schema where they are.
    "0010": {"assessment_rounds.status", "need_sums"},
    # What a title was called stands with a seat; in the older schema titles have one name.
    "0026": {"enrolments.called"},
    # The older schema has one plan a year: those of provinces go with their rows, where that is wanted.
    "0031": {"training_plans", "plan_items"},
    # The older schema knows no pilot projects: what they asked for is a request there, in the same words.
    "0041": {"plan_items.origin"},
    # The older schema knows checklists of course sessions alone: others go, where that is wanted.
    "0048": {"event_checks"},
}

# Columns and tables an upgrade drops, each with the place their values went to or why nobody misses them.
GONE: dict[str, str] = {
    "test_scores.score": "test_scores.tenths, times ten: scores have one decimal",
}

REMEDY = """
A migration must leave each row as it was, in all columns both schemas have. Where a value changes on purpose, name it
in MEANT of this test, with the reason. docs/changing.md tells how a downgrade gives back what it can."""


MADE_ANEW = """
SQLite alters a table by making it anew, and this came out differently: there is something about the table that
reflection does not see. app/core/upgrades/alteration.py (UNSEEN) makes such things again."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, crawl_template: Path) -> Path:
    """The example programme at head, no table empty."""
    file = tmp_path_factory.mktemp("filled") / "programme.db"
    shutil.copyfile(crawl_template, file)
    house = Installation(file)
    house.run("stamp", "head")
    fill(house.engine(), Base.metadata)
    with contextlib.closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture
def house(tmp_path: Path, filled: Path) -> Iterator[Installation]:
    """A copy of it, and a folder for one more migration."""
    (tmp_path / "scripts").mkdir()
    shutil.copyfile(filled, tmp_path / "programme.db")
    yield Installation(tmp_path / "programme.db", tmp_path / "scripts")
    shutil.rmtree(tmp_path)


def migration(house: Installation, up: str, down: str = "pass") -> None:
    """One more migration after the newest."""
    assert house.scripts is not None
    lines = [
        "import os, signal, sqlalchemy as sa",
        "from alembic import op",
        f"revision, down_revision = 'probe', '{head()}'",
        "def upgrade():",
        textwrap.indent(textwrap.dedent(up).strip(), "    "),
        "def downgrade():",
        textwrap.indent(textwrap.dedent(down).strip(), "    "),
    ]
    (house.scripts / "probe.py").write_text("\n".join(lines), "utf-8")


def enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def one_state_more(column: sa.Column[Any], state: str) -> None:
    """What a new member of a StrEnum does to its table."""
    assert isinstance(column.type, sa.Enum)
    old = [c for c in column.table.constraints if c._type_bound and column.name in c.columns]
    column.table.constraints -= set(old)
    column.type = enum(str(column.type.name), *column.type.enums, state)
    column.type._set_table(column, column.table)


def tables_of_tomorrow() -> sa.MetaData:
    """A copy of the models' tables, to be changed."""
    tomorrow = sa.MetaData(naming_convention=NAMES)
    for table in Base.metadata.tables.values():
        table.to_metadata(tomorrow)
    return tomorrow


def there_and_back(house: Installation, tomorrow: sa.MetaData) -> None:
    """Up to the probe: the schema of tomorrow, every row as it was; down again: everything as it was."""
    engine = house.engine()
    today = says(engine)
    new = Installation(house.file.with_name("new.db"))
    tomorrow.create_all(new.engine())
    declared = says(new.engine())
    for table, lines in today.items():  # search tables belong to no metadata
        declared.setdefault(table, set()).update(
            line for line in lines if line.startswith(("CREATE TRI", "CREATE VIR"))
        )
    declared = {table: lines for table, lines in declared.items() if table in tomorrow.tables or "_search" in table}
    kept = shared(columns(engine), columns(new.engine()))
    before = rows(engine, kept)
    house.run("upgrade", "head")
    wrong = differences(declared, says(engine))
    assert not wrong, "\n".join(wrong) + MADE_ANEW
    assert rows(engine, kept) == before
    house.run("downgrade", head(), x=DISCARD)
    wrong = differences(today, says(engine))
    assert not wrong, "\n".join(wrong) + MADE_ANEW
    assert rows(engine, kept) == before
    assert not orphans(engine)


class Tomorrow:
    """Stands where Flask-Migrate looks for the models."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.metadata = metadata

    @property
    def engine(self) -> sa.Engine:
        return db.engine


def revision_of(house: Installation) -> str | None:
    with house.engine().connect() as connection:
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def steps() -> list[str]:
    """All revisions below the newest, newest first."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    return [script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()][1:]


# --- the migrations there are -------------------------------------------------------------------------


def test_rows_come_through_every_revision(house: Installation, filled: Path) -> None:
    reference, engine = Installation(filled).engine(), house.engine()
    newest, everything = says(reference), columns(reference)
    empty = [table for table, (count, _) in rows(reference, everything).items() if not count]
    assert not empty, f"`fill` left {empty} without a row: teach it (tests/laws/schema.py)"
    meant: set[str] = set()
    for newer, older in itertools.pairwise([str(head()), *steps()]):
        meant |= MEANT.get(newer, set())
        house.run("downgrade", older, x=DISCARD)
        again = Installation(house.file.with_name(f"from-{older}.db"))
        shutil.copyfile(house.file, again.file)
        again.run("upgrade", "head")
        wrong = differences(newest, says(again.engine()))
        assert not wrong, (
            f"upgraded from {older}:\n" + "\n".join(wrong) + "\nSee `downgrade()` and `upgrade()` after it."
        )
        there = {name for table, names in columns(engine).items() for name in (table, *(f"{table}.{c}" for c in names))}
        kept = {name for table, names in everything.items() for name in (table, *(f"{table}.{c}" for c in names))}
        gone = sorted(there - kept - GONE.keys())
        assert not gone, (
            f"on the way up from {older} {', '.join(gone)} is dropped. What was only renamed: op.alter_column(…,"
            " new_column_name=…) or op.rename_table; for anything else write in GONE of this test where its values went."
        )
        both = shared(everything, columns(engine), meant)
        was = rows(reference, both)
        for place, which in ((f"down to {older}", engine), (f"up again from {older}", again.engine())):
            now = rows(which, both)
            changed = sorted(table for table in both if now[table] != was[table])
            assert not changed, f"{place}: rows of {', '.join(changed)} are not what they were.{REMEDY}"
            assert not orphans(which), f"{place}: rows point at nothing, e.g. {orphans(which)[:3]}"
            faults = search_faults(which)
            assert not faults, (
                f"{place}: {faults}. A search table for rows that stand is filled with"
                " op.execute(\"INSERT INTO x_search(x_search) VALUES ('rebuild')\")"
            )
        again.file.unlink()


def test_numbers_that_collide_once_folded_stop_no_upgrade(house: Installation) -> None:
    house.run("downgrade", "0006", x=DISCARD)
    engine = house.engine()
    with engine.begin() as connection:
        one, other = connection.exec_driver_sql(
            "SELECT min(id), max(id) FROM employees GROUP BY organisation_id HAVING count(*) > 1"
        ).first() or (0, 0)
        for key, number in ((one, "5144-000"), (other, "5144 – 000")):
            connection.exec_driver_sql("UPDATE employees SET registry_no = ? WHERE id = ?", (number, key))
    house.run("upgrade", "head")
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT registry_key FROM employees WHERE id IN (?, ?)", (one, other)).all()
    assert [key for (key,) in found] == ["5144-000", "5144-000"]


def test_a_downgrade_says_what_it_would_lose(house: Installation) -> None:
    """0003 brought absences, reasons and histories; before it there is no place for them."""
    with house.engine().begin() as connection:
        connection.execute(sa.text("UPDATE trainer_assignments SET reason = 'Hastayım' WHERE id < 3"))
        absences = connection.scalar(sa.text("SELECT count(*) FROM trainer_absences"))
    before = rows(house.engine(), columns(house.engine()))
    with pytest.raises(CommandError) as refused:
        house.run("downgrade", "0002")
    for lost in (f"trainer_absences ({absences} row", "trainer_assignments.reason (2 rows)", "-x discard=yes"):
        assert lost in str(refused.value), refused.value
    assert "need_sums" not in str(refused.value), "computed again on the way up: nothing is lost with it"
    assert revision_of(house) == head()
    assert rows(house.engine(), columns(house.engine())) == before
    assert not list((house.file.parent / COPIES).iterdir()), "nothing was changed, so no copy is needed"
    house.run("downgrade", "0002", x=DISCARD)
    assert revision_of(house) == "0002"


# --- the next migration, whatever it is ---------------------------------------------------------------


ANEW = """
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table != "alembic_version" and "_search" not in table:
            with op.batch_alter_table(table, recreate="always"):
                pass
"""


def test_every_table_can_be_made_anew(house: Installation) -> None:
    """Most tables are pointed at by others; some carry triggers, partial indexes and indexes on expressions."""
    engine = house.engine()
    schema, everything = says(engine), columns(engine)
    before = rows(engine, everything)
    migration(house, ANEW, ANEW)
    for verb, revision in (("upgrade", "probe"), ("downgrade", head())):
        house.run(verb, revision)
        assert revision_of(house) == revision
        wrong = differences(schema, says(engine))
        assert not wrong, "\n".join(wrong) + MADE_ANEW
        assert rows(engine, everything) == before, f"rows changed.{MADE_ANEW}"
        assert not orphans(engine), f"{orphans(engine)[:3]} point at nothing.{MADE_ANEW}"
        assert not search_faults(engine), f"{search_faults(engine)}{MADE_ANEW}"
    triggers = len(INDEXED) * 2 * 3 + len(append_only_tables()) * 2
    assert triggers == sum(line.startswith("CREATE TRIGGER") for lines in schema.values() for line in lines)
    with house.app.app_context():
        person = db.session.scalars(EVERYWHERE.select(Employee).limit(1)).one()
        person.search_text = "nowhere else"
        db.session.flush()
        found = db.session.scalars(EVERYWHERE.select(Employee).where(matches(Employee, "where els"))).all()
        assert found == [person], "a change still reaches the search table"
        db.session.remove()
        db.engine.dispose()


def test_plain_operations_pass(house: Installation) -> None:
    """What one writes without thinking of SQLite; the same is made from the models of tomorrow."""
    migration(
        house,
        """
        op.add_column("employees", sa.Column("nickname", sa.String(40), server_default="", nullable=False))
        op.add_column("enrolments", sa.Column("mood", sa.Enum("glad", "sad", name="mood", native_enum=False,
                                                              create_constraint=True, length=32)))
        op.add_column("enrolments", sa.Column("deputy_id", sa.Integer(), sa.ForeignKey("employees.id")))
        op.create_index("ix_enrolments_deputy_id", "enrolments", ["deputy_id"])
        op.create_check_constraint("nickname", "employees", "nickname <> 'x'")
        """,
        """
        op.drop_constraint(op.f("ck_employees_nickname"), "employees", type_="check")
        op.drop_column("employees", "nickname")
        op.drop_column("enrolments", "deputy_id")
        with op.batch_alter_table("enrolments") as table:
            table.drop_column("mood")
        """,
    )
    tomorrow = tables_of_tomorrow()
    employees, enrolments = tomorrow.tables["employees"], tomorrow.tables["enrolments"]
    employees.append_column(sa.Column("nickname", sa.String(40), nullable=False))
    employees.append_constraint(sa.CheckConstraint("nickname <> 'x'", name="nickname"))
    enrolments.append_column(sa.Column("mood", enum("mood", "glad", "sad")))
    enrolments.append_column(sa.Column("deputy_id", sa.ForeignKey("employees.id"), index=True))
    there_and_back(house, tomorrow)


def test_a_column_goes_with_all_that_mentions_it(house: Installation) -> None:
    """As on PostgreSQL; and one that is only called otherwise is not lost."""
    engine = house.engine()
    today, everything = says(engine), columns(engine)
    before = rows(engine, everything)
    migration(
        house,
        """
        op.add_column("venues", sa.Column("storey", sa.Integer(), sa.CheckConstraint("storey < 9", name="storey")))
        op.create_index("ix_venues_upstairs", "venues", ["name_tr"], sqlite_where=sa.text("storey > 0"))
        op.create_index("ix_venues_half", "venues", [sa.text("storey / 2")])
        op.create_index("ix_venues_lower", "venues", [sa.text("lower(name_en)")])
        op.alter_column("rooms", "capacity", new_column_name="seats")
        with op.batch_alter_table("venues") as table:
            table.alter_column("address", new_column_name="street")
        """,
        """
        with op.batch_alter_table("venues") as table:
            table.drop_column("storey")
            table.alter_column("street", new_column_name="address")
        op.alter_column("rooms", "seats", new_column_name="capacity")
        op.drop_index("ix_venues_lower", "venues")
        """,
    )
    house.run("upgrade", "head")
    assert any("lower(name_en)" in line for line in says(engine)["venues"]), MADE_ANEW
    house.run("downgrade", head())
    assert differences(today, says(engine)) == []
    assert rows(engine, everything) == before


def test_what_flask_db_migrate_writes_passes(
    house: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns that may be empty and that may not, of every kind; a state more; tables that come and go."""
    tomorrow = tables_of_tomorrow()
    employees, enrolments = tomorrow.tables["employees"], tomorrow.tables["enrolments"]
    for column in (
        sa.Column("nickname", sa.String(40), default="", nullable=False),
        sa.Column("remote", sa.Boolean, default=False, nullable=False),
        sa.Column("mood", enum("mood", "glad", "sad"), default="glad", nullable=False),
        sa.Column("extras", sa.JSON, default=dict, nullable=False),
        sa.Column("met_at", UtcDateTime),
        sa.Column("deputy_id", sa.ForeignKey("employees.id"), index=True),
    ):
        employees.append_column(column)
    one_state_more(enrolments.c.status, "deferred")
    sa.Table(
        "wishes",
        tomorrow,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("employee_id", sa.ForeignKey("employees.id"), index=True, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.CheckConstraint("text <> ''", name="said"),
    )
    tomorrow.remove(tomorrow.tables["trainer_absences"])
    venues = tomorrow.tables["venues"]
    venues._columns.remove(venues.c.address)
    monkeypatch.setattr(house.app.extensions["migrate"], "db", Tomorrow(tomorrow))
    script = house.run("revision", "wishes", autogenerate=True, version_path=str(house.scripts))
    told = capsys.readouterr().out
    assert "trainer_absences goes" in told
    assert "venues.address goes" in told
    assert script.revision == f"{int(str(head())) + 1:04}"
    there_and_back(house, tomorrow)


# --- when it goes wrong -------------------------------------------------------------------------------


def test_rows_an_older_schema_cannot_hold_stop_the_downgrade(house: Installation) -> None:
    """A state more, used, and then the way back."""
    states = ("planned", "held")
    migration(
        house,
        f"""
        with op.batch_alter_table("venues") as table:
            table.add_column(sa.Column("state", sa.String(32), server_default="held", nullable=False))
        op.create_check_constraint("state", "venues", "state IN {states}")
        op.execute("UPDATE venues SET state = 'planned' WHERE id = 1")
        """,
        """
        with op.batch_alter_table("venues") as table:
            table.drop_constraint(table.f("ck_venues_state"), type_="check")
            table.create_check_constraint("state", "state = 'held'")
        """,
    )
    house.run("upgrade", "head")
    schema, everything = says(house.engine()), columns(house.engine())
    before = rows(house.engine(), everything)
    with pytest.raises(CommandError, match=r"Rows do not fit .*ck_venues_state.* Nothing was changed"):
        house.run("downgrade", head(), x=DISCARD)
    assert says(house.engine()) == schema
    assert rows(house.engine(), everything) == before
    assert revision_of(house) == "probe"


def test_rows_that_would_lose_their_parents_stop_it(house: Installation) -> None:
    before = rows(house.engine(), columns(house.engine()))
    migration(house, 'op.execute("DELETE FROM employees WHERE id = (SELECT min(employee_id) FROM enrolments)")')
    with pytest.raises(CommandError, match=r"would point at nothing \(.*enrolments at employees.* Nothing was changed"):
        house.run("upgrade", "head")
    assert revision_of(house) == head()
    assert rows(house.engine(), columns(house.engine())) == before


def test_a_step_that_commits_keeps_the_copy(house: Installation) -> None:
    """It may not; whoever has such a one finds the database as it was."""
    before = rows(house.engine(), columns(house.engine()))
    migration(house, "op.execute(\"UPDATE venues SET address = 'x'\")\nop.get_bind().commit()\nraise ValueError")
    with pytest.raises(ValueError, match=r"^$"):
        house.run("upgrade", "head")
    (copy,) = (house.file.parent / COPIES).iterdir()
    assert rows(Installation(copy).engine(), columns(house.engine())) == before


def test_a_fault_on_the_way_leaves_the_old_state(house: Installation) -> None:
    schema, everything = says(house.engine()), columns(house.engine())
    before = rows(house.engine(), everything)
    migration(
        house, ANEW + '\n    op.execute("UPDATE employees SET given_name = \'x\'")\n    raise OSError("disk full")'
    )
    with pytest.raises(OSError, match="disk full"):
        house.run("upgrade", "head")
    assert says(house.engine()) == schema
    assert rows(house.engine(), everything) == before


IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from tests.laws.schema import Installation
Installation(Path(sys.argv[1]), Path(sys.argv[2])).run("upgrade", "head")
"""


def another_process(house: Installation) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", IN_ANOTHER_PROCESS, str(house.file), str(house.scripts)]
    return subprocess.Popen(
        arguments, cwd=ROOT, env={**os.environ, "YETKIN_ENV": "testing"}, text=True, stderr=subprocess.PIPE
    )


def test_a_killed_upgrade_leaves_the_old_state(house: Installation) -> None:
    """Killed in the last of three steps, all tables made anew; the next start needs no hand work."""
    house.run("downgrade", steps()[1], x=DISCARD)
    schema, everything = says(house.engine()), columns(house.engine())
    before = rows(house.engine(), everything)
    copy = house.file.with_name("as-it-was.db")
    shutil.copyfile(house.file, copy)
    migration(house, ANEW + "\n    os.kill(os.getpid(), signal.SIGKILL)")
    process = another_process(house)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert says(house.engine()) == schema
    assert rows(house.engine(), everything) == before
    assert revision_of(house) == steps()[1]
    migration(house, ANEW)
    house.run("upgrade", "head")
    assert revision_of(house) == "probe"
    both = shared(everything, columns(house.engine()), set().union(*MEANT.values()))
    assert rows(house.engine(), both).items() <= rows(Installation(copy).engine(), both).items()


def test_two_upgrades_at_once_are_one(house: Installation) -> None:
    """The second waits for the first and finds nothing left to do, however long it takes."""
    migration(
        house,
        """
        import time
        op.add_column("venues", sa.Column("upgrades", sa.Integer(), server_default="0", nullable=False))
        op.execute("UPDATE venues SET upgrades = upgrades + 1")
        time.sleep(1.5)
        """,
    )
    both = [another_process(house), another_process(house)]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    with house.engine().connect() as connection:
        assert connection.scalars(sa.text("SELECT DISTINCT upgrades FROM venues")).all() == [1]
    assert len(list((house.file.parent / COPIES).iterdir())) == 1


# --- the copy made before -----------------------------------------------------------------------------


def test_a_copy_is_made_before(house: Installation) -> None:
    """It is the database as it was, whole and for the owner's eyes; the newest few are kept."""
    everything = columns(house.engine())
    before = rows(house.engine(), everything)
    migration(house, "op.execute(\"UPDATE employees SET given_name = 'x'\")")
    folder = house.file.parent / COPIES
    folder.mkdir()
    cut_short = folder / "programme-20261122T090000000000-0004.part"
    cut_short.touch()
    house.run("upgrade", "head")
    (copy,) = folder.iterdir()
    assert copy.name.endswith(f"-{head()}.db")
    assert copy.stat().st_mode & 0o077 == 0
    again = Installation(copy)
    assert rows(again.engine(), everything) == before
    assert revision_of(again) == head()
    neighbour = folder / "programme-staging-20261122T090000000000-0004.db"
    neighbour.touch()
    for _ in range(COPIES_KEPT):
        house.run("downgrade", head())
        house.run("upgrade", "head")
    neighbour.unlink()
    assert len(list(folder.iterdir())) == COPIES_KEPT
    assert not copy.exists()
    house.run("current")
    house.run("upgrade", "head")
    assert len(list(folder.iterdir())) == COPIES_KEPT, "where nothing is done no copy is made"


def test_without_room_for_a_copy_nothing_is_done(house: Installation) -> None:
    migration(house, ANEW)
    (house.file.parent / COPIES).write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=r"No copy could be made .* Nothing was changed"):
        house.run("upgrade", "head")
    assert revision_of(house) == head()


def test_what_the_database_does_not_do_is_one_sentence(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is wrong, a disk that is full, somebody else who writes for half an hour."""
    migration(house, 'op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(CommandError, match=r"no such table: nowhere[^$]*INSERT INTO nowhere[^$]*Nothing was changed"):
        house.run("upgrade", "head")
    before = rows(house.engine(), columns(house.engine()))
    migration(house, 'op.execute("PRAGMA max_page_count = 1")\n' + textwrap.dedent(ANEW))  # as many as there are
    with pytest.raises(CommandError, match=r"database or disk is full[^$]*TABLE _alembic_tmp[^$]*Nothing was changed"):
        house.run("upgrade", "head")
    assert rows(house.engine(), columns(house.engine())) == before
    migration(house, ANEW)
    monkeypatch.setattr("app.core.upgrades.migrations.WAIT_MS", 50)
    with contextlib.closing(sqlite3.connect(house.file, isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(CommandError, match=r"database is locked[^$]*Nothing was changed"):
            house.run("upgrade", "head")
    house.run("upgrade", "head")
    assert revision_of(house) == "probe"


def test_the_planner_knows_the_rows_afterwards(house: Installation) -> None:
    """Of an index made anew it knew nothing: a page took half a second that had taken a twentieth."""
    house.run("downgrade", "0028", x=DISCARD)
    house.run("upgrade", "head")
    with house.engine().connect() as raw:
        known = set(raw.exec_driver_sql("SELECT idx FROM sqlite_stat1").scalars())
    assert {"ix_employees_title_id", "ix_ratings_competency_id", "ix_employees_user_id"} <= known


def test_a_newer_database_is_not_touched(house: Installation) -> None:
    """An older program meets it, as after a rollback of the program alone."""
    migration(house, ANEW)
    house.run("upgrade", "head")
    older = Installation(house.file)
    with pytest.raises(CommandError, match="at revision probe, which this program does not know: a newer one"):
        older.run("upgrade", "head")
    assert revision_of(house) == "probe"


# --- many rows ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hundred_thousand_staff_upgrade(house: Installation) -> None:
    with house.engine().begin() as connection:
        names = [
            column.name for column in Employee.__table__.columns if column.name not in ("id", "registry_no", "user_id")
        ]
        connection.execute(
            sa.text(
                f"INSERT INTO employees (registry_no, {', '.join(names)}) WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL"
                f" SELECT n + 1 FROM many WHERE n < 100000) SELECT 'X' || n, {', '.join(names)} FROM many"
                " JOIN employees ON employees.id = (SELECT min(id) FROM employees) "
            )
        )
        assert (connection.scalar(sa.text("SELECT count(*) FROM employees")) or 0) > 100_000
    everything = columns(house.engine())
    before = rows(house.engine(), everything)
    migration(house, ANEW, ANEW)
    house.run("upgrade", "head")
    assert rows(house.engine(), everything) == before
    assert not orphans(house.engine())


def test_letters_that_were_nobodys_are_somebodys(house: Installation) -> None:
    """Those to accounts and about certificates; one to an account of the whole programme stays the administrators'."""
    house.run("downgrade", "0021", x=DISCARD)
    with house.engine().begin() as raw:
        sent = raw.exec_driver_sql("SELECT min(id) FROM messages").scalar()
        fields = "to_address, language, subject, body, status, attempts, answer, private, created_at"
        told = {"certificate:1": True, "reset:user:{}:x": True, "access.password_set:user:1:y": False}
        staff = raw.exec_driver_sql("SELECT min(user_id) FROM grants WHERE organisation_id IS NOT NULL").scalar()
        for occasion in told:
            named = occasion.format(staff)
            copied = (
                f"INSERT INTO messages (occasion, {fields}) SELECT '{named}', {fields} FROM messages WHERE id = {sent}"
            )
            raw.exec_driver_sql(f"DELETE FROM messages WHERE occasion = '{named}' AND id <> {sent}")
            raw.exec_driver_sql(copied)
    house.run("upgrade", "head")
    with house.engine().connect() as raw:
        for occasion, placed in told.items():
            row = raw.exec_driver_sql(
                f"SELECT province_id, organisation_id FROM messages WHERE occasion = '{occasion.format(staff)}'"
            ).one()
            assert any(row) is placed, (occasion, row)
