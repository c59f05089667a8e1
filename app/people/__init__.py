"""Knows who: units, titles, employees, merging; the pages of organisations and people."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.people import account_views, merge_views, organisation_views, shown, transfer_views, views

    for module in (views, merge_views, transfer_views, account_views, organisation_views):
        app.register_blueprint(module.bp)
    shown.init_app()
