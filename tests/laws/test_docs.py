"""The documents tell the truth: each setting, command and address they name exists, and each that exists is named."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from flask.cli import FlaskGroup

from tests.laws.rooms import ROOT, python_files
from tests.laws.test_doors import matrix

README, ADDRESSES = "README.md", "docs/addresses.md"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
FENCE = re.compile(r"^ *```.*?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FOLDERS = {"bin", "dev", "etc", "home", "opt", "proc", "srv", "tmp", "usr", "var"}  # a machine's, no addresses of ours
OF_DB = {"db upgrade", "db downgrade", "db migrate"}  # the rest of the group is Flask-Migrate's to explain
TABLE = f"Name it in the table 'Commands and settings' of {README}"
GONE = "It was renamed or removed: mend the line"


def documents() -> dict[str, str]:
    """Name and text of the README and of all in docs/."""
    paths = [ROOT / README, *sorted((ROOT / "docs").glob("*.md"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


# --- what a document names -------------------------------------------------------------------------------


def spans(text: str) -> list[str]:
    """What stands in backticks, each on one line."""
    return [" ".join(match[2].split()) for match in SPAN.finditer(FENCE.sub("", text))]


def code(text: str) -> list[str]:
    """What stands in backticks, and the lines of code blocks."""
    return [*spans(text), *(line for match in FENCE.finditer(text) for line in match[1].splitlines())]


def settings_in(text: str) -> set[str]:
    """Capitals with an underscore, or with a `=` after them. A constant of the code is written `module.CONSTANT`."""
    alone = {name for name in spans(text) if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", name)}
    return alone | {name for line in code(text) for name in re.findall(r"(?<![\w.])([A-Z][A-Z0-9_]*)=", line)}


def commands_in(text: str) -> list[list[str]]:
    """The words after each `flask`, as far as a shell would give them to it, without brackets and ellipses."""
    found = [rest for line in code(text) for rest in re.findall(r"\bflask (--app wsgi\b[^&|;>#]*)", line)]
    return [re.sub(r"[\[\]…]", " ", rest).split() for rest in found]


def targets_in(text: str) -> set[str]:
    """Outside comments, where somebody may make sure or make up."""
    return {name for line in code(text) for name in re.findall(r"(?<![\w-])make ([a-z][\w-]*)", line.partition("#")[0])}


def addresses_in(text: str) -> set[str]:
    return {span for span in spans(text) if span.startswith("/") and span.split("/")[1] not in FOLDERS}


def plain(address: str) -> str:
    """Without its query, and whatever its varying parts are called."""
    return re.sub(r"<[^>]*>", "<>", address.partition("?")[0])


def rows_in(text: str) -> dict[str, list[set[str]]]:
    """The methods of each row `| address | Shows (GET) | Does (POST) |`, by address."""
    found: dict[str, list[set[str]]] = {}
    for address, *cells in re.findall(r"^\| `(/\S*)` \|([^|\n]*)\|([^|\n]*)\|$", text, re.MULTILINE):
        methods = {method for method, cell in zip(("GET", "POST"), cells, strict=True) if cell.strip()}
        found.setdefault(plain(address), []).append(methods)
    return found


def links_in(text: str) -> set[str]:
    found = re.findall(r"\]\(([^)\s]+)", text) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text)
    return {link.partition("#")[0] for link in found if not re.match(r"\w+:|#", link)}


# --- what exists -----------------------------------------------------------------------------------------


def read_by(path: Path) -> Iterator[str]:
    """The environment variables a file reads, also through another name for `os.environ.get`."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    readers = {"os.environ.get", "os.getenv"}
    for node in nodes:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) in readers:
            readers |= {ast.unparse(target) for target in node.targets}
    for node in nodes:
        match node:
            case ast.Call(func=called, args=[ast.Constant(value=str(name)), *_]) if ast.unparse(called) in readers:
                yield name
            case ast.Subscript(value=held, slice=ast.Constant(value=str(name))) if ast.unparse(held) == "os.environ":
                yield name


