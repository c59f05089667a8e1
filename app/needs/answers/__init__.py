"""People answer their questionnaire: signed in, or through a personal link."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.language import lazy_gettext
    from app.needs import forgetting
    from app.needs.answers import pages, queries, views
    from app.needs.answers.models import QUESTIONNAIRE
    from app.people.links.models import PURPOSES, Purpose
    from app.retention import kinds

    app.register_blueprint(views.bp)
    PURPOSES.on(app)[QUESTIONNAIRE] = Purpose(views.show_linked, queries.until, lazy_gettext("Questionnaire"))
    slots.add(app, "privacy.data", pages.own_data)
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "me.counts", pages.section)
    said = lazy_gettext("Answers about training needs")
    kinds.register(app, kinds.Kind("answers", said, forgetting.old_answers, forgetting.forget_answers))
