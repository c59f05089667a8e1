"""What attendance does when something happens below it."""

from __future__ import annotations

from app.attendance import queries, services
from app.audit import journal
from app.audit.journal import Actor
from app.core.errors import Refused
from app.enrolment.events import EnrolmentsMerged
from app.language import lazy_gettext
from app.training.events import SittingRemoved


def keep_marked_sittings(event: SittingRemoved, by: Actor) -> None:
    """A sitting in which somebody was marked is not taken away; it may be set to not held."""
    if queries.marks([event.sitting_id]):
        raise Refused(
            lazy_gettext("People are already marked in this sitting. Set it to not held instead of removing it.")
        )


def keep_better_marks(event: EnrolmentsMerged, by: Actor) -> None:
    services.merge_marks(event.kept_id, event.merged_id, by=by)


def init() -> None:
    journal.on(SittingRemoved, keep_marked_sittings)
    journal.on(EnrolmentsMerged, keep_better_marks)
