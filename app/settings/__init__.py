"""What an administrator may change: names, thresholds, signatories, logos, holidays."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings import holiday_views, logo_views, queries, shown, signatory_views, views

    app.config["SAMPLE_DATA"] = lambda: queries.value("sample_data")
    app.config["SHELL_SETTINGS"] = queries.shell
    for module in (views, signatory_views, logo_views, holiday_views):
        app.register_blueprint(module.bp)
    shown.init_app()
