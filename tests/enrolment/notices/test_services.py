"""What people are told, in their language, once, and what their calendars make of it."""

from __future__ import annotations

import re
import time as process
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from icalendar import Calendar

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.models import AuditEntry
from app.core.clock import at, now, today
from app.core.db import db
from app.enrolment import queries as enrolment_queries
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import services as seats_services
from app.jobs import deliver_mail
from app.post.calendars import ics
from app.post.links import LINK
from app.post.models import Message, MessageStatus
from app.post.services import deliver_waiting
from app.training import services as training_services
from app.training.conflicts.models import Planned
from app.training.events import SittingsChanged
from app.training.models import CourseSession, SessionStatus, Sitting
from app.training.sessions import services as sessions
from app.training.sittings import services as training_sittings
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.enrolment.stage import course_session, enrolled, person, statuses, trainer

S = EnrolmentStatus


@pytest.fixture
def session(cast: Cast) -> CourseSession:
    """Elif (with a sign-in) and Işık (without) have the two seats, Şükrü waits."""
    person(cast.employees["sukru"]).email = "sukru@ornek.example"
    made = course_session(capacity=2)
    enrolled(made, *(cast.employees[name] for name in ("elif", "isik", "sukru")))
    forget()
    return made


def forget() -> None:
    """What was told so far is not looked at."""
    db.session.execute(sa.update(Message).values(status=MessageStatus.SENT))
    db.session.commit()


def told() -> list[Message]:
    """Messages that wait."""
    db.session.flush()
    return list(
        db.session.scalars(sa.select(Message).where(Message.status == MessageStatus.QUEUED).order_by(Message.id))
    )


def confirmed(session: CourseSession) -> None:
    seats_services.confirm(session, by=By())
    db.session.commit()


def forget_all_but_last() -> None:
    """Of what waits, only the newest mail to each address is looked at."""
    last = sa.select(sa.func.max(Message.id)).group_by(Message.to_address)
    db.session.execute(sa.update(Message).where(Message.id.not_in(last)).values(status=MessageStatus.SENT))


def moment(session: CourseSession, hour: int, minute: int = 0) -> datetime:
    assert session.starts_on is not None
    return at(session.starts_on, time(hour, minute))


def sittings(session: CourseSession) -> list[Sitting]:
    return list(
        db.session.scalars(
            EVERYWHERE.select(Sitting).where(Sitting.course_session_id == session.id).order_by(Sitting.starts)
        )
    )


def later(session: CourseSession, *changed: Sitting) -> None:
    """These sittings begin and end an hour later."""
    for sitting in changed:
        sitting.starts = time(sitting.starts.hour + 1, sitting.starts.minute)
        sitting.ends = time(sitting.ends.hour + 1, sitting.ends.minute)
        sitting.sequence += 1
        journal.record(SittingsChanged(session.id, (sitting.id,)), by=By())


def test_confirming_invites_everybody_with_a_seat_once(session: CourseSession) -> None:
    confirmed(session)
    first, second = told()
    assert [m.to_address for m in (first, second)] == ["personel@yetkin.example", "isik.N-002@ornek.example"]
    assert first.occasion.startswith("invite:enrolment:") and first.occasion.endswith(":v1")
    assert first.subject.startswith("Davet: Vaka yönetimi")
    assert "Sayın Elif Ağaoğlu," in first.body and "09:00–10:30, 10:45–12:15" in first.body
    assert "Salon 1, Nizip Kültür Merkezi" in first.body
    assert first.calendar is not None and first.calendar_method == "REQUEST"
    (event,) = ics.read(first.calendar)
    assert (event.start, event.end) == (moment(session, 9), moment(session, 12, 15)), "the day, not a sitting"
    assert "09:00–10:30\\n10:45–12:15" in first.calendar.decode() and "@" not in event.uid
    assert b"Elif" not in first.calendar and b"\xc3\x87\xc4\xb1nar" not in first.calendar


def test_only_who_can_sign_in_is_sent_to_a_page_behind_it(session: CourseSession) -> None:
    confirmed(session)
    with_account, without = told()
    assert "/enrolments/" in (with_account.calendar or b"").decode()
    for text in (without.body, (without.calendar or b"").decode()):
        assert "/enrolments/" not in text
    for each in (with_account, without):
        assert each.body.count(LINK) == 1 and LINK not in (each.calendar or b"").decode()


