"""The application, for `flask --app wsgi` and for servers."""

from __future__ import annotations

from app import create_app
from config import chosen

app = create_app(chosen())
