"""The rooms themselves, asked about the demo, find what the demo says: it follows their rules, not its own."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import time
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from app.access.models import OrganisationKind
from app.access.scope import EVERYWHERE
from app.certificates import queries, snapshot
from app.certificates.models import Certificate, CertificateStatus
from app.completion import queries as completion
from app.completion.models import Outcome
from app.core.clock import at
from app.core.db import db, reading
from app.enrolment.models import Enrolment
from app.files.models import Document
from app.oversight.figures.facts import ALL, Cell, Count, facts, within
from app.paper.certificate import draw_certificate
from app.people.models import Employee, Sex
from app.post import letters as post_letters
from app.post.calendars import ics, series
from app.post.models import Message
from app.training import letters
from app.training import queries as training
from app.training.models import CourseSession, SessionStatus
from tests.demo.conftest import TODAY, make_app

MORNING = at(TODAY, time(8))
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo_app(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("agreement")
    app = make_app(folder, demo_file)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def sessions(status: SessionStatus) -> list[CourseSession]:
    found = EVERYWHERE.select(CourseSession).where(CourseSession.status == status)
    found = found.options(joinedload(CourseSession.course), joinedload(CourseSession.province))
    return list(db.session.scalars(found.order_by(CourseSession.id)))


def test_completion_finds_the_stored_outcomes(demo_app: Flask) -> None:
    with reading():
        for course_session in sessions(SessionStatus.FINALISED)[::7]:
            review = completion.review(course_session, MORNING)
            assert review.ready
            found = {p.person.enrolment_id: (p.verdict.result, p.verdict.document) for p in review.previews}
            stored = db.session.scalars(EVERYWHERE.select(Outcome).where(Outcome.enrolment_id.in_(found)))
            assert found == {row.enrolment_id: (row.result, row.document) for row in stored}


def test_one_ended_session_is_ready_and_two_say_what_they_miss(demo_app: Flask) -> None:
    with reading():
        ended = [s for s in sessions(SessionStatus.CONFIRMED) if s.ends_on and s.ends_on < TODAY]
        reviews = [completion.review(s, MORNING) for s in ended]
    assert [review.over for review in reviews] == [True, True, True]
    assert sum(review.ready for review in reviews) == 1
    assert any(review.unmarked for review in reviews)
    assert any(review.untested for review in reviews)
    assert any(review.unsigned for review in reviews)


def test_certificates_say_and_look_as_if_issued_here(demo_app: Flask) -> None:
    valid = EVERYWHERE.select(Certificate).where(Certificate.status == CertificateStatus.VALID)
    valid = EVERYWHERE.trusting(valid, Enrolment, Employee, CourseSession)
    options = (
        joinedload(Certificate.course_session).joinedload(CourseSession.course),
        joinedload(Certificate.course_session).joinedload(CourseSession.province),
        joinedload(Certificate.enrolment).joinedload(Enrolment.employee).joinedload(Employee.user),
    )
    with reading():
        found = db.session.scalars(valid.options(*options).order_by(Certificate.id)).all()
        thanks = [row for row in found if row.trainer_id]
        assert thanks
        for certificate in [*found[::97], *thanks]:
            shared = queries.shared_of(certificate.course_session)
            if certificate.enrolment is None:
                given = {trainer.id: trainer for trainer, _ in queries.trainers_of(certificate.course_session)}
                trainer = given[certificate.trainer_id or 0]
                facts = snapshot.of_trainer(shared, certificate.course_session, trainer)
            else:
                facts = snapshot.of_participant(shared, certificate.enrolment, certificate.kind)
            stored = dict(certificate.snapshot)
            assert set(stored.pop("trainers")) == set(facts.pop("trainers"))
            assert stored == facts
            kept = db.session.scalar(sa.select(Document.content).where(Document.id == certificate.document_id))
            assert draw_certificate(snapshot.paper_of(certificate, shared.pictures)) == kept


def test_invitations_put_into_a_calendar_what_the_session_says(demo_app: Flask) -> None:
    """Only what differs from it is told of later: a moved sitting would else be nobody's news."""
    with demo_app.test_request_context(), reading():
        ahead = [s for s in sessions(SessionStatus.CONFIRMED) if s.starts_on and s.starts_on > TODAY]
        for course_session in ahead:
            of = EVERYWHERE.restrict(sa.select(Enrolment.id), Enrolment)
            first = db.session.scalars(of.where(Enrolment.course_session_id == course_session.id)).all()
            occasions = [f"invite:enrolment:{key}:v1" for key in first]
            sent = db.session.scalars(sa.select(Message).where(Message.occasion.in_(occasions))).all()
            assert sent
            sittings = training.sittings(course_session)
            for row in sent[:2]:
                key = row.occasion.split(":")[2]
                kept = series.of(f"enrolment:{key}")
                assert kept is not None and row.calendar == kept.calendar is not None
                trainers = letters.trainers(course_session)
                has_account = row.to_address == "personel@yetkin.example"
                page = f"{post_letters.public_url()}/enrolments/{key}" if has_account else ""
                shown = letters.series(course_session, sittings, page, trainers)
                now = ics.request(shown, kept.uid, 0, post_letters.sender(), row.to_address)
                assert ics.digest(row.calendar) == ics.digest(now)


