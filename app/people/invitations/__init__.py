"""Access for many of the staff list in one step."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.people.invitations import services, views

    app.register_blueprint(views.bp)
    kinds.register(app, kinds.Kind(services.INVITE, services.invite_chunk, services.CHUNK, services.finish_invite))
