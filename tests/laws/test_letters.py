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

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.enrolment import deliver_mail
from app.enrolment import services as enrolment
from app.enrolment.models import Enrolment
from app.people.models import Employee
from app.post.models import Message, MessageStatus
from app.trainers.models import Trainer, TrainerKind
from app.training import queries, services, sitting_services
from app.training.conflicts import Planned
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus
from app.venues.models import Room
from tests.cast import Cast
from tests.enrolment.stage import By, course_session
from tests.laws.rooms import APP, told

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
    found = {
        f"{path.parents[2].name}/mail/{path.name}": path.read_text("utf-8")
        for path in APP.glob("*/templates/mail/*.txt")
    }
    return {name for name, text in found.items() if re.match(r"\{\{ _\(.*\n\n\n", text)}


class Play:
    """A session from its opening to its end, with everything that is told about it."""

    def __init__(self, cast: Cast) -> None:
        for name in ("staff", "trainer"):
            EVERYWHERE.get(User, cast.users[name]).language = "en"
        self.cast = cast
        self.session = course_session(capacity=2, status=SessionStatus.DRAFT)
        db.session.add(Room(id=2, venue_id=1, name_tr="Salon 2", name_en="Room 2", capacity=40, equipment=[]))
        self.trainers = [self.trainer("Ümit", cast.users["trainer"]), self.trainer("Ayla", None)]

    def trainer(self, name: str, user_id: int | None) -> int:
        made = Trainer(kind=TrainerKind.EXTERNAL, user_id=user_id)
        made.set_identity(name, "Güneş", f"{name[-2:]}@egitmen.example")
        db.session.add(made)
        db.session.flush()
        return made.id

    def plan(self, hour: int, room: int, *trainers: int) -> None:
        """All its sittings, one after another from this hour on, in this room, given by these."""
        rows = queries.sittings(self.session)
        spans = [(row.starts.replace(hour=hour + n), row.ends.replace(hour=hour + n + 1)) for n, row in enumerate(rows)]
        planned = [Planned(row.date or today(), *span, room, trainers) for row, span in zip(rows, spans, strict=True)]
        sitting_services.change(self.session, rows, planned, by=BY, reason="Böyle gerekti")

    def enrolled(self, name: str) -> Enrolment:
        person = EVERYWHERE.get(Employee, self.cast.employees[name])
        return enrolment.enrol(self.session, person, by=BY)

    def run(self) -> None:
        session = self.session
        self.plan(8, 1, *self.trainers)
        services.open_(session, by=BY)
        EVERYWHERE.get(Employee, self.cast.employees["sukru"]).email = "sukru@ornek.example"
        *_, waiting = [self.enrolled(name) for name in ("elif", "isik", "sukru")]
        enrolment.reject(waiting, by=BY, reason="Kontenjan dolu")
        enrolment.confirm(session, by=BY)
        self.plan(13, 2, *self.trainers)
        self.plan(13, 2, self.trainers[0])
        self.plan(13, 2, *self.trainers)
        (own, *_) = queries.own_assignments(self.cast.users["trainer"])
        sitting_services.answer(own, AssignmentAnswer.DECLINED, by=BY, reason="Hastayım")
        seats = db.session.scalars(EVERYWHERE.select(Enrolment).order_by(Enrolment.id)).all()
        enrolment.withdraw(seats[0], by=BY, reason="İşim çıktı")
        enrolment.remove(seats[1], by=BY, reason="Kurum kararı")
        self.enrolled("elif")
        services.postpone(session, reason="Kar", kept=(), by=BY)
        sitting_services.redate(session, today() + timedelta(days=60), range(7), by=BY, reason="Böyle gerekti")
        services.open_(session, by=BY)
        services.cancel(session, reason="Bütçe", by=BY)
        db.session.commit()


def test_every_letter_is_written_and_sent_where_nobody_is_signed_in(app: Flask, cast: Cast) -> None:
    with written(app) as names:
        Play(cast).run()
        db.session.execute(sa.update(Message).values(status=MessageStatus.QUEUED))  # also those another one replaced
        db.session.commit()
        deliver_mail()
    missing = sorted(letters() - names)
    assert len(letters()) > 12
    assert not missing, told(
        missing, "No step of `Play` in this test has these letters written: add what they are about."
    )
    sent = db.session.scalars(sa.select(Message)).all()
    assert {message.status for message in sent} == {MessageStatus.SENT}
    files = Path(app.config["MAIL_URL"].removeprefix("file://")).glob("*.eml")
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert len(mails) >= len(sent) > 20
    for message in sent:
        for text in (message.subject, message.body):
            assert not re.search(r"None|%\(|\{\{|&#|&amp;|\n\n\n|LazyString", text), (message.occasion, text)
        assert message.subject and len(message.subject) <= 78, message.subject
        assert ("Dear " in message.body) is (message.language == "en"), message.body


@pytest.mark.parametrize("changed", ["room", "hours", "days", "trainers"])
def test_no_letter_says_how_it_was(app: Flask, cast: Cast, changed: str) -> None:
    """Loaded with everything before the change, as the page that asked for it has it."""
    play = Play(cast)
    play.plan(8, 1, *play.trainers)
    services.open_(play.session, by=BY)
    play.enrolled("elif")
    enrolment.confirm(play.session, by=BY)
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.max(Message.id)))
    loaded = [*queries.sittings(play.session), *queries.assignments(play.session)]
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
            services.postpone(play.session, reason="Kar", kept=(), by=BY)
            sitting_services.redate(play.session, today() + timedelta(days=60), range(7), by=BY, reason="Böyle gerekti")
            services.open_(play.session, by=BY)
            enrolment.confirm(play.session, by=BY)
    db.session.flush()
    told_since = db.session.scalars(sa.select(Message).where(Message.id > before)).all()
    assert told_since and loaded
    for message in told_since:
        asks = message.calendar_method == "REQUEST"
        text = message.body + (message.calendar.decode() if message.calendar and asks else "")
        text = text.replace("Sayın Ayla", "")
        assert not [word for word in gone if word in text], (changed, message.occasion, text)


def test_there_is_something_to_read(app: Flask, cast: Cast) -> None:
    """A session whose sittings and trainers stand in the letters, or the two above would see nothing."""
    play = Play(cast)
    play.plan(8, 1, *play.trainers)
    services.open_(play.session, by=BY)
    db.session.flush()
    bodies = db.session.scalars(sa.select(Message.body).where(Message.occasion.startswith("trainer_asked:"))).all()
    assert len(bodies) == 2 and all("08:00–" in body for body in bodies)
    assert isinstance(play.session, CourseSession)
