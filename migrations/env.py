"""Runs migrations inside the application (flask --app wsgi db …)."""

from __future__ import annotations

from alembic import context

from app.core.upgrades.migrations import run

run(context)