def test_trainers_were_asked_for_what_their_sessions_say(demo_app: Flask) -> None:
    with demo_app.test_request_context(), reading():
        for course_session in (*sessions(SessionStatus.OPEN), *sessions(SessionStatus.CONFIRMED)):
            sittings, given = training.sittings(course_session), training.assignments(course_session)
            for trainer in {each.trainer for each in given}:
                about = f"session:{course_session.id}:trainer:{trainer.id}"
                occasion = f"trainer_asked:{course_session.id}:{trainer.id}:s0"
                row, kept = db.session.query(Message).filter_by(occasion=occasion).one(), series.of(about)
                assert kept is not None and row.calendar == kept.calendar is not None
                hers = {each.sitting_id for each in given if each.trainer is trainer}
                page = f"{post_letters.public_url()}/assignments" if trainer.signs_in else ""
                shown = letters.series(course_session, [each for each in sittings if each.id in hers], page)
                now = ics.request(shown, kept.uid, 0, post_letters.sender(), row.to_address)
                assert ics.digest(row.calendar) == ics.digest(now)


# --- figures ----------------------------------------------------------------------------------------------

PLAIN = """
SELECT e.employee_id, m.sex, substr(s.ends_on, 1, 4) AS year, e.province_id, e.organisation_kind, c.theme_id, s.status,
       EXISTS (SELECT 1 FROM certificates WHERE enrolment_id = e.id AND status = 'valid') AS certified,
       coalesce(o.credit_minutes, 0) AS credit, coalesce(o.base_minutes, 0) AS base,
       EXISTS (SELECT 1 FROM attendance_marks AS a JOIN sittings AS t ON t.id = a.sitting_id
               WHERE a.enrolment_id = e.id AND t.state <> 'not_held'
                 AND (a.kind = 'present' OR a.minutes < coalesce(t.effective_minutes, t.minutes))) AS marked
FROM enrolments AS e
JOIN employees AS m ON m.id = e.employee_id
JOIN course_sessions AS s ON s.id = e.course_session_id
JOIN courses AS c ON c.id = s.course_id
LEFT JOIN outcomes AS o ON o.enrolment_id = e.id
WHERE e.merged_into_id IS NULL AND s.status <> 'cancelled'
"""


def counted_one_by_one(rows: list[sqlite3.Row]) -> dict[Cell, Count]:
    people: dict[Cell, list[int]] = defaultdict(list)
    for row in rows:
        kind, theme = ("kind", OrganisationKind(row["organisation_kind"])), ("theme", row["theme_id"])
        years, provinces = (ALL, int(row["year"]) if row["year"] else None), (ALL, row["province_id"])
        categories = (ALL, kind, theme, ("certified", bool(row["certified"])))
        for place in product(years, provinces, categories, (ALL, Sex(row["sex"]))):
            people[Cell(*place)].append(row["employee_id"])
    return {cell: Count(len(set(who)), len(who)) for cell, who in people.items()}


def test_figures_are_those_of_the_rows_counted_one_by_one(demo_app: Flask, demo: sqlite3.Connection) -> None:
    """Every cell, small ones too, and whoever is in those; of several provinces whoever is in two of them once."""
    rows = [row for row in demo.execute(PLAIN) if (row["credit"] if row["status"] == "finalised" else row["marked"])]
    with reading():
        found = facts()
        assert found.cells == counted_one_by_one(rows)
        assert sum(given.credit for given in found.given.values()) == sum(row["credit"] for row in rows)
        assert sum(given.base for given in found.given.values()) == sum(row["base"] for row in rows)
        for some in (frozenset({1, 2}), frozenset({2, 3, 4})):
            assert within(found, some).cells == counted_one_by_one([r for r in rows if r["province_id"] in some])
        for cell, count in found.cells.items():
            assert count.persons >= 5 or len(found.few[cell]) == count.persons, cell
