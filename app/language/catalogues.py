"""The one Turkish catalogue, `app/translations/tr/LC_MESSAGES/messages.po`: Babel extracts, updates and compiles it.

English is the language of the msgids; Turkish must be complete (`tests/laws/test_words.py`).
`flask --app wsgi words` adds what the code says and the catalogue lacks, and drops what nobody says any more. Sorted by
text and without line numbers, it changes only where a text does, so that branches merge.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from os import getpid
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.core.status import context_of

APP = Path(__file__).parents[1]
TURKISH = APP / "translations/tr/LC_MESSAGES/messages.po"
METHODS = [("**.py", f"{__name__}:said_in_python"), ("**/templates/**.*", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.*": {"trimmed": "true", "silent": "false"}}
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None, "lazy_pgettext": DEFAULT_KEYWORDS["pgettext"]}


def said_in_python(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[tuple[Any, ...]]:
    """A way of extraction for Babel: what its own finds, and the words of enumerations, each under its context."""
    source = file.read()
    yield from extract_python(BytesIO(source), keywords, tags, options)
    for kind in ast.walk(ast.parse(source)):
        if not isinstance(kind, ast.ClassDef) or not {"Worded", "Status"} & {ast.unparse(base) for base in kind.bases}:
            continue
        for member in kind.body:
            match member:
                case ast.Assign(value=ast.Tuple(elts=[_, ast.Constant(value=english)])):
                    yield member.lineno, "pgettext", (context_of(kind.name), english), []


def said() -> Catalog:
    """Every text of the code and the templates."""
    found = Catalog(locale="tr")
    for _file, _line, text, _comments, context in extract_from_dir(APP, METHODS, OPTIONS, KEYWORDS):
        found.add(text, context=context)
    return found


def catalogue() -> Catalog:
    with TURKISH.open("rb") as file:
        return read_po(file, locale="tr")


def synchronised() -> tuple[bytes, int]:
    """The catalogue in line with the code, as the file should be, and how many texts in it want Turkish."""
    known, buffer = catalogue(), BytesIO()
    known.update(said(), no_fuzzy_matching=True, update_creation_date=False)
    write_po(buffer, known, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue(), sum(1 for text in known if text.id and not turkish(text))


def turkish(text: Any) -> str:
    """What a text of the catalogue is in Turkish, which has one form; what is marked fuzzy is not said yet."""
    words = text.string if isinstance(text.string, str) else next(iter(text.string or ()), "")
    return "" if text.fuzzy else words


def compile_stale() -> None:
    """Make the .mo where it is missing or older than its .po; a sentence and exit status 1 where that cannot be
    written, as by the service, whose program is somebody else's.
    """
    mo = TURKISH.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime_ns >= TURKISH.stat().st_mtime_ns:
        return
    buffer = BytesIO()
    write_mo(buffer, catalogue())
    partial = mo.with_suffix(f".{getpid()}.partial")  # several processes may start at once
    try:
        partial.write_bytes(buffer.getvalue())
        partial.replace(mo)
    except OSError as error:
        raise SystemExit(
            f"Error: the Turkish words are older than the program, and {mo.parent} cannot be written"
            f" ({error.strerror}): run `flask --app wsgi assets` as whoever owns it."
        ) from None
