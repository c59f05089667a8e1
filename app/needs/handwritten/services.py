"""What stands on a sheet of paper is typed in once; whoever types cannot read it back."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.caller import Caller
from app.audit import journal
from app.core.clock import now
from app.core.errors import Refused
from app.language import lazy_gettext
from app.needs.answers import services as answers
from app.needs.answers.models import Sheet
from app.needs.answers.queries import sheet as fresh
from app.needs.events import QuestionnaireTyped
from app.needs.handwritten.rules import pair
from app.needs.models import Told


def store(sheet: Sheet, typed: Sequence[str], *, by: Caller) -> Sheet:
    """Keep what was typed for each competency, in their order; nothing where a field is empty. Once all is answered the
    questionnaire is finished.
    """
    if not sheet.round.paper:
        raise Refused(lazy_gettext("The notice of this analysis does not allow answers on paper."))
    said = [pair(text) for text in typed[: sheet.total]]
    if not any(said):
        raise Refused(lazy_gettext("Nothing was typed."))
    for step, one in enumerate(said, 1):
        if one is not None:
            importance, level, irrelevant = one
            sheet = answers.save(sheet, step, importance, level, irrelevant=irrelevant)
    questionnaire = sheet.questionnaire
    questionnaire.typed_by = by.id
    if questionnaire.told_at is None:
        questionnaire.told_at, questionnaire.told_by = now(), Told.PAPER
    journal.record(QuestionnaireTyped(questionnaire.respondent.person_id, sheet.round.id), by=by)
    sheet = fresh(questionnaire)
    if not sheet.missing:
        answers.finish(sheet, by=by)
    return sheet
