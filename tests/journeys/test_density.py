"""Every list at 1280 × 800: its first row above the fold, eight rows in view, none higher than two lines."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from playwright.sync_api import expect

import config
from app import create_app
from app.lists import pages
from app.web.listing import Listing
from tests.journeys.conftest import Visitor
from tests.journeys.test_reach import one_of_each_kind, sideways

Visit = Callable[..., Visitor]

FIRST_ROW = 420
ROWS_IN_VIEW = 8
ROW = 44.5
# Of the page's list, else of its first table: where the first row begins, how many rows end above the fold, and the
# highest of them. A row that is one cell wide is no row of the list.
MEASURE = """() => {
  const table = document.querySelector("#list table.table-cards, main table.table-cards");
  const rows = [...table?.tBodies ?? []].flatMap((body) => [...body.rows])
    .filter((row) => row.cells.length > 1 && row.checkVisibility());
  if (!rows.length) return null;
  const boxes = rows.map((row) => row.getBoundingClientRect());
  return {
    first: boxes[0].top + scrollY,
    all: rows.length,
    view: boxes.filter((box) => box.bottom + scrollY <= innerHeight).length,
    high: Math.max(...boxes.map((box) => box.height)),
  };
}"""
# No lists to look through: what is filled in on them, or a picture whose table stands under it, comes first.
OTHER = {
    "proposal.show_eligible": "a part of the page of ratings, which is loaded after it",
    "studies.show_studies": "a board: a column for each stage",
    "picture.show_programme": "figures of the programme, not rows",
    "action_plans.show_plan": "a document: each of its goals has its rows",
    "oversight.show_reports": "figures of the programme, not rows",
    "results.show_ratings": "a distribution and its trend, drawn",
    "invitations.invite_people": "a form: what will be written to them stands above their names",
    "imports.show_import": "a form: what is to be decided stands above the rows",
    "ratings.show_import": "a form: what is to be decided stands above the rows",
}
FILES = {"rounds.show_drawn", "ratings.show_template", "grid.take_out", "completion.take_out_scores"}


def _reads_a_list(view: FunctionType, seen: set[FunctionType]) -> bool:
    """Whether a view, or what it calls in its own module, reads an address as a list."""
    seen.add(view)
    named = [view.__globals__.get(name) for name in view.__code__.co_names]
    helpers = [each for each in named if isinstance(each, FunctionType) and each.__module__ == view.__module__]
    return any(each is pages or each is Listing for each in named) or any(
        _reads_a_list(each, seen) for each in helpers if each not in seen
    )


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The addresses of all lists, and what matches an address with one of them."""
    settings = config.Testing()
    settings.INSTANCE_PATH = tmp_path_factory.mktemp("lists")
    settings.SQLALCHEMY_DATABASE_URI = f"sqlite:///{Path(settings.INSTANCE_PATH) / 'none.db'}"
    app = create_app(settings)
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and isinstance(view := inspect.unwrap(app.view_functions[rule.endpoint]), FunctionType)
        and _reads_a_list(view, set())
    }
    return found, app.url_map.bind("localhost")


def _amiss(path: str, found: dict[str, float]) -> Iterator[str]:
    said = f"{path}: first row at {found['first']:.0f}, {found['view']} of {found['all']} in view, {found['high']:.0f} high"
    if found["first"] > FIRST_ROW or found["view"] < min(ROWS_IN_VIEW, found["all"]) or found["high"] > ROW:
        yield said


def _those_of(someone: Visitor, ways: dict[str, str]) -> Iterator[str]:
    """Which of these open for somebody else."""
    for path in list(ways):
        answer = someone.page.goto(someone.server.url + path)
        if answer is not None and answer.status == 200:
            yield path


