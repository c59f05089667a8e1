"""The same words as a page: paragraphs, lists of days and the buttons of links are read out of a letter's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

# the application's own would ask the database who is looking
TEMPLATES = Environment(
    loader=PrefixLoader({"post": FileSystemLoader(Path(__file__).parent / "templates")}),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
LONGEST_BUTTON = 48
_LINK = re.compile(r"(?:.*: )?https?://\S+")


@dataclass(frozen=True)
class Block:
    """A paragraph; or a list, each of its items in parts; or a link with what is said of it."""

    text: str = ""
    items: tuple[tuple[str, ...], ...] = ()
    url: str = ""

    @property
    def is_button(self) -> bool:
        return 0 < len(self.text) <= LONGEST_BUTTON


def page(subject: str, body: str, language: str) -> str:
    """The whole page a mail program shows."""
    return TEMPLATES.get_template("post/mail.html").render(subject=subject, blocks=blocks(body), language=language)


def blocks(body: str) -> list[Block]:
    """What a letter's text is made of, in its order."""
    return [block for part in re.split(r"\n\s*\n", body.strip()) for block in _blocks(part)]


def _blocks(part: str) -> Iterator[Block]:
    part = re.sub(r":\n(?=https?://\S+$)", ": ", part, flags=re.MULTILINE)  # a link below what is said of it
    for kind, lines in groupby(part.splitlines(), _kind):
        match kind:
            case "day":
                yield Block(items=tuple(tuple(line[2:].split(" · ")) for line in lines))
            case "link":
                for line in lines:
                    said, _, url = line.rpartition(" ")
                    yield Block(said.rstrip(":"), url=url)
            case _:
                yield Block("\n".join(lines))


def _kind(line: str) -> str:
    return "day" if line.startswith("- ") else "link" if _LINK.fullmatch(line) else "text"
