"""What follows from ratings is computed, never typed: needs, and their kept sums.

The sums are people's needs added up, so that a page about thousands of them reads a few rows. Whatever changes a need
has the sums of the whole institution made anew from its respondents, in the same transaction. Nothing is added to a sum
or taken from one: an error could only grow.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.catalogue.models import Competency, Theme
from app.core.db import db
from app.core.errors import Text
from app.language import in_language, lazy_gettext
from app.needs import queries
from app.needs.models import AssessmentRound, Need, NeedSum, Respondent, SexSum
from app.needs.queries import AT_ONCE, scaled
from app.needs.rules import Sums, facts_of, pairs
from app.people.models import Employee

CHUNK = 500
SUMMED = Sums._fields


def recompute_needs(
    assessment_round: AssessmentRound, employee_ids: Collection[int], *, weight: Decimal | None = None
) -> int:
    """Compute the needs of these people from their ratings, and the sums they enter: how many stand afterwards.

    A need whose ratings are gone goes too. `weight`: how many people each of them stands for; not given, that of a
    sampled person stays. Works in slices, so that a whole programme may be given.
    """
    keys = sorted(employee_ids)
    slices = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
    stand = sum(_recompute(assessment_round, some, {} if weight is None else {"weight": weight}) for some in slices)
    recompute_sums_of(keys, round_id=assessment_round.id)
    return stand


def why_held(term: Any) -> Text | None:
    """People answer by what a competency is called and where it stands: neither changes under their hands."""
    if not isinstance(term, Competency | Theme):
        return None
    column = Competency.id if isinstance(term, Competency) else Competency.theme_id
    using = queries.asking_round(sa.select(Competency.id).where(column == term.id))
    if using is None:
        return None
    return lazy_gettext(
        "An open needs analysis uses this: %(round)s. Once it is closed, this can be renamed, merged or retired.",
        round=in_language(using, "name"),
    )


def _recompute(assessment_round: AssessmentRound, keys: list[int], given: dict[str, Any]) -> int:
    db.session.flush()
    alpha = Fraction(assessment_round.alpha)
    known = {(need.employee_id, need.competency_id): need for need in queries.needs(assessment_round.id, keys)}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for (employee_id, competency_id), pair in pairs(queries.ratings(assessment_round.id, keys)).items():
        combined = pair.combined(alpha)
        if combined is None:
            continue
        need = known.pop((employee_id, competency_id), None)
        facts = facts_of(pair, combined) | given
        if need is not None:
            changed.append({"id": need.id} | facts)
        else:
            new.append(
                {"round_id": assessment_round.id, "employee_id": employee_id, "competency_id": competency_id}
                | {"weight": Decimal(1)}
                | facts
            )
    if new:
        db.session.execute(sa.insert(Need), new)
    if changed:
        db.session.execute(within(assessment_round).trusting(sa.update(Need), Need), changed)
    for need in known.values():
        db.session.delete(need)
    db.session.flush()
    return len(new) + len(changed)


def _summed() -> list[sa.ColumnElement[Any]]:
    """The figures of `SUMMED` over needs, whole numbers all the way."""
    weight = scaled(Need.weight)
    both = sa.and_(Need.self_level.is_not(None), Need.supervisor_level.is_not(None))
    return [
        sa.func.count(),
        sa.func.sum(sa.case((Need.need.is_(True), 1), else_=0)),
        sa.func.sum(weight),
        sa.func.sum(weight * scaled(Need.importance)),
        sa.func.sum(weight * scaled(Need.level)),
        sa.func.sum(sa.case((Need.gap > 0, scaled(Need.gap)), else_=0)),
        sa.func.sum(sa.case((Need.single_source.is_(True), 1), else_=0)),
        sa.func.sum(sa.case((both, 1), else_=0)),
        sa.func.sum(sa.case((both, Need.self_level - Need.supervisor_level), else_=0)),
    ]


def recompute_sums(organisation_ids: Collection[int] | None = None, *, round_id: int | None = None) -> None:
    """Make the sums of these institutions (None: all) in a round (None: every one) anew from what people answered."""
    db.session.flush()
    for model, part in ((NeedSum, "title_level"), (SexSum, "sex")):
        here: list[sa.ColumnElement[bool]] = [model.round_id.in_(_answered())]
        if organisation_ids is not None:
            here.append(model.organisation_id.in_(sorted(organisation_ids)))
        if round_id is not None:
            here.append(model.round_id == round_id)
        gone = sa.delete(model).where(*here).execution_options(synchronize_session=False)
        db.session.execute(EVERYWHERE.trusting(gone, model))  # sums are of everybody
        _add_parts(model, part, organisation_ids, round_id)
        _add_institutions(model, here)


def _answered() -> sa.Select[Any]:
    """Rounds whose answers stand there; of the others the sums are all that is left."""
    return sa.select(AssessmentRound.id).where(AssessmentRound.answers_gone_at.is_(None))


def _add_parts(model: Any, part: str, organisation_ids: Collection[int] | None, round_id: int | None) -> None:
    """Of each unit the respondents of one title group, or of one sex."""
    place = (Respondent.organisation_id, Need.competency_id, Respondent.unit_id, getattr(Respondent, part))
    parts = (
        # sums are of everybody
        EVERYWHERE.restrict(sa.select(Respondent.round_id, *place, *_summed()), Need, Respondent)
        .select_from(Respondent)
        .join(Need, sa.and_(Need.round_id == Respondent.round_id, Need.employee_id == Respondent.employee_id))
        .where(Respondent.round_id.in_(_answered()))
        .group_by(Respondent.round_id, *place)
    )
    if organisation_ids is not None:
        parts = parts.where(Respondent.organisation_id.in_(sorted(organisation_ids)))
    if round_id is not None:
        parts = parts.where(Respondent.round_id == round_id)
    into = ("round_id", "organisation_id", "competency_id", "unit_id", part, *SUMMED)
    db.session.execute(sa.insert(model).from_select(into, parts))


def _add_institutions(model: Any, here: list[sa.ColumnElement[bool]]) -> None:
    """From the parts: sums of sums are exact, nobody is counted twice."""
    apart = (model.sex,) if model is SexSum else ()
    key = (model.round_id, model.organisation_id, model.competency_id, *apart)
    whole = (
        # sums are of everybody
        EVERYWHERE.restrict(sa.select(*key, *(sa.func.sum(getattr(model, name)) for name in SUMMED)), model)
        .where(model.unit_id.is_not(None), *here)
        .group_by(*key)
    )
    into = (*(column.key for column in key), *SUMMED)
    db.session.execute(sa.insert(model).from_select(into, whole))


def recompute_sums_of(employee_ids: Collection[int], *, round_id: int) -> None:
    """The same for the institutions where the round met these people."""
    keys = sorted(employee_ids)
    homes: set[int] = set()
    for start in range(0, len(keys), AT_ONCE):
        homes |= set(
            db.session.scalars(
                within(Employee)
                .trusting(sa.select(Respondent.organisation_id), Respondent)
                .where(Respondent.round_id == round_id, Respondent.employee_id.in_(keys[start : start + AT_ONCE]))
                .distinct()
            )
        )
    if homes:
        recompute_sums(homes, round_id=round_id)
