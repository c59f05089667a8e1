"""What waits on the overview."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext, ngettext
from app.plans.deciding import queries
from app.plans.models import TrainingPlan
from app.web.parts import Counted, Task


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Plans that wait for a decision of whoever may make it, and those returned to whoever drafts them."""
    if caller.may(Permission.PLAN_APPROVE):
        scope = caller.scope_for(Permission.PLAN_APPROVE)
        yield Counted(queries.waiting(scope, caller.id), (TrainingPlan,), _to_decide)
    if caller.may(Permission.PLAN_WRITE):
        yield Counted(queries.returned(caller.scope_for(Permission.PLAN_WRITE)), (TrainingPlan,), _to_mend)


def _to_decide(number: int) -> Task:
    title = ngettext("%(num)s training plan awaits approval", "%(num)s training plans await approval", number)
    return Task(title, url_for("plans.show_work"), gettext("Approve it, or return it with remarks."), "circle-check")


def _to_mend(number: int) -> Task:
    title = ngettext("%(num)s training plan was returned", "%(num)s training plans were returned", number)
    return Task(title, url_for("plans.show_work"), gettext("Change what the remarks name, submit it again."), "undo-2")