def test_what_asks_leads_everybody_to_their_answer_and_what_tells_to_the_page_of_who_signs_in(
    session: CourseSession,
) -> None:
    confirmed(session)
    assert ["giriş yapmadan" in each.body for each in told()] == [True, True]
    forget()
    sessions.postpone(session, reason="Kar", kept=(), by=By())
    first, second, *_ = told()
    assert "/enrolments/" in first.body and LINK not in first.body and first.link_kind is None
    assert LINK in second.body and (second.link_kind, second.link_id) == ("answer", 2)


def test_whoever_gave_up_can_go_back_from_the_letter(session: CourseSession, cast: Cast) -> None:
    confirmed(session)
    forget()
    seat = enrolments_of(session)[0]
    seats_services.withdraw(seat, by=By(), reason="Görev")
    letter = next(each for each in told() if each.occasion.startswith("out:"))
    assert letter.body.count(LINK) == 1 and letter.link_kind == "answer"


def enrolments_of(session: CourseSession) -> list[Enrolment]:
    of = EVERYWHERE.select(Enrolment).where(Enrolment.course_session_id == session.id)
    return [enrolment_queries.enrolment(EVERYWHERE, each.id) for each in db.session.scalars(of.order_by(Enrolment.id))]


def test_whoever_has_no_account_gets_a_personal_link_that_is_stored_nowhere(
    session: CourseSession, stage: Stage
) -> None:
    confirmed(session)
    sent: list[str] = []
    deliver_waiting(lambda message: sent.append(message.body))
    with_account, without = sent
    (address,) = re.findall(r"http\S+/k/(\S+)", without)
    (other,) = re.findall(r"http\S+/k/(\S+)", with_account)
    assert "Elif Ağaoğlu" in stage.nobody.page(f"/k/{other}").text
    page = stage.nobody.page(f"/k/{address}").text
    assert "Işık Çınar" in page and "Katılacağım" in page
    db.session.rollback()
    kept = [message.body for message in db.session.scalars(sa.select(Message))]
    assert not any(address in body for body in kept)
    made = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "person.link_made").order_by(AuditEntry.id)
    ).all()
    assert [entry.facts["employee_id"] for entry in made] == [stage.cast.employees[name] for name in ("elif", "isik")]


def test_whoever_left_before_the_letter_went_out_is_sent_nothing(session: CourseSession, cast: Cast) -> None:
    confirmed(session)
    person(cast.employees["isik"]).active = False
    db.session.commit()
    sent: list[str] = []
    deliver_waiting(lambda message: sent.append(message.to_address))
    assert len(sent) == 1


def test_everybody_reads_it_in_her_own_language(session: CourseSession, cast: Cast) -> None:
    EVERYWHERE.get(User, cast.users["staff"]).language = "en"
    confirmed(session)
    first, second = told()
    assert (first.language, second.language) == ("en", "tr")
    assert "Invitation: Vaka yönetimi (en)" in first.subject and "Dear Elif Ağaoğlu," in first.body
    assert "Salon 1 (en), Nizip Kültür Merkezi (en)" in first.body


def test_whoever_joins_a_confirmed_session_is_invited_at_once(session: CourseSession, cast: Cast) -> None:
    confirmed(session)
    forget()
    seat = db.session.scalars(EVERYWHERE.select(Enrolment).where(Enrolment.employee_id == cast.employees["isik"])).one()
    seats_services.withdraw(seat, by=By(), reason="Görev")
    gone, joined = told()
    assert gone.to_address == "isik.N-002@ornek.example" and gone.calendar_method == "CANCEL"
    assert all(event.cancelled for event in ics.read(gone.calendar or b""))
    assert joined.subject.startswith("Davet:") and joined.to_address.endswith("@ornek.example")


def test_several_changes_are_one_notice(session: CourseSession) -> None:
    confirmed(session)
    forget()
    later(session, *sittings(session))
    first, second = told()
    assert first.subject.startswith("Değişiklik:") and first.to_address != second.to_address
    assert "10:00–11:30, 11:45–13:15" in first.body
    assert [(e.sequence, e.start) for e in ics.read(first.calendar or b"")] == [(2, moment(session, 10))]


