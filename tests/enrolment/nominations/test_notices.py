"""Focal points hear once, in their language, that they can nominate."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from app.access.models import Grant, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.core.clock import at, today
from app.core.db import db
from app.enrolment import focal_points
from app.post.models import Message
from app.training import services as training
from app.training.models import CourseSession, SessionStatus
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.counting import statements
from tests.enrolment.stage import course, course_session
from tests.factories import organisation, user

Status = SessionStatus


def draft(**values: object) -> CourseSession:
    return course_session(status=Status.DRAFT, **values)  # type: ignore[arg-type]


def told() -> list[Message]:
    db.session.flush()
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


def test_each_is_told_once_in_the_language_of_whoever_reads(cast: Cast) -> None:
    both = [Grant(role=Role.FOCAL_POINT, organisation_id=key) for key in (cast.nizip, cast.sahinbey)]
    user("ik.iki", "Sevgi", "Kaya", *both).language = "en"
    made = draft()
    training.move(made, Status.OPEN, by=By())
    hasan, sevgi = told()
    assert (hasan.to_address, hasan.language) == ("ik.nizip@yetkin.example", "tr")
    assert hasan.subject.startswith("Aday gösterebilirsiniz: Vaka yönetimi")
    assert "Sayın Hasan Öz," in hasan.body and "BK-02/1" in hasan.body
    assert "09:00–10:30, 10:45–12:15" in hasan.body and "Salon 1, Nizip Kültür Merkezi" in hasan.body
    assert "Son aday gösterme zamanı:" in hasan.body and f"/sessions/{made.id}/enrolments/add" in hasan.body
    assert sevgi.to_address == "ik.iki@yetkin.example" and "Nominations close on" in sevgi.body
    assert hasan.calendar is None


def test_open_again_is_told_as_a_change(cast: Cast) -> None:
    made = draft()
    training.move(made, Status.OPEN, by=By())
    training.move(made, Status.POSTPONED, by=By(), reason="Kar")
    training.move(made, Status.OPEN, by=By())
    first, again = told()
    assert (
        again.subject.startswith("Yeni tarihleri belli oldu, aday gösterebilirsiniz:")
        and first.occasion != again.occasion
    )


def test_a_draft_that_was_postponed_is_new_to_them(cast: Cast) -> None:
    made = draft()
    training.move(made, Status.POSTPONED, by=By(), reason="Kar")
    training.move(made, Status.OPEN, by=By())
    (only,) = told()
    assert only.subject.startswith("Aday gösterebilirsiniz:")


@pytest.mark.parametrize("day", [today() - timedelta(days=3), today() + timedelta(days=1)])
def test_nothing_is_said_of_what_is_over_or_closed(cast: Cast, day: date) -> None:
    training.move(draft(day=day), Status.OPEN, by=By())
    assert told() == []


def test_nothing_is_said_where_nominations_were_closed_by_hand(cast: Cast) -> None:
    made = draft()
    made.nominations_close_at = at(today() - timedelta(days=1), time(12))
    training.move(made, Status.OPEN, by=By())
    assert told() == []


def test_only_active_users_of_the_audience(cast: Cast) -> None:
    made = draft(audience=(cast.sahinbey,))
    assert focal_points.focal_points(made) == []
    province = user("ik.il", "Nil", "Su", Grant(role=Role.FOCAL_POINT, province_id=cast.gaziantep))
    assert focal_points.focal_points(made) == [province]
    province.active = False
    db.session.flush()
    training.move(made, Status.OPEN, by=By())
    assert told() == []


def test_many_institutions_are_one_statement(cast: Cast) -> None:
    for key in range(10, 40):
        organisation(f"Kurum {key}", cast.gaziantep, id=key)
        user(f"ik.{key}", "Ali", "Er", Grant(role=Role.FOCAL_POINT, organisation_id=key))
    made = draft()
    db.session.refresh(made)
    with statements() as sent:
        assert len(focal_points.focal_points(made)) == 31
    assert len(sent) == 1


def test_the_page_before_opening_says_how_many(stage: Stage) -> None:
    made = draft()
    page = stage.coordinator.page(f"/sessions/{made.id}/open")
    assert "1 eğitim sorumlusuna e-postayla haber verilir." in page.text and "Gaziantep" in page.text
    EVERYWHERE.get(User, stage.cast.users["focal_point"]).active = False
    assert "haber verilebilecek bir eğitim sorumlusu yok" in stage.coordinator.page(f"/sessions/{made.id}/open").text
    assert stage.staff.get(f"/sessions/{made.id}/open").status_code == 403
    assert stage.coordinator_elsewhere.get(f"/sessions/{made.id}/open").status_code == 404
    late = draft(of=course("BK-09", "Mülteci hukuku"), day=today() + timedelta(days=1))
    assert "Aday gösterme süresi geçmiş olacak" in stage.coordinator.page(f"/sessions/{late.id}/open").text
