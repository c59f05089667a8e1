"""The thread: one line on each page it passes, a list of all, and its file."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.access.scope import EVERYWHERE
from app.completion.models import Result
from app.core.clock import today
from app.core.db import db
from app.needs.models import AssessmentRound, Need, RoundStatus
from app.programme.thread.models import Reach
from app.programme.thread.queries import of, with_sessions
from app.training.models import SessionStatus
from tests import factories
from tests.conftest import Stage
from tests.counting import plans, statements
from tests.needs.stage import name_all
from tests.paper.reading import reader
from tests.plans.stage import BOTH, ONE, add, begun, decide, needs, row_now
from tests.programme.test_asks import asking
from tests.programme.test_studies import FINDING, begin, every, supporting


@pytest.fixture
def walked(stage: Stage) -> tuple[Stage, int, int]:
    """A finding, and the row of a plan in force that rests on it."""
    needs()
    by = stage.coordinator
    plan_id = begun(by)
    finding_id, ask_id = supporting(by, begin(by))
    item_id = add(by, plan_id, asked=f"finding-{ask_id}", origin="field", origin_text=FINDING["statement_tr"])
    decide(by, plan_id, "submit")
    decide(stage.admin, plan_id, "approve")
    return stage, finding_id, item_id


def test_certificates_are_counted_from_an_index_alone(walked: tuple[Stage, int, int]) -> None:
    """Of 17,000 each was read."""
    stage, _, item_id = walked
    factories.course_session(course_id=BOTH, plan_item_id=item_id)
    db.session.commit()
    with plans() as found:
        stage.coordinator.page("/programme/thread")
    steps = [step for steps in found.values() for step in steps if "certificates" in step]
    assert steps and all("COVERING INDEX ix_certificates_by_session" in step for step in steps), steps


def test_walked_in_both_directions(walked: tuple[Stage, int, int]) -> None:
    stage, finding_id, item_id = walked
    plan_id = row_now(item_id).plan_id
    day = today() + timedelta(days=20)
    session = factories.course_session(course_id=BOTH, plan_item_id=item_id, starts_on=day, year=day.year).id
    db.session.commit()
    there = f"/programme/findings/{finding_id}"
    page = stage.coordinator.page(there)
    assert {"/needs/1?", f"/plans/{plan_id}", f"/sessions/{session}"} & set(page.links) >= {f"/sessions/{session}"}
    for path in (f"/plans/{plan_id}", f"/sessions/{session}", "/needs/1", "/programme/thread"):
        assert there in stage.coordinator.page(path).links, path
    assert "1 saha bulgusu bu yetkinliği destekliyor" in stage.coordinator.page("/needs/1").text
    assert there in stage.focal_point.page("/needs/1").links
    for name in ("coordinator_elsewhere", "focal_point_elsewhere"):
        assert there not in getattr(stage, name).page("/programme/thread").links, name
    assert stage.viewer.get("/programme/thread").status_code == 403
    name_all()  # and with the people who need it
    for path in (there, f"/sessions/{session}", "/programme/thread", "/programme", "/needs/1", "/needs/1/ratings"):
        stage.coordinator.page(path)  # figures are counted once
        with statements() as found:
            stage.coordinator.page(path)
        assert len(found) <= 8, (path, "\n".join(found))


def test_the_list_by_how_far_it_has_come(walked: tuple[Stage, int, int]) -> None:
    stage, _, item_id = walked
    supporting(stage.coordinator, 1, competency=2)

    def shown(reach: str) -> int:
        sheet = stage.coordinator.get(f"/programme/thread?format=xlsx&reach={reach}").data
        return load_workbook(BytesIO(sheet)).worksheets[0].max_row - 1

    assert [shown(each) for each in Reach] == [1, 1, 0, 0] and shown("") == 2
    links = stage.coordinator.page("/programme").links
    assert {f"/programme/thread?reach={each}" for each in Reach} <= set(links), "the chain stands on the picture"
    for browser, numbers in ((stage.coordinator, [1, 1, 0, 0]), (stage.coordinator_elsewhere, [0] * 4)):
        text = browser.page("/programme").text
        assert (" ".join(f"{each.label} {n}" for each, n in zip(Reach, numbers, strict=True)) in text) is any(numbers)
    assert "/programme/thread" not in "".join(stage.viewer.page("/programme").links)
    paper = "".join(
        page.extract_text() for page in reader(stage.coordinator.get("/programme/tr.pdf?province=1").data).pages
    )
    assert f"{Reach.PLANNED.label}: 1" in " ".join(paper.split())
    made = factories.course_session(course_id=BOTH, plan_item_id=item_id, status=SessionStatus.OPEN)
    db.session.commit()
    assert [shown(each) for each in Reach] == [1, 0, 1, 0]
    made.status = SessionStatus.FINALISED
    db.session.commit()
    assert [shown(each) for each in Reach] == [1, 0, 0, 1]
    assert "row-link" not in stage.coordinator.page("/programme/thread?reach=nowhere").html
    assert stage.coordinator.page("/programme/thread?kind=finding&theme=1").text
    assert shown("&kind=nothing") == 0


def test_the_gap_closes_among_five_people_at_least(walked: tuple[Stage, int, int]) -> None:
    """Who completed a session between an analysis and its follow-up; 2 of the gap of 2 in half of them is a half."""
    _, _, item_id = walked
    first = db.session.get_one(AssessmentRound, 1)
    day = first.ends_on + timedelta(days=10)
    session = factories.course_session(
        course_id=BOTH, plan_item_id=item_id, starts_on=day, status=SessionStatus.FINALISED
    )
    later = factories.assessment_round(
        day.year,
        name_tr="İzleme",
        follows_id=1,
        starts_on=day + timedelta(days=30),
        ends_on=day + timedelta(days=60),
        status=RoundStatus.PUBLISHED,
    )
    people = [need for need in every(Need) if need.round_id == 1 and need.competency_id == 1 and need.gap > 0]
    trained = people[:4]
    for need in trained:
        _followed(need, later.id, session.id)
    db.session.commit()
    assert _closed(item_id) is None, "four people"
    _followed(people[4], later.id, session.id)
    db.session.commit()
    before = sum((Fraction(need.gap) for need in people[:5]), Fraction(0))
    assert _closed(item_id) == 5 / before / 2
    again = _again(later, people[:5])
    assert _closed(item_id) == 0, "of two follow-ups the latest tells how they stand"
    again.status = later.status = RoundStatus.CLOSED
    db.session.commit()
    assert _closed(item_id) is None, "not published"


def _again(later: AssessmentRound, people: list[Need]) -> AssessmentRound:
    """A second follow-up, half a year later: these people stand where they stood at first."""
    dates = {"starts_on": later.ends_on + timedelta(days=180), "ends_on": later.ends_on + timedelta(days=190)}
    again = factories.assessment_round(
        later.year, name_tr="İkinci izleme", follows_id=1, status=RoundStatus.PUBLISHED, **dates
    )
    for need in people:
        same = {"round_id": again.id, "competency_id": 1, "level": need.level}
        factories.need(need.employee_id, str(need.importance), str(need.gap), **same)
    db.session.commit()
    return again


def _followed(need: Need, round_id: int, session_id: int) -> None:
    """One who completed the session, and stands half a level higher afterwards."""
    half = (need.level + need.level + 1) / 2
    factories.need(
        need.employee_id,
        str(need.importance),
        str(need.importance - half),
        round_id=round_id,
        competency_id=1,
        level=half,
    )
    seat = factories.enrolment(session_id, need.employee_id)
    factories.outcome(seat.id, Result.COMPLETED_ATTENDANCE)


def _closed(item_id: int) -> Fraction | None:
    db.session.expire_all()
    found = with_sessions(EVERYWHERE, of(EVERYWHERE, lambda columns: columns.plan_item_id == item_id))
    return found[0].closed


@pytest.mark.parametrize("kind", ["finding", "action", "pilot"])
def test_each_that_asks_shows_what_became_of_it(stage: Stage, kind: str) -> None:
    needs()
    by, plan_id = stage.coordinator, begun(stage.coordinator)
    item_id = add(by, plan_id, course=ONE)
    page, key, _ = asking(stage, kind)
    page = page.removesuffix("/staff")
    assert "Sonrası" not in by.page(page).text, "nothing became of it yet"
    assert by.post(f"/programme/asks/{key}/row", data={"row": item_id}).status_code == 303
    by.page(page)  # and what was said of it
    with statements() as found:
        text = by.page(page).text
    assert "Sonrası" in text
    assert len(found) <= 8, "\n".join(found)
