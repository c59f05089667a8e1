"""The yearly plans, of the programme and of provinces. Upper rooms say through slot `plan.sessions` what was opened
from their rows.

Here stands what is in force. What leads there, each on those below it:

| | |
|---|---|
| `deciding` | submitted, returned, approved, revised; the versions of a plan, on paper too |
| `proposal` | every course by what the needs say for it |
| `drafting` | a plan is begun, its rows picked, changed, dropped; its limits |
| `figures` | what the needs of a group of people say for a course |
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from importlib import import_module

    from app.core import slots
    from app.lists import known
    from app.plans import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.ITEMS)
    app.jinja_env.filters.update(
        place_of=pages.place_of,
        frozen_place=pages.frozen_place,
        plan_name=pages.plan_name,
        plan_spoken=pages.plan_spoken,
    )
    slots.add(app, "nav", pages.nav)
    for part in ("drafting", "proposal", "deciding"):
        import_module(f"app.plans.{part}").init_app(app)
