"""What an administrator may change: names, thresholds, signatories, logos, holidays."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings import queries

    app.config["SAMPLE_DATA"] = lambda: queries.value("sample_data")
    app.config["SHELL_SETTINGS"] = queries.shell
