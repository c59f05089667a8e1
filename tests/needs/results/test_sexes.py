"""Women and men apart: for those alone whom the notice names, each figure the length of its list, and exact."""

from __future__ import annotations

import csv
import io
import re
from itertools import product

import pytest

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.needs import services
from app.needs.groups.queries import figures
from app.needs.models import AssessmentRound
from app.people.models import Sex
from tests.conftest import Browser, Stage
from tests.needs.stage import (
    CASE_MANAGEMENT,
    CORRESPONDENCE,
    NIZIP,
    SAHINBEY,
    YAKUTIYE,
    Four,
    name_all,
    people,
    rate,
    scenery,
)

NEED: Four = (5, 2, 5, 2)
NONE: Four = (4, 4, 4, 4)
LATER = {"W": (3, 1), "M": (2, 4)}  # in need, not in need


@pytest.fixture
def apart(stage: Stage) -> Stage:
    """Of each of three institutions three women in need and one who is not; two men in need and four who are not."""
    scenery()
    name_all()
    for home in (NIZIP, SAHINBEY, YAKUTIYE):
        for letter, sex in (("W", Sex.WOMAN), ("M", Sex.MAN)):
            for some, four in zip(LATER[letter], (NEED, NONE), strict=True):
                ids = people(some, home, f"{letter}{four[1]}{home}", sex=sex)
                for key in ids:
                    rate(key, CASE_MANAGEMENT, four)
                    if home == NIZIP:
                        rate(key, CORRESPONDENCE, NEED)
                services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    db.session.commit()
    return stage


def table(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.get(f"{address}{'&' if '?' in address else '?'}format=csv")
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


PLACES = (("", 3), (f"organisation={NIZIP}", 1), (f"organisation={NIZIP}&unit=1", 1))
"""Groups by the filters of their address, and how many of the three institutions stand in each."""


@pytest.mark.parametrize(("sex", "needs", "rated"), [("woman", 3, 4), ("man", 2, 6)])
def test_each_number_is_the_length_of_the_list_behind_it(apart: Stage, sex: str, needs: int, rated: int) -> None:
    for (place, homes), who in product(PLACES, ("admin", "coordinator")):
        seen = min(homes, 3 if who == "admin" else 2)
        query = "&".join(filter(None, (place, f"sex={sex}")))
        row = {row["Yetkinlik"]: row for row in table(getattr(apart, who), f"/needs?{query}")}["Vaka yönetimi"]
        assert (row["İhtiyacı olan kişiler"], row["Değerlendirilen kişi"]) == (
            str(needs * seen),
            str(rated * seen),
        ), query
        names = table(getattr(apart, who), f"/needs/{CASE_MANAGEMENT}?{query}")
        assert len(names) == needs * seen, query


def test_the_pages_say_of_whom_they_are(apart: Stage) -> None:
    page = apart.admin.get(f"/needs?view=matrix&sex=woman&organisation={NIZIP}").text
    assert "Nizip Belediyesi, Kadın" in page
    cells = re.findall(r'<td class="heat-[^"]*"><a href="([^"]+)"', page)
    assert cells and all("sex=woman" in link for link in cells)
    assert "needs/report" not in apart.admin.get("/needs?sex=woman").text, "a report is of all of them"
    assert 'name="sex"' in apart.admin.get("/needs").text


def test_whom_the_notice_does_not_name_is_not_told(apart: Stage) -> None:
    """A third way to divide the same people could be subtracted from the others."""
    db.session.get_one(AssessmentRound, 1).readers = ["administrator"]
    db.session.commit()
    assert 'name="sex"' not in apart.coordinator.get("/needs").text
    for path in ("/needs?sex=woman", "/needs?view=matrix&sex=man", f"/needs/{CASE_MANAGEMENT}?sex=woman"):
        assert apart.coordinator.get(path).status_code == 404, path
        assert apart.admin.get(path).status_code == 200, path
    assert apart.admin.get("/needs?sex=nobody").status_code == 404


def test_nothing_is_counted_where_something_would_have_to_stay_hidden(apart: Stage) -> None:
    for wrong in ({"minimum": 5}, {"minimum": 1, "titles": True}):
        with pytest.raises(ValueError, match="for those alone"):
            figures(EVERYWHERE, 1, sex=Sex.WOMAN, **wrong)  # type: ignore[arg-type]  # each of them is what is asked


def test_both_and_those_not_stated_make_all(apart: Stage) -> None:
    whole = figures(EVERYWHERE, 1, minimum=1, institutions=True)
    parts = [figures(EVERYWHERE, 1, minimum=1, institutions=True, sex=sex) for sex in Sex]
    for key, cells in whole.by_competency.items():
        for group, sums in cells.items():
            found = [part.by_competency[key][group] for part in parts if group in part.by_competency.get(key, {})]
            assert tuple(map(sum, zip(*found, strict=True))) == tuple(sums), (key, group)
