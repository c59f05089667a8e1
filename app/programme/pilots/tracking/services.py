from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import format_month, format_number, gettext, lazy_gettext
from app.programme.pilots.events import PilotMonthsClosed, PilotServiceSaved, PilotUsersEntered
from app.programme.pilots.models import FIGURES, Pilot, PilotCorrection, PilotMonth, PilotService
from app.programme.pilots.rules import before, month_of
from app.programme.pilots.tracking import queries
from app.programme.pilots.tracking.queries import Kept
from app.programme.pilots.tracking.rules import LABELS, Problem, Typed, unusual


@dataclass(frozen=True)
class ServiceDetails:
    """Months by their first days."""

    name_tr: str
    name_en: str
    first_month: date
    last_month: date | None


def save_service(pilot: Pilot, service: PilotService | None, details: ServiceDetails, *, by: Actor) -> PilotService:
    """A service that is added (None) or changed."""
    if details.last_month and details.last_month < details.first_month:
        raise Refused(lazy_gettext("The last month cannot be before the first."), field="last_month")
    if service is None:
        service = PilotService(pilot_id=pilot.id)
        db.session.add(service)
    changed = set_changed(service, asdict(details))
    if changed:
        journal.record(PilotServiceSaved(pilot.id, changed), by=by)
    return service


def close_months(pilot: Pilot, through: date, *, by: Actor) -> None:
    """What is changed up to then is a correction from now on."""
    if through >= month_of(today()):
        raise Refused(lazy_gettext("A month is closed when it is over."), field="through")
    if pilot.closed_through is not None and through <= pilot.closed_through:
        raise Refused(lazy_gettext("This month is closed already."), field="through")
    pilot.closed_through = through
    journal.record(PilotMonthsClosed(pilot.id, f"{through:%Y-%m}"), by=by)


def enter(pilot: Pilot, service: PilotService, typed: Sequence[Typed], reason: str, *, by: Actor) -> bool:
    """Save the months that were changed, all or none: what is wrong with one stands in its `problems` then, and nothing
    was saved. Two who save at once take turns; what the second had not seen is told, with both values.
    """
    # whoever closes months waits, and is waited for
    db.session.refresh(pilot, ["closed_through", "closed_on", "version"], with_for_update={"read": True})
    db.session.refresh(service, ["version"], with_for_update=True)
    for one in typed:
        one.read()
    wanted = [one for one in typed if one.touched]
    if not wanted:
        return True
    days = [one.month for one in wanted]
    standing = queries.kept(service, before(min(days), 12), max(days))
    figures = {month: kept.values for month, kept in standing.items()}
    figures |= {one.month: one.values for one in wanted if not one.problems}
    for one in wanted:
        _judge(one, pilot, service, standing.get(one.month), figures, reason)
    if any(one.problems for one in wanted):
        return False
    for corrected in (False, True):
        chosen = [one for one in wanted if _closed(pilot, one.month) is corrected]
        for one in chosen:
            _keep(service, one, standing.get(one.month), reason if corrected else None, by)
        if chosen:
            months = tuple(f"{one.month:%Y-%m}" for one in chosen)
            journal.record(PilotUsersEntered(pilot.id, months, corrected), by=by)
    return True


def _closed(pilot: Pilot, month: date) -> bool:
    return pilot.closed_through is not None and month <= pilot.closed_through


def _judge(
    one: Typed,
    pilot: Pilot,
    service: PilotService,
    standing: Kept | None,
    figures: Mapping[date, Mapping[str, int]],
    reason: str,
) -> None:
    """Add what is wrong with a month, or asked about it."""
    refused = _refused(one, pilot, service, reason)
    if refused:
        one.problems.append(Problem(refused))
    elif one.was != (standing.spelled if standing else ""):
        one.problems += _theirs(one, standing)
    elif one.blank:
        one.problems.append(Problem(gettext("What was entered is not emptied: type 0 where there was nobody.")))
    elif not one.problems and not one.sure:
        last = figures.get(before(one.month), {})
        years = [figures[month] for ago in range(1, 13) if (month := before(one.month, ago)) in figures]
        found = (unusual(name, one.values[name], last.get(name), [each[name] for each in years]) for name in FIGURES)
        one.problems += [problem for problem in found if problem]


def _refused(one: Typed, pilot: Pilot, service: PilotService, reason: str) -> str:
    if one.month > month_of(today()):
        return gettext("This month has not begun yet.")
    if one.month < service.first_month or (service.last_month and one.month > service.last_month):
        return gettext("The service was not given in this month.")
    if _closed(pilot, one.month):
        return "" if reason else gettext("This month is closed: a correction needs a reason.")
    return (
        gettext("The pilot project is closed since %(month)s.", month=format_month(pilot.closed_on))
        if pilot.closed_on
        else ""
    )


def _theirs(one: Typed, standing: Kept | None) -> list[Problem]:
    """Both values of each figure somebody else entered meanwhile; what stands there is what was seen from now on."""
    there = standing.values if standing else dict.fromkeys(FIGURES, 0)
    by = standing.by if standing else ""
    one.was = standing.spelled if standing else ""
    found = [
        Problem(
            gettext(
                "%(figure)s: %(name)s entered %(theirs)s meanwhile, you typed %(yours)s.",
                figure=LABELS[name],
                name=by or gettext("somebody else"),
                theirs=format_number(there[name]),
                yours=format_number(one.values[name]),
            ),
            name,
            stale=True,
        )
        for name in FIGURES
        if one.values.get(name) not in (None, there[name])
    ]
    return found or [Problem(gettext("Somebody else saved this month meanwhile."), stale=True)]


def _keep(service: PilotService, one: Typed, standing: Kept | None, reason: str | None, by: Actor) -> None:
    month = standing.month if standing else PilotMonth(service_id=service.id, month=one.month)
    was = standing.values if standing else {}
    if reason is not None:
        db.session.add_all(_corrections(service, one, was, reason, by))
    for name, value in one.values.items():
        setattr(month, name, value)
    month.source, month.entered_by, month.entered_at = one.source, by.id, now()
    db.session.add(month)


def _corrections(
    service: PilotService, one: Typed, was: Mapping[str, int], reason: str, by: Actor
) -> Iterable[PilotCorrection]:
    for name, value in one.values.items():
        if was.get(name) != value:
            yield PilotCorrection(
                service_id=service.id,
                month=one.month,
                figure=name,
                was=was.get(name),
                now=value,
                reason=reason,
                changed_by=by.id,
            )
