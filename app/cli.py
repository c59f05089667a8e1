"""Commands: thin, they call services."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from app.language import catalogues


def init_app(app: Flask) -> None:
    @app.cli.command("words")
    @click.argument("rooms", nargs=-1)
    def words(rooms: tuple[str, ...]) -> None:
        """Bring each room's catalogue of Turkish words in line with its code (all rooms, or those named)."""
        wanting = catalogues.synchronise(Path(app.root_path), rooms)
        for room, count in wanting.items():
            click.echo(f"{room}: {count or 'complete'}{' texts want Turkish' if count else ''}")
