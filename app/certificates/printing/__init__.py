"""All valid certificates of a session: one file to print, or each in an archive."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.certificates.printing import services, views
    from app.jobs import kinds

    app.register_blueprint(views.bp)
    kinds.register(app, kinds.Kind(services.PRINT, services.print_chunk, 100, services.finish_print))