def test_the_same_state_is_told_once(session: CourseSession) -> None:
    confirmed(session)
    forget()
    journal.record(SittingsChanged(session.id), by=By())
    assert told() == [], "nothing has changed"
    later(session, sittings(session)[0])
    forget()
    journal.record(SittingsChanged(session.id), by=By())
    assert told() == []


def test_a_sitting_that_is_gone_shortens_the_day(session: CourseSession) -> None:
    confirmed(session)
    forget()
    _, second = sittings(session)
    training_sittings.remove(session, second, by=By())
    letter, _ = told()
    (event,) = ics.read(letter.calendar or b"")
    assert (letter.calendar_method, event.sequence, event.cancelled) == ("REQUEST", 1, False)
    assert event.end == moment(session, 10, 30)


def test_the_last_sitting_takes_the_series_with_it_and_a_new_one_brings_it_back(session: CourseSession) -> None:
    confirmed(session)
    uid = ics.read(told()[0].calendar or b"")[0].uid
    for sitting in sittings(session):
        training_sittings.remove(session, sitting, by=By())
    forget_all_but_last()
    letter = told()[0]
    (event,) = ics.read(letter.calendar or b"")
    assert (letter.calendar_method, event.uid, event.sequence, event.cancelled) == ("CANCEL", uid, 2, True)
    forget()
    day = today() + timedelta(days=50)
    training_sittings.add(session, [Planned(day, time(9), time(10), 1)], by=By(1), reason="Başka gün yok")
    (event,) = ics.read(told()[0].calendar or b"")
    assert (told()[0].calendar_method, event.uid, event.sequence) == ("REQUEST", uid, 3)


def test_before_it_is_confirmed_changes_are_not_told(session: CourseSession) -> None:
    later(session, sittings(session)[0])
    assert told() == []


def test_postponing_keeps_the_seats_and_empties_the_calendars(session: CourseSession, cast: Cast) -> None:
    confirmed(session)
    forget()
    for sitting in sittings(session):
        sitting.date = None
    session.starts_on = session.ends_on = None
    training_services.move(session, SessionStatus.POSTPONED, by=By(), reason="Kar yağışı")
    messages = told()
    assert len(messages) == 3, "also whoever waits"
    assert messages[0].calendar_method == "CANCEL" and len(ics.read(messages[0].calendar or b"")) == 1
    assert messages[2].calendar is None
    assert "Gerekçe: Kar yağışı" in messages[0].body
    assert statuses(session.id)[cast.employees["elif"]] is S.ENROLLED


def test_new_dates_reset_the_answers_and_the_next_invitation_is_another(session: CourseSession) -> None:
    confirmed(session)
    seat = db.session.scalars(EVERYWHERE.select(Enrolment).order_by(Enrolment.id)).first()
    assert seat is not None
    seat.answer = Answer.YES
    sessions.postpone(session, reason="Kar", kept=(), by=By())
    for sitting in sittings(session):
        sitting.date = today() + timedelta(days=70)
    session.starts_on = session.ends_on = today() + timedelta(days=70)
    forget()
    training_services.move(session, SessionStatus.OPEN, by=By())
    assert [m.subject.split(":")[0] for m in told()] == ["Yeni tarihler"] * 3 + [
        "Yeni tarihleri belli oldu, aday gösterebilirsiniz"
    ]
    assert seat.answer is Answer.NONE
    forget()
    seats_services.confirm(session, by=By())
    again = told()
    assert [m.occasion.rpartition(":")[2] for m in again] == ["v2", "v2"]
    assert [event.sequence for event in ics.read(again[0].calendar or b"")] == [2], "0 and the cancellation before it"


def _said_yes(session: CourseSession) -> list[Enrolment]:
    """Those with a seat, each of whom answered the invitation; nothing waits to be sent."""
    confirmed(session)
    seated = EVERYWHERE.select(Enrolment).where(Enrolment.status == S.ENROLLED).order_by(Enrolment.id)
    seats = list(db.session.scalars(seated))
    for seat in seats:
        seats_services.answer(seat, Answer.YES, by=By())
    forget()
    return seats


