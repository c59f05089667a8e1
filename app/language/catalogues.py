"""Catalogues of words: each room owns its own, `app/<room>/translations/tr/LC_MESSAGES/messages.po`.

English is the language of the msgids; Turkish must be complete (`tests/laws/test_words.py`).
`flask --app wsgi words` adds what the code says and a catalogue lacks, and drops what nobody says any more.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.core.status import Worded

KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "lazy_gettext")),
    **dict.fromkeys(("ngettext",), (1, 2)),
    **dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, order=True)
class Said:
    """One text of the programme: its context (or "") and its English words (singular, plural or "")."""

    context: str
    english: str
    plural: str = ""


def directories(root: str | Path) -> list[Path]:
    return sorted(Path(root).glob("*/translations"))


def compile_stale(folders: Sequence[Path]) -> None:
    """Make each .mo that is missing or older than its .po."""
    for folder in folders:
        for po in folder.glob("*/LC_MESSAGES/*.po"):
            mo = po.with_suffix(".mo")
            if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
                continue
            buffer = BytesIO()
            with po.open("rb") as file:
                write_mo(buffer, read_po(file, locale=po.parent.parent.name))
            partial = mo.with_suffix(f".{id(buffer)}.partial")
            partial.write_bytes(buffer.getvalue())
            partial.replace(mo)


def said_in(room: Path) -> set[Said]:
    """Every text in a room's Python and templates, and the words of its enumerations."""
    found: set[Said] = set()
    for path in sorted([*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else {"trimmed": "true", "silent": "false"}
        for _line, message, _comments, context in extract_from_file(method, path, KEYWORDS, (), options):
            singular, plural = message if isinstance(message, tuple) else (message, "")
            if singular:
                found.add(Said(context or "", singular, plural))
    return found | set(_words_of_enumerations(room))


def _words_of_enumerations(room: Path) -> Iterator[Said]:
    for module in pkgutil.walk_packages([str(room)], f"app.{room.name}."):
        importlib.import_module(module.name)
    pending = list(Worded.__subclasses__())
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if kind.__module__.startswith(f"app.{room.name}."):
            yield from (Said(kind.context(), member.english) for member in kind)


def catalogue(room: Path) -> Catalog:
    path = room / "translations/tr/LC_MESSAGES/messages.po"
    if not path.exists():
        return Catalog(locale="tr", project="Yetkin", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="tr")


def translated(room: Path) -> dict[Said, str]:
    """What a room's catalogue says: text → Turkish (the singular form; Turkish has one)."""
    result: dict[Said, str] = {}
    for message in catalogue(room):
        if not message.id:
            continue
        singular, plural = (message.id[0], message.id[1]) if isinstance(message.id, tuple) else (message.id, "")
        words = message.string if isinstance(message.string, str) else next(iter(message.string or ()), "")
        result[Said(message.context or "", str(singular), str(plural))] = "" if message.fuzzy else words
    return result


def synchronise(root: Path, only: Sequence[str] = ()) -> dict[str, int]:
    """Bring each room's (or only these rooms') catalogue in line with its code.

    Texts that `web` has already are not repeated.

    Returns the number of texts that still want Turkish, by room.
    """
    shared = translated(root / "web")
    wanting: dict[str, int] = {}
    for room in sorted(p.parent for p in root.glob("*/__init__.py")):
        if only and room.name not in only:
            continue
        said = said_in(room)
        if room.name != "web":
            said = {text for text in said if text not in shared}
        known = translated(room)
        if not said and not known:
            continue
        fresh = Catalog(locale="tr", project="Yetkin", charset="utf-8", fuzzy=False)
        for text in sorted(said):
            identity = (text.english, text.plural) if text.plural else text.english
            turkish = known.get(text, "")
            fresh.add(identity, (turkish,) if text.plural else turkish, context=text.context or None)
        path = room / "translations/tr/LC_MESSAGES/messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=0, omit_header=False, sort_output=False, no_location=True)
        wanting[room.name] = sum(1 for text in said if not known.get(text))
    return wanting
