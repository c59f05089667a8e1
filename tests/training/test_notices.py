"""What trainers are told of what does not take place."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.post.models import Message
from app.training import queries, services
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus
from tests.cast import Cast
from tests.training.stage import MONDAY, Props, at, by, make

Status = SessionStatus
ME = by(2)


def told() -> list[Message]:
    db.session.flush()
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


@pytest.fixture
def session(cast: Cast, props: Props) -> CourseSession:
    """Ümit (with a sign-in) gives the Monday, Ayla (without) the Tuesday."""
    return make(
        cast,
        at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]),
        at(MONDAY + timedelta(days=1), "09:00-10:30", props.hall, props.trainers["ayla"]),
        status=Status.CONFIRMED,
        reason="Erzurum'dan gelecek",
    )


def test_a_cancellation_is_told_to_whoever_was_to_give_it(session: CourseSession, cast: Cast) -> None:
    EVERYWHERE.get(User, cast.users["trainer"]).language = "en"
    services.cancel(session, reason="Bütçe", by=ME)
    umit, ayla = told()
    assert (umit.to_address, umit.language) == ("egitmen@yetkin.example", "en")
    assert umit.subject == "Cancelled: Proje Döngüsü (en)"
    assert (ayla.to_address, ayla.language) == ("ayla@egitmen.example", "tr")
    assert ayla.subject == "İptal edildi: Proje Döngüsü"
    assert "Sayın Ayla Aydın," in ayla.body and "Gerekçe: Bütçe" in ayla.body


def test_a_postponed_day_is_told_to_whoever_was_to_give_it_alone(session: CourseSession) -> None:
    services.postpone_day(session, MONDAY, reason="İdari izin", kept=(), by=ME)
    (umit,) = told()
    assert umit.to_address == "egitmen@yetkin.example"
    assert umit.subject == "Ertelendi: Proje Döngüsü"
    assert "Gerekçe: İdari izin" in umit.body


def test_whoever_declined_and_whoever_a_draft_would_have_asked_is_told_nothing(
    session: CourseSession, cast: Cast, props: Props
) -> None:
    for assignment in queries.assignments(session):
        assignment.answer = AssignmentAnswer.DECLINED
    db.session.flush()
    services.postpone(session, reason="Kar", kept=(), by=ME)
    draft = make(cast, at(MONDAY, "13:00-14:30", props.spare, props.trainers["umit"]))
    services.cancel(draft, reason="Gerek kalmadı", by=ME)
    assert told() == []