@pytest.mark.parametrize("what", ["hours", "room", "trainer"])
def test_what_moves_is_asked_again_with_the_one_notice_of_it(session: CourseSession, cast: Cast, what: str) -> None:
    factories.room("Salon 2", id=2)
    person(cast.employees["isik"]).email = ""
    both = _said_yes(session)
    first, second = sittings(session)
    made = trainer(session).id if what == "trainer" else 0
    forget()
    place = {"date": first.date or today(), "starts": first.starts, "ends": first.ends, "room_id": 1}
    place |= {"hours": {"starts": time(8)}, "room": {"room_id": 2}, "trainer": {}}[what]
    wish = Planned(**place, trainer_ids=(made,) if made else ())
    if made:
        first, wish = second, replace(wish, starts=second.starts, ends=second.ends)
    training_sittings.change(session, [first], [wish], by=By(cast.users["coordinator"]), reason="Gerekli")
    (letter,) = [m for m in told() if m.occasion.startswith("change:enrolment")]
    assert "katılıp katılmayacağınızı yeniden bildiriniz" in letter.body
    assert [(seat.answer, seat.answered_at, seat.answered_by_id) for seat in both] == [(Answer.NONE, None, None)] * 2
    assert [seat.untold_since is not None for seat in both] == [False, True], "who has no address is asked by phone"


def test_nobody_is_asked_again_before_there_is_a_date(session: CourseSession, cast: Cast) -> None:
    first, second = sittings(session)
    second.date = (second.date or today()) + timedelta(days=1)
    session.ends_on = second.date
    both = _said_yes(session)
    sessions.postpone_day(session, second.date, reason="Kar", kept=(), by=By())
    assert all(seat.answer is Answer.YES for seat in both)
    assert all("yeniden bildiriniz" not in letter.body for letter in told())
    forget()
    start = (first.date or today()) + timedelta(days=7)
    training_sittings.redate(session, start, range(7), by=By(cast.users["coordinator"]), reason="Başka gün yok")
    assert all(seat.answer is Answer.NONE for seat in both)
    assert ["yeniden bildiriniz" in letter.body for letter in told()] == [True, True]


def test_what_has_begun_asks_nobody_again(session: CourseSession) -> None:
    first, second = sittings(session)
    both = _said_yes(session)
    first.date, session.starts_on = today() - timedelta(days=1), today() - timedelta(days=1)
    later(session, second)
    assert all(seat.answer is Answer.YES for seat in both), "nobody could give another answer any more"
    assert ["yeniden bildiriniz" in letter.body for letter in told()] == [False, False]


def test_changes_one_after_another_are_one_notice(session: CourseSession) -> None:
    """Whoever takes out a day takes out its sittings one by one, and the worker comes by in between."""
    training_sittings.add(session, [Planned(today() + timedelta(days=50), time(9), time(10), 1)], by=By(1), reason="Ek")
    confirmed(session)
    db.session.execute(sa.update(Message).values(status=MessageStatus.SENT, not_before=None))
    for sitting in sittings(session)[:2]:
        training_sittings.remove(session, sitting, by=By())
        db.session.commit()
        deliver_mail()
    assert [message.occasion.split(":")[0] for message in told()] == ["change", "change"]
    with time_machine.travel(now() + timedelta(minutes=3)):
        deliver_mail()
    assert told() == []


def test_no_notice_of_a_change_comes_after_a_later_letter(session: CourseSession, cast: Cast) -> None:
    confirmed(session)
    trainer(session)
    forget()
    later(session, *sittings(session))
    sessions.cancel(session, reason="Bütçe", by=By())
    assert {message.occasion.split(":")[0] for message in told()} == {"cancel", "trainer_cancelled"}


def test_cancelling_ends_every_enrolment_and_tells_everybody(session: CourseSession) -> None:
    confirmed(session)
    forget()
    training_services.move(session, SessionStatus.CANCELLED, by=By(), reason="Eğitmen bulunamadı")
    messages = told()
    assert [m.calendar_method for m in messages] == ["CANCEL", "CANCEL", None]
    assert all("Eğitmen bulunamadı" in m.body for m in messages)
    assert set(statuses(session.id).values()) == {S.CANCELLED}


def test_reopening_a_finalised_session_invites_nobody(session: CourseSession) -> None:
    confirmed(session)
    forget()
    training_services.move(session, SessionStatus.FINALISED, by=By())
    training_services.move(session, SessionStatus.CONFIRMED, by=By(), reason="Düzeltme")
    assert told() == []


