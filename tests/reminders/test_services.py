"""Who is reminded of what, when, once; and not any more of what is done."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.attendance.models import AttendanceMark, Presence
from app.core.clock import ISTANBUL
from app.core.db import db
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.people.models import Employee
from app.post import services as post
from app.post.links import LINK
from app.post.models import LetterText, Message, MessageStatus
from app.reminders import services
from app.reminders.services import remind
from app.settings import services as settings
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, TrainerAssignment
from tests import factories
from tests.cast import MONDAY, By, Cast, Group, group, mark, mark_all

WEEK_BEFORE, DAY_BEFORE = date(2026, 11, 12), date(2026, 11, 20)


def written(day: date, hour: int = 9) -> dict[str, Message]:
    """What the worker writes at this hour of the day, by the name before the @."""
    last = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
    with time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=ISTANBUL), tick=False):
        remind()
        remind()
    db.session.rollback()
    rows = db.session.scalars(sa.select(Message).where(Message.id > last)).all()
    assert not [row.body for row in rows if "\n\n\n" in row.body or "None" in row.body]
    return {row.to_address.partition("@")[0]: row for row in rows}


@pytest.fixture
def stands(cast: Cast) -> Group:
    """A training of one day: Elif has an account, Işık an address, Şükrü neither."""
    EVERYWHERE.get(Employee, cast.employees["isik"]).email = "isik@ornek.example"
    EVERYWHERE.get(User, cast.users["staff"]).language = "en"
    made = group(cast)
    db.session.commit()
    return made


def enrolment(stands: Group, name: str) -> Enrolment:
    return EVERYWHERE.get(Enrolment, stands.enrolments[name])


def test_a_week_before_who_has_not_answered_is_asked(stands: Group) -> None:
    enrolment(stands, "isik").answer = Answer.YES
    db.session.commit()
    found = written(WEEK_BEFORE)
    assert set(found) == {"personel"}
    (mail,) = found.values()
    assert mail.language == "en" and mail.subject.startswith("Reminder: ")
    assert "say whether you will attend" in mail.body and mail.body.count(LINK) == 1
    assert (mail.link_kind, mail.link_id) == ("answer", stands.enrolments["elif"])
    assert (mail.province_id, mail.organisation_id) == (1, 1)


def second_training(stands: Group, *names: str) -> None:
    """Another one that begins on the same day, in the afternoon."""
    session = factories.course_session(
        course_id=factories.course("SH-01", "Başka konu").id,
        starts_on=MONDAY,
        ends_on=MONDAY,
        status=SessionStatus.CONFIRMED,
    )
    factories.sitting(session.id, MONDAY, time(17), time(18))
    for name in names:
        key = EVERYWHERE.get(Enrolment, stands.enrolments[name]).employee_id
        factories.enrolment(session.id, key, EnrolmentStatus.ENROLLED)
    db.session.commit()


def test_of_two_trainings_in_one_mail_neither_leads_to_the_others_answer(stands: Group) -> None:
    """Who has an account is led to each of their pages, who has none to the one page of all that is theirs."""
    second_training(stands, "elif", "isik")
    found = written(WEEK_BEFORE)
    hers, his = found["personel"], found["isik"]
    assert hers.body.count("/enrolments/") == 2 and LINK not in hers.body and hers.link_kind is None
    assert his.body.count(LINK) == 2 and his.link_kind == "personal"


def test_a_link_is_left_out_where_nothing_is_asked_any_more(stands: Group) -> None:
    """Answered before it left: the page behind the sign-in, and no place where a link would stand."""
    written(DAY_BEFORE)
    enrolment(stands, "elif").answer = Answer.YES
    db.session.commit()
    message = db.session.scalars(sa.select(Message).where(Message.to_address.startswith("personel"))).one()
    words = services.anew(message)
    assert words is not None and LINK not in words[1] and "/enrolments/" in words[1]


def test_the_day_before_all_are_told_but_who_gave_up(stands: Group) -> None:
    enrolment(stands, "elif").answer = Answer.YES
    db.session.commit()
    assert set(written(DAY_BEFORE)) == {"personel", "isik"}
    enrolment(stands, "elif").status = EnrolmentStatus.DECLINED
    db.session.execute(sa.delete(Message))
    db.session.commit()
    assert set(written(DAY_BEFORE)) == {"isik"}


def test_on_other_days_in_the_night_and_twice_nobody_is(stands: Group) -> None:
    for day in (MONDAY, WEEK_BEFORE + timedelta(days=1), DAY_BEFORE + timedelta(days=1)):
        assert not written(day), day
    assert not written(DAY_BEFORE, hour=3) and not written(DAY_BEFORE, hour=21)
    assert written(DAY_BEFORE) and not written(DAY_BEFORE, hour=15)


def test_only_what_is_certain_to_take_place(stands: Group) -> None:
    EVERYWHERE.get(CourseSession, stands.session).status = SessionStatus.OPEN
    db.session.commit()
    assert not written(DAY_BEFORE)


@pytest.mark.parametrize(("key", "day"), [("remind_week", WEEK_BEFORE), ("remind_day", DAY_BEFORE)])
def test_what_is_switched_off_is_not_sent(stands: Group, key: str, day: date) -> None:
    settings.change_settings({key: False}, by=By())
    db.session.commit()
    assert not written(day)


def test_trainers_hear_of_sheets_on_the_next_working_day(stands: Group) -> None:
    mark_all(stands, but=((1, "elif"), (2, "isik")))
    found = written(MONDAY + timedelta(days=1))
    assert set(found) == {"egitmen"}
    assert found["egitmen"].body.count("\n- ") == 1 and "10:45" in found["egitmen"].body
    assert f"/sittings/{stands.sittings[1]}" in found["egitmen"].body


def test_a_sheet_that_is_complete_reminds_nobody(stands: Group) -> None:
    mark_all(stands)
    assert not written(MONDAY + timedelta(days=1))


def test_who_can_hardly_miss_more_is_told_which_days(cast: Cast) -> None:
    EVERYWHERE.get(Employee, cast.employees["isik"]).email = "isik@ornek.example"
    stands = group(cast, days=2)
    for position in range(4):
        mark(stands, position, "isik", "present")
        mark(stands, position, "elif", "absent" if position == 0 else "present")
        mark(stands, position, "sukru", "present")
    found = written(MONDAY + timedelta(days=1))
    assert set(found) == {"personel"}
    assert found["personel"].subject.startswith("Devam durumunuz: ")
    assert "09:00–10:30" in found["personel"].body and "54 dakika" in found["personel"].body


def test_two_things_on_one_day_are_one_mail(cast: Cast) -> None:
    """Elif's second training begins on the day after she missed some of the first."""
    stands = group(cast, days=2)
    mark_all(stands, but=tuple((n, "elif") for n in range(8)))
    mark(stands, 0, "elif", "absent")
    for position in (1, 2, 3):
        mark(stands, position, "elif", "present")
    group(cast, ordinal=4, first_day=MONDAY + timedelta(days=2), people=("elif",))
    found = written(MONDAY + timedelta(days=1))
    assert set(found) == {"personel"}
    assert found["personel"].subject == "2 hatırlatma" and found["personel"].body.count("Sayın") == 1


