"""Somebody leaves, or goes to another institution: what they hold in trainings ends; nobody goes on promising it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.caller import Caller
from app.access.models import Grant, Organisation, User
from app.access.permissions import Role
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.attendance.models import AttendanceMark
from app.completion import services as completion
from app.completion.models import Outcome
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import LEFT, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import queries as seats
from app.enrolment.seats import services as seats_services
from app.people import queries as people
from app.people.leaving import pages as leaving_pages
from app.people.leaving import services as leaving
from app.people.leaving.models import Leaving
from app.people.models import EmploymentType
from app.people.transfers import services as transfers
from app.people.transfers.services import NewPlace
from app.post.models import Message, MessageStatus
from app.training.models import Acceptance, CourseSession, SessionStatus, Sitting
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.enrolment.stage import course, course_session, enrolled, person, race, statuses, trainer
from tests.factories import employee

S = EnrolmentStatus


def coordinator(cast: Cast) -> Caller:
    return caller_of(EVERYWHERE.get(User, cast.users["coordinator"]))


def leaves(cast: Cast, key: int, *, unfinished: bool = False) -> None:
    leaving.leave(person(key), by=coordinator(cast), unfinished=unfinished)
    db.session.commit()


def moves(cast: Cast, key: int, *keep: int, to: int = 2) -> None:
    place = NewPlace(to, 1, "S-900", EmploymentType.CONTRACT, "elif@sahinbey.example")
    organisation = db.session.get_one(Organisation, to)
    transfers.transfer(person(key), organisation, place, keep=keep, by=coordinator(cast))
    db.session.commit()


def waiting_mails(enrolment_id: int) -> list[str]:
    found = sa.select(Message.occasion).where(
        Message.status == MessageStatus.QUEUED, Message.occasion.contains(f":enrolment:{enrolment_id}:")
    )
    return list(db.session.scalars(found))


# --- leaving ----------------------------------------------------------------------------------------------


def test_a_seat_is_given_up_and_the_list_moves_up(cast: Cast) -> None:
    elif_, isik = cast.employees["elif"], cast.employees["isik"]
    session = course_session(capacity=1)
    seat, _ = enrolled(session, elif_, isik)
    assert statuses(session.id) == {elif_: S.ENROLLED, isik: S.WAITLISTED}
    leaves(cast, elif_)
    assert statuses(session.id) == {elif_: S.REMOVED, isik: S.ENROLLED}
    changes = EVERYWHERE.select(EnrolmentChange).where(EnrolmentChange.enrolment_id == seat.id)
    change = db.session.scalars(changes.order_by(EnrolmentChange.id.desc()).limit(1)).one()
    assert (change.new, change.reason, change.by_id) == ("removed", LEFT, cast.users["coordinator"])


def test_a_seat_held_on_after_an_earlier_version_is_given_up_by_the_same_step(app: Flask, cast: Cast) -> None:
    elif_, isik = cast.employees["elif"], cast.employees["isik"]
    session = course_session(capacity=1)
    enrolled(session, elif_, isik)
    person(elif_).active = False
    db.session.commit()
    with app.test_request_context():
        assert leaving_pages.unfinished(coordinator(cast), Leaving(people.employee(EVERYWHERE, elif_), None))
    leaves(cast, elif_, unfinished=True)
    assert statuses(session.id) == {elif_: S.REMOVED, isik: S.ENROLLED}


def test_applications_nominations_and_waiting_places_end(cast: Cast) -> None:
    elif_, isik = cast.employees["elif"], cast.employees["isik"]
    asked = course_session()
    nominations.apply(asked, person(elif_), by=By())
    named = course_session(course("BK-03"), acceptance=Acceptance.BY_HAND)
    nominations.nominate(named, person(elif_), by=By())
    full = course_session(course("BK-04"), capacity=1)
    enrolled(full, isik, elif_)
    offered = course_session(course("BK-05"))
    (seat,) = enrolled(offered, elif_)
    seat.status, seat.offered_until = S.OFFERED, now() + timedelta(days=1)
    db.session.commit()
    leaves(cast, elif_)
    assert [statuses(one)[elif_] for one in (asked.id, named.id, full.id, offered.id)] == [S.WITHDRAWN] * 4


def test_what_was_attended_stays_and_what_is_over_is_not_touched(cast: Cast) -> None:
    """A running training is left, its marks stay; one that waits to be finalised keeps the seat and so its result."""
    elif_ = cast.employees["elif"]
    running = course_session(day=today())
    running_seat = enrolled(running, elif_)[0]
    sitting, other = db.session.scalars(EVERYWHERE.select(Sitting).order_by(Sitting.id)).all()
    sitting.date = running.starts_on = today() - timedelta(days=1)
    other.date = today() + timedelta(days=1)
    over = course_session(course("BK-03"), day=today() - timedelta(days=3), status=SessionStatus.CONFIRMED)
    enrolled(over, elif_)
    done = course_session(course("BK-04"), day=today() - timedelta(days=9))
    enrolled(done, elif_)
    done.status = SessionStatus.FINALISED
    factories.mark(sitting.id, running_seat.id)
    db.session.commit()
    leaves(cast, elif_)
    assert statuses(running.id)[elif_] is S.WITHDRAWN
    assert statuses(over.id)[elif_] is S.ENROLLED and statuses(done.id)[elif_] is S.ENROLLED
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(AttendanceMark.id)), AttendanceMark)) == 1


def test_nothing_is_sent_any_more_and_what_waits_is_taken_back(cast: Cast) -> None:
    elif_, isik = cast.employees["elif"], cast.employees["isik"]
    session = course_session()
    seat, _ = enrolled(session, elif_, isik)
    over = course_session(course("BK-03"), day=today() - timedelta(days=3), status=SessionStatus.OPEN)
    (kept,) = enrolled(over, elif_)
    assert waiting_mails(seat.id)
    leaves(cast, elif_)
    assert waiting_mails(seat.id) == [] and waiting_mails(kept.id) == []
    seats_services.confirm(EVERYWHERE.get(CourseSession, session.id, sa.orm.joinedload(CourseSession.course)), by=By())
    seats_services.confirm(EVERYWHERE.get(CourseSession, over.id, sa.orm.joinedload(CourseSession.course)), by=By())
    db.session.commit()
    assert waiting_mails(seat.id) == [] and waiting_mails(kept.id) == []


def test_nobody_takes_a_seat_for_somebody_who_left(cast: Cast) -> None:
    session = course_session()
    leaves(cast, cast.employees["elif"])
    with pytest.raises(Refused):
        enrolled(session, cast.employees["elif"])


# --- transfer ---------------------------------------------------------------------------------------------


def test_what_the_new_institution_is_invited_to_goes_along_if_ticked(cast: Cast) -> None:
    elif_, isik = cast.employees["elif"], cast.employees["isik"]
    both = course_session()
    unticked = course_session(course("BK-03"), capacity=1, starts=time(13))
    only_old = course_session(course("BK-04"), audience=(1,), starts=time(17))
    (kept,), (dropped, _), (forged,) = (
        enrolled(both, elif_),
        enrolled(unticked, elif_, isik),
        enrolled(only_old, elif_),
    )
    moves(cast, elif_, kept.id, forged.id)
    assert statuses(both.id)[elif_] is S.ENROLLED
    assert statuses(unticked.id) == {elif_: S.REMOVED, isik: S.ENROLLED}
    assert statuses(only_old.id)[elif_] is S.REMOVED, "its audience does not know the new institution"
    assert seats.history(EVERYWHERE.get(Enrolment, dropped.id))[0].reason == LEFT


def test_the_page_offers_a_tick_only_where_it_may_be_kept(stage: Stage) -> None:
    elif_ = stage.cast.employees["elif"]
    both, only_old = course_session(), course_session(course("BK-04"), audience=(1,), starts=time(13))
    (kept,), _ = enrolled(both, elif_), enrolled(only_old, elif_)
    path = f"/people/{elif_}/transfer?organisation=2"
    page = stage.coordinator.get(path).text
    assert page.count('name="keep"') == 1 and f'value="{kept.id}"' in page
    assert "BK-04/1" in page and "Kayıtlı → Çıkarıldı" in page
    sent = {
        "unit_id": "2",
        "title_id": "1",
        "employment_type": "contract",
        "registry_no": "S-900",
        "email": "",
        "version": str(person(elif_).version),
        "keep": str(kept.id),
    }
    assert stage.coordinator.post(path, data=sent | {"registry_no": "Ş-001"}).text.count("checked") == 1
    assert stage.coordinator.post(path, data=sent).status_code == 303
    assert (statuses(both.id)[elif_], statuses(only_old.id)[elif_]) == (S.ENROLLED, S.REMOVED)


# --- shown before -----------------------------------------------------------------------------------------


def test_the_page_names_everything_and_links_only_what_may_be_opened(stage: Stage) -> None:
    """A training of another province is named by its code; a focal point opens what is offered to their institution."""
    elif_, isik = stage.cast.employees["elif"], stage.cast.employees["isik"]
    near = course_session(capacity=1)
    seat, _ = enrolled(near, elif_, isik)
    far = course_session(course("BK-07", "Uzak"), province_id=2, starts=time(13))
    (there,) = enrolled(far, elif_)
    given = course_session(course("BK-09", "Verdiği"))
    trainer(given, employee_id=elif_)
    for who in ("coordinator", "focal_point"):
        found = getattr(stage, who).page(f"/people/{elif_}/deactivate")
        for told in ("BK-02/1", "yedek listedeki ilk", "BK-07/1", "BK-09/1", "Personel", "Giriş"):
            assert told in found.text, (who, told)
        assert f"/enrolments/{seat.id}" in found.links
        assert f"/enrolments/{there.id}" not in found.links
    assert "Left the institution" not in found.text
    assert stage.focal_point.post(f"/people/{elif_}/deactivate").status_code == 303
    listed = stage.coordinator.page(f"/sessions/{near.id}/enrolments?status=ended").text
    assert "Elif Ağaoğlu" in listed and "Kurumdan ayrıldı" in listed
    assert "gelmez" in stage.focal_point.page(f"/people/{elif_}").text


def test_the_trainer_who_left_is_a_task_of_whoever_runs_the_session(stage: Stage) -> None:
    given = course_session()
    made = trainer(given, employee_id=stage.cast.employees["isik"])
    assert "artık aktif değil" not in stage.coordinator.page("/").text
    leaves(stage.cast, stage.cast.employees["isik"])
    assert "Eğitmen artık aktif değil: BK-02/1" in stage.coordinator.page("/").text
    made.employee_id = None
    db.session.commit()
    assert "Eğitmen artık aktif değil" not in stage.coordinator.page("/").text


@pytest.mark.parametrize("thing", ["trainers", "venues", "venues/1/rooms"])
def test_no_sitting_ahead_is_forgotten_when_what_it_needs_is_closed(stage: Stage, thing: str) -> None:
    made = trainer(course_session())
    key = made.id if thing == "trainers" else 1
    assert stage.admin.post(f"/{thing}/{key}/deactivate").status_code == 303
    said = "Eğitmen artık aktif değil: BK-02/1" if thing == "trainers" else "Salon artık kullanılmıyor: BK-02/1"
    assert said in stage.coordinator.page("/").text
    assert stage.admin.post(f"/{thing}/{key}/activate").status_code == 303
    assert said not in stage.coordinator.page("/").text


def test_applications_nobody_can_decide_are_a_task(stage: Stage) -> None:
    session = course_session()
    nominations.apply(session, person(stage.cast.employees["elif"]), by=By())
    db.session.commit()
    focal = employee("Hasan", "Öz", "N-077", 1, user_id=stage.cast.users["focal_point"])
    assert "Bu kurumdaki tek eğitim sorumlusu" in stage.coordinator.page(f"/people/{focal.id}/deactivate").text
    assert "Bu kurumdaki tek" in stage.coordinator.page(f"/users/{stage.cast.users['focal_point']}/deactivate").text
    assert "karar veremediği 1 başvuru: BK-02/1" not in stage.coordinator.page("/").text
    leaves(stage.cast, focal.id)
    assert "karar veremediği 1 başvuru: BK-02/1" in stage.coordinator.page("/").text


# --- at the same moment -----------------------------------------------------------------------------------


def loaded(session_id: int) -> CourseSession:
    return EVERYWHERE.get(CourseSession, session_id, sa.orm.joinedload(CourseSession.course))


@pytest.mark.parametrize("_", range(3))
def test_while_it_is_confirmed(app: Flask, cast: Cast, _: int) -> None:
    elif_, isik = cast.employees["elif"], cast.employees["isik"]
    session = course_session(capacity=1)
    seat, other = (row.id for row in enrolled(session, elif_, isik))
    key = session.id

    def confirm() -> None:
        seats_services.confirm(loaded(key), by=By())

    assert race(app, confirm, lambda: leaves(cast, elif_)) == []
    assert statuses(key) == {elif_: S.REMOVED, isik: S.ENROLLED}
    assert loaded(key).status is SessionStatus.CONFIRMED
    assert waiting_mails(seat) == []
    assert [occasion for occasion in waiting_mails(other) if occasion.startswith("invite:")]


@pytest.mark.parametrize("_", range(3))
def test_while_it_is_finalised(app: Flask, cast: Cast, _: int) -> None:
    """Over before they leave: whoever comes first, their result is computed."""
    elif_ = cast.employees["elif"]
    session = course_session(day=today() - timedelta(days=3), status=SessionStatus.CONFIRMED)
    (seat,) = enrolled(session, elif_)
    key, seat_id = session.id, seat.id

    def finalise() -> None:
        completion.finalise(loaded(key), by=By(), override="yoklama yok", may_override=True)

    assert race(app, finalise, lambda: leaves(cast, elif_)) == []
    assert loaded(key).status is SessionStatus.FINALISED
    assert statuses(key) == {elif_: S.ENROLLED}
    assert db.session.scalar(EVERYWHERE.select(Outcome).where(Outcome.enrolment_id == seat_id)) is not None
    assert not person(elif_).active


@pytest.mark.parametrize("_", range(3))
def test_while_she_is_enrolled_and_while_she_is_moved(app: Flask, cast: Cast, _: int) -> None:
    """Enrolled before, they lose it; after, they are refused. Moved before, whoever comes second is told."""
    elif_ = cast.employees["elif"]
    session = course_session()
    key = session.id
    db.session.add(Grant(user_id=cast.users["staff"], role=Role.VIEWER))

    def enrol() -> None:
        seats_services.enrol(loaded(key), person(elif_), by=By())

    faults = race(app, enrol, lambda: leaves(cast, elif_), lambda: moves(cast, elif_))
    assert faults == []
    now_ = person(elif_)
    there = statuses(key).get(elif_)
    if now_.active and now_.organisation_id == 1:
        assert there is S.ENROLLED, "the seat came in between, and who took her elsewhere was told to try again"
    elif now_.active:
        assert now_.organisation_id == 2, "she left first, and came back to life there"
    else:
        assert there in (None, S.REMOVED)


def test_sessions_are_taken_in_the_order_of_their_ids(cast: Cast) -> None:
    elif_ = cast.employees["elif"]
    first, second = course_session(), course_session(course("BK-03"), starts=time(13))
    enrolled(second, elif_)
    enrolled(first, elif_)
    leaves(cast, elif_)
    changes = db.session.scalars(
        EVERYWHERE.restrict(sa.select(Enrolment.course_session_id), EnrolmentChange, Enrolment)
        .select_from(EnrolmentChange)
        .join(Enrolment, Enrolment.id == EnrolmentChange.enrolment_id)
        .where(EnrolmentChange.reason == LEFT)
        .order_by(EnrolmentChange.id)
    )
    assert list(changes) == [first.id, second.id]


def test_one_sentence_for_each_thing(app: Flask, cast: Cast) -> None:
    elif_ = cast.employees["elif"]
    enrolled(course_session(), elif_)
    with app.test_request_context():
        found = leaving_pages.consequences(coordinator(cast), Leaving(people.employee(EVERYWHERE, elif_), None))
    assert [one.order for one in found] == sorted(one.order for one in found)
    assert all(one.what and one.becomes for one in found)
