"""Letters are written and sent where nobody is signed in, as the worker does it, and say how things stand now."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, has_request_context, template_rendered
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.access.queries import caller_of, place_of
from app.access.resets import services as resets
from app.access.scope import EVERYWHERE
from app.access.sign_in import services as access
from app.core.clock import now, today
from app.core.db import db
from app.enrolment import queries as enrolments
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations import notices as nominations
from app.enrolment.notices import services as notices
from app.enrolment.seats import services as enrolment
from app.enrolment.services import lapse
from app.enrolment.several import services as several
from app.enrolment.waiting import services as offers
from app.jobs import deliver_mail
from app.needs.models import Questionnaire
from app.needs.telling import letters as questionnaires
from app.needs.telling import queries as telling
from app.people.merging.services import merge
from app.people.models import Employee
from app.post import occasions
from app.post.models import Message, MessageStatus
from app.post.services import Place
from app.programme.groups import services as members
from app.programme.groups.meetings import queries as groups
from app.programme.groups.meetings import services as meetings
from app.reminders import services as reminders
from app.reminders.queries import Notice, Reader
from app.training import queries
from app.training.assignments import queries as assignments
from app.training.assignments import services as assignments_services
from app.training.conflicts.models import Planned
from app.training.models import AssignmentAnswer, SessionStatus
from app.training.sessions import services as sessions
from app.training.sittings import services as sittings
from app.users import services as users
from tests import factories
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session
from tests.laws.rooms import APP, address, told
from tests.needs.running.stage import opened
from tests.page import DATE_IN_FIGURES
from tests.programme.groups.stage import of_meeting, of_member

BY = By(1)


@contextmanager
def written(app: Flask) -> Iterator[set[str]]:
    """The templates that are rendered meanwhile, none of them while a request is answered."""
    names: set[str] = set()

    def note(_: Flask, template: Any, **__: Any) -> None:
        assert not has_request_context()
        names.add(template.name)

    with template_rendered.connected_to(note, app):
        yield names


def letters() -> set[str]:
    """Every letter there is: a mail template that begins with a subject."""
    found = {address(path): path.read_text("utf-8") for path in APP.rglob("templates/mail/*.txt")}
    return {name for name, text in found.items() if re.match(r"\{\{ _\(.*\n\n\n", text)}


class Play:
    """A session from its opening to its end, with everything that is told about it."""

    def __init__(self, cast: Cast) -> None:
        for name in ("staff", "trainer"):
            EVERYWHERE.get(User, cast.users[name]).language = "en"
        self.cast = cast
        self.other = course_session(course("BK-07", "Uyum"), day=today() + timedelta(days=90))
        same = course("BK-08", "Yazışma")
        days = [today() + timedelta(days=100 + 7 * n) for n in range(3)]
        self.groups = [course_session(same, ordinal=n, day=day) for n, day in enumerate(days, 1)]
        self.session = course_session(capacity=2, status=SessionStatus.DRAFT)
        factories.room("Salon 2", id=2)
        self.trainers = [
            factories.trainer(name, user_id=user_id).id
            for name, user_id in (("Ümit", cast.users["trainer"]), ("Ayla", None))
        ]

    def plan(self, hour: int, room: int, *trainers: int) -> None:
        """All its sittings, one after another from this hour on, in this room, given by these."""
        rows = queries.sittings(self.session)
        spans = [(row.starts.replace(hour=hour + n), row.ends.replace(hour=hour + n + 1)) for n, row in enumerate(rows)]
        planned = [Planned(row.date or today(), *span, room, trainers) for row, span in zip(rows, spans, strict=True)]
        sittings.change(self.session, rows, planned, by=BY, reason="Böyle gerekti", why="Hastalandı")

    def enrolled(self, name: str) -> Enrolment:
        person = EVERYWHERE.get(Employee, self.cast.employees[name])
        return enrolment.enrol(self.session, person, by=BY)

    def run(self) -> None:
        session = self.session
        self.plan(8, 1, *self.trainers)
        sessions.open_(session, by=BY)
        EVERYWHERE.get(Employee, self.cast.employees["sukru"]).email = "sukru@ornek.example"
        *_, waiting = [self.enrolled(name) for name in ("elif", "isik", "sukru")]
        enrolment.reject(waiting, by=BY, reason="Kontenjan dolu")
        self.offer()
        enrolment.confirm(session, by=BY)
        notices.ask_again(db.session.scalars(EVERYWHERE.select(Enrolment).order_by(Enrolment.id)).all()[0])
        self.plan(13, 2, *self.trainers)
        self.plan(13, 2, self.trainers[0])
        self.plan(13, 2, *self.trainers)
        (own, *_) = assignments.own_assignments(self.cast.users["trainer"])
        assignments_services.answer(own, AssignmentAnswer.DECLINED, by=BY, reason="Hastayım")
        seats = db.session.scalars(EVERYWHERE.select(Enrolment).order_by(Enrolment.id)).all()
        enrolment.withdraw(seats[0], by=BY, reason="İşim çıktı")
        enrolment.remove(seats[1], by=BY, reason="Kurum kararı")
        self.enrolled("elif")
        sessions.postpone(session, reason="Kar", kept=(), by=BY)
        sittings.redate(session, today() + timedelta(days=60), range(7), by=BY, reason="Böyle gerekti")
        sessions.open_(session, by=BY)
        sessions.cancel(session, reason="Bütçe", by=BY)
        trainer = EVERYWHERE.get(User, self.cast.users["trainer"])
        access.change_password(trainer, "…")
        resets.ask(trainer.email, "127.0.0.1")
        resets.answer_waiting()
        self.invite()
        self.wait()
        self.regroup()
        self.meet()
        self.remind()
        self.ask()
        db.session.commit()

    def offer(self) -> None:
        """A seat that nobody takes in time."""
        waiting = self.enrolled("sukru")
        offers.offer(waiting, by=BY)
        waiting.offered_until = now()
        lapse(self.session)

    def invite(self) -> None:
        newcomer = EVERYWHERE.get(User, self.cast.users["staff"])
        newcomer.password_hash = None
        users.invite(newcomer, by=caller_of(EVERYWHERE.get(User, self.cast.users["admin"])))

    def ask(self) -> None:
        """A needs analysis asks everybody in Nizip; who has an account is reminded too, having begun or not."""
        factories.competency("Dinleme")
        opened(self.cast, organisations=(1,))
        rows = EVERYWHERE.select(Questionnaire).order_by(Questionnaire.id)
        for at, one in enumerate(telling.readers([one.id for one in db.session.scalars(rows)])):
            one.questionnaire.started_at = now() if at else None
            for number, kind in enumerate(questionnaires.LETTERS):
                questionnaires.send(kind, one, number)
        (found,) = {one.round for one in db.session.scalars(rows.options(joinedload(Questionnaire.round)))}
        people = [one.respondent for one in db.session.scalars(rows.options(joinedload(Questionnaire.respondent)))]
        people[0].supervisor_id, people[1].supervisor_id = people[1].person_id, people[0].person_id
        db.session.flush()
        for to in telling.supervisors(EVERYWHERE, found):
            questionnaires.send_to_supervisor(found, to)

    def wait(self) -> None:
        """For a focal point, and for who coordinates."""
        for name, status in (("elif", EnrolmentStatus.APPLIED), ("isik", EnrolmentStatus.NOMINATED)):
            key = factories.enrolment(self.other.id, self.cast.employees[name], status).id
            nominations.remind(enrolments.enrolment(EVERYWHERE, key), by=BY)

    def regroup(self) -> None:
        """From one group into another that is not certain yet, and into one that is."""
        sukru = EVERYWHERE.get(Employee, self.cast.employees["sukru"])
        here = enrolment.enrol(self.groups[0], sukru, by=BY)
        for target in self.groups[1:]:
            here = several.move(enrolments.enrolment(EVERYWHERE, here.id), target, by=BY)
            enrolment.confirm(target, by=BY)

    def meet(self) -> None:
        """A group meets: its members are invited, told of another place, that it is without them, and that it is cancelled; two are one."""
        one = factories.action_group()
        twin = factories.employee("Elif", "Ağaoğlu", "N-900", self.cast.nizip)
        for key in (self.cast.employees["elif"], twin.id):
            factories.group_member(one.id, employee_id=key)
        meeting = factories.group_meeting(one.id, today() + timedelta(days=9))
        db.session.flush()
        found = groups.meeting(EVERYWHERE, meeting.id)
        meetings.invite(found, by=BY)
        other = of_meeting(found, place="Kent Konseyi", agenda="Gündem")
        meetings.change(found, other, by=BY)
        merge(EVERYWHERE.get(Employee, self.cast.employees["elif"]), twin, by=BY)
        gone = members.add_member(one, of_member(), by=BY)
        members.change_member(one, gone, of_member(left_on=today()), by=BY)
        meetings.cancel(found, "Bütçe", by=BY)

    def remind(self) -> None:
        """Of everything, each alone and all together, in both languages."""
        for language in ("tr", "en"):
            to = Reader("elif@ornek.example", "Elif", language)
            about = (to, self.session, queries.sittings(self.session), Place(1), "https://x.example")
            notices = [Notice(kind, *about, asks=True, left=30) for kind in reminders.LETTERS]
            for some in (*([one] for one in notices), notices):
                subject, body = reminders.write(some)
                words = Message(occasion="reminder", subject=subject, body=body, language=language)
                assert _looks_well(words) and body.count("Elif") == 1, (subject, body)


def test_every_letter_is_written_and_sent_where_nobody_is_signed_in(app: Flask, cast: Cast) -> None:
    with written(app) as names:
        Play(cast).run()
        db.session.execute(
            sa.update(Message).values(status=MessageStatus.QUEUED, not_before=None)
        )  # also those another one replaced
        db.session.commit()
        deliver_mail()
    missing = sorted(letters() - names)
    assert not missing, told(
        missing, "No step of `Play` in this test has these letters written: add what they are about."
    )
    sent = db.session.scalars(sa.select(Message)).all()
    # a trainer taken off meanwhile has nothing to answer any more: that letter is stopped as it leaves
    stopped = {one.id for one in sent if one.link_kind and one.status is MessageStatus.CANCELLED}
    stuck = [one.occasion for one in sent if one.status is not MessageStatus.SENT and one.id not in stopped]
    assert sent and not stuck, told(stuck, "These could not be sent: see `compose` in app/post/delivery.py.")
    kinds = {occasions.kind_of(message.occasion) for message in sent}
    nameless = sorted(kinds - set(occasions.KINDS.on(app)))
    assert not nameless, told(
        nameless, "/mail has no word for these: `occasions.add(app, …)` in the room that writes them."
    )
    files = Path(app.config["MAIL_URL"].removeprefix("file://")).glob("*.eml")
    broken = [file.name for file in files if not _reads(file)]
    assert not broken, told(broken, "A mail program finds no text in these: see `compose` in app/post/delivery.py.")
    ugly = [f"{message.occasion}: {message.subject}\n{message.body}" for message in sent if not _looks_well(message)]
    assert not ugly, told(
        ugly, "A subject of one short line, a body without gaps or code, one language: mend the template."
    )


def test_every_letter_is_seen_by_whoever_answers_for_its_reader(app: Flask, cast: Cast) -> None:
    """One of no place is seen by administrators alone: such are only letters to accounts of the whole programme."""
    Play(cast).run()
    everywhere = {user.email for user in db.session.scalars(EVERYWHERE.select(User)) if place_of(user) == Place()}
    unseen = [
        message.occasion
        for message in db.session.scalars(sa.select(Message))
        if message.province_id is None and message.organisation_id is None and message.to_address not in everywhere
    ]
    assert not unseen, told(unseen, "`enqueue(place=…)` says whose these are: a session's, an institution's.")


def _reads(file: Path) -> bool:
    body = email.message_from_bytes(file.read_bytes(), policy=email.policy.default).get_body(("plain",))
    return body is not None and bool(body.get_content().strip())


def _looks_well(message: Message) -> bool:
    code = re.search(r"None|%\(|\{\{|&#|&amp;|\n\n\n|LazyString", f"{message.subject}\n{message.body}")
    own = ("Dear " in message.body) is (message.language == "en")
    if message.language == "en" and DATE_IN_FIGURES.search(f"{message.subject}\n{message.body}"):
        return False
    return code is None and own and 0 < len(message.subject) <= 78


@pytest.mark.parametrize("changed", ["room", "hours", "days", "trainers"])
def test_no_letter_says_how_it_was(app: Flask, cast: Cast, changed: str) -> None:
    """Loaded with everything before the change, as the page that asked for it has it."""
    play = Play(cast)
    play.plan(8, 1, *play.trainers)
    sessions.open_(play.session, by=BY)
    play.enrolled("elif")
    enrolment.confirm(play.session, by=BY)
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.max(Message.id)))
    standing = [*queries.sittings(play.session), *queries.assignments(play.session)]
    days = {f"{each.date:%Y%m%d}" for each in queries.sittings(play.session)}
    gone = {"room": {"Salon 1", "Room 1"}, "hours": {"08:00", "T080000"}, "days": days, "trainers": {"Ayla"}}[changed]
    match changed:
        case "room":
            play.plan(8, 2, *play.trainers)
        case "hours":
            play.plan(13, 1, *play.trainers)
        case "trainers":
            play.plan(8, 1, play.trainers[0])
        case _:
            sessions.postpone(play.session, reason="Kar", kept=(), by=BY)
            sittings.redate(play.session, today() + timedelta(days=60), range(7), by=BY, reason="Böyle gerekti")
            sessions.open_(play.session, by=BY)
            enrolment.confirm(play.session, by=BY)
    db.session.flush()
    since = db.session.scalars(sa.select(Message).where(Message.id > before)).all()
    stale = [message.occasion for message in since if _says(message, gone)]
    assert since and standing and not stale, told(
        stale, f"These still name {sorted(gone)}. What the letter reads was loaded before the change: ask for it anew."
    )


def _says(message: Message, words: set[str]) -> bool:
    """Apart from whom it greets; what a cancellation takes out was there before."""
    asks = message.calendar is not None and message.calendar_method == "REQUEST"
    text = message.body.partition("\n")[2] + ((message.calendar or b"").decode() if asks else "")
    return any(word in text for word in words)
