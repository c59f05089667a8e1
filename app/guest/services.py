from __future__ import annotations

from app.audit.journal import Actor
from app.people.events import EmployeesMerged
from app.settings.notice import queries, services
from app.settings.notice.services import person_reader


def keep_reading(employee_id: int) -> None:
    """Whoever answered had the notice on the page they answered from."""
    notice = queries.current()
    if notice is not None:
        services.shown(notice, person_reader(employee_id))


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    """What either record was shown, the one person was."""
    services.hand_on(person_reader(event.merged_id), person_reader(event.kept_id))
