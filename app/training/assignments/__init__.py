"""Who gives a sitting: asked, answering, told; by somebody else where no letter reaches."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.post import occasions
    from app.post.links import on_link
    from app.training.assignments import notices, pages, views
    from app.training.concerns import CONCERNS
    from app.training.events import (
        AssignmentAnswered,
        SessionMoved,
        SittingsChanged,
        SittingsPostponed,
        TrainersChanged,
    )

    app.register_blueprint(views.bp)
    on_link(app, notices.TEACHES, notices.answer_link)
    for kind, said in notices.NAMES.items():
        occasions.add(app, kind, said, letter=f"training/assignments/mail/{kind}.txt")
    journal.on(app, SessionMoved, notices.session_moved)
    journal.on(app, SittingsPostponed, notices.sittings_postponed)
    journal.on(app, SittingsChanged, notices.sittings_changed)
    journal.on(app, TrainersChanged, notices.trainers_changed)
    journal.on(app, AssignmentAnswered, notices.assignment_answered)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "course_session.opening", pages.on_opening)
    slots.add(app, "home.tasks", pages.asked)
    slots.add(app, "person.leaving", pages.leaving)
    slots.add(app, "user.leaving", pages.of_account)
    slots.add(app, "privacy.data", pages.own_data)
    CONCERNS.on(app)["trainer"] = pages.UNASKED
    CONCERNS.on(app)["trainer_answer"] = pages.AWAITED
