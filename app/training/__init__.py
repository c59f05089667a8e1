"""Arranges: course sessions, their sittings, who gives them and where.

Here stands what all of it is about: the tables, the questions that load one session, its history, its frame on a page.
What is done with it stands in a room of its own, each on those below it:

| | |
|---|---|
| `months` | the month page |
| `weeks` | the weeks of a room and of a trainer, on their pages |
| `days` | a day on which sessions stand: an off-day, a new holiday; postponing them together |
| `planning` | the page of a new session |
| `moving` | a session, a day or a sitting moved on one page |
| `sessions` | a course session: made, offered, changed, copied, postponed, cancelled; their list |
| `sittings` | its dated blocks: added, moved, shortened, given new dates |
| `assignments` | who gives a sitting: asked, answering, told |
| `conflicts` | what stands in the way of a plan: rooms, trainers, holidays |

What only upper rooms know comes in through:

| where | what an upper room gives |
|---|---|
| `seats.COUNTED` | an SQL expression of the held seats of a session |
| `concerns.CONCERNS` | what is at risk in a session, as SQL |
| slot `course_session.conflicts` | (caller, (CourseSession, planned sittings)) → `conflicts.models.Conflict`s |
| slot `training.kept_sittings` | (caller, ids of sittings) → those whose date a postponement keeps |
| slot `course_session.tabs`, `course_session.moves` | pages and transitions of a session |
| slot `course_session.moving` | (caller, CourseSession) → sentences: whom moving it hits |
| listener on `events.SittingRemoved` | may refuse |
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = ("assignments", "sittings", "sessions", "moving", "planning", "days", "months", "weeks")


def init_app(app: Flask) -> None:
    for part in PARTS:
        import_module(f"app.training.{part}").init_app(app)
