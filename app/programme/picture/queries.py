from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import Province
from app.access.permissions import Permission
from app.access.queries import provinces
from app.access.scope import EVERYWHERE, within
from app.audit.latest import Kept, state
from app.core.clock import standing_still, today
from app.core.db import db
from app.core.tables.written import written_once
from app.language import in_language
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentKind, ProgrammeDocumentVersion
from app.programme.documents.rules import Passage
from app.programme.parts import Figure, Indicator
from app.programme.picture.models import ProgrammeTarget
from app.programme.picture.rules import Cell, Figures, together, veiled
from app.programme.studies.models import FieldStudy, StudyStage

Targets = Mapping[tuple[str, int | None], int]


@dataclass(frozen=True)
class Reader:
    """Whose picture: the provinces that are theirs to read of, whether `whole` the programme is, and whether the rule
    of five holds for them.
    """

    provinces: tuple[Province, ...]
    whole: bool
    hides: bool

    @classmethod
    def of(cls, caller: Caller) -> Reader:
        scope = caller.scope_for(Permission.PROGRAMME_READ, Permission.REPORT_READ)
        theirs = scope.provinces | scope.audience_provinces
        seen = tuple(one for one in provinces() if scope.everything or one.id in theirs)
        return cls(seen, scope.everything, hides=not caller.may(Permission.PROGRAMME_WRITE))

    @property
    def keys(self) -> tuple[int | None, ...]:
        """Their provinces; None for all together."""
        return (*(one.id for one in self.provinces), *((None,) if self.whole else ()))


@dataclass(frozen=True)
class Row:
    """An indicator with its figure of each province (None: all together) that has one."""

    indicator: Indicator
    cells: Mapping[int | None, Cell]


TARGET = (ProgrammeTarget.code, ProgrammeTarget.province_id, ProgrammeTarget.value)


def targets(year: int) -> Targets:
    """What was set for a year, by indicator and province (None: all together)."""
    rows = db.session.execute(sa.select(*TARGET).where(ProgrammeTarget.year == year))
    return {(code, province_id): value for code, province_id, value in rows}


def picture(reader: Reader, indicators: Sequence[Indicator], year: int) -> list[Row]:
    """The programme in a year: each indicator beside its target and the year before."""
    numbers, wanted = _numbers(indicators, year)
    rows = []
    for each in indicators:
        names = [name for name, _ in each.parts]
        asked = [[(each.code, year, 0)], [(each.code, year - 1, 0)], [(each.code, year, at) for at in _places(each)]]
        seen = [[numbers.get(key, {}) for key in keys] for keys in asked]
        (now,), (before,), parts = (veiled(figures) if reader.hides else figures for figures in seen)
        cells = {
            key: Cell(
                now[key],
                before.get(key),
                wanted.get((each.code, key)),
                {name: part[key] for name, part in zip(names, parts, strict=True) if key in part},
            )
            for key in reader.keys
            if key in now
        }
        rows.append(Row(each, cells))
    return rows


Key = tuple[str, int, int]
"""An indicator, a year, and which of its parts (0: all of it)."""
Numbers = Mapping[Key, Figures]
_memory: Kept[int, Numbers] = Kept()
"""The latest of each year."""


def _places(indicator: Indicator) -> range:
    return range(1, len(indicator.parts) + 1)


def _numbers(indicators: Sequence[Indicator], year: int) -> tuple[Numbers, Targets]:
    """The figures of each indicator in a year and the one before, and of its parts, all together under None; and the
    targets of the year. What a number is made of is read part by part, and added up.
    """
    reads = {(each.code, year - 1, 0): each.read for each in indicators}
    reads |= {(each.code, year, 0): each.read for each in indicators if not each.parts}
    reads |= {(each.code, year, at): read for each in indicators for at, (_, read) in enumerate(each.parts, 1)}
    models = list(dict.fromkeys(model for each in indicators for model in each.models))
    ours = {each.code for each in indicators if each.models}
    kept, wanted = _kept({key: read for key, read in reads.items() if key[0] in ours}, models, year)
    counted: dict[Key, Any] = {**kept, **{key: read(key[1]) or {} for key, read in reads.items() if key[0] not in ours}}
    for each in indicators:
        if each.parts:
            parts = [counted.get((each.code, year, at), {}) for at in _places(each)]
            keys = {key for part in parts for key in part}
            counted[each.code, year, 0] = {key: together(part[key] for part in parts if key in part) for key in keys}
    return counted, wanted


