from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Organisation, Province, User
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Competency, Theme
from app.catalogue.queries import Choice
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import Lines, ListQuery, Rows, in_order, narrowed
from app.core.search import matches
from app.people.models import Employee
from app.people.rules import fold
from app.trainers.models import Trainer, TrainerExpertise, TrainerKind

TRAINER_SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Trainer.name_sort, Trainer.id),
    "province": (sa.nulls_first(Province.name_sort), Trainer.name_sort, Trainer.id),
}


@dataclass(frozen=True)
class TrainerRow:
    """A line of the list: no e-mail. `expertise` counts competencies; 0 means that none was entered yet."""

    id: int
    academic_title: str
    given_name: str
    family_name: str
    kind: TrainerKind
    institution: str
    province_tr: str | None
    province_en: str | None
    active: bool
    expertise: int

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.academic_title, self.given_name, self.family_name) if part)


def trainers(scope: Scope, query: ListQuery) -> Rows[TrainerRow]:
    """Trainers this scope sees. Filters: province, competency, kind, active ("no": no longer teaching)."""
    return Rows(_ids(scope, query), TRAINER_SORTS[query.sort], query, _rows)


def _ids(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    ids = scope.restrict(sa.select(Trainer.id), Trainer).where(
        matches(Trainer, query.q), Trainer.active == (sa.false() if query.filter("active") == "no" else sa.true())
    )
    ids = narrowed(ids, query, {"province": Trainer.province_id, "kind": Trainer.kind})
    if (competency_id := query.filter_id("competency")) is not None:
        can = sa.select(TrainerExpertise.trainer_id).where(TrainerExpertise.competency_id == competency_id)
        ids = ids.where(Trainer.id.in_(can))
    if query.sort == "province":
        ids = ids.outerjoin(Province, Province.id == Trainer.province_id)
    return ids


def _lines() -> sa.Select[Any]:
    """The columns of `TrainerRow`, of trainers whose ids come through a scope."""
    counted = (
        sa.select(sa.func.count(TrainerExpertise.id))
        .where(TrainerExpertise.trainer_id == Trainer.id)
        .correlate(Trainer)
        .scalar_subquery()
    )
    return (
        within(Trainer)
        .trusting(
            sa.select(
                Trainer.id,
                Trainer.academic_title,
                Trainer.given_name,
                Trainer.family_name,
                Trainer.kind,
                Trainer.institution,
                Province.name_tr,
                Province.name_en,
                Trainer.active,
                counted,
            ),
            Trainer,
        )
        .outerjoin(Province, Province.id == Trainer.province_id)
    )


def _rows(keys: Sequence[int]) -> Sequence[TrainerRow]:
    found: Sequence[Any] = db.session.execute(_lines().where(Trainer.id.in_(keys))).all()
    return in_order(keys, [TrainerRow(*row) for row in found], lambda row: row.id)


def found_trainers(scope: Scope, typed: str, limit: int) -> Sequence[TrainerRow]:
    """The first trainers a typed text finds; one more than `limit` says that there are others."""
    query = ListQuery(q=typed, sort="name", size=limit + 1)
    order = TRAINER_SORTS["name"]
    return Lines(_ids(scope, query), order, query, _lines(), lambda row: TrainerRow(*row)).first()


def trainer(scope: Scope, trainer_id: int) -> Trainer:
    """One trainer with their province."""
    return scope.get(Trainer, trainer_id, joinedload(Trainer.province))


def writes(scope: Scope, trainer: Trainer) -> bool:
    """Whether a scope reaches a trainer: of its provinces, or of none."""
    return trainer.province_id is None or scope.covers_province(trainer.province_id)


def writable_trainer(scope: Scope, trainer_id: int) -> Trainer:
    """The trainer, or Missing where they are another province's."""
    found = trainer(scope, trainer_id)
    if not writes(scope, found):
        raise Missing
    return found


def expertise_of(trainer: Trainer) -> Sequence[Competency]:
    """What a trainer (loaded through a scope) can teach, with theme, by theme and name."""
    return db.session.scalars(
        sa.select(Competency)
        .join(TrainerExpertise, TrainerExpertise.competency_id == Competency.id)
        .join(Competency.theme)
        .options(contains_eager(Competency.theme))
        .where(TrainerExpertise.trainer_id == trainer.id)
        .order_by(Theme.position, Competency.name_sort, Competency.id)
    ).all()


def expertise_ids(trainer: Trainer) -> tuple[int, ...]:
    statement = sa.select(TrainerExpertise.competency_id).where(TrainerExpertise.trainer_id == trainer.id)
    return tuple(db.session.scalars(statement.order_by(TrainerExpertise.competency_id)))


def choices() -> tuple[Sequence[Choice], Sequence[Choice]]:
    """Provinces and competencies the list can be filtered by, by name; one statement."""
    names = [
        sa.select(sa.literal(kind).label("kind"), model.id, model.name_tr, model.name_en, model.name_sort.label("sort"))
        for kind, model in ((0, Province), (1, Competency))
    ]
    names[1] = names[1].where(Competency.merged_into_id.is_(None))
    found: Sequence[Any] = db.session.execute(sa.union_all(*names).order_by("kind", "sort")).all()
    return [Choice(*row[1:4]) for row in found if row[0] == 0], [Choice(*row[1:4]) for row in found if row[0] == 1]


# --- a trainer who is on some institution's staff -------------------------------------------------------


def colleague_of(scope: Scope, trainer: Trainer) -> Employee | None:
    """The person on the staff a trainer is, with their institution, as far as the scope sees them."""
    if trainer.employee_id is None:
        return None
    return db.session.scalar(
        scope.select(Employee).where(Employee.id == trainer.employee_id).options(joinedload(Employee.organisation))
    )


def staff_found(scope: Scope, typed: str, limit: int = 10) -> Sequence[Employee]:
    """Active staff in scope whom a typed text may mean, with their institution."""
    return db.session.scalars(
        scope.select(Employee)
        .where(Employee.active == sa.true(), matches(Employee, typed))
        .options(joinedload(Employee.organisation))
        .order_by(Employee.name_sort, Employee.id)
        .limit(limit)
    ).all()


def staff_meant(scope: Scope, typed: str) -> Employee | None:
    """The one person a typed text means: a suggestion (name · registry number · institution), or only one fits."""
    parts = [part.strip() for part in typed.split(" · ")]
    if len(parts) == 3:
        return db.session.scalar(
            scope.restrict(sa.select(Employee), Employee)
            .join(Organisation, Organisation.id == Employee.organisation_id)
            .where(Employee.registry_key == fold(parts[1]), Organisation.name_tr == parts[2], Employee.active)
            .options(joinedload(Employee.organisation))
        )
    found = staff_found(scope, typed, limit=2)
    return found[0] if len(found) == 1 else None


def trainer_of_employee(employee_id: int) -> Trainer | None:
    """The trainer a person on the staff is, whoever may see them."""
    # whoever may see them
    return db.session.scalar(EVERYWHERE.select(Trainer).where(Trainer.employee_id == employee_id))


# --- accounts ------------------------------------------------------------------------------------------


def account(trainer: Trainer) -> User:
    """The account of a trainer who has one."""
    return within(trainer).get(User, trainer.user_id)


def staff_account(trainer: Trainer) -> User | None:
    """The account a trainer signs in with as a member of some institution's staff."""
    statement = within(trainer).trusting(sa.select(User), User, Employee).join(Employee, Employee.user_id == User.id)
    return db.session.scalar(statement.where(Employee.id == trainer.employee_id))


def trainer_of_user(user_id: int) -> Trainer | None:
    """The trainer an account acts for, whoever may see them."""
    return db.session.scalar(EVERYWHERE.select(Trainer).where(Trainer.user_id == user_id))  # whoever may see them
