"""The application, for `flask --app wsgi` and for servers."""

from __future__ import annotations

import gc

from flask import Flask


def made() -> Flask:
    """The application as the environment chooses it; whoever imports this without one ends with a sentence and exit
    status 1. Nothing that is made here goes again: looking for garbage among it, then or with the first page,
    costs a third of the start.
    """
    gc.disable()
    try:
        from app import create_app
        from config import NotConfigured, chosen

        try:
            return create_app(chosen())
        except NotConfigured as error:
            raise SystemExit(f"Error: {error}.") from None
    finally:
        gc.freeze()
        gc.enable()


app = made()
