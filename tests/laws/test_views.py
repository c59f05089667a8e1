"""Views introduce form, query and service to each other: short, without SQL, without htmx."""

from __future__ import annotations

import ast
import re

from tests.laws.rooms import APP, ROOT, python_files, templates

MOST_LINES = 20
MOST_FILE = 400


def test_views_are_short() -> None:
    long = []
    for path in [*APP.glob("*/views.py"), *APP.glob("*/*_views.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MOST_LINES:
                long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert not long


def test_views_contain_no_sql_and_no_htmx() -> None:
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in [*APP.glob("*/views.py"), *APP.glob("*/*_views.py")]
        if re.search(r"import sqlalchemy|db\.session|HX-|wants_fragment", path.read_text("utf-8"))
        and path.parent.name != "web"
    ]
    assert not guilty


def test_files_stay_readable() -> None:
    """A room's file over 400 lines means the room wants to split."""
    fat = {}
    for path in python_files():
        lines = path.read_text("utf-8").count("\n")
        if lines > MOST_FILE:
            fat[path.relative_to(ROOT).as_posix()] = lines
    assert not fat


def test_no_drawers_for_odds_and_ends() -> None:
    assert not [path for path in python_files() if path.stem in ("utils", "helpers", "common", "misc")]


def test_templates_keep_to_the_policy() -> None:
    """No |safe, no inline style, script or handler, no htmx expression that needs eval."""
    forbidden = re.compile(r"\|\s*safe\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|js:|hx-vals=['\"]js")
    guilty = [
        (path.relative_to(ROOT).as_posix(), match.group())
        for path in templates()
        if (match := forbidden.search(path.read_text("utf-8")))
    ]
    assert not guilty


def test_hx_post_stands_on_a_form() -> None:
    guilty = []
    for path in templates():
        for tag in re.findall(r"<(\w+)[^<>]*hx-post", path.read_text("utf-8")):
            if tag != "form":
                guilty.append((path.relative_to(ROOT).as_posix(), tag))
    assert not guilty
