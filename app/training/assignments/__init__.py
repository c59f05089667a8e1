"""Who gives a sitting: asked, answering, told; by somebody else where no letter reaches."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.training.assignments import notices, pages, views
    from app.training.events import (
        AssignmentAnswered,
        SessionMoved,
        SittingsChanged,
        SittingsPostponed,
        TrainersChanged,
    )
    from app.web import slots

    app.register_blueprint(views.bp)
    journal.on(SessionMoved, notices.session_moved)
    journal.on(SittingsPostponed, notices.sittings_postponed)
    journal.on(SittingsChanged, notices.sittings_changed)
    journal.on(TrainersChanged, notices.trainers_changed)
    journal.on(AssignmentAnswered, notices.assignment_answered)
    slots.add("nav", pages.nav)
    slots.add("home.tasks", pages.asked)
    slots.add("person.leaving", pages.leaving)
    slots.add("user.leaving", pages.of_account)
