"""What people on the staff see and do without signing in, through a personal link: the answer to an invitation, as
a participant or a trainer (also one from outside); who has no account, their own trainings and certificates, too.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.guest import queries, services, views
    from app.language import lazy_gettext
    from app.people.events import EmployeesMerged
    from app.people.links.models import ANSWER, OTHERS, PURPOSES, TEACHING, TRAININGS, Purpose

    app.register_blueprint(views.bp)
    journal.on(app, EmployeesMerged, services.employees_merged)
    PURPOSES.on(app)[TRAININGS] = Purpose(
        views.show_trainings, queries.until, lazy_gettext("All trainings and certificates")
    )
    PURPOSES.on(app)[ANSWER] = Purpose(views.show_answer, queries.until, lazy_gettext("Answer to one invitation"))
    PURPOSES.on(app)[TEACHING] = Purpose(views.show_teaching, queries.until, lazy_gettext("Answer as a trainer"))
    OTHERS.on(app).append(views.show_outside)
