"""What an import contract cannot say: who may know the web, and that no room stands outside the contracts."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from tests.laws.rooms import APP, ROOT, floors, python_files, told

WEB = ("flask", "flask_login", "flask_wtf", "wtforms", "app.web", "app.access.current")
KNOW_IT = ("views", "pages", "forms", "__init__")
#: Nearer to the request than a page: the door itself, a link that waits in a cookie.
NEARER = ("app/access/current.py", "app/access/gate.py", "app/users/one_time.py")
#: What is hung up on the application: the alarm, the lists.
ALSO = (*NEARER, "app/access/scope.py", "app/lists/known.py", "app/retention/kinds.py")


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_views_pages_and_forms_know_the_web() -> None:
    heights = floors()
    guilty = []
    for path in python_files():
        name = path.relative_to(ROOT).as_posix()
        room = path.relative_to(APP).parts[0]
        below = heights.get(room, -1) < heights["access"] or room == "jobs"  # it does pages' work behind them
        if below or path.stem in KNOW_IT or name in ALSO:
            continue
        web = {each for each in _imported(path) if each in WEB or each.startswith(tuple(f"{known}." for known in WEB))}
        guilty += [f"{name}: {each}" for each in sorted(web)]
    assert not guilty, told(
        guilty,
        "What asks, decides or changes is used by jobs and commands as well, where there is no request. Take what it"
        " needs as a parameter (a scope, `by=`, a moment), and flash, render and read the caller in views.py or pages.py.",
    )


IMPURE = (
    "sqlalchemy",
    "app.core.db",
    "app.access.scope",
    "app.settings.queries",
    "app.core.clock.now",
    "app.core.clock.today",
)


def test_rules_ask_nobody() -> None:
    """Neither a database nor a clock: the same facts and the same moment say the same, and tests need no house."""
    guilty = [
        f"{path.relative_to(ROOT).as_posix()}: {each}"
        for path in python_files()
        if path.stem == "rules"
        for each in sorted(_imported(path))
        if each in IMPURE or each.startswith("sqlalchemy.")
    ]
    assert not guilty, told(guilty, "A rule is handed what it needs: rows by a query, the moment by whoever asks.")


def test_every_room_stands_in_a_contract() -> None:
    """Each package with modules of its own is a container of an exhaustive contract: a module nobody placed breaks it."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    placed = {name for each in contracts if each.get("exhaustive") for name in each["containers"]}
    heights = floors()
    outside = [
        name
        for path in sorted(APP.rglob("__init__.py"))
        if (room := path.relative_to(APP).parts[0]) in heights and heights[room] >= heights["access"]
        if len(list(path.parent.glob("*.py"))) > 1
        if (name := ".".join(path.parent.relative_to(ROOT).parts)) not in placed
    ]
    assert not outside, told(outside, "Add these to the containers of a contract in pyproject.toml.")


def test_no_room_is_a_drawer() -> None:
    full = {
        path.parent.relative_to(ROOT).as_posix(): count
        for path in sorted(APP.rglob("__init__.py"))
        if (count := len([each for each in path.parent.glob("*.py") if each.stem != "__init__"])) > MOST
        if path.parent != APP
    }
    assert not full, told(
        (f"{name}: {count} modules" for name, count in full.items()),
        f"More than {MOST} modules beside each other are two things of the trade. Give each a room of its own, as"
        " app/training/sittings/, and draw its place in pyproject.toml.",
    )


MOST = 10
