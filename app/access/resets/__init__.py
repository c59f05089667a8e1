"""A forgotten password: whoever asks gets the same answer, and whoever has the account a link by mail."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access.resets import services, views
    from app.language import lazy_pgettext
    from app.post import links, occasions

    app.register_blueprint(views.bp)
    links.on_link(app, services.LINK_KIND, services.link_for)
    occasions.add(app, services.LINK_KIND, lazy_pgettext("occasion", "Forgotten password"))
