"""The group of people a needs page is about, as its address names it and its reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, Province
from app.access.scope import Scope
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery
from app.language import gettext, in_language
from app.needs import queries
from app.needs.figures import ROOT, Figures, Node, figures
from app.needs.models import AssessmentRound
from app.needs.suppression import MINIMUM
from app.people.models import TitleLevel, Unit
from app.settings import queries as settings

FILTERS = ("round", "province", "organisation", "unit", "title", "theme", "class")


@dataclass(frozen=True)
class Selection:
    """The group a page is about, and what else could be chosen in its place.

    `base` is all the reader sees: one province or one institution alone is chosen for them already. A title group is
    a part of all of them (`whole`), never of a smaller group.
    """

    scope: Scope
    round: AssessmentRound
    rounds: Sequence[AssessmentRound]
    organisations: Sequence[Organisation]
    units: Sequence[Unit]
    base: Node
    province_id: int | None
    organisation: Organisation | None
    unit: Unit | None
    title: TitleLevel | None
    minimum: int
    """Of fewer people nothing is shown."""

    @property
    def provinces(self) -> list[Province]:
        found = {o.province.id: o.province for o in self.organisations if o.province is not None}
        return sorted(found.values(), key=lambda p: p.name_sort)

    @property
    def offered(self) -> list[Organisation]:
        """Institutions to choose from: those of the chosen province, else all."""
        return [o for o in self.organisations if self.province_id is None or (o.province_id or 0) == self.province_id]

    @property
    def group_filters(self) -> dict[str, str]:
        """The filters that name this group, for other pages about it."""
        ids = {
            "province": self.province_id,
            "organisation": self.organisation.id if self.organisation else None,
            "unit": self.unit.id if self.unit else None,
            "title": self.title.value if self.title else None,
        }
        return {name: str(value) for name, value in ids.items() if value is not None}

    @property
    def node(self) -> Node:
        steps = (
            self.province_id,
            self.organisation.id if self.organisation else None,
            self.unit.id if self.unit else None,
        )
        return tuple(step for step in steps if step is not None)

    @property
    def whole(self) -> bool:
        """Whether the group is all the reader sees, title groups apart."""
        return self.node == self.base

    @property
    def key(self) -> tuple[Node, TitleLevel | None]:
        """Where the figures of the chosen group stand."""
        return (ROOT, self.title) if self.title else (self.node, None)

    @property
    def label(self) -> str:
        """The chosen group in words."""
        words = self.name_of(self.node)
        return f"{words}, {self.title.label}" if self.title else words

    @property
    def base_label(self) -> str:
        return self.name_of(self.base)

    @property
    def narrowed(self) -> bool:
        """Whether the group is smaller than all the reader sees, so that comparing says something."""
        return self.node != self.base or self.title is not None

    def name_of(self, node: Node) -> str:
        if len(node) == 3:
            return next((in_language(u, "name") for u in self.units if u.id == node[2]), "–")
        if len(node) == 2:
            return next((in_language(o, "name") for o in self.organisations if o.id == node[1]), "–")
        if len(node) == 1:
            return next((in_language(p, "name") for p in self.provinces if p.id == node[0]), gettext("No province"))
        return gettext("Whole programme") if self.scope.everything else gettext("All my institutions")

    def short_name_of(self, node: Node) -> str:
        if len(node) == 2:
            return next((o.short_name for o in self.organisations if o.id == node[1]), "–")
        return self.name_of(node)

    def figures(self, *, parts: bool, titles: bool = False, competency_id: int | None = None) -> Figures:
        """The figures of the chosen group; `parts`: of what it consists of as well."""
        return figures(
            self.scope,
            self.round.id,
            province_id=self.province_id,
            organisation_id=self.organisation.id if self.organisation else None,
            unit_id=self.unit.id if self.unit else None,
            parts=parts,
            titles=titles or self.title is not None,
            competency_id=competency_id,
            minimum=self.minimum,
        )


def select_group(scope: Scope, query: ListQuery) -> Selection | None:
    """The group an address names; None before the first round. What the scope does not see is Missing."""
    # a closed round is seen by its administrators and coordinators alone before it is published
    rounds = queries.rounds(unpublished=scope.everything or bool(scope.provinces))
    usual = queries.default_round(rounds)
    if usual is None:
        return None
    chosen_round = _one(rounds, query.filter_id("round")) or usual
    organisations, units = _institutions(scope, query.filter_id("organisation"))
    organisation = _one(organisations, query.filter_id("organisation"))
    provinces = {o.province_id or 0 for o in organisations}
    province_id = query.filter_id("province")
    if province_id is not None and province_id not in provinces:
        raise Missing
    base: Node = tuple(provinces) if len(provinces) == 1 else ROOT
    if organisation is not None and province_id not in (None, organisation.province_id or 0):
        organisation = None  # another province was chosen beside an institution that is not in it
    if len(scope.organisations) == 1 == len(organisations):
        organisation = organisations[0]
        base = (*base, organisation.id)
    if organisation is not None:
        province_id = organisation.province_id or 0
    elif province_id is None and len(base) == 1:
        province_id = base[0]
    if organisation is None:
        units = []
    unit = next((found for found in units if found.id == query.filter_id("unit")), None)
    minimum = max(MINIMUM, settings.value("suppress_under"))
    made = Selection(
        scope, chosen_round, rounds, organisations, units, base, province_id, organisation, unit, None, minimum
    )
    return replace(made, title=_title(query.filter("title"))) if made.whole else made


def _one(things: Sequence[Any], key: int | None) -> Any:
    """The thing with this id; None where none is asked for, Missing where it is not among them."""
    if key is None:
        return None
    found = next((thing for thing in things if thing.id == key), None)
    if found is None:
        raise Missing
    return found


def _title(value: str) -> TitleLevel | None:
    if not value:
        return None
    if value not in set(TitleLevel):
        raise Missing
    return TitleLevel(value)


def _institutions(scope: Scope, chosen: int | None) -> tuple[Sequence[Organisation], Sequence[Unit]]:
    """Institutions by name, and the units of the chosen one (of the only one, where the scope has no more)."""
    if not scope.everything and len(scope.organisations) == 1:
        (chosen,) = scope.organisations
    theirs = sa.and_(Unit.organisation_id == Organisation.id, Organisation.id == chosen)
    statement = (
        sa.select(Organisation, Unit)
        .outerjoin(Unit, theirs)
        .options(joinedload(Organisation.province))
        .order_by(Organisation.name_sort, Organisation.id, Unit.name_sort, Unit.id)
    )
    if not scope.everything:
        statement = statement.where(Organisation.id.in_(sorted(scope.organisations)))
    found = db.session.execute(statement).all()
    return list(dict.fromkeys(row[0] for row in found)), [row[1] for row in found if row[1] is not None]
