"""What the programme keeps lists of: job titles, thematic areas, competencies. Named, renamed, merged, retired.

Their tables stand in `people` and `catalogue`; what is done with them is the same for all three and stands here. Upper
rooms say in `services.HELD` why one of them cannot be changed now.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.reference import pages, views

    app.register_blueprint(views.bp)
    known.add(app, *views.LISTS.values())
    slots.add(app, "search.results", pages.hits)
