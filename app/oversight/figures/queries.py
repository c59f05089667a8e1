"""The programme's figures: persons and participations side by side, by sex; small cells hidden where they must be.

Indicators G01, G02, G04, G05, G06 and G11 of the programme's list. The numbers come from `facts`; `publication`
says which of them somebody may see who sees no people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.access.caller import Caller
from app.access.models import OrganisationKind
from app.access.permissions import Permission
from app.core.paging import ListQuery
from app.language import gettext, in_language
from app.oversight.figures.facts import ALL, NONE, Cell, Count, Facts, Given, Named, facts, within
from app.oversight.figures.publication import published
from app.people.models import Sex
from app.plans.rules import Progress
from app.programme.parts import Figure

SEXES = (Sex.WOMAN, Sex.MAN, Sex.NOT_STATED)


@dataclass(frozen=True)
class Reader:
    """Whose figures: `provinces` theirs, None for the whole programme. `hides`: the rule of five holds for them."""

    provinces: frozenset[int] | None
    hides: bool

    @classmethod
    def of(cls, caller: Caller) -> Reader:
        """Exact figures of what they run for whoever sees its people; for anybody else the published ones.

        Never both: figures of their own people beside the published ones of the programme would tell hidden ones.
        """
        runs = caller.scope_for(Permission.ENROLMENT_WRITE)
        exact = runs.everything or bool(runs.provinces)
        scope = runs if exact else caller.scope_for(Permission.REPORT_READ)
        return cls(None if scope.everything else scope.provinces, hides=not exact)


@dataclass(frozen=True)
class Line:
    """One row of a table. `persons`/`participations` by sex and in all ("total"); None is a hidden cell."""

    label: str
    persons: Mapping[str, int | None]
    participations: Mapping[str, int | None]


@dataclass(frozen=True)
class Breakdown:
    """A table. `head` says what its rows are; `places`: they bear Turkish names in either language."""

    title: str
    head: str
    lines: tuple[Line, ...]
    places: bool = False

    def overlaps(self, total: Line) -> bool:
        """Whether somebody is in several rows, as far as it shows: they add up to more than the total below them."""
        shown = [line.persons["total"] for line in self.lines]
        return None in shown or sum(number or 0 for number in shown) > (total.persons["total"] or 0)


@dataclass(frozen=True)
class Figures:
    """What /reports shows. Rates in tenths of a percent; None where nothing can be said or it is hidden."""

    total: Line
    women_tenths: int | None
    attendance_tenths: int | None
    certified: int | None
    sessions_finalised: int
    sittings_held: int
    hours_held_minutes: int
    delivery: Progress
    breakdowns: tuple[Breakdown, ...]

    @property
    def rows(self) -> list[tuple[str, Line]]:
        """Every line with the title of its table, the total first: what a file holds."""
        return [("", self.total)] + [(table.title, line) for table in self.breakdowns for line in table.lines]


@dataclass(frozen=True)
class _View:
    """The part of the lattice one page shows; `shown` None: all of it. Of several provinces: `facts` of them alone."""

    facts: Facts
    year: Any
    provinces: frozenset[int] | None
    shown: frozenset[Cell] | None

    def count(self, category: Any = ALL, sex: Any = ALL, *, year: Any = None, province: Any = None) -> Count | None:
        """None where it is hidden."""
        if province is None:
            province = next(iter(self.provinces)) if self.provinces and len(self.provinces) == 1 else ALL
        cell = Cell(self.year if year is None else year, province, category, sex)
        count = self.facts.cells.get(cell, NONE)
        return None if self.shown is not None and count.persons and cell not in self.shown else count

    def line(self, label: str, category: Any = ALL, **other: Any) -> Line | None:
        """None where nobody is in it."""
        whole = self.count(category, **other)
        if whole == NONE:
            return None
        counts = {sex.value: self.count(category, sex, **other) if whole else None for sex in SEXES}
        counts["total"] = whole
        return Line(
            label,
            {key: count and count.persons for key, count in counts.items()},
            {key: count and count.participations for key, count in counts.items()},
        )

    def given(self) -> Given:
        total = Given()
        for (year, province), given in self.facts.given.items():
            if self.year in (ALL, year) and (self.provinces is None or province in self.provinces):
                total = total.plus(given)
        return total


@dataclass(frozen=True)
class Offered:
    """What the filters offer: `years` with a finalised session; `provinces`, after "all" where that is a figure.

    `facts` are those it was read from: a page asks once whether anything has changed.
    """

    reader: Reader
    facts: Facts
    years: tuple[int, ...]
    provinces: tuple[Named, ...]
    together: bool

    def chosen(self, query: ListQuery) -> int | None:
        """The province asked for; the first one where all of them together are no figure."""
        if query.filter("province"):
            return query.filter_id("province") or 0
        return self.first

    @property
    def first(self) -> int | None:
        """The province shown when none is asked for; None for all of them."""
        return None if self.together else self.provinces[0].id


def offered(reader: Reader) -> Offered:
    found = facts()
    provinces = tuple(p for p in found.provinces if reader.provinces is None or p.id in reader.provinces)
    together = reader.provinces is None or not reader.hides or len(provinces) < 2
    return Offered(reader, found, found.years, provinces, together)


def figures(offered: Offered, *, year: int | None = None, province_id: int | None = None) -> Figures:
    """The figures of a year (or of all) over what this reader sees, or one province of it."""
    reader, found = offered.reader, offered.facts
    provinces = reader.provinces
    if province_id is not None:
        provinces = frozenset({province_id}) & (provinces if provinces is not None else {province_id})
    if reader.hides and provinces is not None and len(provinces) > 1:
        raise ValueError("the sum of some provinces is no published figure: ask for one")
    shown = published(found) if reader.hides else None
    if provinces is not None and len(provinces) != 1:
        found = within(found, provinces)  # whoever took part in two of them is one person
    view = _View(found, year or ALL, provinces, shown)
    total = view.line(gettext("Total")) or Line(gettext("Total"), _zero(), _zero())
    women, everyone = total.persons[Sex.WOMAN.value], total.persons["total"]
    given = view.given()
    certified = view.count(("certified", True))
    return Figures(
        total=total,
        women_tenths=women * 1000 // everyone if women is not None and everyone else None,
        attendance_tenths=given.credit * 1000 // given.base if given.base and everyone is not None else None,
        certified=certified.persons if certified else None,
        sessions_finalised=given.sessions,
        sittings_held=given.sittings,
        hours_held_minutes=given.minutes,
        delivery=Progress(given.planned, given.delivered, given.surplus),
        breakdowns=tuple(table for table in _tables(view) if table.lines),
    )


def trained(there: Offered, year: int) -> Mapping[int | None, Figure]:
    """People trained in a year by province (None: all together, each once), as far as its reader may see it."""
    reader = there.reader
    shown = published(there.facts) if reader.hides else None
    view = _View(there.facts, year, None, shown)
    counts: dict[int | None, Count | None] = {place.id: view.count(province=place.id) for place in there.provinces}
    if reader.provinces is None:
        counts[None] = view.count()
    return {key: Figure(count.persons if count else None) for key, count in counts.items()}


def _tables(view: _View) -> Iterable[Breakdown]:
    mine = [p for p in view.facts.provinces if view.provinces is None or p.id in view.provinces]
    yield Breakdown(
        gettext("By province"),
        gettext("Province"),
        _lines(view.line(in_language(p, "name"), province=p.id) for p in mine),
        places=True,
    )
    yield Breakdown(
        gettext("By kind of institution"),
        gettext("Kind of institution"),
        _lines(view.line(kind.label, ("kind", kind)) for kind in OrganisationKind),
    )
    yield Breakdown(
        gettext("By thematic area"),
        gettext("Thematic area"),
        _lines(view.line(in_language(theme, "name"), ("theme", theme.id)) for theme in view.facts.themes),
    )
    if view.year is ALL:
        dated = sorted({cell.year for cell in view.facts.cells} - {ALL, None})
        yield Breakdown(
            gettext("By year"),
            gettext("Year"),
            _lines(view.line(str(year), year=year) for year in dated),
        )


def _lines(lines: Iterable[Line | None]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line is not None)


def _zero() -> dict[str, int | None]:
    return {**{sex.value: 0 for sex in SEXES}, "total": 0}
