"""The certificates page of a session, and what other pages show of what waits to be issued."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.access.caller import Caller
from app.access.permissions import Permission
from app.certificates import queries as certificates
from app.certificates.issuing import queries
from app.certificates.pages import to_certify
from app.language import gettext, in_language, ngettext
from app.training import queries as training
from app.training.models import CourseSession
from app.training.pages import layout, places_of
from app.web.forms import Form
from app.web.parts import Tab, Task
from app.web.render import render


def page(course_session_id: int, form: Form) -> ResponseReturnValue:
    """Who is due what and who holds one, with what was refused; drawn anew after each attempt."""
    course_session = to_certify(course_session_id)
    sittings = certificates.dated_sittings(course_session)
    return render(
        "certificates/issuing/session.html",
        **layout(course_session, "certificates", places_of(sittings)),
        board=queries.board(course_session, sittings),
        form=form,
        status=form.status,
    )


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session; the state is told on the page, so that tabs cost no statement."""
    if not training.runs(caller.scope_for(Permission.CERTIFICATE_ISSUE), course_session):
        return None
    return Tab(gettext("Certificates"), url_for("issuing.show", course_session_id=course_session.id), 50)


def tasks(caller: Caller, _: Any) -> list[Task]:
    """Finalised sessions whose certificates wait to be issued."""
    if not caller.may(Permission.CERTIFICATE_ISSUE):
        return []
    return [
        Task(
            ngettext("%(num)s certificate waits to be issued", "%(num)s certificates wait to be issued", row.count),
            url_for("issuing.show", course_session_id=row.course_session_id),
            f"{row.code} {in_language(row, 'course')}",
            "award",
            order=40,
        )
        for row in queries.waiting(caller.scope_for(Permission.CERTIFICATE_ISSUE))
    ]
