"""A strategic action plan as a document says it, and as a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.core.errors import Text
from app.language import force_locale, format_date, gettext, in_language, lazy_gettext, pgettext
from app.lists.models import Columns
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentKind
from app.programme.documents.pages import Owner
from app.programme.documents.rules import Lines, Passage
from app.programme.groups.action_plans import queries
from app.programme.groups.actions import pages as actions
from app.programme.groups.models import ActionState, ActionStatus, StrategicGoal, StrategicPlan

MOST = 20
"""So many actions of a goal stand on the plan's page; its document and its file hold all of them."""


@dataclass(frozen=True)
class Aim:
    """A goal with what leads there; None for what leads to no goal yet."""

    goal: StrategicGoal | None
    actions: Sequence[Any]


def aims(plan: StrategicPlan, rows: Sequence[Any]) -> list[Aim]:
    """Goals in their order, each with those of the rows that lead there; those without a goal last."""
    leading = defaultdict(list)
    for row in rows:
        leading[row.goal_id].append(row)
    found = [Aim(one, leading.pop(one.id, ())) for one in queries.goals(plan)]
    return [*found, *(Aim(None, free) for free in leading.values())]


def owner(_: Caller, document: ProgrammeDocument) -> Owner | None:
    if document.kind is not ProgrammeDocumentKind.ACTION_PLAN:
        return None
    plan = queries.of_document(document)
    return Owner(url_for("action_plans.show_plan", plan_id=plan.id), partial(says, plan)) if plan else None


def says(plan: StrategicPlan) -> tuple[Sequence[Passage], Text | None]:
    """What the document says, and why it cannot be submitted yet: each goal with its actions; what leads to no goal is
    no part of it.
    """
    goals = [(one.goal, one.actions) for one in aims(plan, queries.lines(plan)) if one.goal is not None]
    lacking = None if goals else lazy_gettext("The plan has no goals yet. Add some first.")
    for goal in reversed([goal for goal, leading in goals if not leading]):
        lacking = lazy_gettext("No action leads to this goal: %(goal)s", goal=in_language(goal, "text"))
    return [_passage(number, *each) for number, each in enumerate(goals, 1)], lacking


def _passage(number: int, goal: StrategicGoal, leading: Sequence[Any]) -> Passage:
    """Frozen as it stands: who answers for what until when, and how far it is."""
    titles = (f"{number}. {goal.text_tr}", f"{number}. {goal.text_en or goal.text_tr}")
    return Passage(f"goal-{goal.id}", *titles, rows_tr=_lines("tr", leading), rows_en=_lines("en", leading))


def _lines(tongue: str, leading: Sequence[Any]) -> Lines:
    """As `in_language` says each, which would ask for the language of hundreds anew."""
    english = tongue == "en"
    with force_locale(tongue):
        heads = (pgettext("group", "Action"), gettext("Institution"), gettext("Due on"), gettext("State"))
        late, states = ActionState.LATE.label, {one: ActionState(one).label for one in ActionStatus}
        day = cache(format_date)
        lines = (
            (
                (english and text_en) or text_tr,
                (english and institution_en) or institution_tr or "–",
                day(due_on),
                late if is_late else states[status],
            )
            for _, text_tr, text_en, due_on, status, is_late, institution_tr, institution_en in leading
        )
        return (heads, *lines)


def columns() -> Columns:
    """The plan as a file holds it: the columns of its actions, with the goal of each."""
    return [(gettext("Goal"), lambda one: in_language(one.goal, "text") if one.goal else ""), *actions.columns()]