def test_it_is_written_anew_when_it_leaves(stands: Group, app: Flask) -> None:
    found = written(DAY_BEFORE)
    enrolment(stands, "isik").status = EnrolmentStatus.DECLINED
    enrolment(stands, "elif").answer = Answer.YES
    db.session.commit()
    assert "say whether" in found["personel"].body
    sent: list[Message] = []
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=ISTANBUL), tick=False):
        post.deliver_waiting(sent.append)
    assert [message.to_address.partition("@")[0] for message in sent] == ["personel"]
    assert "say whether" not in sent[0].body
    db.session.rollback()
    states = {row.to_address: row.status for row in db.session.scalars(sa.select(Message))}
    assert states["isik@ornek.example"] is MessageStatus.CANCELLED
    assert "say whether" not in db.session.get_one(Message, sent[0].id).body, "what is kept is what was sent"


def test_a_day_later_it_is_not_sent(stands: Group) -> None:
    written(DAY_BEFORE)
    with time_machine.travel(datetime(2026, 11, 21, 0, 1, tzinfo=ISTANBUL), tick=False):
        assert post.deliver_waiting(lambda _: None) == 0
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Message.status))) == {MessageStatus.CANCELLED}


# --- trainers who have not answered ---------------------------------------------------------------------


@pytest.fixture
def asked(stands: Group) -> TrainerAssignment:
    """The trainer has said nothing of one of the sittings."""
    found = db.session.scalars(EVERYWHERE.select(TrainerAssignment).order_by(TrainerAssignment.id)).all()
    for each in found[1:]:
        each.answer = AssignmentAnswer.ACCEPTED
    found[0].answer = AssignmentAnswer.PENDING
    for name in ("elif", "isik"):
        enrolment(stands, name).status = EnrolmentStatus.DECLINED
    db.session.commit()
    return found[0]


