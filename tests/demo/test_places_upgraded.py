"""Where people took part from, after an upgrade of a programme in use: the figures of before, and what the log corrects."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import db, reading
from app.oversight.figures.facts import ALL, Cell, facts
from tests.laws.schema import Installation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

BEFORE, HERE = "0005", "0006"
# Persons and participations by province and kind, as the version before counted them: through today's staff.
THROUGH_TODAY = """
SELECT o.province_id, o.kind, e.employee_id FROM enrolments e
JOIN employees p ON p.id = e.employee_id JOIN organisations o ON o.id = p.organisation_id
JOIN course_sessions s ON s.id = e.course_session_id
WHERE e.merged_into_id IS NULL AND s.status <> 'cancelled' AND CASE s.status
  WHEN 'finalised' THEN EXISTS (SELECT 1 FROM outcomes u WHERE u.enrolment_id = e.id AND u.credit_minutes > 0)
  ELSE EXISTS (SELECT 1 FROM attendance_marks m JOIN sittings t ON t.id = m.sitting_id WHERE m.enrolment_id = e.id
    AND t.state <> 'not_held' AND (m.kind = 'present' OR m.minutes < coalesce(t.effective_minutes, t.minutes))) END
"""
# Somebody with a finished training in Gaziantep, whose certificate was issued (or not), and where they work.
TRAINED = """
SELECT e.id, e.employee_id, p.organisation_id, p.unit_id, s.starts_on FROM enrolments e
JOIN employees p ON p.id = e.employee_id JOIN organisations o ON o.id = p.organisation_id
JOIN provinces r ON r.id = o.province_id AND r.code = '27'
JOIN course_sessions s ON s.id = e.course_session_id AND s.status = 'finalised'
JOIN outcomes u ON u.enrolment_id = e.id AND u.credit_minutes > 0
WHERE {certified} EXISTS (SELECT 1 FROM certificates c WHERE c.enrolment_id = e.id) ORDER BY e.id
"""
UNITS = "SELECT id, organisation_id FROM units"
ELSEWHERE = "SELECT u.id, u.organisation_id FROM units u JOIN organisations o ON o.id = u.organisation_id \
JOIN provinces r ON r.id = o.province_id AND r.code = '25' ORDER BY u.id"


@pytest.fixture
def older(tmp_path: Path, demo_file: Path) -> Iterator[Installation]:
    """The example programme in the schema of before."""
    shutil.copyfile(demo_file, tmp_path / "programme.db")
    house = Installation(tmp_path / "programme.db")
    house.run("stamp", "head")
    house.run("downgrade", BEFORE, x=("discard=yes",))
    yield house
    shutil.rmtree(tmp_path)


Counted = dict[tuple[Any, Any], tuple[int, int]]


def through_today(house: Installation) -> Counted:
    """(persons, participations) by province and "all", by kind and "all"."""
    with house.engine().connect() as connection:
        rows = connection.execute(sa.text(THROUGH_TODAY)).all()
    keys = {(province, kind) for place, sort, _ in rows for province in (place, ALL) for kind in (sort, ALL)}
    found = {}
    for province, kind in keys:
        people = [who for place, sort, who in rows if province in (place, ALL) and kind in (sort, ALL)]
        found[province, kind] = (len(set(people)), len(people))
    return found


def counted(house: Installation, keys: Counted) -> Counted:
    with house.app.app_context(), reading():
        cells = facts().cells
        found = {}
        for province, kind in keys:
            category = ALL if kind == ALL else next(c for c in _kinds(cells) if c[1].value == kind)
            count = cells[Cell(province=province, category=category)]
            found[province, kind] = (count.persons, count.participations)
        db.session.remove()
        db.engine.dispose()
    return found


def _kinds(cells: Any) -> set[Any]:
    return {cell.category for cell in cells if cell.category != ALL and cell.category[0] == "kind"}


def run(house: Installation, statement: str, **values: Any) -> list[Any]:
    with house.engine().begin() as connection:
        found = connection.execute(sa.text(statement), values)
        return list(found) if found.returns_rows else []


def log(house: Installation, at: str, event: str, **what: Any) -> None:
    statement = "INSERT INTO audit_entries (at, event, facts) VALUES (:at, :event, :facts)"
    run(house, statement, at=at, event=event, facts=json.dumps(what))


def moves(house: Installation, person: Any, at: str) -> int:
    """They go to Erzurum, as the version before wrote it; the id of the institution."""
    unit_id, there = run(house, ELSEWHERE)[0]
    place = {"there": there, "unit": unit_id, "key": person.employee_id}
    run(
        house,
        "UPDATE employees SET organisation_id = :there, unit_id = :unit, registry_no = 'X-' || id WHERE id = :key",
        **place,
    )
    fields = ["unit_id", "registry_no"]
    ids = {"employee_id": person.employee_id, "from_id": person.organisation_id, "to_id": there}
    log(house, at, "person.transferred", **ids, fields=fields)
    return int(there)


def place_of(house: Installation, enrolment: int) -> Any:
    columns = "organisation_id, province_id, unit_id, registry_no, place_guessed, called"
    return run(house, f"SELECT {columns} FROM enrolments WHERE id = :key", key=enrolment)[0]


def test_figures_are_those_of_before(older: Installation) -> None:
    before = through_today(older)
    older.run("upgrade", "head")
    assert len(before) > 10
    assert counted(older, before) == before
    assert run(older, "SELECT count(*) FROM enrolments WHERE place_guessed")[0][0] == 0, "nothing happened to anybody"
    seatless = (
        "SELECT count(*) FROM enrolments WHERE status IN ('applied', 'nominated') AND organisation_id IS NOT NULL"
    )
    assert run(older, seatless)[0][0] == 0


def test_a_province_gets_its_people_back(older: Installation) -> None:
    """Of two who moved on, one says so by the log alone, one by the certificate as well."""
    was = through_today(older)
    people = [run(older, TRAINED.format(certified=word))[0] for word in ("NOT", "")]
    for person in people:
        moves(older, person, "2026-11-20 09:00:00.000000")
    assert through_today(older) != was, "the fault"
    older.run("upgrade", "head")
    assert counted(older, was) == was
    for person in people:
        place = place_of(older, person.id)
        assert place.organisation_id == person.organisation_id
        assert place.unit_id in (None, *(key for key, home in run(older, UNITS) if home == person.organisation_id))
        assert (place.registry_no, bool(place.place_guessed)) == ("", True)


def test_the_certificate_wins(older: Installation) -> None:
    """Nothing in the log, as after a move made before there was one; and an institution called otherwise since."""
    moved, renamed = run(older, TRAINED.format(certified=""))[:2]
    unit_id, there = run(older, ELSEWHERE)[0]
    change = "UPDATE employees SET organisation_id = :there, unit_id = :unit WHERE id = :key"
    run(older, change, there=there, unit=unit_id, key=moved.employee_id)
    run(older, "UPDATE organisations SET name_tr = 'Yeni Ad' WHERE id = :key", key=renamed.organisation_id)
    (printed,) = run(older, "SELECT snapshot FROM certificates WHERE enrolment_id = :key", key=renamed.id)[0]
    older.run("upgrade", "head")
    if moved.organisation_id != renamed.organisation_id:
        assert place_of(older, moved.id).organisation_id == moved.organisation_id
        assert place_of(older, moved.id).place_guessed
    place = place_of(older, renamed.id)
    assert place.organisation_id == renamed.organisation_id
    assert json.loads(place.called)["organisation_tr"] == json.loads(printed)["organisation_tr"] != "Yeni Ad"


def test_a_seat_goes_along_until_the_training_begins(older: Installation) -> None:
    person = run(older, TRAINED.format(certified="NOT"))[0]
    (taken,) = run(older, "SELECT max(at) FROM enrolment_changes WHERE enrolment_id = :key", key=person.id)[0]
    assert taken < person.starts_on
    there = moves(older, person, f"{taken[:-1]}9")  # a moment later
    older.run("upgrade", "head")
    place = place_of(older, person.id)
    assert (place.organisation_id, place.registry_no) == (there, f"X-{person.employee_id}")
    assert not place.place_guessed


def test_what_happened_before_or_elsewhere_is_no_guess(older: Installation) -> None:
    """Somebody's title, and a unit's name, changed after the training: that row alone says so."""
    first, second = run(older, TRAINED.format(certified="NOT"))[:2]
    changed = {"employee_id": first.employee_id, "fields": ["title_id"]}
    log(older, "2026-11-20 09:00:00.000000", "person.changed", **changed)
    log(older, "2026-11-20 09:00:00.000000", "person.changed", employee_id=second.employee_id, fields=["email"])
    log(older, "2020-01-01 09:00:00.000000", "unit.changed", unit_id=second.unit_id, fields=["name_tr"])
    older.run("upgrade", "head")
    assert run(older, "SELECT DISTINCT employee_id FROM enrolments WHERE place_guessed") == [(first.employee_id,)]


def test_the_way_back_loses_nobodys_past(older: Installation) -> None:
    """Where all is as today it is computed again; what only stands with the seat stops it."""
    person = run(older, TRAINED.format(certified="NOT"))[0]
    older.run("upgrade", HERE)
    older.run("downgrade", BEFORE)
    moves(older, person, "2026-11-20 09:00:00.000000")
    older.run("upgrade", HERE)
    with pytest.raises(Exception, match="no place for enrolments"):
        older.run("downgrade", BEFORE)
