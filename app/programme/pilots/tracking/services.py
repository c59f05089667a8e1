from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import format_month, format_number, gettext, lazy_gettext
from app.language.turkish import search_key
from app.programme.pilots.events import PilotMonthsClosed, PilotServiceSaved, PilotUsersEntered
from app.programme.pilots.models import FIGURES, MEN, WOMEN, Pilot, PilotCorrection, PilotMonth, PilotService
from app.programme.pilots.rules import before, month_of
from app.programme.pilots.services import grows
from app.programme.pilots.tracking import queries
from app.programme.pilots.tracking.rules import LABELS, Problem, Typed, unusual

MONTHS_AHEAD = 24
"""A service that begins later is a slip of the pen."""


def save_service(pilot: Pilot, service: PilotService | None, values: Mapping[str, Any], *, by: Actor) -> PilotService:
    """A service that is added (None) or changed; `values` by columns, months by any of their days."""
    first, last = month_of(values["first_month"]), values["last_month"] and month_of(values["last_month"])
    if last and last < first:
        raise Refused(lazy_gettext("The last month cannot be before the first."), field="last_month")
    if service is None:
        grows(pilot)
        service = PilotService(pilot_id=pilot.id)
    else:
        # whoever enters months waits, and is waited for
        db.session.refresh(pilot, ["version"], with_for_update=True)
        _covers_what_was_entered(service, first, last)
    if first != service.first_month and not (
        month_of(pilot.starts_on) <= first <= before(month_of(today()), -MONTHS_AHEAD)
    ):
        told = lazy_gettext("A service begins with its pilot project or later, and within two years from now.")
        raise Refused(told, field="first_month")
    _alone_in_name(pilot, service, values)
    db.session.add(service)
    changed = set_changed(service, {**values, "first_month": first, "last_month": last})
    if changed:
        journal.record(PilotServiceSaved(pilot.id, changed), by=by)
    return service


def _covers_what_was_entered(service: PilotService, first: date, last: date | None) -> None:
    """A month that was entered counts, so it stays in the grid."""
    entered = [month for month in queries.entered(service) if month < first or (last and month > last)]
    if entered:
        months = " – ".join(dict.fromkeys((format_month(entered[0]), format_month(entered[-1]))))
        told = lazy_gettext("Users were entered for %(months)s: the service has to cover these months.", months=months)
        raise Refused(told, field="first_month" if entered[0] < first else "last_month")


def _alone_in_name(pilot: Pilot, service: PilotService, values: Mapping[str, Any]) -> None:
    others = [one for one in queries.services(pilot) if one is not service]
    for field in ("name_tr", "name_en"):
        known = {search_key(getattr(one, field)) for one in others}
        if values[field] != getattr(service, field) and search_key(values[field]) in known:
            raise Refused(lazy_gettext("Another service of this pilot project has this name."), field=field)


def close_months(pilot: Pilot, through: date, *, by: Actor) -> None:
    """What is changed up to then is a correction from now on."""
    if through >= month_of(today()):
        raise Refused(lazy_gettext("A month is closed when it is over."), field="through")
    if pilot.closed_through is not None and through <= pilot.closed_through:
        raise Refused(lazy_gettext("This month is closed already."), field="through")
    pilot.closed_through = through
    journal.record(PilotMonthsClosed(pilot.id, f"{through:%Y-%m}"), by=by)


# --- the grid -----------------------------------------------------------------------------------------------


def look(pilot: Pilot, service: PilotService, typed: Sequence[Typed]) -> None:
    """Set what was brought beside what stands there, and judge it; nothing is saved."""
    standing = _standing(service, typed)
    for one in typed:
        if there := standing.get(one.month):
            one.was, one.source = there.spelled, one.source or there.source
    _judge(pilot, service, typed, standing, "")


def enter(pilot: Pilot, service: PilotService, typed: Sequence[Typed], reason: str, *, by: Actor) -> bool:
    """Save the months that were changed, all or none: what is wrong with one stands in its `problems` then, and nothing
    was saved. Two who save at once take turns; what the second had not seen is told, with both values.
    """
    # whoever closes months waits, and is waited for
    db.session.refresh(pilot, ["closed_through", "closed_on", "version"], with_for_update={"read": True})
    db.session.refresh(service, ["first_month", "last_month", "version"], with_for_update=True)
    standing = _standing(service, typed)
    wanted = _judge(pilot, service, typed, standing, reason)
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