def leaves(group: click.Group, above: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{above}{name} ")
        else:
            yield above + name


def follow(command: click.Command, words: list[str]) -> tuple[str, str]:
    """The command these words lead to, and the first word unknown there."""
    path: list[str] = []
    rest = iter(words)
    for word in rest:
        if word.startswith("-"):
            known = {name: option for option in command.get_params(click.Context(command)) for name in option.opts}
            option = known.get(word.partition("=")[0])
            if option is None:
                return " ".join(path), word
            if not getattr(option, "is_flag", False) and "=" not in word:
                next(rest, None)
        elif isinstance(command, click.Group):
            if word not in command.commands:
                return " ".join(path), word
            path, command = [*path, word], command.commands[word]
    return " ".join(path), ""


def answered(app: Flask) -> dict[str, set[str]]:
    """Each address, without the converters of its varying parts, and its methods."""
    found: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(matrix(app))):
        found.setdefault(re.sub(r"<[^>]*?(\w+)>", r"<\1>", row["address"]), set()).add(row["method"])
    return found


# --- the law ---------------------------------------------------------------------------------------------


def test_settings() -> None:
    read = {name for path in (ROOT / "config.py", ROOT / "wsgi.py", *python_files()) for name in read_by(path)}
    missing = sorted(read - {span.partition("=")[0] for span in spans(documents()[README])})
    assert not missing, f"{README} does not say what {missing} is for. {TABLE}"
    read |= set(re.findall(r"^[^#\n]*?\b([A-Z]+)(?: \?)?=", MAKEFILE, re.MULTILINE))  # by make, or by a tool it starts
    for document, text in documents().items():
        unread = sorted(settings_in(text) - read)
        assert not unread, f"{document} names {unread}, which nothing reads. {GONE}, or write `module.CONSTANT`"


def test_commands(app: Flask) -> None:
    flask, named = FlaskGroup(), set()
    flask.commands.update(app.cli.commands)
    for document, text in documents().items():
        for words in commands_in(text):
            path, unknown = follow(flask, words)
            assert not unknown, f"{document} says 'flask {' '.join(words)}', but there is no '{unknown}'. {GONE}"
            named.add(path)
    missing = sorted(({name for name in leaves(app.cli) if not name.startswith("db ")} | OF_DB) - named)
    assert not missing, f"no document says 'flask --app wsgi …' with {missing}. {TABLE}"


def test_make_targets() -> None:
    existing = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))
    public = set(" ".join(re.findall(r"^\.PHONY:(.*)", MAKEFILE, re.MULTILINE)).split())
    for document, text in documents().items():
        unknown = sorted(targets_in(text) - existing)
        assert not unknown, f"{document} says 'make' with {unknown}, which the Makefile does not make. {GONE}"
        public -= targets_in(text)
    assert not public, f"no document says 'make' with {sorted(public)}. {TABLE}"


def test_addresses_named_exist(app: Flask) -> None:
    existing = {plain(address) for address in answered(app)}
    for document, text in documents().items():
        unknown = sorted(address for address in addresses_in(text) if plain(address) not in existing)
        assert not unknown, f"{document} names {unknown}, which no view answers. {GONE}, or add the route"


def test_addresses_that_exist_are_named(app: Flask) -> None:
    told = rows_in(documents()[ADDRESSES])
    wrong = {address: sorted(given) for address, given in answered(app).items() if told.get(plain(address)) != [given]}
    assert not wrong, (
        f"{ADDRESSES} has not exactly one row with exactly these methods for {wrong}. "
        "Give each a row in its room's table, with a phrase in the cell of each method: what one gets, what it does"
    )


def test_links() -> None:
    for document, text in documents().items():
        broken = sorted(link for link in links_in(text) if not (ROOT / document).parent.joinpath(link).exists())
        assert not broken, f"{document} leads to {broken}, where nothing is. {GONE}, or add the file"
