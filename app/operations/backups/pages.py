"""Backups on the first page of administrators: the last one in a line; what is wrong with them, as a task."""

from __future__ import annotations

from flask import current_app, url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.clock import local, now, today
from app.language import format_date, format_time, gettext, ngettext
from app.operations.backups import queries, rules
from app.operations.backups.events import BackupFault
from app.web.parts import Hit, Task


def last(caller: Caller, _: object) -> Hit | None:
    if not caller.may(Permission.SETTINGS_WRITE) or not (when := said(queries.state())):
        return None
    return Hit(gettext("Last backup: %(when)s", when=when), url_for("backups.show_backups"))


def said(state: rules.State) -> str:
    """When the last one was made, and how long making and trying it took; "" for none."""
    if state.at is None:
        return ""
    at = local(state.at)
    days = (today() - at.date()).days
    day = {0: gettext("today"), 1: gettext("yesterday")}.get(days) or format_date(at.date())
    took = ngettext("%(num)s second", "%(num)s seconds", state.seconds)
    return gettext("%(day)s %(time)s, tried, %(took)s", day=day, time=format_time(at), took=took)


def missing(caller: Caller, _: object) -> Task | None:
    if not caller.may(Permission.SETTINGS_WRITE):
        return None
    state, url = queries.state(), url_for("backups.show_backups")
    if state.has_failed:
        why = BackupFault(state.failed).label
        return Task(gettext("The last backup failed"), url, why, "database", urgent=True, order=5)
    if state.at is None:
        return Task(gettext("There is no backup yet"), url, gettext("The worker makes the first"), "database", order=90)
    if rules.is_overdue(state, current_app.config["BACKUP_HOUR"], now()):
        return Task(gettext("The backup is overdue"), url, said(state), "database", urgent=True, order=5)
    return None
