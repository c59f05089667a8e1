"""After a correction: certificates that would say otherwise now are replaced or revoked together; several revoked."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.certificates.corrections import services, views
    from app.training.events import SessionMoved

    app.register_blueprint(views.bp)
    journal.on(app, SessionMoved, services.keep_while_certified)
