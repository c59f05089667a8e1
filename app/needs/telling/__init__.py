"""Those a round asks learn of it, and are reminded: by letter, or by a slip where no letter reaches them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.lists import known
    from app.needs.telling import letters, services, views
    from app.post import links, occasions

    app.register_blueprint(views.bp)
    known.add(app, views.WAITING)
    kinds.register(app, services.TELL)
    kinds.register(app, services.REMIND)
    links.on_link(app, letters.LINK_KIND, letters.link_for)
    for kind, (said, letter) in letters.LETTERS.items():
        occasions.add(app, kind, said, letter=letter, placeholders=("name", "institution"))
        occasions.on_leaving(app, kind, letters.anew)
    links.on_link(app, letters.LEAD, letters.team_link)
    said, letter = letters.LEAD_LETTER
    occasions.add(app, letters.LEAD, said, letter=letter, placeholders=("name", "institution"))
    occasions.on_leaving(app, letters.LEAD, letters.team_anew)
