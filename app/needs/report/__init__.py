"""The results of a needs analysis as a report to hand over: a PDF or a workbook, made in the background."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.needs.report import services, views

    app.register_blueprint(views.bp)
    kinds.register(app, services.REPORT)
