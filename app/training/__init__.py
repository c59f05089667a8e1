"""Arranges: course sessions, sittings, trainer assignments, conflicts, the calendar.

What only upper rooms know comes in through:

| where | what an upper room gives |
|---|---|
| `seats.counted_by(count, Model)` | an SQL expression of the held seats of a session |
| slot `course_session.conflicts` | (caller, (CourseSession, planned sittings)) → `conflicts.Conflict`s |
| slot `training.kept_sittings` | (caller, ids of sittings) → those whose date a postponement keeps |
| slot `course_session.tabs`, `course_session.moves` | pages and transitions of a session |
| listener on `events.SittingRemoved` | may refuse |
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.training import (
        affected,
        assignment_views,
        day_views,
        notices,
        plan_sessions,
        planning_views,
        shown,
        sitting_views,
        views,
    )
    from app.training.events import (
        AssignmentAnswered,
        SessionMoved,
        SittingsChanged,
        SittingsPostponed,
        TrainersChanged,
    )

    for module in (views, planning_views, sitting_views, assignment_views, day_views):
        app.register_blueprint(module.bp)
    journal.on(SessionMoved, notices.session_moved)
    journal.on(SittingsPostponed, notices.sittings_postponed)
    journal.on(SittingsChanged, notices.sittings_changed)
    journal.on(TrainersChanged, notices.trainers_changed)
    journal.on(AssignmentAnswered, notices.assignment_answered)
    shown.init_app()
    plan_sessions.init_app()
    affected.init_app()
