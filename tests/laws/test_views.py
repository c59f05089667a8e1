"""Views introduce form, query and service to each other: short, without SQL, without htmx. Nothing else is long either."""

from __future__ import annotations

import ast
import re

from tests.laws.rooms import ROOT, python_files, templates, told, views

MOST_STATEMENTS = 15
MOST_LINES = 40
MOST_FILE = 400


def test_views_are_short() -> None:
    long = []
    for path in views():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (found := _statements(node)) > MOST_STATEMENTS:
                long.append(f"{path.relative_to(ROOT).as_posix()}:{node.name}: {found} statements")
    assert not long, told(
        long,
        f"A function beside the views has at most {MOST_STATEMENTS} statements. Let a query ask, a form read, a service decide"
        " (queries.py, forms.py, services.py), or give a part of it a name of its own.",
    )


def _statements(function: ast.FunctionDef) -> int:
    """How much it does, however a formatter breaks its lines; what a docstring says is nothing it does."""
    inside = [node for node in ast.walk(function) if isinstance(node, ast.stmt) and node is not function]
    return len(inside) - (ast.get_docstring(function) is not None)


def test_views_contain_no_sql_and_no_htmx() -> None:
    guilty = [
        f"{path.relative_to(ROOT).as_posix()}: {match.group()}"
        for path in views()
        if (match := re.search(r"import sqlalchemy|db\.session|HX-|wants_fragment", path.read_text("utf-8")))
        and path.parent.name != "web"
    ]
    assert not guilty, told(
        guilty,
        "What is read from the database is asked in queries.py, what is changed is changed in services.py; for htmx"
        ' `render(…, fragment="…")` and `done(…)` (app/web/render.py) do all there is to do.',
    )


def test_functions_stay_readable() -> None:
    """From `def` to its last line, as the formatter breaks them."""
    long = [
        f"{path.relative_to(ROOT).as_posix()}:{node.name}: {lines} lines"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES
    ]
    assert not long, told(
        long,
        f"A function has at most {MOST_LINES} lines, so that it is seen whole. Give a part of it that means something by"
        " itself (a statement, a step, a case) a name of its own beside it.",
    )


def test_files_stay_readable() -> None:
    """A room's file over 400 lines means the room wants to split."""
    fat = {}
    for path in python_files():
        lines = path.read_text("utf-8").count("\n")
        if lines > MOST_FILE:
            fat[path.relative_to(ROOT).as_posix()] = lines
    assert not fat, told(
        (f"{path}: {lines} lines" for path, lines in fat.items()),
        f"More than {MOST_FILE} lines want to be two things. Move one of them into a module named after it (as"
        " training/months.py), or, where the whole room is full, into a room of its own.",
    )


def test_no_drawers_for_odds_and_ends() -> None:
    drawers = [
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        if path.stem in ("utils", "helpers", "common", "misc")
    ]
    assert not drawers, told(
        drawers,
        "Such a name takes in anything. Name the module after what is in it (queries, services, forms, or the trade's"
        " own word), or move each function to the room it serves.",
    )


def test_templates_keep_to_the_policy() -> None:
    """No |safe, no inline style, script or handler, no htmx expression that needs eval."""
    forbidden = re.compile(r"\|\s*safe\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|js:|hx-vals=['\"]js")
    guilty = [
        f"{path.relative_to(ROOT).as_posix()}: {match.group().strip()}"
        for path in templates()
        if (match := forbidden.search(path.read_text("utf-8")))
    ]
    assert not guilty, told(
        guilty,
        "The browser refuses these (CSP in app/web/edge/headers.py), and |safe would let typed markup through. A look is a"
        " class in app/static/css/, a behaviour a data-* attribute read by app/static/js/app.js, markup a macro in"
        " app/web/templates/ui/.",
    )


def test_hx_post_stands_on_a_form() -> None:
    guilty = []
    for path in templates():
        for tag in re.findall(r"<(\w+)[^<>]*hx-post", path.read_text("utf-8")):
            if tag != "form":
                guilty.append(f"{path.relative_to(ROOT).as_posix()}: <{tag} hx-post>")
    assert not guilty, told(
        guilty,
        'Without JavaScript these do nothing. Put the hx-post on a form that has method="post" and an action too, as'
        " `ui.form` and `ui.post_button` do (app/web/templates/ui/); they carry the csrf_token as well.",
    )
