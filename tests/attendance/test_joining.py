"""Who gets a seat after the training began: what is over by then, for sums, pages, tasks and the checklist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE
from app.attendance import queries, rules
from app.attendance.marks import queries as marks_queries
from app.attendance.marks import services
from app.attendance.marks.queries import grid
from app.attendance.models import NEEDS_MINUTES, MarkChange, Presence, SittingRow
from app.attendance.rules import Cell
from app.attendance.sheets import queries as sheets
from app.attendance.sheets import services as sheet_services
from app.audit.journal import SYSTEM
from app.completion import queries as completion
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import Enrolment
from app.training.models import CourseSession, Sitting, SittingState
from tests import factories
from tests.cast import DURING, EVENING, MONDAY, Cast, Group, group, join, mark, mark_all
from tests.conftest import Stage

NOON = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""Half past twelve on the Monday, in Gaziantep: two of its four sittings are over."""
TUESDAY = NOON + timedelta(days=1)


def session(stands: Group) -> CourseSession:
    db.session.expire_all()
    return EVERYWHERE.get(CourseSession, stands.session, joinedload(CourseSession.course))


@pytest.fixture
def stands(stage: Stage) -> Iterator[Group]:
    """Two days of four sittings; Şükrü gets a seat at noon of the second, when six of the eight are over."""
    with time_machine.travel(TUESDAY, tick=False):
        made = group(stage.cast, days=2, people=("elif", "isik"))
        mark_all(made)
        join(made, stage.cast, "sukru", TUESDAY)
        yield made


def test_every_sum_says_the_same(cast: Cast) -> None:
    """The sums of everybody, of a person's page, of the grid, of the checklist, of some enrolments."""
    stands = group(cast, days=2, people=("elif",))
    join(stands, cast, "sukru", TUESDAY)
    key = stands.enrolments["sukru"]
    whole = session(stands)
    found = queries.standings(whole, [key])[key]
    assert (found.base, found.allowance, found.best_case_ok, found.before) == (720, 144 - 540, False, 6)
    shown = grid(EVERYWHERE, whole, TUESDAY)
    row = next(row for row in shown.rows if row.enrolment_id == key)
    assert (row.standing, row.cells) == (found, ["before"] * 6 + ["later"] * 2)
    assert marks_queries.standing_of(whole, sheets.sheets_of(EVERYWHERE, whole, key), key) == found
    review = completion.review(whole, TUESDAY)
    assert next(each.standing for each in review.previews if each.person.enrolment_id == key) == found
    assert queries.newcomer(whole, TUESDAY) == (found, 80)


@pytest.fixture
def two_days(cast: Cast) -> Group:
    return group(cast, days=2, people=("elif",))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=st.lists(st.integers(-40, 60), max_size=3),
    marks=st.lists(st.sampled_from([None, *Presence]), min_size=8, max_size=8),
)
def test_what_the_database_adds_up_is_what_the_rule_says(
    two_days: Group, hours: list[int], marks: list[Presence | None]
) -> None:
    """A seat given and given again at any hours, any marks: the last time counts, sitting by sitting."""
    stands = two_days
    key = stands.enrolments["elif"]
    moments = [NOON + timedelta(hours=each) for each in hours]
    for moment in sorted(moments):
        factories.enrolment_change(key, moment)
        factories.enrolment_change(key, moment, old="enrolled", new="withdrawn")
    for sitting_id, kind in zip(stands.sittings, marks, strict=True):
        if kind:
            factories.mark(sitting_id, key, kind, 20 if kind in NEEDS_MINUTES else None)
    rows = queries.sittings(session(stands))
    cells = [
        Cell(
            90,
            mark=kind,
            minutes=20,
            before=bool(moments) and row.ends_at is not None and row.ends_at <= max(moments),
        )
        for row, kind in zip(rows, marks, strict=True)
    ]
    assert queries.standings(session(stands), [key])[key] == rules.standing(cells)
    db.session.rollback()


def test_of_two_records_of_one_person_the_earlier_seat_counts(cast: Cast) -> None:
    stands = group(cast, people=())
    join(stands, cast, "elif", TUESDAY)
    join(stands, cast, "isik", NOON - timedelta(days=9))
    EVERYWHERE.get(Enrolment, stands.enrolments["isik"]).merged_into_id = stands.enrolments["elif"]
    db.session.flush()
    assert queries.standings(session(stands), [stands.enrolments["elif"]])[stands.enrolments["elif"]].before == 0


