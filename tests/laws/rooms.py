"""What the laws look at: rooms, their floors, their files; and how they say what they found."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def rooms() -> list[str]:
    return sorted(path.parent.name for path in APP.glob("*/__init__.py"))


def floors() -> dict[str, int]:
    """Each room's height, from the same list the import contract reads: 0 is the ground."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    heights: dict[str, int] = {}
    for height, line in enumerate(reversed(layers)):
        for name in line.replace("|", ":").split(":"):
            heights[name.strip().strip("()")] = height
    return heights


def room_of(module: str) -> str:
    return module.split(".")[1]


def python_files() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def views() -> list[Path]:
    """The modules that answer a browser, of rooms and of their sub-rooms."""
    return [path for path in python_files() if path.stem == "views" or path.stem.endswith("_views")]


def address(template: Path) -> str:
    """What a template is called by: `training/sittings/new.html` for training/sittings/templates/new.html."""
    return template.relative_to(APP).as_posix().replace("/templates/", "/", 1)


def templates() -> list[Path]:
    return sorted(APP.rglob("templates/**/*.html"))


def told(offenders: Iterable[object], remedy: str) -> str:
    """What a broken law says: the offenders, one a line, and what to do about them."""
    return "\n".join(["", *(f"  {each}" for each in offenders), remedy])
