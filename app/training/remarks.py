"""What is nobody's conflict and yet wants a reason: days that are over, and sittings nobody gives."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.clock import today
from app.language import LazyDate, format_time, lazy_gettext
from app.training.circumstances import over
from app.training.conflicts import Conflict, ConflictKind, Planned
from app.training.models import Sitting


def past(planned: Sequence[Planned], standing: Sequence[Sitting] = ()) -> list[Conflict]:
    """Days that are over, each once; nothing of a sitting that stands there already (`standing`) and stays."""
    there = {(each.id, each.date, each.starts, each.ends) for each in standing}
    found: dict[object, Conflict] = {}
    for index, each in enumerate(planned):
        if not over(each.date, each.ends) or (each.sitting_id, each.date, each.starts, each.ends) in there:
            continue
        hours = f", {format_time(each.starts)}–{format_time(each.ends)}" if each.date == today() else ""
        when = LazyDate(each.date, hours)
        words = lazy_gettext("This is in the past: %(when)s. No invitation is sent for it.", when=when)
        found.setdefault((each.date, hours), Conflict(ConflictKind.PAST, False, index, words, field="start"))
    return list(found.values())


def untaught(planned: Sequence[Planned]) -> list[Conflict]:
    """Days with sittings nobody gives, each once; one that is over already looks for nobody."""
    found: dict[object, Conflict] = {}
    for index, each in enumerate(planned):
        if each.trainer_ids or over(each.date, each.ends):
            continue
        words = lazy_gettext("No trainer yet on %(date)s.", date=LazyDate(each.date))
        way_out = lazy_gettext("Choose one among the sittings, or go ahead and say why.")
        found.setdefault(each.date, Conflict(ConflictKind.NO_TRAINER, False, index, words, way_out, "trainer_ids"))
    return list(found.values())
