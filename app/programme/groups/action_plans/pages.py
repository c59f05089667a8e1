"""A strategic action plan as a document says it, and as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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
from app.programme.groups.models import ActionState, GroupAction, StrategicGoal, StrategicPlan

MOST = 20
"""So many actions of a goal stand on the plan's page; its document and its file hold all of them."""


@dataclass(frozen=True)
class Aim:
    """A goal with the actions that lead there; None for those that lead to no goal yet."""

    goal: StrategicGoal | None
    actions: Sequence[GroupAction]


def aims(plan: StrategicPlan) -> list[Aim]:
    """In their order, those without a goal last. Two statements."""
    rows = queries.actions(plan)
    found = [Aim(one, [row for row in rows if row.goal_id == one.id]) for one in queries.goals(plan)]
    free = [row for row in rows if row.goal_id is None]
    return [*found, Aim(None, free)] if free else found


def owner(_: Caller, document: ProgrammeDocument) -> Owner | None:
    if document.kind is not ProgrammeDocumentKind.ACTION_PLAN:
        return None
    plan = queries.of_document(document)
    if plan is None:
        return None

    def read() -> tuple[Sequence[Passage], Text | None]:
        found = aims(plan)
        return passages(found), _lacking(found)

    return Owner(url_for("action_plans.show_plan", plan_id=plan.id), read)


def passages(found: Sequence[Aim]) -> list[Passage]:
    """What the document says: each goal with its actions; what leads to no goal is no part of it."""
    goals = [(one.goal, one.actions) for one in found if one.goal is not None]
    return [_passage(number, *each) for number, each in enumerate(goals, 1)]


def _lacking(found: Sequence[Aim]) -> Text | None:
    goals = [one for one in found if one.goal is not None]
    if not goals:
        return lazy_gettext("The plan has no goals yet. Add some first.")
    empty = next((one.goal for one in goals if not one.actions), None)
    if empty is None:
        return None
    return lazy_gettext("No action leads to this goal: %(goal)s", goal=in_language(empty, "text"))


def _passage(number: int, goal: StrategicGoal, leading: Sequence[GroupAction]) -> Passage:
    """Frozen as it stands: who answers for what until when, and how far it is."""
    titles = (f"{number}. {goal.text_tr}", f"{number}. {goal.text_en or goal.text_tr}")
    return Passage(f"goal-{goal.id}", *titles, rows_tr=_lines("tr", leading), rows_en=_lines("en", leading))


def _lines(tongue: str, leading: Sequence[GroupAction]) -> Lines:
    with force_locale(tongue):
        heads = (pgettext("group", "Action"), gettext("Institution"), gettext("Due on"), gettext("State"))
        states, days = {one: one.label for one in ActionState}, cache(format_date)
        return (heads, *(_line(one, days(one.due_on), states[one.state]) for one in leading))


def _line(action: GroupAction, *more: str) -> tuple[str, ...]:
    return in_language(action, "text"), in_language(action.owner, "institution") if action.owner else "–", *more


def columns() -> Columns:
    """The plan as a file holds it: the columns of its actions, with the goal of each."""
    return [(gettext("Goal"), lambda one: in_language(one.goal, "text") if one.goal else ""), *actions.columns()]