def test_a_decision_is_told_with_its_reason(cast: Cast) -> None:
    session = course_session()
    made = nominations.apply(session, person(cast.employees["elif"]), by=By())
    assert told() == []
    seats_services.reject(made, by=By(), reason="Kontenjan doldu; <b>üzgünüz</b>")
    (message,) = told()
    assert message.subject == "Kabul edilmedi: Vaka yönetimi"
    assert "Gerekçe: Kontenjan doldu; <b>üzgünüz</b>" in message.body, "plain text is not escaped"


def test_somebody_without_an_address_does_not_stop_the_others(session: CourseSession, cast: Cast) -> None:
    person(cast.employees["isik"]).email = ""
    confirmed(session)
    assert [m.to_address for m in told()] == ["personel@yetkin.example"]


def test_the_worker_writes_files(app: Flask, session: CourseSession) -> None:
    from pathlib import Path

    confirmed(session)
    deliver_mail()
    folder = Path(app.config["MAIL_URL"].removeprefix("file://"))
    assert sum(file.suffix == ".eml" for file in folder.iterdir()) >= 2
    assert told() == []


def test_a_day_nobody_works_is_taken_out_of_the_calendar_with_its_reason(session: CourseSession) -> None:
    first, second = sittings(session)
    second.date = (second.date or today()) + timedelta(days=1)
    session.ends_on = second.date
    db.session.commit()
    confirmed(session)
    forget()
    day = first.date or today()
    sessions.postpone_day(session, day, reason="Valilik kararı", kept=(), by=By())
    letters = told()
    assert len(letters) == 2
    assert all(letter.subject.startswith("Değişiklik:") for letter in letters)
    assert "1 oturum ertelendi; yeni tarihini size yazacağız." in letters[0].body
    assert "Gerekçe: Valilik kararı" in letters[0].body
    (event,) = ics.read(letters[0].calendar or b"")
    assert letters[0].calendar_method == "REQUEST" and event.start.date() == second.date
    assert session.status is SessionStatus.CONFIRMED


@time_machine.travel(at(today(), time(8)), tick=False)
def test_also_on_the_very_day_after_the_last_other_one(session: CourseSession) -> None:
    first, second = sittings(session)
    first.date, second.date = today() - timedelta(days=1), today()
    session.starts_on, session.ends_on = first.date, second.date
    db.session.commit()
    confirmed(session)
    forget()
    sessions.postpone_day(session, today(), reason="Kar", kept=(), by=By())
    assert len(told()) == 2


@pytest.mark.parametrize("way", ["one", "all"])
def test_another_room_is_what_is_told(session: CourseSession, stage: Stage, way: str) -> None:
    """Also where the old room was on the page from which it was changed, or was none at all."""
    factories.room("Salon 2", id=2)
    sittings(session)[1].room_id = None if way == "all" else 1
    confirmed(session)
    forget()
    first, _ = sittings(session)
    day, version = f"{first.date:%Y-%m-%d}", str(first.version)
    fields = {"date": day, "starts": "09:00", "ends": "10:30", "version": version} if way == "one" else {}
    path = f"/sittings/{first.id}/edit" if way == "one" else f"/sessions/{session.id}/sittings/apply"
    data = {**fields, "room_id": "2", "override_reason": "Başka yer yok"}
    assert stage.coordinator.post(path, data=data).status_code == 303
    letters = told()
    assert len(letters) == 2
    for letter in letters:
        calendar = (letter.calendar or b"").decode()
        assert "· Salon 2, " in letter.body and "Salon 2\\, " in calendar
        assert ("Salon 1" in letter.body, "Salon 1" in calendar) == (way == "one",) * 2


# --- what is over ----------------------------------------------------------------------------------------


def on(session: CourseSession, *days: date) -> None:
    """Its sittings stand on these days."""
    for sitting, day in zip(sittings(session), days, strict=True):
        sitting.date = day
    session.starts_on, session.ends_on = min(days), max(days)
    db.session.commit()


def test_nobody_is_invited_to_what_is_over_or_told_that_it_changed(session: CourseSession, cast: Cast) -> None:
    gone = today() - timedelta(days=3)
    on(session, gone, gone)
    confirmed(session)
    session.capacity = 3
    seats_services.enrol(session, person(cast.employees["sukru"]), by=By())
    later(session, *sittings(session))
    sessions.cancel(session, reason="Bütçe", by=By())
    assert told() == []
    assert set(statuses(session.id).values()) == {S.CANCELLED}


