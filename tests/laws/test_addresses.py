"""An address is made from its endpoint, so that it may change in one place and a wrong one fails where it is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from flask import Flask

import config
from app import create_app
from tests.laws.rooms import APP, ROOT, python_files, told

ALLOWED = {
    ("app/certificates/codes.py", "/d/"): "reads a code from an address that somebody typed",
}
"""Addresses that may stand as they are: the file, the text, and why."""

PRINTED, JINJA = re.compile(r"\{\{.*?\}\}", re.S), re.compile(r"\{[{%].*?[%}]\}", re.S)
IN_MARKUP, IN_JINJA = re.compile(r'=["\'](/[^"\']*)'), re.compile(r'["\'](/[^"\']+)')


def test_addresses_are_made_by_url_for() -> None:
    led = _leads_somewhere()
    found = [
        (path.relative_to(ROOT).as_posix(), text)
        for files, texts in ((python_files(), in_python), (sorted(APP.rglob("templates/**/*.*")), in_template))
        for path in files
        for text in texts(path.read_text("utf-8"))
        if led(text)
    ]
    assert not (guilty := [each for each in found if each not in ALLOWED]), told(
        (f"{path}: {text}" for path, text in guilty),
        'Make these addresses from their endpoints: `url_for("sessions.show_session", course_session_id=…)` in pages, views'
        " and templates (docs/addresses.md and tests/laws/policy.csv name them); where no request is under way, as in"
        " letters and jobs, `path_to` or `public_address` (app/post/addresses.py).",
    )
    assert not (stale := ALLOWED.keys() - set(found)), told(stale, "These are no more: take them out of ALLOWED.")


def _leads_somewhere() -> Callable[[str], bool]:
    routes = create_app(config.Testing()).url_map.bind("")

    def leads(text: str) -> bool:
        path = re.split(r"[?#]", text.replace("%s", "1"))[0]
        # "/sessions/" ~ id: what follows the last slash is put there later
        return bool(routes.allowed_methods(path + "1" if path.endswith("/") and path != "/" else path))

    return leads


def in_python(source: str) -> Iterator[str]:
    """Texts that begin with a slash, or do so after what an f-string begins with; each hole of one is a 1. Not the
    addresses of routes, nor a mere "/", which nearly always parts things.
    """
    tree = list(ast.walk(ast.parse(source)))
    decorators = [each for node in tree if isinstance(node, ast.FunctionDef) for each in node.decorator_list]
    pieces = [part for node in tree if isinstance(node, ast.JoinedStr) for part in node.values]
    inside = {id(node) for each in decorators for node in ast.walk(each)} | {id(part) for part in pieces}
    for node in tree:
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
            text = text[1:] if isinstance(node.values[0], ast.FormattedValue) else text
        else:
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if id(node) not in inside and text.startswith("/") and text != "/":
            yield text


def in_template(source: str) -> Iterator[str]:
    """What attributes say, each `{{ … }}` in them a 1; and texts within Jinja, but for a mere "/"."""
    yield from IN_MARKUP.findall(JINJA.sub("", PRINTED.sub("1", source)))
    for piece in JINJA.findall(source):
        yield from IN_JINJA.findall(piece)


def test_the_law_finds_addresses() -> None:
    """In every way they have been written."""
    python = 'go("/people")\nf"/people/{key}/edit"\nf"{base}/d/{code}"\n"/"\n@bp.get("/me")\ndef show_me(): ...'
    found = sorted(in_python(python))
    assert found == ["/d/1", "/people", "/people/1/edit"], told(found, "`in_python` reads code otherwise: mend it.")
    html = '<a href="/">x</a><a href="/people/{{ a["b"] }}">{{ ui.link_button("/sessions/" ~ key ~ "/edit", "x") }}</a>'
    found = sorted(in_template(html))
    assert found == ["/", "/edit", "/people/1", "/sessions/"], told(
        found, "`in_template` reads markup otherwise: mend it."
    )
    led = _leads_somewhere()
    for text in ("/", "/people", "/people/1/edit", "/sessions/", "/sessions?status=open", "/sittings/%s", "/d/1"):
        assert led(text), text
    for text in ("/nowhere", "/edit", "//"):
        assert not led(text), text


STABLE = [
    "/",
    "/sign-in",
    "/sign-out",
    "/me",
    "/needs",
    "/plans",
    "/courses",
    "/sessions",
    "/sessions/<>",
    "/sessions/<>/enrolments",
    "/sessions/<>/attendance",
    "/sittings/<>",
    "/trainers",
    "/people",
    "/organisations",
    "/certificates",
    "/certificates/<>.pdf",
    "/d/<>",
    "/d/<>.json",
    "/calendar/<>.ics",
    "/d",
    "/search",
    "/reports",
    "/programme",
    "/settings",
    "/audit",
    "/healthz",
    "/readyz",
    "/account",
    "/reset",
    "/people/import",
    "/people/doubles",
    "/mail",
    "/jobs",
    "/needs/rounds",
    "/needs/rounds/<>",
    "/needs/answer",
    "/needs/team",
    "/plans/new",
    "/plans/<>",
    "/programme/pilots",
    "/programme/field-studies",
    "/programme/groups",
    "/programme/visibility",
    "/programme/sustainability",
]
"""What is bookmarked, printed and called by others keeps its address."""


def test_stable_addresses_are_there(app: Flask) -> None:
    known = {re.sub("<[^>]*>", "<>", rule.rule) for rule in app.url_map.iter_rules()}
    gone = [address for address in STABLE if address not in known]
    assert not gone, f"{gone}: others rely on these addresses. Bring them back."