def test_the_rest_are_present_but_not_who_had_no_seat_yet(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        stands = group(cast, people=("elif", "isik"))
        join(stands, cast, "sukru", NOON)
        first = sheets.sheet(EVERYWHERE, stands.sittings[0])
        assert services.mark_all_present(first, by=SYSTEM) == 2
        sheet_services.close(session(stands), EVERYWHERE.get(Sitting, first.id), by=SYSTEM)


def test_of_a_session_entered_afterwards_everybody_may_be_present(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(cast, people=())
        join(stands, cast, "elif", EVENING)
        join(stands, cast, "sukru", EVENING)
        assert services.mark_all_present(sheets.sheet(EVERYWHERE, stands.sittings[0]), by=SYSTEM) == 2


# --- pages ---------------------------------------------------------------------------------------------------


def test_every_page_says_it_was_before_the_enrolment(stage: Stage, stands: Group) -> None:
    roll = stage.coordinator.page(f"/sittings/{stands.sittings[0]}")
    assert "Kayıttan önce" in roll.text
    assert "Kalanları katıldı işaretle" not in roll.text
    assert "Kayıttan önce" in stage.coordinator.page(f"/sessions/{stands.session}/attendance").text
    person = stage.coordinator.page(f"/sessions/{stands.session}/attendance/{stands.enrolments['sukru']}").text
    assert "Devam koşulunu artık sağlayamaz: izin verilenden 396 dk fazla devamsızlık var." in person
    assert "-396" not in person


def test_the_signature_sheet_says_so_in_the_cells_nobody_can_sign(stage: Stage, stands: Group) -> None:
    answer = stage.coordinator.get(f"/sessions/{stands.session}/sheet.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert text.count("kayıttan önce") == 6


def test_nobody_is_asked_to_mark_who_had_no_seat_yet(stage: Stage, stands: Group) -> None:
    """A walk-in of the second day is no urgent task for the sheets of the first."""
    for who in (stage.trainer, stage.coordinator):
        assert "Yoklama eksik" not in who.page("/").text


def test_a_locked_sheet_is_a_task_of_whoever_may_correct_it(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, most=1)
        assert "Yoklama eksik" in stage.trainer.page("/").text
        mark(stands, 0, "elif", "present")
        mark(stands, 0, "isik", "present")
    with time_machine.travel(EVENING + timedelta(days=8), tick=False):
        assert "Yoklama eksik" not in stage.trainer.page("/").text
        page = stage.coordinator.page("/")
        assert "Yoklama eksik" in page.text
        assert f"/sittings/{stands.sittings[0]}" in page.links


@pytest.mark.parametrize("address", ["/sessions/{}/enrolments/add", "/sittings/{}/walk-in"])
def test_who_is_about_to_be_seated_too_late_is_warned_of(stage: Stage, stands: Group, address: str) -> None:
    at = stands.session if "sessions" in address else stands.sittings[6]
    text = stage.coordinator.page(address.format(at)).text
    assert "Bundan sonra kaydedilen kişi devam koşulunu artık sağlayamaz. Gereken: %80" in text


def test_before_the_first_day_nobody_is_warned(stage: Stage) -> None:
    with time_machine.travel(DURING - timedelta(days=3), tick=False):
        stands = group(stage.cast, days=2)
        assert "Bundan sonra" not in stage.coordinator.page(f"/sessions/{stands.session}/enrolments/add").text


# --- the checklist ---------------------------------------------------------------------------------------------


def settle(stands: Group, **typed: object) -> dict[str, object]:
    return {"enrolment_ids": [stands.enrolments["sukru"]], "kind": "exempt", "later_reason": "Sonradan", **typed}


def test_the_checklist_settles_them_in_one_step(stage: Stage, stands: Group) -> None:
    address = f"/sessions/{stands.session}/checklist"
    page = stage.coordinator.page(address)
    assert "Oturum bittikten sonra kaydedilen 1 kişi var" in page.text
    post = f"/sessions/{stands.session}/joined-later"
    assert any(form["action"] == post for form in page.forms)
    assert stage.coordinator.post(post, data=settle(stands, later_reason=" ")).status_code == 422
    assert stage.coordinator.post(post, data=settle(stands, enrolment_ids=[])).status_code == 422
    assert stage.coordinator.post(post, data=settle(stands, kind="present")).status_code == 422
    assert stage.coordinator_elsewhere.post(post, data=settle(stands)).status_code in (403, 404)
    assert stage.trainer.post(post, data=settle(stands)).status_code == 403
    answer = stage.coordinator.post(post, data=settle(stands))
    assert (answer.status_code, answer.location) == (303, address)
    found = queries.standings(session(stands), stands.enrolments.values())[stands.enrolments["sukru"]]
    assert (found.base, found.before, found.unmarked, found.best_case_ok) == (180, 0, 2, True)
    reasons = set(db.session.scalars(EVERYWHERE.restrict(sa.select(MarkChange.reason), MarkChange)))
    assert reasons == {"Sonradan"}
    assert not any(form["action"] == post for form in stage.coordinator.page(address).forms)


def test_it_is_not_finalised_before_that(cast: Cast) -> None:
    stands = group(cast, people=("elif",))
    mark_all(stands)
    join(stands, cast, "sukru", EVENING)
    found = completion.review(session(stands), EVENING + timedelta(minutes=1))
    assert (found.ready, found.unmarked, len(found.later)) == (False, [], 1)
    with time_machine.travel(EVENING, tick=False), pytest.raises(Refused):
        services.settle_joined_later(session(stands), [], Presence.EXCUSED, by=SYSTEM, reason="x")


def test_a_sitting_still_running_is_not_before() -> None:
    row = SittingRow(1, MONDAY, time(9), time(10, 30), 90, SittingState.HELD, None)
    assert row.ends_at is not None
    assert row.before(row.ends_at)
    assert not row.before(row.ends_at - timedelta(seconds=1))
    assert not row.before(None)