def test_a_session_in_part_over_is_told_of_what_is_to_come(session: CourseSession) -> None:
    gone, coming = today() - timedelta(days=1), today() + timedelta(days=1)
    on(session, gone, coming)
    confirmed(session)
    first, _ = told()
    assert "10:45–12:15" in first.body and "09:00–10:30" not in first.body
    assert first.subject.endswith(f", {coming:%d.%m.%Y}"), "the first day that is told of"
    [event] = Calendar.from_ical(first.calendar or b"").walk("VEVENT")
    assert event["dtstart"].dt.date() == coming and "rrule" not in event
    forget()
    later(session, sittings(session)[0])
    assert told() == [], "what changes is over"
    later(session, sittings(session)[1])
    assert len(told()) == 2


def test_a_decision_is_told_also_afterwards(session: CourseSession) -> None:
    gone = today() - timedelta(days=3)
    on(session, gone, gone)
    seat = db.session.scalars(EVERYWHERE.select(Enrolment).order_by(Enrolment.id)).first()
    assert seat is not None
    seats_services.remove(seat, by=By(), reason="Yanlış kişi")
    assert [message.subject.split(":")[0] for message in told()] == ["Kaydınız kaldırıldı"]


@pytest.mark.parametrize(("moment", "invited"), [((31, 20, 0), True), ((31, 21, 30), False)])
def test_the_day_is_that_of_the_four_provinces(
    session: CourseSession, monkeypatch: pytest.MonkeyPatch, moment: tuple[int, int, int], invited: bool
) -> None:
    """21:30 in UTC on New Year's Eve is the next year in Gaziantep, and the afternoon before in New York."""
    last = date(2026, 12, 31)
    for sitting in sittings(session):
        sitting.starts, sitting.ends = time(23), time(23, 59)
    on(session, last, last)
    monkeypatch.setenv("TZ", "America/New_York")
    process.tzset()
    try:
        day, hour, minute = moment
        with time_machine.travel(datetime(2026, 12, day, hour, minute, tzinfo=UTC), tick=False):
            confirmed(session)
    finally:
        monkeypatch.undo()
        process.tzset()
    assert bool(told()) is invited


def test_another_trainer_is_told_once_and_shown_on_that_day_alone(session: CourseSession) -> None:
    ids = [trainer(session).id, *(factories.trainer(name, "Öz").id for name in ("Ayla", "Zeki"))]
    days = [today() + timedelta(days=40 + n) for n in range(4)]
    for row in sittings(session):
        training_sittings.remove(session, row, by=By())
    plan = [Planned(day, time(9), time(10), 1, (ids[0],)) for day in days]
    training_sittings.add(session, plan, by=By(1), reason="Böyle gerekti")
    seats_services.confirm(session, by=By())
    forget()
    third = next(row for row in sittings(session) if row.date == days[2])
    wish = replace(plan[2], trainer_ids=(ids[1], ids[2]))
    training_sittings.change(session, [third], [wish], by=By(1), reason="Böyle gerekti", why="Hastalandı")
    letter, _ = [each for each in told() if each.occasion.startswith("change:")]
    assert "· Salon 1, Nizip Kültür Merkezi · Ayla Öz, Zeki Öz" in letter.body
    series, alone = Calendar.from_ical(letter.calendar or b"").walk("VEVENT")
    assert str(series["description"]).startswith("09:00–10:00 · Ümit Güneş\n")
    assert alone["recurrence-id"].dt == at(days[2], time(9))
    assert str(alone["description"]).startswith("09:00–10:00 · Ayla Öz, Zeki Öz\n")


# --- invited before there were series -------------------------------------------------------------------


