"""Asks why: assessment rounds, ratings, gaps."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.needs.services import move_ratings
    from app.people.events import EmployeesMerged

    journal.on(EmployeesMerged, move_ratings)
