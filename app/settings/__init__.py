"""What an administrator may change: names and thresholds here; the others each by themselves."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = ("signatories", "logos", "holidays", "notice", "texts", "wording")


def init_app(app: Flask) -> None:
    from app.access.sign_in.queries import BESIDE, Beside
    from app.core import slots
    from app.settings import pages, queries, views

    BESIDE.on(app).append(Beside(queries.together(), queries.brought))

    app.config["SAMPLE_DATA"] = lambda: queries.value("sample_data")
    app.config["SHELL_SETTINGS"] = queries.shell
    app.register_blueprint(views.bp)
    slots.add(app, "nav", pages.nav)
    for part in PARTS:
        import_module(f"app.settings.{part}").init_app(app)