def test_a_list_shows_its_rows_before_anybody_scrolls(visitor: Visit, lists: Any) -> None:
    every, addresses = lists
    ways: dict[str, str] = {}  # to each list, as administrators and focal points find it: nobody has one besides
    amiss: list[str] = []
    for account in ("admin", "koordinator.gaziantep", "ik.haliliye"):
        someone = visitor(account)
        someone.page.set_viewport_size({"width": 1280, "height": 800})
        for path in _those_of(someone, ways) if account.startswith("k") else one_of_each_kind(someone, set()):
            endpoint, _ = addresses.match(path)
            if endpoint not in every or endpoint in OTHER:
                continue
            ways[path] = endpoint
            if found := someone.page.evaluate(MEASURE):
                amiss += [f"{account} {said}" for said in _amiss(path, found)]
    assert not amiss, "\n".join(["", *amiss])
    missed = every - {*ways.values(), *OTHER} - FILES
    assert not missed, f"nobody came to {missed}"


@pytest.mark.parametrize("javascript", [True, False])
def test_filters_are_folded_on_a_phone(visitor: Visit, javascript: bool) -> None:
    page = visitor("koordinator.gaziantep", "phone", javascript=javascript).page
    page.goto(page.url.rstrip("/") + "/people?sex=woman&active=no")
    fold, sex = page.locator(".fold > summary"), page.locator("#filter-sex")
    expect(fold).to_contain_text("Filtrele (2)")
    expect(page.locator("#filter-q")).to_be_visible()
    expect(sex).not_to_be_visible()
    fold.click()
    expect(sex).to_be_visible()
    expect(sex).to_have_value("woman")
    sex.select_option("")
    if javascript:
        expect(fold).to_contain_text("Filtrele (1)")
    else:
        page.locator(".filters button[type=submit]").click()
        expect(page.locator(".fold > summary")).to_contain_text("Filtrele (1)")
    assert sideways(page) == 0


def test_on_a_large_screen_a_page_grows(visitor: Visit) -> None:
    someone = visitor("koordinator.gaziantep")
    page = someone.open("/sessions")
    page.set_viewport_size({"width": 1920, "height": 1080})
    box = page.locator("#list > .card").bounding_box()
    assert box is not None and round(box["width"]) == 1680
    assert page.locator(".filters > .fold").is_hidden() and page.locator("#filter-status").is_visible()


def test_what_can_hold_one_value_only_is_left_out(visitor: Visit) -> None:
    admin, coordinator, focal_point = (visitor(one) for one in ("admin", "koordinator.gaziantep", "ik.haliliye"))
    for someone, path, heads in (
        (admin, "/sessions", True),
        (coordinator, "/sessions", False),
        (admin, "/organisations", True),
        (coordinator, "/organisations", False),
    ):
        page = someone.open(path)
        assert (page.locator("thead", has_text="İl").locator("th", has_text="İl").count() > 0) is heads, path
        assert (page.locator("#filter-province").count() > 0) is heads, path
    page = focal_point.open("/people")
    assert page.locator("#filter-organisation").count() == 0
    assert page.locator("thead th", has_text="Kurum").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_long_list_of_choices_is_folded_and_looked_through(visitor: Visit, javascript: bool) -> None:
    page = visitor("admin", javascript=javascript).page
    page.goto(page.url.rstrip("/") + "/courses/new")
    field = page.locator("#competency_ids")
    box = field.get_by_label("Hibe projelerinde mali yönetim ve raporlama")
    expect(box).not_to_be_visible()
    if javascript:
        assert page.evaluate("document.documentElement.scrollHeight") < 2000
    field.locator("summary").click()
    if javascript:
        field.locator("[data-narrow]").fill("MALI hibe")
        assert field.locator(".form-check:visible").count() == 1
    else:
        assert field.locator(".form-check:visible").count() > 40 and field.locator("[data-narrow]").is_hidden()
    box.check()
    if javascript:
        expect(field.locator(".chip")).to_have_text("Hibe projelerinde mali yönetim ve raporlama")
    page.locator("main form button[type=submit]").last.click()  # the code is missing: what was ticked stands above
    expect(field.locator(".chip")).to_have_text("Hibe projelerinde mali yönetim ve raporlama")
