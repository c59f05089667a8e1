"""A letter's words, who sends it and where it leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import render_template

from app.language import format_date, language
from app.post import queries
from app.post.addresses import public_address, public_url
from app.post.calendars import series as calendar_series
from app.post.links import LINK

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Wording(Protocol):
    """ "" leaves the original."""

    @property
    def subject(self) -> str: ...
    @property
    def opening(self) -> str: ...
    @property
    def closing(self) -> str: ...


def write(template: str, **about: Any) -> tuple[str, str]:
    """(subject, body) of a letter in the language that is spoken now, as it was reworded, if it was. The template's
    first line is the subject.
    """
    subject, body = original(template, **about)
    text = queries.letter_text(template, language())
    return (subject, body) if text is None else reworded(subject, body, text, values(about))


def original(template: str, **about: Any) -> tuple[str, str]:
    subject, _, body = render_template(template, **about).strip().partition("\n")
    return subject, body.strip() + "\n"


def values(about: Mapping[str, Any]) -> dict[str, str]:
    """What stands for the placeholders of a reworded letter."""
    found = {key: str(about.get(key, "")) for key in ("name", "course", "code", "group", "institution")}
    return found | {"date": format_date(about.get("starts_on")) if about.get("starts_on") else "", "link": LINK}


def reworded(subject: str, body: str, text: Wording, given: Mapping[str, str]) -> tuple[str, str]:
    """The subject, the paragraph after the greeting and one more before the end in other words; the facts between
    them, and whatever is a link, stay.
    """
    greeting, opening, *facts = body.strip().split("\n\n")
    signed = facts.pop() if facts and facts[-1] == given["institution"] else ""
    opening = filled(text.opening, given) or opening
    parts = [greeting, opening, *facts, filled(text.closing, given), signed]
    return filled(text.subject, given).rstrip(" ,:") or subject, "\n\n".join(filter(None, parts)) + "\n"


def filled(text: str, given: Mapping[str, str]) -> str:
    """Plain replacement: what is put in is not looked at again, and no template language reads it."""
    return PLACEHOLDER.sub(lambda found: given.get(found[1], found[0]), text.strip().replace("\r\n", "\n"))


def host() -> str:
    return urlsplit(public_url()).hostname or "localhost"


def sender() -> str:
    """The bare address letters come from and calendars name as organiser."""
    return f"yetkin@{host()}"


def bare(address: str) -> str:
    """The address where a mail and a calendar can name it, else ""."""
    return address if address.isascii() and address.count("@") == 1 and not set(address) & set(" \r\n\t") else ""


def file_url(about: str) -> str:
    """Where the series that was mailed stands as a file, for whose program shows no button; "" once it is gone."""
    row = calendar_series.of(about)
    return public_address("feed.series_file", uid=row.uid) if row is not None and row.calendar is not None else ""
