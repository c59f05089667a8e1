"""The three kinds of things the programme keeps lists of, and what is particular about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.audit.journal import Event
from app.catalogue.models import Competency, Course, CourseCompetency, Theme
from app.people.models import Employee, Title
from app.reference import events


@dataclass(frozen=True)
class Kind:
    """`name` stands in addresses, `thing` in events (`title_id`). `counted`: what uses it, told in its list; of those
    rows, the ones that are `live`. `added` and so on are its events.
    """

    name: str
    thing: str
    model: Any
    counted: Any
    live: sa.ColumnElement[bool]
    sorts: dict[str, tuple[Any, ...]]
    added: type[Any]
    changed: type[Any]
    activated: type[Any]
    merged: type[Any]
    removed: type[Any]

    @property
    def events(self) -> tuple[type[Event], ...]:
        return (self.added, self.changed, self.activated, self.merged, self.removed)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "titles",
            "title",
            Title,
            Employee.title_id,
            Employee.active.is_(True),
            {"name": (Title.name_sort, Title.id)},
            events.TitleAdded,
            events.TitleChanged,
            events.TitleActivated,
            events.TitlesMerged,
            events.TitleRemoved,
        ),
        Kind(
            "competencies",
            "competency",
            Competency,
            CourseCompetency.competency_id,
            sa.true(),
            {
                "theme": (Theme.position, Competency.name_sort, Competency.id),
                "name": (Competency.name_sort, Competency.id),
            },
            events.CompetencyAdded,
            events.CompetencyChanged,
            events.CompetencyActivated,
            events.CompetenciesMerged,
            events.CompetencyRemoved,
        ),
        Kind(
            "themes",
            "theme",
            Theme,
            Course.theme_id,
            sa.true(),
            {"place": (Theme.position, Theme.id)},
            events.ThemeAdded,
            events.ThemeChanged,
            events.ThemeActivated,
            events.ThemesMerged,
            events.ThemeRemoved,
        ),
    )
}
