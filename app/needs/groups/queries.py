"""The groups a reader may choose from, and the figures of a round in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.audit import latest
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery
from app.needs import queries, readers, rules
from app.needs.events import RoundMoved
from app.needs.groups.models import ROOT, Cells, Figures, Node, Selection
from app.needs.groups.rules import Piece, Tree, groups_of, hidden_groups, path_of
from app.needs.models import NeedSum, RoundStatus, SexSum
from app.needs.rules import Sums
from app.needs.suppression import MINIMUM
from app.people.events import OrganisationChanged
from app.people.models import Sex, TitleLevel, Unit
from app.settings import queries as settings


def figures(
    scope: Scope,
    round_id: int,
    *,
    province_id: int | None = None,
    organisation_id: int | None = None,
    unit_id: int | None = None,
    parts: bool = True,
    titles: bool = False,
    institutions: bool = False,
    competency_id: int | None = None,
    minimum: int = MINIMUM,
    sex: Sex | None = None,
) -> Figures:
    """The figures a scope sees of a round along the path province, organisation, unit.

    An organisation comes with its province (0 where it has none), a unit with its organisation. `parts`: those of the
    path's last group as well. `titles`: the title groups of the root, too. `institutions`: where the path is the root,
    those of every province. Of fewer than `minimum` people nothing is shown. One statement; two with `titles` where
    something may have to stay hidden. `sex`: of women or men alone, without titles and for whom nothing is hidden;
    else ValueError.
    """
    if sex is not None and (minimum > 1 or titles):
        raise ValueError("women and men are told apart for those alone from whom nothing has to be hidden")
    path = path_of(province_id, organisation_id, unit_id)
    # Told apart are the parts of the path's steps: of the last one only where they are asked for.
    steps = len(path) if parts else len(path) - 1
    statement = _statement(
        scope, round_id, path[:steps], titles, competency_id, institutions=institutions and len(path) == 1, sex=sex
    )
    cells = _cells(db.session.execute(statement).all())
    if minimum <= 1:
        return Figures(path, cells, {})  # whoever the notice names sees everybody's: nothing has to be looked for
    counted = _counted(scope, round_id, competency_id) if titles else {}
    divided = path
    if institutions and len(path) == 1:
        divided += tuple(sorted({node[:1] for found in cells.values() for node, _ in found if len(node) == 2}))
    veiled = {key: frozenset(hidden_groups(found, divided, counted.get(key), minimum)) for key, found in cells.items()}
    return Figures(path, cells, veiled)


def over_rounds(selection: Selection, competency_id: int) -> Figures:
    """One competency in the chosen group (no title group) in every round it may be read of: `Figures` by round. Of
    one sex in those whose notice names the reader.
    """
    path = path_of(*(selection.node + (None,) * 3)[:3])
    scope, sex = selection.scope, selection.sex
    rounds = {each.id: each for each in selection.rounds if sex is None or readers.names(each, scope.roles)}
    statement = _statement(scope, list(rounds), path[:-1], False, competency_id, institutions=False, sex=sex)
    cells = _cells(db.session.execute(statement).all())
    veiled = {
        key: frozenset(hidden_groups(found, path, None, _minimum(readers.names(rounds[key], scope.roles))))
        for key, found in cells.items()
    }
    return Figures(path, cells, veiled)


def _cells(rows: Iterable[Any]) -> dict[int, Cells]:
    """What `_statement` finds, by competency: its groups, and those they add up to."""
    cells: dict[int, Cells] = defaultdict(dict)
    parts: dict[int, list[tuple[Node, Sums]]] = defaultdict(list)
    for key, province, organisation, unit, title, *sums in rows:
        found = Sums._make(map(int, sums))
        if title is not None:
            cells[key][ROOT, TitleLevel(title)] = found
        elif unit is not None:
            cells[key][(province, organisation, unit), None] = found
        else:
            deepest = (province, organisation) if organisation is not None else (province,)
            parts[key].append((deepest if province is not None else ROOT, found))
    for key, given in parts.items():
        cells[key].update(groups_of(given))
    return cells


LOG = EVERYWHERE.trusting(  # numbers alone
    sa.select(latest.state(RoundMoved.name, OrganisationChanged.name, models=(NeedSum, SexSum))), NeedSum, SexSum
)
_memory: latest.Kept[Any, Figures] = latest.Kept()


def figures_of(
    selection: Selection,
    *,
    parts: bool,
    titles: bool = False,
    institutions: bool = False,
    competency_id: int | None = None,
) -> Figures:
    """The figures of the chosen group; `parts`: of what it consists of as well; `institutions`: see `figures`.

    Those of a group without its parts are few, and in a published round nothing changes any more: they are kept until
    an institution lies in another province.
    """
    told: dict[str, Any] = {
        "province_id": selection.province_id,
        "organisation_id": selection.organisation.id if selection.organisation else None,
        "unit_id": selection.unit.id if selection.unit else None,
        "titles": titles or selection.title is not None,
        "institutions": institutions,
        "competency_id": competency_id,
        "minimum": selection.minimum,
        "sex": selection.sex,
    }
    scope, round_id = selection.scope, selection.round.id
    if parts or selection.round.status is not RoundStatus.PUBLISHED:
        return figures(scope, round_id, parts=parts, **told)
    key, log = (scope.everything, scope.organisations, round_id, *told.values()), db.session.execute(LOG).one()
    return _memory.counted(key, log, lambda: figures(scope, round_id, parts=False, **told).of_path())


PROVINCE = sa.func.coalesce(Organisation.province_id, sa.literal_column("0"))
NO_ID: Any = sa.cast(sa.null(), sa.Integer)
NO_TITLE: Any = sa.cast(sa.null(), sa.String)


def _statement(
    scope: Scope,
    round_id: int | Sequence[int],
    apart: Sequence[Node],
    titles: bool,
    competency_id: int | None,
    *,
    institutions: bool,
    sex: Sex | None,
) -> Any:
    """Rows (competency, province, institution, unit, title group, the sums); NULL where nothing is told apart. Of
    several rounds their ids stand in place of the competency.

    Three kinds follow one another: the institutions, as far as they are parts of the groups in `apart` (all of them
    with `institutions`); the units of an institution that is in it; and the title groups of everybody.
    """
    model: Any = NeedSum if sex is None else SexSum
    rows = partial(_rows, model, scope, round_id, competency_id)
    all_of: Any = sa.true() if sex is None else SexSum.sex == sex
    # The ids are whole numbers of our own: written into the statement, so that it can be grouped by them.
    province = PROVINCE if apart else NO_ID
    institution = NO_ID
    if institutions:
        institution = model.organisation_id
    elif len(apart) > 1:
        here = sa.literal_column(str(int(apart[1][0]))) == PROVINCE
        institution = sa.case((here, model.organisation_id), else_=None)
    kinds = [rows((province, institution, NO_ID, NO_TITLE), sa.and_(model.unit_id.is_(None), all_of))]
    if len(apart) > 2:
        theirs = sa.and_(model.organisation_id == apart[2][1], model.unit_id.is_not(None), all_of)
        kinds.append(rows((PROVINCE, model.organisation_id, model.unit_id, NO_TITLE), theirs))
    if titles:
        where = (NO_ID, NO_ID, NO_ID, NeedSum.title_level)
        kinds.append(rows(where, NeedSum.unit_id.is_not(None)))
    return scope.trusting(sa.union_all(*kinds), model)


def _rows(
    model: Any,
    scope: Scope,
    round_id: int | Sequence[int],
    competency_id: int | None,
    where: tuple[Any, ...],
    which: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    of, rounds = model.competency_id, [round_id] if isinstance(round_id, int) else round_id
    if not isinstance(round_id, int):
        of = model.round_id
    named = [of, *(group.label(f"group_{at}") for at, group in enumerate(where))]
    summed = [sa.func.sum(getattr(model, name)) for name in Sums._fields]
    statement: sa.Select[Any] = (
        scope.restrict(sa.select(*named, *summed), model)
        .join(Organisation, Organisation.id == model.organisation_id)
        .where(model.round_id.in_(rounds), which)
        .group_by(of, *(group for group in where if group is not NO_ID and group is not NO_TITLE))
    )
    return statement if competency_id is None else statement.where(model.competency_id == competency_id)


def _counted(scope: Scope, round_id: int, competency_id: int | None) -> dict[int, Tree]:
    """The whole tree of each competency with the titles in it, to know what two divisions give away together."""
    bits = {level: 1 << at for at, level in enumerate(TitleLevel)}
    # A unit has one row for each title group: adding their bits is joining them.
    titles = sa.func.sum(sa.case(bits, value=NeedSum.title_level))
    place = (NeedSum.competency_id, PROVINCE, NeedSum.organisation_id, NeedSum.unit_id)
    statement = (
        scope.restrict(sa.select(*place, sa.func.sum(NeedSum.n), titles), NeedSum)
        .join(Organisation, Organisation.id == NeedSum.organisation_id)
        .where(NeedSum.round_id == round_id, NeedSum.unit_id.is_not(None))
        .group_by(*place)
    )
    if competency_id is not None:
        statement = statement.where(NeedSum.competency_id == competency_id)
    found: dict[int, Tree] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    rows: Any = db.session.execute(statement)
    for key, province, organisation, unit, n, held in rows:
        found[key][province][organisation][unit] = Piece(int(n), int(held))
    return found


def select_group(scope: Scope, query: ListQuery) -> Selection | None:
    """The group an address names; None before the first round. What the scope does not see is Missing."""
    # a closed round is seen by its administrators and coordinators alone before it is published
    breadth = queries.rounds_with_breadth(scope, unpublished=scope if scope.everything or scope.provinces else None)
    rounds = list(breadth)
    usual = rules.default_round(rounds, {one.id: number for one, number in breadth.items()})
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
    named = readers.names(chosen_round, scope.roles)
    minimum = _minimum(named)
    sex = _sex(query.filter("sex"), named)
    made = Selection(
        scope, chosen_round, rounds, organisations, units, base, province_id, organisation, unit, None, sex, minimum,
        named,
    )  # fmt: skip
    return replace(made, title=_title(query.filter("title"))) if made.whole else made


def _minimum(named: bool) -> int:
    """Of fewer people nothing is shown to a reader whom the notice of a round names, or does not."""
    return 1 if named else max(MINIMUM, int(settings.value("suppress_under")))


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


def _sex(value: str, named: bool) -> Sex | None:
    """Women and men are told apart for those alone whom the notice of the round names."""
    if not value:
        return None
    if not named or value not in set(Sex):
        raise Missing
    return Sex(value)


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
