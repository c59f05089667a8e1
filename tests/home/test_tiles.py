"""The numbers of the overview, and the lists behind them."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, time, timedelta
from html import unescape
from itertools import product

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE, Scope
from app.attendance import queries as attendance
from app.attendance.at_risk import queries as risk
from app.attendance.models import NEEDS_MINUTES, Presence
from app.core.clock import at, now, today
from app.core.db import db
from app.core.paging import ListQuery
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.home import pages
from app.home.queries import Slot
from app.people.models import Sex
from app.plans.models import PlanStatus
from app.settings.models import Setting
from app.training.concerns import CONCERNS
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    ExcusedPolicy,
    SessionStatus,
    SittingState,
)
from app.training.sessions import queries as sessions
from tests import factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.enrolment.stage import course_session, enrolled

TILE = re.compile(
    r'<a href="(/sessions\?[^"]+|/attendance/lost)">[^<]+</a></div>\s*<div class="stat-value">(\d+)</div>'
)
OF_A_PROVINCE = re.compile(r'<a href="(/sessions\?[^"]+&amp;[^"]+)">(\d+)</a></td>')
STATES = (*SessionStatus, SessionStatus.CONFIRMED, SessionStatus.CONFIRMED, SessionStatus.OPEN)
SEATS = (EnrolmentStatus.ENROLLED, EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.DECLINED)


def world(stage: Stage, seed: int) -> None:
    """Twenty sessions of both provinces in any state, with whatever may be amiss in one."""
    chance = random.Random(seed)
    trainers = [factories.trainer(given_name=f"Eğitmen{n}").id for n in range(3)]
    course = factories.course("BK-09", "Yazışma")
    for number in range(20):
        first = today() + timedelta(days=chance.randint(-6, 12))
        made = factories.course_session(
            course_id=course.id,
            province_id=chance.choice((1, 2)),
            ordinal=number + 1,
            status=chance.choice(STATES),
            starts_on=first,
            ends_on=first + timedelta(days=1),
            threshold=80,
            excused_policy=chance.choice(list(ExcusedPolicy)),
        )
        factories.audience(made.id, province_id=chance.choice((1, 2)))
        _filled(chance, stage, made, trainers)
    db.session.commit()


def _filled(chance: random.Random, stage: Stage, made: CourseSession, trainers: list[int]) -> None:
    given = []
    for key in chance.sample(sorted(stage.cast.employees.values()), 3):
        status = chance.choice(SEATS)
        seat = factories.enrolment(made.id, key, status, answer=chance.choice(list(Answer)))
        if chance.random() < 0.5 and status is EnrolmentStatus.ENROLLED:
            factories.enrolment_change(seat.id, given_at(chance, made))
        given.append(seat)
    for day in (0, 1):
        for starts in (time(9), time(11), time(14)):
            state = chance.choice((SittingState.HELD, SittingState.HELD, SittingState.SHORTENED, SittingState.NOT_HELD))
            sitting = factories.sitting(
                made.id,
                (made.starts_on or today()) + timedelta(days=day),
                starts,
                time(starts.hour + 1, 30),
                state=state,
                effective_minutes=60 if state is SittingState.SHORTENED else None,
            )
            for trainer in chance.sample(trainers, chance.choice((0, 1, 1, 2))):
                factories.assignment(sitting.id, trainer, answer=chance.choice(list(AssignmentAnswer)))
            for seat in given:
                if seat.status is EnrolmentStatus.ENROLLED and chance.random() < 0.6:
                    kind = chance.choice(list(Presence))
                    minutes = chance.choice((5, 15, 16, 40, 200)) if kind in NEEDS_MINUTES else None
                    factories.mark(sitting.id, seat.id, kind, minutes)


def given_at(chance: random.Random, made: CourseSession) -> datetime:
    """In the morning of the second day, or so early that in UTC it is the first; not after now, as always."""
    return min(now(), at((made.starts_on or today()) + timedelta(days=1), chance.choice((time(0, 30), time(7)))))


def behind(browser: Browser, address: str) -> int:
    """How many sessions, or people, the list there holds."""
    return browser.get(unescape(address)).text.count('class="row-link"')


@pytest.mark.parametrize("seed", range(5))
def test_a_number_is_that_of_the_list_behind_it(stage: Stage, seed: int) -> None:
    world(stage, seed)
    seen = 0
    for browser in (stage.admin, stage.coordinator, stage.coordinator_elsewhere):
        html = browser.get("/").text
        found = TILE.findall(html) + OF_A_PROVINCE.findall(html)
        assert len(found) >= 2
        wrong = [(address, number, behind(browser, address)) for address, number in found]
        assert not [each for each in wrong if int(each[1]) != each[2]], wrong
        seen += sum("concern=" in address for address, _ in found)
    assert seen > 6, "hardly anything was at risk"


@pytest.mark.parametrize("who", ["trainer", "focal_point", "staff", "viewer"])
def test_who_runs_no_session_is_shown_no_risk(stage: Stage, who: str) -> None:
    world(stage, 1)
    browser: Browser = getattr(stage, who)
    assert not TILE.findall(browser.get("/" if who != "staff" else "/me").text)
    if who != "viewer":
        assert behind(browser, "/sessions?concern=any") == 0, "of sessions they do not run"
    assert 'name="concern"' not in browser.get("/sessions").text


@pytest.mark.parametrize(("seed", "hour"), [*product(range(4), (8, 16))])
def test_who_can_no_longer_pass_is_found_as_the_arithmetic_says(stage: Stage, seed: int, hour: int) -> None:
    """The SQL of the overview beside what each sheet says of each person, in the morning and in the afternoon: whoever
    comes after a sitting of the same day has missed it.
    """
    with time_machine.travel(at(today(), time(hour)), tick=False):
        _as_the_arithmetic_says(stage, seed)


def _as_the_arithmetic_says(stage: Stage, seed: int) -> None:
    world(stage, seed)
    wanted, people = set(), 0
    for session in db.session.scalars(EVERYWHERE.select(CourseSession)):
        seats = EVERYWHERE.select(Enrolment).where(
            Enrolment.course_session_id == session.id, Enrolment.status == EnrolmentStatus.ENROLLED
        )
        standings = attendance.standings(session, [seat.id for seat in db.session.scalars(seats)])
        if session.status is SessionStatus.CONFIRMED and not all(one.best_case_ok for one in standings.values()):
            wanted.add(session.id)
            people += sum(not one.best_case_ok for one in standings.values())
    assert risk.lost(EVERYWHERE, ListQuery(sort="session")).page().total == people
    page = sessions.course_sessions(EVERYWHERE, _asked("lost")).page()
    assert {row.id for row in page.rows} == wanted and wanted


def _asked(concern: str) -> sessions.ListQuery:
    return sessions.ListQuery(sort="date", filters={"concern": concern})


def found(concern: str, scope: Scope = EVERYWHERE) -> set[int]:
    return {row.id for row in sessions.course_sessions(scope, _asked(concern)).page().rows}


def test_what_each_concern_is(stage: Stage) -> None:
    trainer = factories.trainer().id
    whole = course_session(day=today() + timedelta(days=5), status=SessionStatus.CONFIRMED)
    (seat,) = enrolled(whole, stage.cast.employees["elif"])
    assert found("trainer") == {whole.id} and found("trainer_answer") == set()
    statement = sa.select(sessions.Sitting.id).where(sessions.Sitting.course_session_id == whole.id)
    for key in db.session.scalars(EVERYWHERE.restrict(statement, sessions.Sitting)).all():
        factories.assignment(key, trainer, answer=AssignmentAnswer.PENDING)
    db.session.commit()
    assert found("trainer") == set() and found("trainer_answer") == {whole.id}
    assert found("answers") == {whole.id}
    EVERYWHERE.get(Enrolment, seat.id).answer = Answer.YES
    db.session.commit()
    assert found("answers") == set()
    assert found("any") == {whole.id} and found("nonsense") == set()
    assert found("any", Scope(provinces=frozenset({2}))) == set(), "of another province"
    EVERYWHERE.get(CourseSession, whole.id).status = SessionStatus.CANCELLED
    db.session.commit()
    assert not any(found(name) for name in CONCERNS.here)


def test_a_waiting_list_waits_for_no_decision(stage: Stage) -> None:
    """It moves up by itself: what needs nobody is no number beside the tasks."""
    full = course_session(capacity=1, day=today() + timedelta(days=30))
    enrolled(full, stage.cast.employees["elif"], stage.cast.employees["isik"])
    text = stage.coordinator.page("/").text
    assert "Karar bekleyen" not in text
    assert "Sizi bekleyen 1 iş" in text, "the trainers who are still to be added"


def test_the_pictures_say_their_numbers(stage: Stage) -> None:
    live = course_session(day=today() + timedelta(days=30))
    enrolled(live, stage.cast.employees["elif"], stage.cast.employees["isik"], stage.cast.employees["sukru"])
    plan = factories.plan(today().year, status=PlanStatus.APPROVED)
    item = factories.plan_item(live.course_id, plan_id=plan.id, province_id=1, groups=4)
    EVERYWHERE.get(CourseSession, live.id).plan_item_id = item.id
    db.session.commit()
    text = stage.coordinator.page("/").text
    assert "1 / 3 · %33,3" in text and "1 / 4 · %25" in text
    assert "1 / 3 · %33,3" in stage.admin.page("/").text
    assert "1 / 3" not in stage.coordinator_elsewhere.page("/").text


def test_two_weeks_leave_out_weekends_without_anything() -> None:
    monday = date(2026, 11, 23)

    def on(day: date) -> Slot:
        return Slot(date=day, title="BK-02/1", url="/", time="", place="", code="BK-02/1")

    plain = pages.fortnight(monday, [])
    assert len(plain) == 10 and all(day.weekday() < 5 for day, _ in plain)
    saturday = on(monday + timedelta(days=5))
    busy = pages.fortnight(monday, [saturday, on(monday + timedelta(days=14))])
    assert [day for day, lessons in busy if lessons] == [saturday.date] and len(busy) == 11


def test_few_women_is_said_where_there_is_still_time(stage: Stage) -> None:
    """Elif is a woman, Işık a man: one of two is half."""
    session = course_session(day=today() + timedelta(days=30), minimum=2)
    enrolled(session, stage.cast.employees["isik"])
    assert found("women") == set(), "too few to speak of"
    man = factories.employee("Ali", "Er", "N-077", 1, sex=Sex.MAN).id
    enrolled(session, man)
    assert found("women") == {session.id}
    assert "Kadın oranı düşük" in stage.coordinator.page("/").text
    enrolled(session, stage.cast.employees["elif"])
    assert found("women") == set(), "a third"
    db.session.add(Setting(key="least_women", value={"value": 40}))
    db.session.commit()
    assert found("women") == {session.id}
    EVERYWHERE.get(CourseSession, session.id).starts_on = today()
    db.session.commit()
    assert found("women") == set()


def test_the_list_of_who_can_no_longer_pass_is_of_whoever_runs_the_sessions(stage: Stage) -> None:
    world(stage, 1)
    for browser, status in ((stage.trainer, 403), (stage.focal_point, 403), (stage.staff, 403), (stage.viewer, 403)):
        assert browser.get("/attendance/lost").status_code == status
    stage.coordinator.get("/devices")
    with statements() as seen:
        text = stage.coordinator.get("/attendance/lost").text
    assert len(seen) <= 8 and text.count('class="row-link"') > 0
    assert stage.coordinator.get("/attendance/lost?q=bulunmayan").text.count('class="row-link"') == 0
