"""An answer is kept as it is given; the questionnaire is finished once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db, insert_or_update
from app.core.errors import Refused
from app.language import lazy_gettext
from app.needs.answers.models import Preference, Sheet
from app.needs.answers.rules import changes_of, why_shut
from app.needs.events import QuestionnaireFinished
from app.needs.models import AssessmentRound, Questionnaire, Rating, RatingSource, Respondent


def must_take_answers(questionnaire: Questionnaire) -> None:
    """Whoever closes the round waits for answers that are being saved, and those that come later find it closed."""
    found = db.session.get_one(
        AssessmentRound, questionnaire.round_id, with_for_update={"read": True}, populate_existing=True
    )
    why = why_shut(questionnaire, found, today())
    if why is not None:
        raise Refused(why)


def save(sheet: Sheet, step: int, importance: int | None, level: int | None, *, irrelevant: bool) -> Sheet:
    """Keep what was said at a step (counted from 1): the sheet as it is now."""
    must_take_answers(sheet.questionnaire)
    key = sheet.items[step - 1].competency_id
    was = sheet.said.get(key)
    changes = changes_of(importance, level, irrelevant, was_irrelevant=was is not None and not was.relevant)
    if not changes:
        return sheet
    keep(sheet.questionnaire.respondent, key, RatingSource.SELF, changes)
    begin(sheet.questionnaire)
    stands = {"importance": was.importance, "level": was.level} if was is not None else {}
    return replace(sheet, said={**sheet.said, key: Rating(**(stands | changes))})


def keep(respondent: Respondent, competency_id: int, source: RatingSource, changes: dict[str, Any]) -> None:
    """Of two who say something of the same competency at once, both are kept as far as they say different things."""
    key = {"round_id": respondent.round_id, "employee_id": respondent.employee_id, "competency_id": competency_id}
    row = insert_or_update(Rating).values(**key, source=source, **changes)
    row = row.on_conflict_do_update(index_elements=[*key, "source"], set_=changes)
    db.session.execute(within(respondent).trusting(row, Rating))


def begin(questionnaire: Questionnaire) -> None:
    if questionnaire.started_at is None:
        questionnaire.started_at = now()


def save_last(sheet: Sheet, *, past: str, preferences: Sequence[str], wish: str, remark: str) -> None:
    """Keep what was said on the last page."""
    must_take_answers(sheet.questionnaire)
    questionnaire = sheet.questionnaire
    questionnaire.past, questionnaire.wish, questionnaire.remark = past, wish, remark
    questionnaire.preferences = [one for one in preferences if one in set(Preference)]
    begin(questionnaire)


def finish(sheet: Sheet, *, by: Actor) -> None:
    """All of it was answered: nothing in it changes any more."""
    fresh = sa.select(Questionnaire.id).where(Questionnaire.id == sheet.questionnaire.id).with_for_update()
    db.session.execute(within(sheet.questionnaire).trusting(fresh, Questionnaire))
    db.session.refresh(sheet.questionnaire, ["finished_at"])
    must_take_answers(sheet.questionnaire)
    if sheet.missing:
        raise Refused(lazy_gettext("Some competencies are not answered yet. Answer them, then finish."))
    sheet.questionnaire.finished_at = now()
    journal.record(QuestionnaireFinished(sheet.questionnaire.respondent.person_id, sheet.round.id), by=by)