def _standing(service: PilotService, typed: Sequence[Typed]) -> dict[date, PilotMonth]:
    """What was entered of these months, and of the twelve before them."""
    days = [one.month for one in typed] or [today()]
    return queries.kept(service, before(min(days), 12), max(days))


def _closed(pilot: Pilot, month: date) -> bool:
    return pilot.closed_through is not None and month <= pilot.closed_through


def _judge(
    pilot: Pilot, service: PilotService, typed: Sequence[Typed], standing: Mapping[date, PilotMonth], reason: str
) -> list[Typed]:
    """Those that were changed, each with what is wrong with it, or asked about it."""
    for one in typed:
        one.read()
    wanted = [one for one in typed if one.touched]
    figures = {month: there.counts for month, there in standing.items()}
    figures |= {one.month: one.values for one in wanted if not one.problems}
    for one in wanted:
        there, refused = standing.get(one.month), _refused(one, pilot, service, reason)
        if refused:
            one.problems.append(Problem(refused))
        elif one.was != (there.spelled if there else ""):
            one.problems += _theirs(one, there)
        elif one.blank:
            emptied = gettext("What was entered is not emptied: type 0 where there was nobody.")
            one.problems.append(
                Problem(emptied if there else gettext("No count is typed: type 0 where there was nobody."))
            )
        elif not one.problems and not one.sure:
            last = figures.get(before(one.month), {})
            years = [figures[month] for ago in range(1, 13) if (month := before(one.month, ago)) in figures]
            found = (
                unusual(name, value, last.get(name), [it[name] for it in years]) for name, value in one.values.items()
            )
            one.problems += filter(None, found)
    return wanted


def _refused(one: Typed, pilot: Pilot, service: PilotService, reason: str) -> str:
    if one.month > month_of(today()):
        return gettext("This month has not begun yet.")
    if one.month < service.first_month or (service.last_month and one.month > service.last_month):
        return gettext("The service was not given in this month.")
    if _closed(pilot, one.month):
        return "" if reason else gettext("This month is closed: a correction needs a reason.")
    if pilot.closed_on:
        return gettext("The pilot project is closed since %(month)s.", month=format_month(pilot.closed_on))
    return ""


def _theirs(one: Typed, there: PilotMonth | None) -> list[Problem]:
    """Both values of each figure somebody else entered meanwhile; what stands there is what was seen from now on."""
    counts = there.counts if there else dict.fromkeys(FIGURES, 0)
    by = there.enterer.name if there and there.enterer else gettext("somebody else")
    one.was = there.spelled if there else ""
    found = [
        Problem(
            gettext(
                "%(figure)s: %(name)s entered %(theirs)s meanwhile, you typed %(yours)s.",
                figure=LABELS[name],
                name=by,
                theirs=format_number(counts[name]),
                yours=format_number(one.values[name]),
            ),
            name,
            stale=True,
        )
        for name in FIGURES
        if one.values.get(name) not in (None, counts[name])
    ]
    return found or [Problem(gettext("Somebody else saved this month meanwhile."), stale=True)]


def _keep(service: PilotService, one: Typed, there: PilotMonth | None, reason: str | None, by: Actor) -> None:
    """`reason`: that of a correction, which is kept for each figure that is another now."""
    was = there.counts if there else {}
    if reason is not None:
        known = {"service_id": service.id, "month": one.month, "reason": reason, "changed_by": by.id}
        changed = [(name, value) for name, value in one.values.items() if was.get(name) != value]
        db.session.add_all(PilotCorrection(figure=name, was=was.get(name), now=now_, **known) for name, now_ in changed)
    month = there or PilotMonth(service_id=service.id, month=one.month)
    for name, value in one.values.items():
        setattr(month, name, value)
    month.women, month.men = (sum(one.values[name] for name in names) for names in (WOMEN, MEN))
    month.source, month.entered_by, month.entered_at = one.source, by.id, now()
    db.session.add(month)
