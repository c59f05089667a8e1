"""The heat map: each cell says what the pages behind it say, and hides what they hide."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.db import db
from app.needs import services
from app.needs.models import AssessmentRound
from app.needs.results.heat import HeatCell, printed
from app.needs.rules import Sums, shown_priority
from tests.conftest import Browser, Stage
from tests.needs.stage import (
    CASE_MANAGEMENT,
    CORRESPONDENCE,
    NIZIP,
    PLAIN_LANGUAGE,
    SAHINBEY,
    YAKUTIYE,
    Four,
    name_all,
    people,
    rate,
    scenery,
    worked_example,
)

HIGH: Four = (5, 2, 5, 2)
LOW: Four = (4, 3, 4, 4)
CELL = re.compile(
    r'<td class="heat-(\w+)"><a href="([^"]+)"[^>]*>(?:<b>([^<]+)</b> <span>([^<]+)</span> <i>([^<]+)</i>|&lt;5)'
)


def rated(count: int, organisation_id: int, prefix: str, four: Four, competency_id: int = CASE_MANAGEMENT) -> None:
    ids = people(count, organisation_id, prefix)
    for key in ids:
        rate(key, competency_id, four)
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    db.session.commit()


@pytest.fixture
def needs(stage: Stage) -> Stage:
    """Six people of the worked example in Nizip, ten in Şahinbey, seven in Yakutiye."""
    scenery()
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), worked_example(NIZIP).values())
    rated(10, SAHINBEY, "S", LOW)
    rated(7, YAKUTIYE, "Y", HIGH)
    return stage


def table(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.get(f"{address}{'&' if '?' in address else '?'}format=csv")
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def cells(browser: Browser, address: str) -> list[tuple[str, ...]]:
    """Class, address, score, word and number of people of each cell that leads somewhere."""
    return [tuple(part.replace("&amp;", "&") for part in found) for found in CELL.findall(browser.get(address).text)]


SCOPES = ("admin", "coordinator", "coordinator_elsewhere", "focal_point")
GROUPS = ("", "province=1", f"province=1&organisation={NIZIP}")


@pytest.mark.parametrize("name", SCOPES)
def test_each_cell_says_what_the_ranking_of_its_group_says(needs: Stage, name: str) -> None:
    """Score, class and people of every group and competency, for every filter a reader may combine."""
    rated(3, SAHINBEY, "K", HIGH, CORRESPONDENCE)
    browser, seen = getattr(needs, name), 0
    choices = product(GROUPS, ("", "theme=2"), ("", "kind=district"), ("", "rows=title"))
    for place, theme, kind, rows in choices:
        asked = "&".join(filter(None, ("view=matrix", place, theme, kind, rows)))
        if browser.get(f"/needs?{asked}").status_code == 404:
            continue
        for css, url, score, _, n in cells(browser, f"/needs?{asked}"):
            competency, query = re.match(r"/needs/(\d+)\??(.*)", url).groups()  # type: ignore[union-attr]  # or it fails
            names = {"1": "Vaka yönetimi", "2": "Çok dilli hizmet", "3": "Resmî yazışma"}
            row = {row["Yetkinlik"]: row for row in table(browser, f"/needs?{query}")}[names[competency]]
            if css == "hidden":
                assert row["Öncelik puanı"] != "<5", "the larger group it leads to is shown"
                continue
            assert (
                f"{float(row['Öncelik puanı'].replace(',', '.')):.1f}".replace(".", ","),
                row["Değerlendirilen kişi"],
            ) == (
                score,
                n,
            ), url
            seen += 1
    assert seen > 3


def test_a_cell_leads_to_as_many_names_as_the_ranking_counts(needs: Stage) -> None:
    name_all()
    for _, url, *_ in cells(needs.admin, "/needs?view=matrix"):
        competency, query = re.match(r"/needs/(\d+)\??(.*)", url).groups()  # type: ignore[union-attr]  # or it fails
        names = table(needs.admin, url)
        at = int(competency) - 1
        wanted = ("Vaka yönetimi", "Çok dilli hizmet", "Resmî yazışma")[at]
        ranking = {row["Yetkinlik"]: row for row in table(needs.admin, f"/needs?{query}")}
        assert len(names) == int(ranking[wanted]["İhtiyacı olan kişiler"]), url


def test_institutions_of_every_province_stand_below_it(needs: Stage) -> None:
    found = [row["Grup"] for row in table(needs.admin, "/needs?view=matrix")]
    assert found == ["Tüm program", "Erzurum", "Yakutiye", "Gaziantep", "Nizip", "Şahinbey"]
    only = [row["Grup"] for row in table(needs.admin, "/needs?view=matrix&kind=metropolitan")]
    assert only == ["Tüm program"]


def test_what_is_hidden_offers_the_next_larger_group(needs: Stage) -> None:
    """Three of Şahinbey beside six of Nizip hide both: the arrow leads to the province they make."""
    rated(3, SAHINBEY, "K", HIGH, CORRESPONDENCE)
    hidden = [url for css, url, *_ in cells(needs.admin, "/needs?view=matrix") if css == "hidden"]
    assert hidden == [f"/needs/{CORRESPONDENCE}?province=1"] * 2
    assert needs.admin.page(hidden[0]).text.count("yanıt sayısı 5 sınırının altında") == 0


def test_a_theme_is_hidden_where_one_of_its_competencies_is(needs: Stage) -> None:
    """What is left of the theme without its other competencies would be the hidden one."""
    rated(3, YAKUTIYE, "K", HIGH, PLAIN_LANGUAGE)
    head = "Öncelik puanı: Sosyal hizmetler"
    by_group = {row["Grup"]: row for row in table(needs.admin, "/needs?view=matrix&columns=theme")}
    assert head in by_group["Nizip"], by_group["Nizip"]
    assert by_group["Yakutiye"][head] == "<5"
    assert by_group["Tüm program"][head] != "<5"


def test_the_sentence_names_what_is_high_in_most_places(needs: Stage) -> None:
    text = needs.admin.page("/needs?view=matrix").text
    assert "En yüksek: Vaka yönetimi; gösterilen 3 kurumun 2 tanesinde Yüksek." in text
    assert (
        "Highest: Case management, High in 2 of the 3 institutions shown."
        in needs.admin.page("/needs?view=matrix&lang=en").text
    )


def test_date_people_and_response_rate_stand_above_it(needs: Stage) -> None:
    text = needs.admin.page("/needs?view=matrix").text
    assert "23 kişi yanıtladı" in text
    assert "yanıt oranı bilinmiyor" in text


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(10_000, 50_000), st.integers(10_000, 50_000)), min_size=1, max_size=6
    )
)
def test_the_short_way_to_a_priority_is_the_long_one(groups: list[tuple[int, int, int]]) -> None:
    whole = Sums()
    for n, importance, level in groups:
        weights = n * 10_000
        whole = whole.plus(Sums(n, 0, weights, weights * importance, weights * level))
    long = whole.aggregate()
    exact, places = shown_priority(long.priority) or (Fraction(-1), 0)
    assert printed(whole) == HeatCell(whole.n, (Fraction(round(exact, places)), places), long.priority_class)
    assert printed(Sums()) == HeatCell()