def _kept(reads: Mapping[Key, Any], models: Sequence[type[Any]], year: int) -> tuple[Numbers, Targets]:
    """What these come to, and the targets of the year. Every change leaves an entry in the log: where that is as it
    was, and the day is the same, so are the numbers.
    """
    log = state(models=models)
    whole = sa.select(log, *TARGET).select_from(log).outerjoin(ProgrammeTarget, ProgrammeTarget.year == year)
    # aggregates, of which each reader is shown those of their provinces
    rows = db.session.execute(EVERYWHERE.trusting(whole, *models)).all()
    as_it_is = (*rows[0][: -len(TARGET)], *reads, today())
    kept = _memory.counted(year, as_it_is, lambda: _gathered(reads, models))
    return kept, {(code, province_id): value for *_, code, province_id, value in rows if code}


def _gathered(reads: Mapping[Key, Any], models: Sequence[type[Any]]) -> Numbers:
    """All of them in one statement."""
    found: dict[Key, dict[int | None, Figure]] = defaultdict(dict)
    union = _union(tuple(reads.items()), tuple(models), today())
    for code, when, part, province_id, done, of, provisional in () if union is None else db.session.execute(union):
        found[code, when, part][province_id] = Figure(done, of, provisional or 0)
    return {key: {**figures, None: together(figures.values())} for key, figures in found.items()}


@written_once
def _union(reads: tuple[tuple[Key, Any], ...], models: tuple[type[Any], ...], day: date) -> Any:
    """What all these ask on a day: it takes longer to write than half of them to answer."""
    with standing_still(day):
        selects = [_named(each, key) for key, read in reads if (each := read(key[1])) is not None]
    # aggregates, of which each reader is shown those of their provinces
    return EVERYWHERE.trusting(sa.union_all(*selects), *models) if selects else None


def _named(read: sa.Select[Any], key: Key) -> sa.Select[Any]:
    """With its key before it; an empty column is one of numbers to PostgreSQL, too."""
    columns: list[Any] = [sa.literal(each) for each in key]
    columns += [sa.cast(column, sa.Integer) for column in read.subquery().c]
    return sa.select(*columns)


# --- published texts ---------------------------------------------------------------------------------------

PUBLISHED = (ProgrammeDocumentKind.STRATEGY, ProgrammeDocumentKind.ACTION_PLAN)
"""A management plan is none: it tells of money and risks."""


@dataclass(frozen=True)
class PublishedText:
    """`day`: since when it is in force; None where that is not known."""

    province_id: int
    label: str
    day: date | datetime | None
    passages: Sequence[Passage]


def published(reader: Reader) -> list[PublishedText]:
    """What everybody may read who reads the figures: strategies and strategic action plans as they are in force, the
    public summaries of field studies that are done.
    """
    theirs = [one.id for one in reader.provinces]
    document, version = ProgrammeDocument, ProgrammeDocumentVersion
    latest = sa.select(sa.func.max(version.id)).group_by(version.document_id)
    in_force = sa.select(version, document).join(version.document).order_by(document.kind, version.id)
    in_force = in_force.where(document.kind.in_(PUBLISHED), document.province_id.in_(theirs), version.id.in_(latest))
    # both of the provinces this reader sees, as the conditions say
    rows = db.session.execute(within(Province).trusting(in_force, document, version))
    found = [
        PublishedText(of.province_id, of.kind.label, one.approved_at, [Passage.read(kept) for kept in one.passages])
        for one, of in rows
    ]
    done = (FieldStudy.stage == StudyStage.DONE, FieldStudy.summary_tr != "", FieldStudy.province_id.in_(theirs))
    studies = sa.select(FieldStudy).where(*done).order_by(FieldStudy.analysis_on, FieldStudy.id)
    return found + [
        PublishedText(
            one.province_id,
            in_language(one, "title"),
            one.analysis_on,
            [Passage("summary", one.title_tr, one.title_en, one.summary_tr, one.summary_en)],
        )
        for one in db.session.scalars(within(Province).trusting(studies, FieldStudy))
    ]
