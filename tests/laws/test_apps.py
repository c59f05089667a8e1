"""Applications in one process share nothing: what rooms hang on one is not found on another."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from flask import Flask

import config as configurations
from app import create_app
from app.audit import journal
from app.core.hooks import Hook
from app.core.slots import PROVIDERS
from app.enrolment.completed import COMPLETIONS
from app.jobs.kinds import KINDS
from app.jobs.worker import SWEEPS
from app.people.leaving.services import LOCKS
from app.post import occasions
from app.training.seats import COUNTED
from tests.laws.rooms import ROOT, python_files, told

HOOKS: tuple[Hook[Any], ...] = (PROVIDERS, journal.LISTENERS, KINDS, SWEEPS, LOCKS, occasions.KINDS, occasions.LETTERS)
ONE_EACH: tuple[Hook[Any], ...] = (COUNTED, COMPLETIONS)


def made(folder: Path) -> Flask:
    config = configurations.Testing()
    config.INSTANCE_PATH = folder
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'house.db'}"
    return create_app(config)


def size(thing: Any) -> int:
    return sum(map(size, thing.values())) if isinstance(thing, dict) else len(thing) if isinstance(thing, list) else 1


def test_three_applications_are_three(tmp_path: Path) -> None:
    apps = [made(tmp_path / str(number)) for number in range(3)]
    shared = [
        f"{hook.on(apps[0])!r:.80}"
        for hook in (*HOOKS, *ONE_EACH)
        if len({size(hook.on(app)) for app in apps}) > 1 or len({id(hook.on(app)) for app in apps}) < 3
    ]
    assert not shared, told(shared, "What rooms fill hangs on their application: a `Hook` of app/core/hooks.py.")
    empty = [hook for hook in HOOKS if not size(hook.on(apps[2]))]
    assert not empty, told(empty, "Nothing hangs there: fill it in a room's init_app, or take it out of HOOKS.")


def test_modules_keep_nothing_that_rooms_fill() -> None:
    """A list, a dictionary or a set that begins empty, or a `global`, lives as long as the process."""
    allowed = {"app/access/scope.py", "app/core/search.py"}  # filled when models are mapped, which is once a process
    guilty = []
    for path in python_files():
        tree = ast.parse(path.read_text("utf-8"))
        name = path.relative_to(ROOT).as_posix()
        for node in tree.body:
            value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign) else None
            empty = isinstance(value, ast.List | ast.Dict | ast.Set) and not ast.unparse(value).strip("[]{}")
            called = isinstance(value, ast.Call) and ast.unparse(value.func) in ("defaultdict", "dict", "list", "set")
            if empty or called:
                guilty.append(f"{name}:{node.lineno}")
        guilty += [f"{name}:{node.lineno}" for node in ast.walk(tree) if isinstance(node, ast.Global)]
    guilty = [place for place in guilty if place.rpartition(":")[0] not in allowed]
    assert not guilty, told(
        guilty,
        "What a room fills hangs on the application: a `Hook` of app/core/hooks.py, as `SWEEPS` in app/jobs/worker.py.",
    )
