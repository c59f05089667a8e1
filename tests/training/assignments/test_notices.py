"""What trainers are told: asked, moved, taken off, and what does not take place; once, and for their calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from icalendar import Calendar

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.core.clock import ISTANBUL
from app.core.db import db
from app.post.links import LINK
from app.post.models import CalendarSeries, Message, MessageStatus
from app.trainers.models import Trainer
from app.training import queries
from app.training.assignments import queries as assignments
from app.training.assignments import services as assignments_services
from app.training.conflicts.models import Planned
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting
from app.training.sessions import services as sessions
from app.training.sittings import services as sittings
from app.venues.models import Room, Venue
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.training.stage import FRIDAY, MONDAY, Props, at, make

Status = SessionStatus
ME = By(2)


TUESDAY = MONDAY + timedelta(days=1)


def told() -> list[Message]:
    """Messages to trainers that wait."""
    db.session.flush()
    waiting = sa.select(Message).where(Message.status == MessageStatus.QUEUED, Message.occasion.startswith("trainer_"))
    return list(db.session.scalars(waiting.order_by(Message.id)))


def forget() -> None:
    """What was told so far is not looked at."""
    db.session.execute(sa.update(Message).values(status=MessageStatus.SENT))
    db.session.commit()


def said() -> list[tuple[str, str, str]]:
    """(to whom, first word of the subject, what the calendar is asked)."""
    return [(m.to_address.partition("@")[0], m.subject.split(":")[0], m.calendar_method or "") for m in told()]


def shown(letter: Message) -> tuple[str, int, list[str]]:
    """UID, SEQUENCE and the days of its calendar as they are shown."""
    (event, *others) = Calendar.from_ical(letter.calendar or b"").walk("VEVENT")
    start, until = (
        event["dtstart"].dt,
        event.get("rrule", {}).get("until", [event["dtstart"].dt])[0].astimezone(ISTANBUL),
    )
    gone = {each.dt for each in event["exdate"].dts} if "exdate" in event else set()
    days = [start + timedelta(days=n) for n in range((until - start).days + 1)]
    instead = {each["recurrence-id"].dt: each for each in others}
    places = [(day, instead.get(day, event)) for day in days if day not in gone]
    return (
        str(event["uid"]),
        int(event["sequence"]),
        [f"{one['dtstart'].dt:%H:%M} {day:%d.%m} {one.get('location', '')}" for day, one in places],
    )


def sitting(session: CourseSession, number: int) -> Sitting:
    return queries.sittings(session)[number]


def change(session: CourseSession, *planned: Planned, first: int = 0) -> None:
    """Its sittings, from the first on, become these."""
    rows = queries.sittings(session)[first : first + len(planned)]
    sittings.change(session, rows, planned, by=ME, reason="Böyle gerekti", why="Hastalandı")


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
    sessions.cancel(session, reason="Bütçe", by=ME)
    umit, ayla = told()
    assert (umit.to_address, umit.language) == ("egitmen@yetkin.example", "en")
    assert umit.subject == "Cancelled: Proje Döngüsü (en)"
    assert (ayla.to_address, ayla.language) == ("ayla@egitmen.example", "tr")
    assert ayla.subject == "İptal edildi: Proje Döngüsü"
    assert "Sayın Ayla Aydın," in ayla.body and "Gerekçe: Bütçe" in ayla.body


def test_a_postponed_day_is_told_to_whoever_was_to_give_it_alone(session: CourseSession) -> None:
    sessions.postpone_day(session, MONDAY, reason="İdari izin", kept=(), by=ME)
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
    sessions.postpone(session, reason="Kar", kept=(), by=ME)
    draft = make(cast, at(MONDAY, "13:00-14:30", props.spare, props.trainers["umit"]))
    sessions.cancel(draft, reason="Gerek kalmadı", by=ME)
    assert told() == []


# --- asked, moved, taken off ----------------------------------------------------------------------------


@pytest.fixture
def opened(session: CourseSession) -> CourseSession:
    """The same, just opened: Ümit and Ayla were asked."""
    session.status = Status.DRAFT
    sessions.open_(session, by=ME)
    forget()
    return session


def test_opening_asks_each_trainer_once_for_their_own_days(session: CourseSession, props: Props) -> None:
    change(session, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    sittings.add(
        session,
        [at(TUESDAY + timedelta(days=n), "13:00-14:30", props.hall, props.trainers["umit"]) for n in range(3)],
        by=ME,
        reason="Bayram",
    )
    db.session.execute(sa.delete(CalendarSeries))
    db.session.execute(sa.delete(Message))
    session.status = Status.DRAFT
    sessions.open_(session, by=ME)
    umit, ayla = told()
    assert said() == [("egitmen", "Görevlendirme teklifi", "REQUEST"), ("ayla", "Görevlendirme teklifi", "REQUEST")]
    assert umit.subject == "Görevlendirme teklifi: Proje Döngüsü, 07.12.2026"
    assert "Görevi kabul edip etmediğinizi lütfen aşağıdaki sayfadan" in umit.body and LINK in umit.body
    assert LINK in ayla.body and "/assignments" not in ayla.body, "she has no account and answers by the link"
    assert [day.split()[1] for day in shown(umit)[2]] == ["07.12", "08.12", "09.12", "10.12"]
    assert shown(ayla)[1:] == (0, ["09:00 08.12 Eğitim Salonu 1, Kültür Merkezi"])
    assert "Aydın" not in (umit.calendar or b"").decode()


def test_a_draft_asks_nobody(cast: Cast, props: Props) -> None:
    draft = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    change(draft, at(MONDAY, "09:00-10:30", props.spare, props.trainers["umit"]))
    sittings.remove(draft, sitting(draft, 0), by=ME)
    assert told() == []


@pytest.mark.parametrize("status", [Status.OPEN, Status.CONFIRMED, Status.POSTPONED])
def test_whoever_is_assigned_later_is_asked_and_nobody_else(
    opened: CourseSession, props: Props, status: Status
) -> None:
    opened.status = status
    added = [at(FRIDAY, "08:30-10:00", props.hall, props.trainers["zeki"])]
    sittings.add(opened, added, by=ME, reason="Cuma")
    assert said() == [("zeki", "Görevlendirme teklifi", "REQUEST")]
    assert "11 Aralık 2026" in told()[0].body


def test_moved_sittings_are_one_letter_with_the_room_of_now(opened: CourseSession, props: Props) -> None:
    for row in queries.assignments(opened):
        row.answer = AssignmentAnswer.ACCEPTED
    umit, ayla = props.trainers["umit"], props.trainers["ayla"]
    change(
        opened,
        at(MONDAY, "13:00-14:30", props.spare, umit),
        at(TUESDAY, "13:00-14:30", props.spare, ayla),
    )
    assert said() == [("egitmen", "Değişiklik", "REQUEST"), ("ayla", "Değişiklik", "REQUEST")]
    for letter in told():
        _, sequence, days = shown(letter)
        assert sequence == 1 and days[0].startswith("13:00") and days[0].endswith("Seminer Salonu, Kültür Merkezi")
        assert (
            "Seminer Salonu" in letter.body and "Eğitim Salonu" not in letter.body + (letter.calendar or b"").decode()
        )
        assert "kabul edip etmediğinizi" in letter.body, "a moved sitting is asked anew"


def test_a_venue_called_like_its_room_is_named_once(opened: CourseSession, props: Props) -> None:
    room = db.session.get_one(Room, props.spare)
    db.session.get_one(Venue, room.venue_id).name_tr = room.name_tr = "Çevrim içi sınıf"
    db.session.commit()
    change(opened, at(MONDAY, "13:00-14:30", props.spare, props.trainers["umit"]))
    letter = next(each for each in told() if "Çevrim içi sınıf" in each.body)
    assert "Çevrim içi sınıf, Çevrim içi sınıf" not in letter.body + "".join(shown(letter)[2])


def test_whoever_is_replaced_is_told_and_the_calendar_emptied(opened: CourseSession, props: Props) -> None:
    change(opened, at(MONDAY, "09:00-10:30", props.hall, props.trainers["zeki"]))
    assert said() == [("zeki", "Görevlendirme teklifi", "REQUEST"), ("egitmen", "Göreviniz kaldırıldı", "CANCEL")]
    _, gone = told()
    assert shown(gone)[1] == 1 and "Ekteki dosya oturumları takviminizden kaldırır." in gone.body
    forget()
    change(opened, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    assert said() == [("egitmen", "Görevlendirme teklifi", "REQUEST"), ("zeki", "Göreviniz kaldırıldı", "CANCEL")]
    assert shown(told()[0])[:2] == (shown(gone)[0], 2), "the same series comes back"


def test_whoever_keeps_some_days_has_the_others_taken_out(opened: CourseSession, props: Props) -> None:
    change(opened, at(MONDAY, "09:00-10:30", props.hall, *props.trainers.values()), first=0)
    forget()
    change(opened, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), first=0)
    assert said() == [("ayla", "Değişiklik", "REQUEST"), ("zeki", "Göreviniz kaldırıldı", "CANCEL")]
    assert [day.split()[1] for day in shown(told()[0])[2]] == ["08.12"]


def test_a_removed_sitting_is_told(opened: CourseSession) -> None:
    sittings.remove(opened, sitting(opened, 0), by=ME)
    assert said() == [("egitmen", "Göreviniz kaldırıldı", "CANCEL")]


def test_changes_one_after_another_are_one_letter_and_none_follows_a_release(
    opened: CourseSession, props: Props
) -> None:
    for room in (props.spare, props.hall, props.spare):
        change(opened, at(MONDAY, "09:00-10:30", room, props.trainers["umit"]), first=0)
    assert [name for name, _, _ in said()] == ["egitmen"]
    assert all(letter.not_before is not None for letter in told())
    change(opened, at(MONDAY, "09:00-10:30", props.spare, props.trainers["zeki"]), first=0)
    assert ("egitmen", "Göreviniz kaldırıldı", "CANCEL") in said()
    assert [name for name, _, _ in said()].count("egitmen") == 1


def test_whoever_was_asked_before_there_were_letters_hears_of_what_changes_alone(
    session: CourseSession, props: Props
) -> None:
    """No calendar of theirs is kept; both have accepted."""
    db.session.execute(sa.delete(CalendarSeries))
    db.session.execute(sa.delete(Message))
    for row in queries.assignments(session):
        row.answer = AssignmentAnswer.ACCEPTED
    db.session.commit()
    change(session, at(MONDAY, "13:00-14:30", props.hall, props.trainers["umit"]))
    assert said() == [("egitmen", "Görevlendirme teklifi", "REQUEST")], "asked anew"
    change(session, at(TUESDAY, "09:00-10:30", props.hall, props.trainers["zeki"]), first=1)
    assert said()[1:] == [("zeki", "Görevlendirme teklifi", "REQUEST"), ("ayla", "Göreviniz kaldırıldı", "")]


def test_postponing_and_cancelling_empty_the_calendar(opened: CourseSession, props: Props) -> None:
    sessions.postpone_day(opened, MONDAY, reason="Kar", kept=(), by=ME)
    assert said() == [("egitmen", "Ertelendi", "CANCEL")]
    forget()
    sessions.postpone(opened, reason="Kar", kept=(), by=ME)
    assert said() == [("egitmen", "Ertelendi", ""), ("ayla", "Ertelendi", "CANCEL")]
    assert not any("kabul edip" in letter.body for letter in told()), "there is no date to answer to"
    forget()
    sittings.redate(opened, FRIDAY, range(5), by=ME, reason="Böyle gerekti")
    assert said() == [("egitmen", "Görevlendirme teklifi", "REQUEST"), ("ayla", "Görevlendirme teklifi", "REQUEST")]
    assert [shown(letter)[1] for letter in told()] == [2, 2]
    forget()
    sessions.open_(opened, by=ME)
    assert said() == [], "they were asked when the new dates were known"
    sessions.cancel(opened, reason="Bütçe", by=ME)
    assert said() == [("egitmen", "İptal edildi", "CANCEL"), ("ayla", "İptal edildi", "CANCEL")]


def test_the_calendar_follows_the_answer(opened: CourseSession, cast: Cast, props: Props) -> None:
    added = [at(FRIDAY, "08:30-10:00", props.hall, props.trainers["umit"])]
    sittings.add(opened, added, by=ME, reason="Cuma")
    forget()
    for each in assignments.own_assignments(cast.users["trainer"]):
        assignments_services.answer(each, AssignmentAnswer.ACCEPTED, by=ME)
    assert told() == [], "it stands there already"
    for each in assignments.own_assignments(cast.users["trainer"]):
        assignments_services.answer(each, AssignmentAnswer.DECLINED, by=ME, reason="Hastayım")
    assert said() == [("egitmen", "Yanıtınızı aldık", "CANCEL")], "one letter for both"
    forget()
    own = assignments.own_assignments(cast.users["trainer"])
    assignments_services.answer(own[0], AssignmentAnswer.ACCEPTED, by=ME)
    assert said() == [("egitmen", "Değişiklik", "REQUEST")]


def test_nothing_is_told_of_what_is_over(opened: CourseSession, props: Props) -> None:
    with time_machine.travel(datetime(2026, 12, 8, 12, tzinfo=UTC)):
        change(opened, at(MONDAY, "09:00-10:30", props.hall, props.trainers["zeki"]))
        assert [to for to, *_ in said()] == ["egitmen"], "zeki's only day was yesterday"
    forget()
    with time_machine.travel(datetime(2026, 12, 20, 12, tzinfo=UTC)):
        change(opened, at(MONDAY, "09:00-10:30", props.hall, props.trainers["ayla"]))
        assert told() == []


def test_somebody_without_an_address_is_named_where_sittings_are_shown(
    opened: CourseSession, props: Props, stage: Stage
) -> None:
    EVERYWHERE.get(Trainer, props.trainers["zeki"]).set_identity("Zeki", "Öz", "")
    change(opened, at(MONDAY, "09:00-10:30", props.hall, props.trainers["zeki"]))
    assert said() == [("egitmen", "Göreviniz kaldırıldı", "CANCEL")]
    db.session.commit()
    path = f"/sessions/{opened.id}/sittings"
    assert stage.coordinator.get(path).text.count("e-postası yok") == 1
    sessions.cancel(opened, reason="Bütçe", by=ME)


def test_a_postponed_session_with_new_dates_is_answered_on_the_page(
    opened: CourseSession, props: Props, stage: Stage
) -> None:
    sessions.postpone(opened, reason="Kar", kept=(), by=ME)
    sittings.redate(opened, FRIDAY, range(5), by=ME, reason="Böyle gerekti")
    db.session.commit()
    assert stage.trainer.post(f"/sessions/{opened.id}/assignments/accept").status_code == 303
    assert "BK-02/1" in stage.trainer.page("/assignments").text
