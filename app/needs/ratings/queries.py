"""Workbooks that were put aside, whom and what they are about, and what storing one would change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from app.access.models import Organisation, User
from app.access.scope import Scope, within
from app.catalogue.models import Competency
from app.core.db import db
from app.needs import queries as needs
from app.needs.models import (
    AssessmentRound,
    ImportStatus,
    Rating,
    RatingsImport,
    RatingSource,
    Respondent,
    RoundItem,
    RoundStatus,
)
from app.needs.ratings.rules import Key, Preview, preview_of
from app.people.models import Employee


def competencies() -> Sequence[Competency]:
    return db.session.scalars(sa.select(Competency).order_by(Competency.name_sort)).all()


def ratings_import(scope: Scope, import_id: int) -> RatingsImport:
    return scope.get(
        RatingsImport,
        import_id,
        joinedload(RatingsImport.round),
        joinedload(RatingsImport.organisation),
    )


def imports(scope: Scope, limit: int = 10) -> Sequence[RatingsImport]:
    """The latest imports this scope sees."""
    return db.session.scalars(
        scope.select(RatingsImport)
        .options(
            joinedload(RatingsImport.organisation),
            defer(RatingsImport.rows),
            defer(RatingsImport.errors),
        )
        .where(RatingsImport.status != ImportStatus.DISCARDED)
        .order_by(RatingsImport.id.desc())
        .limit(limit)
    ).all()


def same_file(scope: Scope, round_id: int, organisation_id: int, sha256: str) -> RatingsImport | None:
    """The latest import of these very bytes into this round for this institution that was not thrown away."""
    return db.session.scalar(
        scope.select(RatingsImport)
        .where(
            RatingsImport.round_id == round_id,
            RatingsImport.organisation_id == organisation_id,
            RatingsImport.sha256 == sha256,
            RatingsImport.status != ImportStatus.DISCARDED,
        )
        .order_by(RatingsImport.id.desc())
        .limit(1)
    )


def beside(found: RatingsImport) -> tuple[RatingsImport | None, list[RatingsImport]]:
    """What has to do with an import (loaded through a scope): the latest of the same bytes that was carried out, and
    the other files of whoever brought it, for the same round and institution, that still wait. One statement.
    """
    same = sa.and_(RatingsImport.sha256 == found.sha256, RatingsImport.status == ImportStatus.COMMITTED)
    others = sa.and_(RatingsImport.created_by == found.created_by, RatingsImport.status == ImportStatus.STAGED)
    rows = db.session.scalars(
        within(found)
        .trusting(sa.select(RatingsImport), RatingsImport)
        .options(defer(RatingsImport.rows), defer(RatingsImport.errors))
        .where(
            RatingsImport.id != found.id,
            RatingsImport.round_id == found.round_id,
            RatingsImport.organisation_id == found.organisation_id,
            sa.or_(same, others),
        )
        .order_by(RatingsImport.id)
    ).all()
    waiting = [one for one in rows if one.status is ImportStatus.STAGED]
    return next((one for one in reversed(rows) if one not in waiting), None), waiting


def staff(organisation_ids: Collection[int]) -> Sequence[Employee]:
    """Everybody on the staff of institutions the caller may import for, merged records left out."""
    return db.session.scalars(
        within(Organisation)
        .select(Employee)
        .where(Employee.organisation_id.in_(sorted(organisation_ids)), Employee.merged_into_id.is_(None))
    ).all()


def asked(found: AssessmentRound, organisation_id: int) -> set[tuple[int, int]]:
    """Whom a designed round asks about what, at an institution (found through a scope): employee and competency."""
    statement = (
        sa.select(Respondent.employee_id, RoundItem.competency_id)
        .join(RoundItem, sa.and_(RoundItem.round_id == Respondent.round_id, RoundItem.unit_id == Respondent.unit_id))
        .where(Respondent.round_id == found.id, Respondent.organisation_id == organisation_id)
    )
    return {(one, other) for one, other in db.session.execute(within(found).trusting(statement, Respondent))}


def to_fill(
    scope: Scope, found: AssessmentRound, *, organisation: int | None = None, unit: int | None = None
) -> Sequence[sa.Row[Employee, Competency]]:
    """Everybody of this scope (of an institution, of a unit) a round asks, beside each competency it asks about."""
    statement = (
        scope.restrict(sa.select(Employee, Competency), Respondent)
        .select_from(Respondent)
        .join(Employee, Employee.id == Respondent.person_id)
        .join(RoundItem, sa.and_(RoundItem.round_id == Respondent.round_id, RoundItem.unit_id == Respondent.unit_id))
        .join(Competency, Competency.id == RoundItem.competency_id)
        .where(Respondent.round_id == found.id)
        .order_by(Respondent.unit_id, Employee.name_sort, Employee.id, RoundItem.position)
    )
    if organisation is not None:
        statement = statement.where(Respondent.organisation_id == organisation)
    if unit is not None:
        statement = statement.where(Respondent.unit_id == unit)
    return db.session.execute(scope.trusting(statement, Employee)).all()


def own(user_id: int) -> Sequence[sa.Row[AssessmentRound, Organisation, Competency, Rating]]:
    """What whoever signs in with this account said of themselves, and their supervisor once the round is published:
    round, institution then, competency, rating. Records merged into theirs count, too.
    """
    own = sa.or_(Rating.source == RatingSource.SELF, AssessmentRound.status == RoundStatus.PUBLISHED)
    statement = (
        sa.select(AssessmentRound, Organisation, Competency, Rating)
        .join(Rating.respondent)
        .join(AssessmentRound, AssessmentRound.id == Rating.round_id)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .join(Competency, Competency.id == Rating.competency_id)
        .join(Employee, Employee.id == Respondent.person_id)
        .where(Employee.user_id == user_id, own)
        .order_by(AssessmentRound.id.desc(), Competency.name_sort, Rating.source, Rating.id)
    )
    return db.session.execute(within(User).trusting(statement, Rating, Respondent, Employee)).all()


def stored(ratings_import: RatingsImport) -> dict[Key, Rating]:
    """The ratings these people have in the round now."""
    employees = {row["employee"] for row in ratings_import.rows}
    return {
        (rating.employee_id, rating.competency_id, rating.source): rating
        for rating in needs.ratings(ratings_import.round_id, employees)
    }


def preview(ratings_import: RatingsImport) -> Preview:
    """What storing an import (loaded through a scope) would change now, in two statements."""
    return preview_of(ratings_import, stored(ratings_import), competencies())
