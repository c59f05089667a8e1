"""The stylesheets dress what there is, keep every colour in one place, and ask of a browser what browsers have long had."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import brotli
from PIL.ImageColor import colormap

from app.web.assets import BUNDLES, SOURCES
from tests.laws.rooms import python_files, templates, told

MOST_LINES = 250
MOST_BYTES = 20_000  # of all styles together, compressed with their comments
COLOURS = "tokens.css"
VENDOR = SOURCES / "vendor"

# What may be used: Baseline "widely available", 30 months after the last of the large browsers had it. Of what is young,
# the day it was new: `:focus-visible` 2022-03, `@container` 2023-02, `color-mix()` 2023-05, `:has()` 2023-12. Nesting and
# `light-dark()` have just become so; we do without: the computers of a town hall are old.
AT_RULES = {"font-face", "media", "container", "keyframes", "page"}  # without @page paper has the browser's own margins
FUNCTIONS = {"attr", "brightness", "calc", "clamp", "color-mix", "counter", "env", "format", "grayscale", "inset"}
FUNCTIONS |= {"linear-gradient", "max", "min", "minmax", "rect", "repeat", "rgb", "rotate", "url", "var"}
STATES = {
    "active",
    "checked",
    "disabled",
    "empty",
    "first-child",
    "focus",
    "focus-visible",
    "focus-within",
    "has",
    "hover",
}
STATES |= {"indeterminate", "is", "last-child", "last-of-type", "not", "nth-child", "nth-of-type", "root", "where"}
PARTS = {"after", "backdrop", "before", "file-selector-button", "placeholder"}  # and what one browser alone draws
QUERIES = {"screen", "print", "and", "not", "page", "nav", "min-width", "max-width", "prefers-reduced-motion", "reduce"}
QUERIES |= {"no-preference", "forced-colors", "active", "wide", "turn", "pointer", "fine"}

LITERAL = re.compile(
    rf"(?:#|%23)(?:[0-9a-f]{{3,4}}){{1,2}}\b|(?<![\w-])(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|"
    rf"(?<![\w-])(?:{'|'.join(colormap)})(?![\w-])",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\"([^\"]*)\"")
TOKEN = re.compile(r"\"[^\"]*\"|[^{};\"]+|[{};]")


def sheets() -> list[Path]:
    return sorted((SOURCES / "css").rglob("*.css"))


def parts(sheet: Path) -> Iterator[tuple[str, str, int]]:
    """Preludes of rules (`{`) and declarations (`;`), each with how many style rules it stands in."""
    text, above = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL), [False]
    said = ""
    for token in TOKEN.findall(text):
        if token not in ("{", "}", ";"):
            said += token
            continue
        if said.strip():
            yield ("{" if token == "{" else ";"), said.strip(), sum(above)
        if token == "{":
            above.append(not said.strip().startswith("@"))
        elif token == "}":
            above.pop()
        said = ""


def preludes(sheet: Path) -> list[str]:
    return [said for kind, said, _ in parts(sheet) if kind == "{" and not said.startswith("@")]


def in_markup() -> set[str]:
    """The words of all class attributes, of what Jinja puts there the quoted ones; `tone-` where it adds the rest."""
    attribute = re.compile(r"class_?=(?:\"((?:\{\{.*?\}\}|\{%.*?%\}|[^\"])*)\"|(\{\{.*?\}\}))", re.DOTALL)
    values = [" ".join(found) for path in templates() for found in attribute.findall(path.read_text("utf-8"))]
    said = [
        re.sub(r"\{[{%].*?[%}]\}", lambda part: " ".join(["", *QUOTED.findall(part[0]), ""]), each) for each in values
    ]
    return set(re.findall(r"[a-z][\w-]*", " ".join(said)))


def in_quotes() -> set[str]:
    """Words that code says: a tone, a state, a letter of the grid."""
    code = (path.read_text("utf-8") for path in (*templates(), *python_files()))
    return {word for text in code for word in re.findall(r"\"([a-z][\w-]*)\"", text)}


def in_scripts() -> set[str]:
    scripts = " ".join(path.read_text("utf-8") for path in (SOURCES / "js").glob("*.js"))
    return set(re.findall(r"[a-z][\w-]*", " ".join(re.findall(r"[\"'`](.*?)[\"'`]", scripts))))


def test_each_class_dressed_exists() -> None:
    whole, quoted = in_markup() | in_scripts(), in_quotes()
    stems = [word for word in whole if word.endswith("-")]

    def exists(name: str) -> bool:
        rest = [name.removeprefix(stem) for stem in stems if name.startswith(stem)]
        rest += [name] if len(name) == 1 else []  # the grid's, which its view says
        return name in whole or any(word in quoted or word.isdigit() for word in rest)

    dressed = {(sheet.name, name) for sheet in sheets() for said in preludes(sheet) for name in _classes(said)}
    naked = sorted(f"{sheet}: .{name}" for sheet, name in dressed if not exists(name))
    assert not naked, told(
        naked,
        "No template, form or script has such a class. Take the rule away, or write the class where it was meant"
        " (app/web/templates/ui/).",
    )


def _classes(prelude: str) -> list[str]:
    return re.findall(r"\.(-?[a-zA-Z][\w-]*)", prelude)


def test_colours_stand_in_one_place() -> None:
    guilty = [
        f"{sheet.name}: {said}"
        for sheet in sheets()
        if sheet.name != COLOURS
        for kind, said, _ in parts(sheet)
        if kind == ";" and LITERAL.search(said.partition(":")[2])
    ]
    assert not guilty, told(
        guilty,
        f"A colour has a name in app/static/css/{COLOURS}, where it is said for light, dark and paper: `var(--muted)`.",
    )


def test_each_sheet_stands_in_one_bundle_once() -> None:
    linked = [part for bundle in BUNDLES.values() for part in bundle if part.endswith(".css")]
    there = {path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.css")}
    wrong = sorted({part for part in {*linked, *there} if linked.count(part) != 1 or part not in there})
    assert not wrong, told(
        wrong,
        "A page gets each file of app/static/css/ once: name it in `SHEETS` (app/web/assets.py), where its layer stands.",
    )


def test_sheets_stay_readable() -> None:
    long = {sheet.name: sheet.read_text("utf-8").count("\n") for sheet in sheets()}
    fat = [f"{name}: {lines} lines" for name, lines in long.items() if lines > MOST_LINES]
    assert not fat, told(
        fat,
        f"More than {MOST_LINES} lines dress more than one thing. Give the second a file called after it, and a place in"
        " `SHEETS` (app/web/assets.py).",
    )


def test_styles_travel_light() -> None:
    whole = b"\n".join((SOURCES / part).read_bytes() for part in BUNDLES["css/all.css"])
    weight = len(brotli.compress(whole))
    assert weight <= MOST_BYTES, told(
        [f"{weight} bytes"],
        f"Each phone fetches at most {MOST_BYTES} bytes of styles. Look for rules that say what another says already, and"
        " for what nothing wears any more.",
    )


def test_browsers_have_long_had_what_is_used() -> None:
    young = sorted({f"{sheet.name}: {found}" for sheet in sheets() for found in _unknown(sheet)})
    assert not young, told(
        young,
        "Not in the lists at the head of tests/laws/test_styles.py. Say it with what is there; or, where Baseline calls it"
        " widely available (https://web-platform-dx.github.io/web-features/), add it.",
    )


def _unknown(sheet: Path) -> Iterator[str]:
    for kind, said, within in parts(sheet):
        plain = re.sub(r"\"[^\"]*\"", "", said)
        if plain.startswith("@"):
            rule, words = (
                plain[1:].partition(" ")[0],
                set(re.findall(r"(?<![\w.-])[a-z][\w-]*", plain.partition(" ")[2])),
            )
            yield from [f"@{rule}"] if rule not in AT_RULES else [f"@{rule} … {word}" for word in words - QUERIES]
        elif kind == "{":
            if within:
                yield f"{plain} {{ … }} inside another rule"
            yield from (f":{word}" for word in re.findall(r"(?<!:):([a-z-]+)", plain) if word not in STATES)
            names = re.findall(r"::([a-z-]+)", plain)
            yield from (f"::{word}" for word in names if word not in PARTS and not re.match("-(webkit|moz)-", word))
        else:
            yield from (f"{word}()" for word in re.findall(r"([a-z][\w-]*)\(", plain) if word not in FUNCTIONS)


def test_what_others_made_is_named_and_unchanged() -> None:
    told_of = tomllib.loads((VENDOR / "VENDOR.toml").read_text("utf-8"))["package"]
    hashes = {each["name"]: each["sha384"] for package in told_of for each in package.get("file", ())}
    licences = {package["licence_file"] for package in told_of}
    there = {path.name for path in VENDOR.iterdir()} - {"VENDOR.toml"}
    wrong = sorted(there ^ (hashes.keys() | licences))
    wrong += [name for name in hashes.keys() & there if hashes[name] != _sha384(VENDOR / name)]
    assert not wrong, told(
        wrong,
        "Each file of app/static/vendor/ is one of a package, as it was published, or its licence: name it in VENDOR.toml"
        " with its hash. What we change is ours, and stands elsewhere.",
    )


def _sha384(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_what_can_be_ticked_stands_out_wherever_it_stands() -> None:
    """WCAG 1.4.11: the border is the one of 3:1 in the rule of the box itself, not only in some of its places."""
    styles = "".join(sheet.read_text("utf-8") for sheet in sheets())
    (own,) = re.findall(r"^\.form-check-input \{(.*?)\}", styles, re.MULTILINE | re.DOTALL)
    assert "var(--line-strong)" in own, "`.form-check-input` itself has to draw its border with --line-strong."
