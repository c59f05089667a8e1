"""What rooms hang on the application in their `init_app`: two applications in one process share nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, cast

from flask import Flask, current_app

T = TypeVar("T")


class Hook(Generic[T]):
    """A place of this name on every application; `empty` makes what is there before anything is hung."""

    def __init__(self, name: str, empty: Callable[[], T]) -> None:
        self._name, self._empty = name, empty

    def on(self, app: Flask) -> T:
        """What hangs there, to add to it."""
        if self._name not in app.extensions:
            app.extensions[self._name] = self._empty()
        return cast(T, app.extensions[self._name])

    def put(self, app: Flask, thing: T) -> None:
        """Where there is room for one only."""
        app.extensions[self._name] = thing

    @property
    def here(self) -> T:
        """What hangs on the application at work."""
        return self.on(current_app)
