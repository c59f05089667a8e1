"""People and participations: counted by the database, and what of it a viewer may see.

Participations of finalised sessions are kept as they count; whatever changes one has its persons' made anew.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.language import lazy_gettext
    from app.oversight.figures import services
    from app.oversight.figures.models import Participation
    from app.people.imports import undoing

    undoing.POINTERS.on(app)[str(Participation.employee_id)] = lazy_gettext("took part in a training")
    for kind, listener in services.LISTENERS.items():
        journal.on(app, kind, listener)
