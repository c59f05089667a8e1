"""What answers a browser: pages, forms, the edge of the transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, request
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from werkzeug.routing import IntegerConverter

from app.core.status import Worded
from app.language import language
from app.post.addresses import path_to
from app.web import assets, shell
from app.web.compiled import Compiled
from app.web.edge import compression, errors, headers, health, incoming, logs, transaction
from app.web.forms import request_key
from app.web.render import breaking, oob
from app.web.typed import as_typed

csrf = compression.Protect()


class Id(IntegerConverter):
    """`<int:…>`: a number larger than any database can hold is one that nothing has, not a failure."""

    def to_python(self, value: str) -> int:
        return min(int(value[:20]), 2**63 - 1)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Id
    _write(app)
    app.wsgi_app = headers.Everywhere(  # type: ignore[method-assign]  # Flask's documented way to wrap
        assets.Files(app.wsgi_app), app.config["SECURE"]
    )
    for around in (logs, incoming, csrf, compression, headers, transaction, errors):
        around.init_app(app)
    app.register_blueprint(health.bp)

    @app.after_request
    def theme(response: Response) -> Response:
        """`?theme=` sets a cookie and nothing else, like `?lang=`."""
        if request.args.get("theme") in ("light", "dark", "auto"):
            response.set_cookie(
                "theme", request.args["theme"], max_age=31_536_000, samesite="Lax", secure=app.config["SECURE"]
            )
        return response


def _write(app: Flask) -> None:
    """What templates are, and what all of them know."""
    root = Path(app.root_path)
    app.jinja_loader = PrefixLoader(
        {room.name: room_templates(room) for room in sorted(root.iterdir()) if room.is_dir()}
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = Compiled(app.jinja_env)
    app.jinja_env.filters.update(as_typed=as_typed, breaking=breaking)
    app.jinja_env.globals.update(
        path_to=path_to,  # the frame of a page is drawn for a host that is refused, too: there `url_for` fails
        oob=oob,
        request_key=request_key,
        static=assets.address,
        bundled=assets.linked,
        shell=_LazyShell(),
    )
    app.jinja_env.globals["ui"] = components(app, root / "web/templates/ui")


def room_templates(room: Path) -> BaseLoader:
    """Where templates of a room are found: `training/sittings/new.html` in training/sittings/templates/,
    `training/layout.html` in training/templates/.
    """
    parts = {path.parent.name: FileSystemLoader(path) for path in sorted(room.glob("*/templates"))}
    return ChoiceLoader([PrefixLoader(parts), FileSystemLoader(room / "templates")])


class _LazyShell:
    """The shell of the current request, for templates and their macros alike."""

    def __getattr__(self, name: str) -> object:
        return getattr(shell.current(), name)


# Drawn dozens of times a page and always alike for the same arguments: their markup is kept.
PURE = frozenset({"icon"})
# The same of members of enumerations, of numbers, and of tuples of what never changes, in each language.
SAID = frozenset({"status", "meter", "links", "topnav"})


def _said_once(draw: Callable[..., object]) -> Callable[..., object]:
    # by their classes, too: members of several enumerations are one text
    kept = lru_cache(1024, typed=True)(lambda _language, *given: draw(*given))
    return lambda *given: (
        kept(language(), *given) if all(isinstance(one, (Worded, int, tuple)) for one in given) else draw(*given)
    )


def components(app: Flask, folder: Path) -> SimpleNamespace:
    """`ui/status.html` holds one macro, `status`; templates call it `ui.status(…)`."""
    namespace = SimpleNamespace()
    app.jinja_env.globals["ui"] = namespace
    for path in sorted(folder.glob("*.html")):
        component: Callable[..., object] = _Component(app, path.stem)
        if path.stem in PURE:
            component = lru_cache(1024)(component)
        elif path.stem in SAID:
            component = _said_once(component)
        setattr(namespace, path.stem, component)
    return namespace


class _Component:
    """A macro, found in its file when it is first called (macros call one another)."""

    def __init__(self, app: Flask, name: str) -> None:
        self._app, self._name = app, name
        self._macro: object = None

    def __call__(self, *args: object, **kwargs: object) -> object:
        if self._macro is None:
            module = self._app.jinja_env.get_template(f"web/ui/{self._name}.html").module
            self._macro = getattr(module, self._name)
        return self._macro(*args, **kwargs)  # type: ignore[operator]  # a jinja macro
