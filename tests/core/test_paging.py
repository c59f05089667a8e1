"""A list that is searched or filtered is counted to a thousand; each of its rows can still be reached."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.core.paging import Rows
from app.people.models import Employee
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.factories import employee


@pytest.fixture
def crowd(stage: Stage) -> int:
    """1,120 women in the institution of the cast, Z 0000 to Z 1119; how many lines their list has."""
    one = employee("Z", "Z", "Z-X", 1, sex="woman")
    columns = [column for column in Employee.__table__.columns if column.name != "id"]
    shape = {column.name: getattr(one, column.key) for column in columns}
    rows = [
        shape | {"name_sort": f"zz{i:04}", "family_name": f"{i:04}", "registry_no": f"Z-{i:04}"} for i in range(1120)
    ]
    db.session.delete(one)
    db.session.flush()
    db.session.execute(sa.insert(Employee), rows)
    db.session.commit()
    women = EVERYWHERE.restrict(sa.select(sa.func.count(Employee.id)), Employee).where(Employee.sex == "woman")
    return db.session.scalar(women.where(Employee.active == sa.true())) or 0


def told(browser: Browser, path: str) -> str:
    found = re.search(r'class="pager".*?<p>(.*?)</p>', browser.get(path).text, re.DOTALL)
    assert found
    return found[1]


def test_a_filtered_list_is_counted_to_a_thousand(stage: Stage, crowd: int) -> None:
    assert told(stage.admin, "/people?sex=woman") == "1–50 / 1.000+"
    assert told(stage.admin, "/people?sex=woman&lang=en") == "1–50 of 1,000+"
    with statements() as asked:
        stage.admin.get("/people?sex=woman")
    assert not [one for one in asked if "count(" in one and "FROM employees" in one]


def test_a_list_that_nothing_narrows_is_counted_whole(stage: Stage, crowd: int) -> None:
    total = re.search(r"1–50 / 1\.(\d+)$", told(stage.admin, "/people"))
    assert total
    assert int(total[1]) >= 120


def test_each_row_is_reached_by_the_next_page(stage: Stage, crowd: int) -> None:
    path, seen = "/people?sex=woman", []
    while path:
        page = stage.admin.get(path).text
        seen += re.findall(r'href="(/people/\d+)"', page)
        found = re.search(r'href="([^"]*)" rel="next"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == crowd
    assert 'rel="prev"' in page


def test_past_the_thousandth_row_the_count_goes_along(stage: Stage, crowd: int) -> None:
    assert told(stage.admin, "/people?sex=woman&page=20") == "951–1.000 / 1.000+"
    assert told(stage.admin, "/people?sex=woman&page=21") == "1.001–1.050 / 1.050+"
    thousands = f"1.{crowd - 1000:03}"
    assert told(stage.admin, "/people?sex=woman&page=23") == f"1.101–{thousands} / {thousands}"


def test_behind_the_end_stands_the_last_page(stage: Stage, crowd: int) -> None:
    last = told(stage.admin, "/people?sex=woman&page=23")
    assert told(stage.admin, "/people?sex=woman&page=999999") == last
    assert told(stage.admin, "/people?sex=man&page=9") == told(stage.admin, "/people?sex=man")


def test_a_file_holds_all(stage: Stage, crowd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    whole = Rows.everything

    def noted(rows: Rows[object], most: int | None = None) -> object:
        found = whole(rows, most)
        held.append(len(found))
        return found

    monkeypatch.setattr(Rows, "everything", noted)
    assert stage.admin.get("/people?sex=woman&format=csv").status_code == 200
    assert held == [crowd]


@pytest.mark.parametrize("asked", ["organisation=x", "title=99999999999999", "sex=x", "employment=none"])
def test_a_filter_that_means_nothing_leaves_nothing(stage: Stage, asked: str) -> None:
    """An id that is no number, a word no enumeration has: an empty list, and no error of the database's."""
    person = re.compile(r'href="/people/\d+"')
    assert person.search(stage.coordinator.get("/people?sex=woman").text)
    assert not person.search(stage.coordinator.get(f"/people?{asked}").text)
