"""The application, for `flask --app wsgi` and for servers."""

from __future__ import annotations

from app import create_app
from config import NotConfigured, chosen

try:
    app = create_app(chosen())
except NotConfigured as error:  # whatever imports this ends with the sentence and exit status 1
    raise SystemExit(f"Error: {error}.") from None
