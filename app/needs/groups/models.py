"""The group of people a page is about, and the figures of it and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.access.models import Organisation, Province
from app.access.scope import Scope
from app.language import gettext, in_language
from app.needs.models import AssessmentRound
from app.needs.rules import Aggregate, Sums
from app.people.models import Sex, TitleLevel, Unit

Node = tuple[int, ...]
"""A group: () everybody the scope sees, (province,), (province, organisation), (…, unit). No province is 0."""

ROOT: Node = ()
Cells = dict[tuple[Node, TitleLevel | None], Sums]


@dataclass(frozen=True)
class Figures:
    """The figures of each competency in each group along one path; `path` ends in the chosen group."""

    path: tuple[Node, ...]
    by_competency: Mapping[int, Cells]
    veiled: Mapping[int, frozenset[tuple[Node, TitleLevel | None]]]

    def n(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> int:
        """How many answered; 0 for nobody. Not to be shown where `hidden`."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        return found.n if found else 0

    def needs(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> int:
        """How many of them have a need: the length of the list of names, for whoever may read those."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        return found.needs if found else 0

    def hidden(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> bool:
        """Whether somebody answered and the figures must not be shown."""
        return (node, title) in self.veiled.get(competency_id, frozenset())

    def shown(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> Aggregate | None:
        """The figures of a group; None where they are hidden or nobody answered."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        if found is None or not found.n or self.hidden(competency_id, node, title):
            return None
        return found.aggregate()

    def of_path(self) -> Figures:
        """Without the groups beside the path's own, which were asked for what they would give away of these."""
        here = set(self.path)
        return Figures(
            self.path,
            {
                key: {group: sums for group, sums in cells.items() if group[0] in here}
                for key, cells in self.by_competency.items()
            },
            {key: frozenset(group for group in groups if group[0] in here) for key, groups in self.veiled.items()},
        )

    def children(self, node: Node) -> list[Node]:
        """The groups one step below, where anybody at all answered anything."""
        depth = len(node) + 1
        return sorted(group for group in self._groups if len(group) == depth and group[:-1] == node)

    @cached_property
    def _groups(self) -> set[Node]:
        return {group for cells in self.by_competency.values() for group, title in cells if title is None}


@dataclass(frozen=True)
class Selection:
    """The group a page is about, and what else could be chosen in its place.

    `base` is all the reader sees: one province or one institution alone is chosen for them already. A title group is
    a part of all of them (`whole`), never of a smaller group. `sex`: of these only women, or men.
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
    sex: Sex | None
    minimum: int
    """Of fewer people nothing is shown."""
    named: bool
    """Whether the round's notice says that the reader sees what single people answered."""

    @property
    def lists_people(self) -> bool:
        """Whether the reader sees who needs what: the notice names them, and the answers are there still."""
        return self.named and self.round.answers_gone_at is None

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
            "sex": self.sex.value if self.sex else None,
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
        return self.node == self.base and self.sex is None

    @property
    def key(self) -> tuple[Node, TitleLevel | None]:
        """Where the figures of the chosen group stand."""
        return (ROOT, self.title) if self.title else (self.node, None)

    @property
    def label(self) -> str:
        """The chosen group in words."""
        words = self._of_sex(self.name_of(self.node))
        return f"{words}, {self.title.label}" if self.title else words

    @property
    def base_label(self) -> str:
        return self._of_sex(self.name_of(self.base))

    def _of_sex(self, words: str) -> str:
        return f"{words}, {self.sex.many}" if self.sex else words

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
