"""What a report is written from: the figures of a group as anybody may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery
from app.needs.groups.models import Selection
from app.needs.groups.queries import select_group
from app.needs.models import NeedSum, RoundItem, RoundPlace
from app.needs.report.rules import Stratum, margin
from app.needs.results.heat import Heat
from app.needs.results.models import Participation, Result
from app.needs.results.queries import heat_map, participation
from app.needs.suppression import MINIMUM
from app.settings import queries as settings


@dataclass(frozen=True)
class Report:
    """`margins`: of the share in need, by competency; empty where nobody counted who was to answer."""

    selection: Selection
    result: Result
    heat: Heat
    taken_part: Participation
    margins: Mapping[int, float]


def report(scope: Scope, query: ListQuery) -> Report:
    """Of the group an address names. Who is handed a paper is nobody the notice names: the rule of five holds."""
    selection = select_group(scope, query)
    if selection is None:
        raise Missing
    selection = replace(selection, named=False, minimum=max(MINIMUM, settings.value("suppress_under")))
    by_priority = ListQuery(sort="priority", descending=True)
    result, heat = heat_map(selection, by_priority, titles=False, themes=False)
    margins = {key: found for key, strata in _strata(selection).items() if (found := margin(strata)) is not None}
    return Report(selection, result, heat, participation(selection), margins)


def _strata(selection: Selection) -> dict[int, list[Stratum]]:
    """By competency the institutions of the group it was asked in; two statements."""
    if not selection.round.designed or selection.title is not None:
        return {}
    staff = (
        sa.select(RoundItem.competency_id, RoundPlace.organisation_id, sa.func.sum(RoundPlace.staff))
        .select_from(RoundItem)
        .join(RoundPlace, sa.and_(RoundPlace.round_id == RoundItem.round_id, RoundPlace.unit_id == RoundItem.unit_id))
        .group_by(RoundItem.competency_id, RoundPlace.organisation_id)
    )
    counted = (NeedSum.competency_id, NeedSum.organisation_id, sa.func.sum(NeedSum.n), sa.func.sum(NeedSum.needs))
    answers = sa.select(*counted).group_by(NeedSum.competency_id, NeedSum.organisation_id)
    people = _rows(selection, staff, RoundPlace)
    found = {(key, home): (n, needs) for key, home, n, needs in _rows(selection, answers, NeedSum)}
    strata: dict[int, list[Stratum]] = defaultdict(list)
    for key, home, number in people:
        n, needs = found.get((key, home), (0, 0))
        strata[key].append(Stratum(int(number), int(n), int(needs)))
    return strata


def _rows(selection: Selection, statement: Any, model: Any) -> Any:
    """Of the round, in the chosen group; the sums of units, of which an institution's consist."""
    statement = statement.where(model.round_id == selection.round.id, model.unit_id.is_not(None))
    if selection.unit is not None:
        statement = statement.where(model.unit_id == selection.unit.id)
    if selection.organisation is not None:
        statement = statement.where(model.organisation_id == selection.organisation.id)
    elif selection.province_id is not None:
        homes = sa.select(Organisation.id).where(sa.func.coalesce(Organisation.province_id, 0) == selection.province_id)
        statement = statement.where(model.organisation_id.in_(homes))
    return db.session.execute(selection.scope.restrict(statement, model))