OLD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Yetkin//Yetkin//TR
CALSCALE:GREGORIAN
METHOD:REQUEST
{events}END:VCALENDAR
"""
OLD_EVENT = """BEGIN:VEVENT
SUMMARY:Vaka yönetimi (BK-02/1)
DTSTART;TZID=Europe/Istanbul:{day:%Y%m%d}T{starts:%H%M%S}
DTEND;TZID=Europe/Istanbul:{day:%Y%m%d}T{ends:%H%M%S}
DTSTAMP:20260901T060000Z
UID:sitting-{id}@eski.example
SEQUENCE:{sequence}
ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:{to}
LOCATION:Salon 1\\, Nizip Kültür Merkezi
ORGANIZER:mailto:yetkin@eski.example
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://eski.example/sessions/1
END:VEVENT
"""


@pytest.fixture
def old(session: CourseSession) -> CourseSession:
    """Confirmed by a version that wrote one UID for each sitting, with the address it was reached at then."""
    session.status = SessionStatus.CONFIRMED
    seats = db.session.scalars(EVERYWHERE.select(Enrolment).where(Enrolment.status == S.ENROLLED)).all()
    for seat in seats:
        seat.invited_version, to = 1, f"{seat.id}@ornek.example"
        parts = [
            OLD_EVENT.format(day=s.date, starts=s.starts, ends=s.ends, id=s.id, sequence=s.sequence, to=to)
            for s in sittings(session)
        ]
        db.session.add(
            Message(
                occasion=f"invite:enrolment:{seat.id}:v1",
                to_address=to,
                language="tr",
                subject="Davet",
                body="",
                calendar=OLD.format(events="".join(parts)).replace("\n", "\r\n").encode(),
                calendar_method="REQUEST",
                status=MessageStatus.SENT,
            )
        )
    db.session.commit()
    return session


def uids(letter: Message) -> list[tuple[str, int, bool]]:
    return [(event.uid, event.sequence, event.cancelled) for event in ics.read(letter.calendar or b"")]


def test_old_invitations_are_changed_under_the_uids_they_have(old: CourseSession, cast: Cast) -> None:
    journal.record(SittingsChanged(old.id), by=By())
    assert told() == [], "nothing has changed but the version"
    first, second = sittings(old)
    later(old, second)
    letters = told()
    assert [letter.calendar_method for letter in letters] == ["REQUEST"] * 2
    assert uids(letters[0]) == [("sitting-1@eski.example", 0, False), ("sitting-2@eski.example", 1, False)]
    forget()
    training_sittings.remove(old, first, by=By())
    assert uids(told()[0]) == [("sitting-2@eski.example", 1, False), ("sitting-1@eski.example", 1, True)]


def test_old_invitations_are_cancelled_under_the_uids_they_have(old: CourseSession, cast: Cast) -> None:
    seat = db.session.scalars(EVERYWHERE.select(Enrolment).where(Enrolment.employee_id == cast.employees["elif"])).one()
    seats_services.withdraw(seat, by=By(), reason="Görevli")
    gone, joined = told()
    assert gone.calendar_method == "CANCEL"
    assert uids(gone) == [("sitting-1@eski.example", 1, True), ("sitting-2@eski.example", 1, True)]
    assert joined.subject.startswith("Davet:") and "sitting-" not in (joined.calendar or b"").decode()
    forget()
    sessions.cancel(old, reason="Kar", by=By())
    kept, new, *_ = told()
    assert uids(kept) == uids(gone) and len(uids(new)) == 1
    assert {kept.calendar_method, new.calendar_method} == {"CANCEL"}


def test_after_a_postponement_they_are_invited_anew(old: CourseSession) -> None:
    sessions.postpone(old, reason="Kar", kept=(), by=By())
    assert [uid for uid, _, _ in uids(told()[0])] == ["sitting-1@eski.example", "sitting-2@eski.example"]
    for sitting in sittings(old):
        sitting.date = today() + timedelta(days=70)
    training_services.move(old, SessionStatus.OPEN, by=By())
    forget()
    seats_services.confirm(old, by=By())
    assert [sequence for _, sequence, _ in uids(told()[0])] == [0]
    assert all("sitting-" not in (letter.calendar or b"").decode() for letter in told())


def test_the_mail_links_to_the_file_as_it_stands(session: CourseSession, stage: Stage) -> None:
    confirmed(session)
    letter = told()[0]
    link = re.search(r"http\S+(/calendar/\S+/series\.ics)", letter.body)
    assert link is not None
    answer = stage.nobody.get(link[1])
    assert answer.mimetype == "text/calendar"
    assert ics.read(answer.get_data())[0].uid in link[1]
    assert "@" not in answer.text.replace("Europe/Istanbul", "") and "METHOD:PUBLISH" in answer.text
    sessions.cancel(session, reason="Kar", by=By())
    db.session.commit()
    assert stage.nobody.get(link[1]).status_code == stage.nobody.get("/calendar/x/series.ics").status_code == 404
    assert "series.ics" not in told()[-1].body
