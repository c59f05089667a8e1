"""What the first page, the menu's page of nominations and one's own page show of answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.clock import local, now
from app.enrolment.models import Answer, EnrolmentStatus
from app.enrolment.replies import queries
from app.enrolment.replies.queries import Said
from app.enrolment.replies.waiting import Asked, asked_by
from app.language import gettext, ngettext
from app.web.parts import Counted, Section, Task


def said_words() -> dict[str, str]:
    return {
        Said.NOTHING.value: gettext("Not answered yet"),
        Said.YES.value: str(Answer.YES.label),
        Said.NO.value: str(Answer.NO.label),
        Said.UNASKED.value: gettext("Not invited yet"),
    }


def silent(caller: Caller, _: object) -> Counted | None:
    """Invitations of a focal point's people that nobody has answered: one asks them, or records what they say."""
    if not caller.may(Permission.ENROLMENT_NOMINATE):
        return None
    scope = caller.scope_for(Permission.ENROLMENT_NOMINATE)
    return Counted(queries.silent(scope), queries.SILENT, _silent)


def _silent(number: int) -> Task:
    label = ngettext(
        "%(num)s of your people has not answered an invitation",
        "%(num)s of your people have not answered an invitation",
        number,
    )
    url = url_for("replies.show_replies", answer=Said.NOTHING.value)
    return Task(label, url, gettext("Ask them, and record what they say."), "mail", order=25)


@dataclass(frozen=True)
class Application:
    """`days`: for how many it has waited."""

    asked: Asked
    who: str
    days: int


def applications(caller: Caller) -> Section:
    """What whoever asks has applied for, with who decides."""
    today = local(now()).date()
    found = [Application(each, _decides(each), (today - local(each.since).date()).days) for each in asked_by(caller.id)]
    return Section(gettext("My applications"), "enrolment/replies/applications.html", found, 1)


def _decides(asked: Asked) -> str:
    if asked.deciders:
        return gettext("Your institution’s focal point decides: %(names)s", names=", ".join(asked.deciders))
    if asked.status is EnrolmentStatus.WAITLISTED:
        return gettext("Place %(number)s on the waiting list: you get a seat once one is free.", number=asked.position)
    return gettext("Whoever runs the training decides: the provincial coordinator.")
