"""The files of the browser: one stylesheet and one script made of their parts, and all of it compressed beforehand.

`flask --app wsgi assets` makes them, in `app/built`. Where that was not done since a file of `app/static` changed, what
stands there is served as it is and pages link the parts: slower on a phone, never wrong.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rcssmin import cssmin
from werkzeug.http import parse_accept_header
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOURCES = Path(__file__).parent.parent / "static"
BUILT = SOURCES.parent / "built"
SHEETS = (
    "tokens base controls"  # the ground
    " topbar places menus tabbar"  # around each page
    " cards columns page actions buttons fields choices links stats statuses notices listing tables table_cards figures"
    " facts schedule checklist tabs bars stages thread"  # what pages are made of
    " balance calendar picker attendance grid roll_call marks questionnaire heat conflict verdict"  # on one page each
    " dialogs print motion"  # what lies over all
)
"""The files of `css/`, in their order: of two rules of one weight a page follows the later."""
BUNDLES = {
    "css/all.css": tuple(f"css/{name}.css" for name in SHEETS.split()),
    "js/all.js": ("vendor/htmx.min.js", "js/app.js", "js/roll.js"),
}
MARK = "made-of"
"""The file that says of which sources `BUILT` was made."""


def build() -> int:
    """Make `BUILT` anew: the bundles, everything that is in none, and compressed forms. Answers how many files."""
    making = BUILT.with_name("built.new")
    shutil.rmtree(making, ignore_errors=True)
    parts = {part for bundle in BUNDLES.values() for part in bundle}
    shutil.copytree(SOURCES, making, ignore=lambda folder, names: [n for n in names if _name(folder, n) in parts])
    for name, bundle in BUNDLES.items():
        joined = "\n".join((SOURCES / part).read_text("utf-8") for part in bundle)
        (making / name).write_text(cssmin(joined) if name.endswith(".css") else joined, "utf-8")
    pack = Compressor(quiet=True)
    for path in sorted(path for path in making.rglob("*") if path.is_file() and pack.should_compress(path.name)):
        pack.compress(str(path))
    (making / MARK).write_text(digest.__wrapped__())
    shutil.rmtree(BUILT, ignore_errors=True)
    making.rename(BUILT)
    is_built.cache_clear()
    return sum(path.is_file() for path in BUILT.rglob("*"))


def address(name: str) -> str:
    """Where a file is, of this very release."""
    return f"/static/{digest()}/{name}"


def linked(bundle: str) -> tuple[str, ...]:
    """What a page links for a bundle."""
    return (bundle,) if is_built() else BUNDLES[bundle]


@cache
def is_built() -> bool:
    mark = BUILT / MARK
    return mark.exists() and mark.read_text() == digest()


@cache
def digest() -> str:
    """Changes when any file does: part of every static address, so that all may be kept for ever."""
    found = hashlib.sha256()
    for path in sorted(path for path in SOURCES.rglob("*") if path.is_file()):
        found.update(path.relative_to(SOURCES).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


class Files:
    """Answers for static addresses, for ever; all others go on to the application."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._known: WhiteNoise | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._known is None:  # not before the first request: `flask start` builds with an application at hand
            root = BUILT if is_built() else SOURCES
            self._known = WhiteNoise(
                self._application, root=str(root), prefix=address(""), immutable_file_test=lambda path, url: True
            )
        if environ.get("PATH_INFO", "").startswith("/static/"):
            # WhiteNoise takes "br;q=0" for br, and packed or not a file has one ETag: the rest of one packed another
            # way would be kept for ever, so each goes out whole
            accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))
            environ["HTTP_ACCEPT_ENCODING"] = ",".join(one for one in ("br", "gzip") if accepted[one])
            environ.pop("HTTP_RANGE", None)
        answer: Iterable[bytes] = self._known(environ, start_response)
        return answer


def _name(folder: str, name: str) -> str:
    return (Path(folder) / name).relative_to(SOURCES).as_posix()
