from __future__ import annotations

from datetime import date

from app.access.caller import Caller
from app.language import format_date, gettext
from app.trainers.absences.queries import absences_of
from app.trainers.queries import trainer_of_user
from app.web.parts import Stored


def own_data(caller: Caller, _: object) -> Stored | None:
    """The days on which whoever asks could not teach, if they are a trainer."""
    trainer = trainer_of_user(caller.id)
    if trainer is None:
        return None
    rows = tuple(
        (format_date(one.first_day), format_date(one.last_day), one.note) for one in absences_of(trainer, date.min)
    )
    return Stored(gettext("Absences"), (gettext("First day"), gettext("Last day"), gettext("Note")), rows, order=36)
