"""What every sub-room asks: the session it certifies, what its certificates say alike, how certificates are related."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE, Scope, within
from app.certificates import rules, snapshot
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.snapshot import Shared
from app.core.db import db
from app.core.errors import Missing
from app.enrolment.models import Enrolment
from app.files.models import Document
from app.people.models import Employee
from app.settings import queries as settings
from app.settings.models import Signatory
from app.trainers.models import Trainer
from app.training import queries as training
from app.training.models import AssignmentAnswer, CourseSession, Sitting, SittingState, TrainerAssignment
from app.venues.models import Room

#: A paper has room for no more.
MOST_SIGNATORIES = 3

# --- certificates -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Relative:
    """The certificate before or after this one, for a link; `id` 0 where the reader may not open it."""

    id: int
    number: str
    code: str


def predecessor(certificate: Certificate) -> Relative | None:
    """The certificate this one replaced; of a certificate already loaded through a scope."""
    return _relative(Certificate.superseded_by_id == certificate.id)


def successor(certificate: Certificate) -> Relative | None:
    if certificate.superseded_by_id is None:
        return None
    return _relative(Certificate.id == certificate.superseded_by_id)


def _relative(condition: sa.ColumnElement[bool]) -> Relative | None:
    row = db.session.execute(
        within(Certificate)
        .trusting(sa.select(Certificate.id, Certificate.number, Certificate.code), Certificate)
        .where(condition)
    ).first()
    return Relative(*row) if row else None


def valid_ids(course_session: CourseSession) -> Sequence[int]:
    """The valid certificates of a session loaded through a scope, by name."""
    return db.session.scalars(
        within(course_session)
        .restrict(sa.select(Certificate.id), Certificate)
        .where(Certificate.status == CertificateStatus.VALID)
        .order_by(Certificate.name_sort, Certificate.id)
    ).all()


def number_held(*conditions: sa.ColumnElement[bool]) -> str | None:
    """The number of the valid certificate these conditions name, if there is one."""
    return db.session.scalar(
        EVERYWHERE.restrict(sa.select(Certificate.number), Certificate).where(  # one anywhere is one too many
            *conditions, Certificate.status == CertificateStatus.VALID
        )
    )


def twice_certified(employee_ids: Sequence[int]) -> Sequence[tuple[str, str]]:
    """Pairs of numbers of valid certificates these records (of one person) hold for the same session."""
    first, second = sa.orm.aliased(Certificate), sa.orm.aliased(Certificate)
    one, other = sa.orm.aliased(Enrolment), sa.orm.aliased(Enrolment)
    statement = (
        # one person's, wherever they took part
        EVERYWHERE.restrict(sa.select(first.number, second.number), first, second, one, other)
        .join(second, sa.and_(second.course_session_id == first.course_session_id, second.id > first.id))
        .join(one, one.id == first.enrolment_id)
        .join(other, other.id == second.enrolment_id)
        .where(
            first.status == CertificateStatus.VALID,
            second.status == CertificateStatus.VALID,
            one.employee_id.in_(employee_ids),
            other.employee_id.in_(employee_ids),
        )
    )
    return [(a, b) for a, b in db.session.execute(statement)]


# --- the session, and what its certificates say ------------------------------------------------------------


def own(user_id: int) -> Sequence[Certificate]:
    """All that whoever signs in with this account holds or held, letters of thanks too, latest first."""
    theirs = Scope(own_user=user_id, own_trainer=user_id).select(Certificate)
    return db.session.scalars(theirs.order_by(Certificate.issued_on.desc(), Certificate.id.desc())).all()


def session_to_certify(scope: Scope, course_session_id: int) -> CourseSession:
    """A session with course and province, for whoever runs it; being offered it is not enough."""
    found = training.course_session(scope, course_session_id)
    if not training.runs(scope, found):
        raise Missing
    return found


def dated_sittings(course_session: CourseSession) -> Sequence[Sitting]:
    """The sittings of a session (loaded through a scope) that have a day, in time, with room and venue."""
    return db.session.scalars(
        within(course_session)
        .select(Sitting)
        .where(Sitting.date.is_not(None))
        .options(joinedload(Sitting.room).joinedload(Room.venue))
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def trainers_of(course_session: CourseSession) -> Sequence[tuple[Trainer, frozenset[int]]]:
    """Whoever gave a sitting that took place, by name, with the ids of the sittings they gave."""
    found = db.session.execute(
        within(course_session)
        .restrict(sa.select(Trainer, TrainerAssignment.sitting_id), Sitting, Trainer, TrainerAssignment, Employee)
        .join(TrainerAssignment, TrainerAssignment.trainer_id == Trainer.id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Sitting.state != SittingState.NOT_HELD,
            Sitting.date.is_not(None),
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
        .options(
            joinedload(Trainer.user),
            joinedload(Trainer.employee).joinedload(Employee.organisation),
        )
        .order_by(Trainer.name_sort, Trainer.id)
    )
    given: dict[Trainer, set[int]] = {}
    for trainer, sitting_id in found:
        given.setdefault(trainer, set()).add(sitting_id)
    return [(trainer, frozenset(sitting_ids)) for trainer, sitting_ids in given.items()]


def pictures(document_ids: Iterable[int]) -> Mapping[int, bytes]:
    """The bytes of logos, by the id of their document."""
    wanted = set(document_ids)
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Document.id, Document.content).where(Document.id.in_(wanted)))
    return {row.id: row.content for row in rows}


def shared_of(course_session: CourseSession, *, to_draw: bool = True) -> Shared:
    """What its certificates say alike, for a session loaded with its course and province; or what stands in the way.

    Without the pictures where nothing will be drawn (`to_draw`).
    """
    sittings = rules.held(dated_sittings(course_session))
    signatories = signatories_of(course_session)
    obstacle = rules.obstacle(sittings, signatories)
    if obstacle is not None:
        return Shared({}, sittings, {}, {}, obstacle)
    values, logos = settings.values(), [row.document_id for row in settings.logos()]
    gave = trainers_of(course_session)
    facts = snapshot.of_session(course_session, sittings, [trainer for trainer, _ in gave], signatories, values, logos)
    of_trainer = {trainer.id: sitting_ids for trainer, sitting_ids in gave}
    return Shared(facts, sittings, of_trainer, pictures(logos) if to_draw else {}, wording=settings.wording(values))


def signatories_of(course_session: CourseSession) -> Sequence[Signatory]:
    """Who signs for its province, or for the programme: three at most."""
    return settings.signatories(course_session.province_id)[:MOST_SIGNATORIES]


def held(people: Sequence[int]) -> dict[int, int]:
    """How many valid certificates people (seen through a scope) hold, by their id."""
    counted = (
        sa.select(Enrolment.employee_id, sa.func.count())
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.employee_id.in_(people), Certificate.status == CertificateStatus.VALID)
        .group_by(Enrolment.employee_id)
    )
    rows = db.session.execute(within(Employee).trusting(counted, Enrolment, Certificate))
    return {row[0]: row[1] for row in rows}
