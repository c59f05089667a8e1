"""Groups as each role meets them: who writes, who reads, whom they do not exist for; what pages cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.programme.groups.stage import Sits, sitting


def pages(found: Sits) -> Iterator[str]:
    yield f"/programme/groups/{found.group}"
    yield f"/programme/meetings/{found.meeting}"
    yield f"/programme/actions/{found.action}"


def writes(found: Sits) -> Iterator[str]:
    group, meeting, action = pages(found)
    yield from (f"{group}/{each}" for each in ("edit", "members/new", "members/1/edit", "meetings/new", "actions/new"))
    yield from (f"{meeting}/{each}" for each in ("edit", "cancel", "minutes"))
    yield from (f"{action}/{each}" for each in ("edit", "progress"))
    yield f"/programme/asks/action/{found.action}/new"


POSTS = (
    *("groups/1/end", "groups/1/resume", "groups/1/members/1/join/2"),
    *("meetings/1/invite", "meetings/1/sheet", "meetings/1/signed-sheet"),
)


@pytest.mark.parametrize("who", ["admin", "coordinator"])
def test_who_runs_the_province_reads_and_writes(stage: Stage, who: str) -> None:
    found = sitting(stage.cast)
    for address in (*pages(found), *writes(found)):
        assert getattr(stage, who).get(address).status_code == 200, address


def test_a_focal_point_reads_what_her_institution_sits_in(stage: Stage) -> None:
    """Without addresses; and no group of others."""
    found, other = sitting(stage.cast), factories.action_group("Başka grup").id
    for address in pages(found):
        assert stage.focal_point.get(address).status_code == 200, address
    text = stage.focal_point.page(f"/programme/groups/{found.group}").text
    assert "Selim Kaya" in text
    assert "selim@zeugma.example" not in text
    assert stage.focal_point.get(f"/programme/groups/{other}").status_code == 404
    assert "Başka grup" not in stage.focal_point.page("/programme/groups").text
    for address in writes(found):
        assert stage.focal_point.get(address).status_code == 403, address


@pytest.mark.parametrize("who", ["coordinator_elsewhere", "focal_point_elsewhere"])
def test_for_others_nothing_of_it_exists(stage: Stage, who: str) -> None:
    found = sitting(stage.cast)
    browser = getattr(stage, who)
    for address in pages(found):
        assert browser.get(address).status_code == 404, address
    for each in ("groups", "meetings", "actions"):
        text = browser.page(f"/programme/{each}").text
        assert "Uyum ve sosyal" not in text, each
    if who == "coordinator_elsewhere":
        for address in writes(found):
            assert browser.get(address).status_code == 404, address
        for each in POSTS:
            assert browser.post(f"/programme/{each}").status_code == 404, each
        answer = browser.post("/programme/groups/new", data={"province_id": "1", "name_tr": "A", "name_en": "A"})
        assert answer.status_code == 422, "a group in another province"


@pytest.mark.parametrize("who", ["trainer", "staff", "viewer"])
def test_who_has_no_right_is_refused(stage: Stage, who: str) -> None:
    found = sitting(stage.cast)
    for address in (*pages(found), *writes(found), "/programme/groups", "/programme/meetings", "/programme/actions"):
        assert getattr(stage, who).get(address).status_code == 403, address


@pytest.mark.parametrize("rows", [1, 6])
def test_pages_cost_the_same_however_much_there_is(stage: Stage, rows: int) -> None:
    for number in range(rows):
        sitting(stage.cast, name=f"Grup {number}")
    addresses = ("groups", "meetings", "actions", "groups/1", "meetings/1", "actions/1", "action-plans")
    stage.coordinator.get("/healthz")
    for address in addresses:
        with statements() as seen:
            assert stage.coordinator.get(f"/programme/{address}").status_code == 200
        assert len(seen) <= 8, (address, seen)


def test_lists_are_searched_filtered_and_taken_out(stage: Stage) -> None:
    found = sitting(stage.cast)
    for address in (
        "groups?q=uyum",
        "actions?q=danisma",
        "meetings?q=UYUM",
        "meetings?state=ahead",
        "actions?state=open",
    ):
        assert "<tbody>" in stage.coordinator.get(f"/programme/{address}").text, address
    for address in (
        "groups?q=olmayan",
        "actions?q=olmayan",
        "meetings?state=held",
        "actions?state=late",
        "groups?theme=9",
        "actions?year=99999",
        "actions?owner=left",
        "meetings?state=x",
    ):
        assert "bulunamadı" in stage.coordinator.page(f"/programme/{address}").text, address
    assert "<html" not in stage.coordinator.get("/programme/actions?q=masa", headers=HX).text
    lines = stage.coordinator.get("/programme/actions?format=csv").data.decode("utf-8-sig").splitlines()
    assert lines[1].startswith(
        "Danışma masası kurulması;Set up an information desk;Uyum ve sosyal hizmetler grubu;Gaziantep"
    )
    assert found.action == 1


def test_a_list_offers_the_provinces_its_reader_reads_of(stage: Stage) -> None:
    """Whoever reads of one has no such filter."""
    sitting(stage.cast)
    for each in ("groups", "meetings", "actions"):
        address = f"/programme/{each}"
        assert "filter-province" in stage.admin.get(address).text, each
        for who in (stage.coordinator, stage.focal_point):
            assert "filter-province" not in who.get(address).text, each
