"""What a supervisor says is kept cell by cell: what somebody else said of another cell meanwhile stays."""

from __future__ import annotations

from collections.abc import Mapping

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing, Refused
from app.language import lazy_gettext
from app.needs.answers.services import keep
from app.needs.events import TeamRated
from app.needs.models import AssessmentRound, RatingSource, RoundStatus
from app.needs.team.models import Key, Team
from app.needs.team.rules import Said

TOO_LATE = lazy_gettext("This analysis takes no answers any more. What was saved until then counts.")


def save(team: Team, cells: Mapping[Key, Said], *, by: Actor) -> None:
    """Keep what is new. All cells are somebody's of the team, and of what they are asked about; else Missing."""
    found = db.session.get_one(AssessmentRound, team.round.id, with_for_update={"read": True}, populate_existing=True)
    if found.status is not RoundStatus.OPEN or today() > found.ends_on:
        raise Refused(TOO_LATE)
    if set(cells) - team.cells:
        raise Missing
    respondents = {member.respondent.id: member.respondent for member in team.members}
    for (respondent_id, competency_id), said in cells.items():
        keep(respondents[respondent_id], competency_id, RatingSource.SUPERVISOR, said.changes)
    if cells:
        journal.record(TeamRated(found.id, len({key for key, _ in cells})), by=by)
