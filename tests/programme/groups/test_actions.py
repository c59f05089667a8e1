"""Actions: what they count, the tasks they are, what they ask of the training."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery
from app.language import format_date
from app.plans.models import Origin
from app.programme.groups.actions import queries
from app.programme.groups.models import ActionAsk, ActionStatus, GroupAction
from tests import factories
from tests.cast import Cast
from tests.conftest import Stage
from tests.plans.stage import begun, needs
from tests.programme.groups.stage import action, sitting, the
from tests.web.test_incoming import a_file_of

STATE = st.tuples(
    st.sampled_from(ActionStatus), st.integers(-400, 400), st.integers(-400, 0), st.sampled_from(["here", "elsewhere"])
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATE, max_size=8))
def test_each_figure_is_as_long_as_the_list_it_opens(cast: Cast, found: list[Any]) -> None:
    """The indicator of each year and province, and the task."""
    db.session.rollback()
    places = {"here": 1, "elsewhere": 2}
    groups = {name: factories.action_group(province_id=key).id for name, key in places.items()}
    for status, due, done, place in found:
        done_on = today() + timedelta(days=done) if status is ActionStatus.DONE else None
        factories.group_action(groups[place], today() + timedelta(days=due), status=status, done_on=done_on)
    for year in range(today().year - 2, today().year + 3):
        counted = {row[0]: row[1:3] for row in db.session.execute(queries.indicated(year))}
        for key in places.values():
            filters = {"year": str(year), "province": str(key)}
            lengths = [len(_list(state=state, **filters)) for state in ("on_time", "fell_due")]
            assert list(counted.get(key, (0, 0))) == lengths, (year, key)
    late = queries.actions(EVERYWHERE, ListQuery(sort="due", filters={"state": "late"}))
    assert db.session.scalar(late.number) == len(_list(state="late"))
    db.session.rollback()


def _list(**filters: str) -> Any:
    return queries.actions(EVERYWHERE, ListQuery(sort="due", filters=filters)).everything()


def test_an_action_past_its_date_is_a_task_of_whoever_runs_the_province(stage: Stage) -> None:
    sitting(stage.cast, days=-1, due=-1)
    for who in ("coordinator", "admin"):
        text = getattr(stage, who).page("/").text
        assert "1 eylemin süresi geçti" in text, who
        assert "1 toplantının katılımı girilmedi" in text, who
    assert "eylemin süresi" not in stage.coordinator_elsewhere.page("/").text
    assert "eylemin süresi" not in stage.focal_point.page("/").text


def test_from_what_it_asks_it_is_one_click_to_a_row_of_the_plan_and_back(stage: Stage) -> None:
    needs()
    found = sitting(stage.cast)
    begun(stage.coordinator)
    here = f"/programme/actions/{found.action}"
    asked = {"competency": "1", "reason": "Masadakiler öğrenmeli"}
    assert stage.coordinator.post(f"/programme/asks/action/{found.action}/new", data=asked).status_code == 303
    assert stage.coordinator.post(f"/programme/asks/action/{found.action}/new", data=asked).status_code == 422, "once"
    assert "asked=action-1" in stage.coordinator.page(here).html
    form = stage.coordinator.page("/plans/add?asked=action-1")
    assert "Danışma masası kurulması" in form.html
    assert "Masadakiler öğrenmeli" in form.html


def test_what_a_row_rests_on_cannot_be_withdrawn(stage: Stage) -> None:
    needs()
    found = sitting(stage.cast)
    ask = ActionAsk(action_id=found.action, competency_id=1, reason="Gerek")
    db.session.add(ask)
    db.session.flush()
    key = ask.id
    ask.plan_item_id = factories.plan_item(1, origin=Origin.ACTION_PLAN).id
    db.session.commit()
    address = f"/programme/asks/action-{key}/withdraw"
    stage.coordinator.post(address)
    assert the(ActionAsk, key).plan_item_id is not None
    assert "Eğitim planında" in stage.coordinator.page(f"/programme/actions/{found.action}").text
    assert stage.coordinator_elsewhere.post(address).status_code == 404


def test_another_date_stays_in_the_history(stage: Stage) -> None:
    found = sitting(stage.cast)
    page = f"/programme/actions/{found.action}"
    version = str(action(found).version)
    typed = {"text_tr": "Masa", "due_on": "2027-05-01", "owner_id": "1", "version": version}
    assert stage.coordinator.post(f"{page}/edit", data=typed).status_code == 303
    assert "Son tarih: 01.05.2027" in stage.coordinator.page(page).text
    assert the(GroupAction, found.action).due_on == date(2027, 5, 1)


def test_who_answers_for_it_from_now_on_stays_in_the_history(stage: Stage) -> None:
    found = sitting(stage.cast)
    page = f"/programme/actions/{found.action}"
    one, owner = action(found), found.members["selim"]
    typed = {"text_tr": one.text_tr, "due_on": str(one.due_on), "owner_id": str(owner), "version": str(one.version)}
    assert stage.coordinator.post(f"{page}/edit", data=typed).status_code == 303
    assert "Yeni sorumlu: Zeugma Üniversitesi" in stage.coordinator.page(page).text


@pytest.mark.parametrize(
    "typed",
    [
        {"percent": "-1"},
        {"percent": "101"},
        {"percent": "kırk"},
        {"state": "done", "evidence": "x", "done_on": "2099-01-01"},
        {"state": "late"},
        {"state": "done", "evidence": "x", "done_on": "2000-01-01"},
    ],
)
def test_a_step_that_cannot_be_is_refused(stage: Stage, typed: dict[str, str]) -> None:
    found = sitting(stage.cast)
    given_ = {"state": "under_way", "version": str(action(found).version), "note": "Not kalır"} | typed
    answer = stage.coordinator.post(f"/programme/actions/{found.action}/progress", data=given_)
    assert answer.status_code == 422
    assert "Not kalır" in answer.text
    assert action(found).status is ActionStatus.OPEN


def test_nothing_is_due_or_done_before_it_was_decided(stage: Stage) -> None:
    """In its meeting; where none is named, when the group was founded or the programme began."""
    found = sitting(stage.cast, days=-10)
    new, decided = f"/programme/groups/{found.group}/actions/new", today() - timedelta(days=10)
    typed = {"text_tr": "Masa", "owner_id": "1", "due_on": "2024-12-31"}
    assert stage.coordinator.post(new, data=typed).status_code == 422
    assert stage.coordinator.post(new, data=typed | {"due_on": "2025-01-01"}).status_code == 303
    before = (decided - timedelta(days=1)).isoformat()
    assert stage.coordinator.post(new, data=typed | {"due_on": before, "meeting_id": "1"}).status_code == 422
    edit = f"/programme/actions/{found.action}/edit"
    sent = typed | {"due_on": decided.isoformat(), "meeting_id": "1", "version": str(action(found).version)}
    assert stage.coordinator.post(edit, data=sent).status_code == 303
    done = {"state": "done", "evidence": "x", "version": str(action(found).version)}
    progress = f"/programme/actions/{found.action}/progress"
    answer = stage.coordinator.post(progress, data=done | {"done_on": before})
    assert answer.status_code == 422
    assert format_date(decided) in answer.text
    assert stage.coordinator.post(progress, data=done | {"done_on": decided.isoformat()}).status_code == 303


def test_how_far_a_late_action_is_begins_with_its_status(stage: Stage) -> None:
    found = sitting(stage.cast, due=-1)
    action(found).status = ActionStatus.UNDER_WAY
    db.session.commit()
    page = stage.coordinator.get(f"/programme/actions/{found.action}/progress").text
    assert '<option selected value="under_way">' in page


def test_a_picture_of_forty_megabytes_is_refused_in_words(stage: Stage) -> None:
    found = sitting(stage.cast)
    answer = stage.coordinator.post(f"/programme/actions/{found.action}/progress", **a_file_of(40))
    assert answer.status_code == 413
    assert "en fazla 12 MB" in answer.text
    assert action(found).status is ActionStatus.OPEN
