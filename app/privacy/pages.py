"""The place of requests in the menu; what is stored of somebody in several rooms at once, or in none of them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.home import queries as home
from app.language import format_date, format_datetime, format_number, gettext
from app.people.queries import own_employee
from app.privacy import queries
from app.settings.notice import queries as notices
from app.settings.notice.services import person_reader, reader_of
from app.web.parts import NavItem, Stored


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.SETTINGS_WRITE):
        return None
    return NavItem(gettext("Data requests"), url_for("privacy.show_requests"), "shield-check", 94)


def own_data(caller: Caller, _: object) -> Iterator[Stored]:
    """What no room below tells by itself: trainings with what they came to, the notice, how much was recorded."""
    trainings = tuple(
        (
            f"{own.code} {own.course}",
            format_date(own.starts_on),
            own.status.label,
            own.answer.label,
            own.result.label if own.result else "–",
        )
        for own in home.own_enrolments(home.of_user(caller.id))
    )
    places = (gettext("Course session"), gettext("Date"), gettext("Status"), gettext("Answer"), gettext("Result"))
    yield Stored(gettext("Trainings"), places, trainings, order=20)
    own = own_employee(caller.id)
    readers = [reader_of(caller.id), *([person_reader(own.id)] if own else [])]
    shown = [one for reader in readers for one in notices.readings(reader)]
    read = tuple((str(one.notice_id), format_datetime(one.at)) for one in shown)
    yield Stored(gettext("Notice on personal data"), (gettext("Version"), gettext("Read on")), read, order=40)
    changes, looks = queries.traces(caller.id)
    traces = (
        (gettext("Changes you made"), format_number(changes)),
        (gettext("Views, exports and sign-ins of yours"), format_number(looks)),
    )
    yield Stored(gettext("Records of use"), (gettext("What"), gettext("Stored")), traces, order=50)
