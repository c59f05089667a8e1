"""Counts: who was there, in minutes.

Here stands what all of it is about: the tables, the arithmetic of minutes, the questions that load a session's
sittings, people and marks, its tab. What is done with it stands in a room of its own, each on those below it:

| | |
|---|---|
| `grid` | typing into the grid of a session |
| `walk_ins` | somebody in the room without a seat, added on the spot |
| `marks` | calling the roll: the grid, the roll of a sitting and of a person; writing marks |
| `sheets` | the sheet of a sitting: when it may be marked, closed and reopened, those that wait |
| `at_risk` | the people who can no longer pass, whatever comes |
| `whole_days` | the sittings of a day marked as one |
| `arrivals` | marks a phone sends from its queue; those that come after the lock |
| `signatures` | beside them: the sheet people sign, printed, and its scan |
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance import arrivals, at_risk, grid, marks, pages, sheets, signatures, walk_ins, whole_days
    from app.core import slots
    from app.training.concerns import CONCERNS

    CONCERNS.on(app)["lost"] = pages.LOST
    slots.add(app, "course_session.tabs", pages.tab)
    slots.add(app, "me.sections", pages.still_missable)
    slots.add(app, "enrolment.joining", lambda _, course_session: pages.joining(course_session))
    for room in (sheets, signatures, marks, walk_ins, arrivals, whole_days, grid, at_risk):
        room.init_app(app)
