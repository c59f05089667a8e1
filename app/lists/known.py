"""The lists of all rooms by name, for whoever makes a file of one later. A room adds its own in `init_app`."""

from __future__ import annotations

from flask import Flask

from app.core.hooks import Hook
from app.lists.models import ListOf

LISTS: Hook[dict[str, ListOf]] = Hook("lists", dict)


def add(app: Flask, *lists: ListOf) -> None:
    LISTS.on(app).update({each.name: each for each in lists})
