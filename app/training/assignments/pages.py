"""A trainer's own page in the menu and what waits for them; what hangs on one who leaves; what is stored of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission, Role
from app.language import format_date, format_time, gettext, in_language, ngettext
from app.people.leaving.models import Leaving
from app.trainers.models import Trainer
from app.training import queries as training
from app.training.assignments import notices, queries
from app.training.concerns import Concern
from app.training.models import CourseSession, Sitting, TrainerAssignment
from app.training.pages import ROLLS
from app.web.parts import Action, Consequence, NavItem, Stored, Task

UNASKED = Concern(lambda: gettext("A sitting without a trainer"), queries.nobody_asked, (Sitting, TrainerAssignment))
AWAITED = Concern(lambda: gettext("Trainers have not answered"), queries.awaited, (Sitting, TrainerAssignment))


def nav(caller: Caller, _: None) -> NavItem | None:
    if not caller.is_a(Role.TRAINER):
        return None
    covers = () if caller.may(Permission.SESSION_WRITE) else ROLLS
    return NavItem(
        gettext("My assignments"),
        url_for("assignments.list_assignments"),
        "clipboard-list",
        15,
        place=True,
        covers=covers,
    )


def on_opening(_: Caller, opening: tuple[CourseSession, Sequence[Sitting], Sequence[TrainerAssignment]]) -> list[str]:
    """What the page before opening says of trainers."""
    names = [trainer.name for trainer in notices.to_ask(*opening)]
    if not names:
        return []
    told = ngettext(
        "%(num)s trainer will be asked: %(names)s.",
        "%(num)s trainers will be asked: %(names)s.",
        len(names),
        names=", ".join(names),
    )
    return [told]


def asked(caller: Caller, _: None) -> Iterator[Task]:
    """Sittings a trainer has not said yes or no to, session by session."""
    if not caller.is_a(Role.TRAINER):
        return
    for each in queries.unanswered(caller.id):
        yield Task(
            gettext("You have been asked to teach: %(course)s", course=in_language(each, "name")),
            url_for("assignments.list_assignments", _anchor=f"session-{each.course_session_id}"),
            when(each),
            "clipboard-list",
            urgent=True,
            order=5,
            actions=(
                Action(
                    gettext("Accept"),
                    url_for("assignments.accept_assignments", course_session_id=each.course_session_id),
                    "check",
                    posts=True,
                ),
                Action(
                    gettext("Decline"),
                    url_for("assignments.decline_assignments", course_session_id=each.course_session_id),
                    "x",
                ),
            ),
        )


def leaving(caller: Caller, about: Leaving) -> Iterator[Consequence]:
    """What somebody on the staff is to give as a trainer; another institution changes nothing about it."""
    if about.to is None:
        told = gettext("Stays; whoever runs the training gets a task: another trainer, or the same one from outside.")
        yield from _given(caller, Trainer.employee_id == about.employee.id, told)


def of_account(caller: Caller, user: User) -> Iterator[Consequence]:
    told = gettext("Stays, but the trainer can neither answer nor call the roll without an account.")
    yield from _given(caller, Trainer.user_id == user.id, told)


def _given(caller: Caller, whose: Any, told: str) -> Iterator[Consequence]:
    """Every session by its code; a link only where the caller may open it."""
    found = queries.given(whose)
    scope = caller.scope_for(Permission.SESSION_READ)
    seen = training.seen(scope, [each.course_session_id for each in found])
    for each in found:
        url = (
            url_for("sittings.list_sittings", course_session_id=each.course_session_id)
            if each.course_session_id in seen
            else ""
        )
        name = gettext("Trainer: %(session)s", session=f"{in_language(each, 'name')} · {when(each)}")
        yield Consequence(name, told, url, order=20, stays=True)


def when(about: queries.Waiting) -> str:
    count = ngettext("%(num)s sitting", "%(num)s sittings", about.sittings)
    days = [format_date(day) for day in dict.fromkeys((about.day, about.last)) if day is not None]
    return " · ".join(part for part in (about.code, count, " – ".join(days)) if part)


def own_data(caller: Caller, _: object) -> Stored | None:
    """The sittings whoever asks was to give."""
    rows = tuple(
        (
            f"{each.code}/{each.ordinal} {in_language(each, 'name')}",
            format_date(each.date),
            f"{format_time(each.starts)}–{format_time(each.ends)}",
            each.answer.label,
        )
        for each in queries.all_own(caller.id)
    )
    heads = (gettext("Course session"), gettext("Date"), gettext("Time"), gettext("Answer"))
    return Stored(gettext("Assignments"), heads, rows, order=37) if rows else None
