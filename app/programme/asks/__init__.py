"""What the programme asks of the training: a finding, an action or the gap of a pilot names a competency, with a
reason, and from there it is one click to a row of a plan; and from the row back to what asked for it.

Each room has a table of its own for its asks (`models.Asks`) and says how they are found and read (`models.Asker`, by
`add`). What is read of all of them at once is one UNION (`queries.lines`).
"""

from __future__ import annotations

from flask import Flask

from app.programme.asks.models import ASKERS, Asker


def add(app: Flask, asker: Asker) -> None:
    """Make a kind of thing that asks known to plans and to the thread."""
    ASKERS.on(app)[asker.key] = asker


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.plans.events import PlanRowAdded, PlanRowRemoved
    from app.programme.asks import pages, services, views

    app.register_blueprint(views.bp)
    slots.add(app, "plan.asked", pages.wish)
    slots.add(app, "plan.origins", pages.origins)
    journal.on(app, PlanRowAdded, services.on_row_added)
    journal.on(app, PlanRowRemoved, services.on_row_removed)
