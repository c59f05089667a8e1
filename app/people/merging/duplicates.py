"""Who may be the same person twice: names alike once folded, the same address, the same registry number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from rapidfuzz import fuzz

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.db import db
from app.core.search import matches
from app.language.turkish import search_key
from app.people.models import Employee

ALIKE = 82  # of 100; two letters swapped or missing in a name of usual length
LOOKED_AT = 2_000


class Sign(StrEnum):
    """Why a record is suggested."""

    EMAIL = "email"
    REGISTRY = "registry"
    NAME = "name"


@dataclass(frozen=True)
class Twin:
    """A record that may be the same person, and how much speaks for it (0–100)."""

    id: int
    name: str
    registry_no: str
    organisation_tr: str
    organisation_en: str
    signs: tuple[Sign, ...]
    score: float
    organisation_id: int = 0
    active: bool = True


def likely(scope: Scope, employee: Employee, limit: int = 5) -> Sequence[Twin]:
    """Records this scope sees that somebody about to be added may be: the same address, the same name, or at their own
    institution a similar one. Elsewhere a similar name says nothing.
    """
    own = search_key(employee.name)
    return [
        one
        for one in twins(scope, employee, limit=LOOKED_AT)
        if Sign.EMAIL in one.signs or one.organisation_id == employee.organisation_id or search_key(one.name) == own
    ][:limit]


def twins(scope: Scope, employee: Employee, typed: str = "", limit: int = 10) -> Sequence[Twin]:
    """Records this scope sees that may be the same person, the likeliest first; those a typed text finds, if any.
    Of one institution also whoever has the same registry number in another spelling.
    """
    near = matches(Employee, typed) if typed else _near(employee)
    statement = (
        scope.restrict(
            sa.select(
                Employee.id,
                Employee.given_name + " " + Employee.family_name,
                Employee.registry_no,
                Employee.registry_key,
                Employee.organisation_id,
                Employee.active,
                Employee.email,
                Employee.search_text,
                Organisation.name_tr,
                Organisation.name_en,
            ),
            Employee,
        )
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .where(Employee.id != (employee.id or 0), Employee.merged_into_id.is_(None), near)
        .order_by((Employee.organisation_id == employee.organisation_id).desc(), Employee.id)
        .limit(LOOKED_AT)
    )
    own = search_key(employee.name)
    found = []
    for key, name, registry_no, folded, home, active, email, text, name_tr, name_en in db.session.execute(statement):
        # the folded name stands first in the text it is searched by: folding hundreds anew takes as long as asking
        score = fuzz.token_sort_ratio(own, " ".join(text.split(" ", len(name.split()))[: len(name.split())]))
        signs = _signs(employee, email, folded, score)
        # the same number at another institution says nothing alone: numbers are unique inside one only
        here = Sign.REGISTRY in signs and home == employee.organisation_id
        if typed or here or Sign.EMAIL in signs or Sign.NAME in signs:
            weight = score + 50 * (Sign.EMAIL in signs) + 25 * (Sign.REGISTRY in signs)
            found.append(Twin(key, name, registry_no, name_tr, name_en, signs, weight, home, active))
    return sorted(found, key=lambda twin: (-twin.score, twin.id))[:limit]


def _signs(employee: Employee, email: str | None, registry_key: str, score: float) -> tuple[Sign, ...]:
    found = {
        Sign.EMAIL: bool(employee.email) and email == employee.email,
        Sign.REGISTRY: registry_key == employee.registry_key,
        Sign.NAME: score >= ALIKE,
    }
    return tuple(sign for sign, there in found.items() if there)


def _near(employee: Employee) -> sa.ColumnElement[bool]:
    """Worth comparing: the family name somewhere, the given name or the number in the same institution, or the address.

    Each way is a search of its own, for an index answers none of them once they are joined by "or".
    """
    here = Employee.organisation_id == employee.organisation_id
    ways = [
        matches(Employee, employee.family_name),
        sa.and_(here, matches(Employee, employee.given_name)),
        sa.and_(here, Employee.registry_key == employee.registry_key),
    ]
    if employee.email:
        ways.append(sa.and_(matches(Employee, employee.email), Employee.email == employee.email))
    return Employee.id.in_(sa.union(*(sa.select(Employee.id).where(way) for way in ways)))