@pytest.mark.parametrize("day", [WEEK_BEFORE, DAY_BEFORE])
def test_a_trainer_who_has_not_answered_is_asked_again(asked: TrainerAssignment, day: date) -> None:
    found = written(day)
    assert set(found) == {"egitmen"}
    mail = found["egitmen"]
    assert mail.subject.startswith("Yanıtınız bekleniyor: ") and mail.body.count("\n- ") == 1
    assert "/assignments" in mail.body and mail.province_id == 1


def test_who_answered_before_it_leaves_is_not_asked(asked: TrainerAssignment) -> None:
    assert written(DAY_BEFORE)
    asked.answer = AssignmentAnswer.DECLINED
    db.session.commit()
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=ISTANBUL), tick=False):
        assert post.deliver_waiting(lambda _: None) == 0
        assert not written(DAY_BEFORE)


@pytest.mark.parametrize("key", ["remind_asked", "remind_week", "remind_day"])
def test_answers_are_switched_by_themselves(asked: TrainerAssignment, key: str) -> None:
    settings.change_settings({key: False}, by=By())
    db.session.commit()
    assert bool(written(DAY_BEFORE)) is (key != "remind_asked")


@pytest.mark.parametrize("key", ["remind_marks", "remind_risk"])
def test_what_follows_a_day_is_switched_off(cast: Cast, key: str) -> None:
    stands = group(cast, days=2)
    mark_all(stands, but=tuple((n, "elif") for n in range(8)))
    for position, kind in ((0, "absent"), (1, "present"), (2, "present")):
        mark(stands, position, "elif", kind)
    assert set(written(MONDAY + timedelta(days=1))) == {"personel", "egitmen"}
    db.session.execute(sa.delete(Message))
    settings.change_settings({key: False}, by=By())
    db.session.commit()
    assert set(written(MONDAY + timedelta(days=1))) == {"personel" if key == "remind_marks" else "egitmen"}


def test_a_sheet_that_was_marked_and_an_absence_that_was_mended_remind_nobody(cast: Cast) -> None:
    """Written in the morning; what was done before it leaves is not asked for."""
    stands = group(cast, days=2)
    mark_all(stands, but=tuple((n, "elif") for n in range(8)))
    for position, kind in ((0, "absent"), (1, "present"), (2, "present")):
        mark(stands, position, "elif", kind)
    assert set(written(MONDAY + timedelta(days=1))) == {"personel", "egitmen"}
    for row in db.session.scalars(EVERYWHERE.select(AttendanceMark).where(AttendanceMark.kind == Presence.ABSENT)):
        row.kind = Presence.PRESENT
    mark(stands, 3, "elif", "present")
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=ISTANBUL), tick=False):
        assert post.deliver_waiting(lambda _: None) == 0


def test_it_says_it_in_the_programmes_own_words(stands: Group) -> None:
    words = LetterText(letter="reminders/mail/begins.txt", language="tr", subject="", opening="", closing="Bekleriz.")
    words.opening = "{course} yaklaşıyor."
    db.session.add(words)
    db.session.commit()
    found = written(DAY_BEFORE)
    assert "Vaka yönetimi yaklaşıyor." in found["isik"].body and "Bekleriz." in found["isik"].body
    assert "begins soon" in found["personel"].body
