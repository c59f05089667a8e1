"""A letter's words, who sends it and where it leads."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import render_template

from app.post.addresses import public_address, public_url
from app.post.calendars import series as calendar_series


def write(template: str, **about: Any) -> tuple[str, str]:
    """(subject, body) of a letter in the language that is spoken now. Its first line is the subject."""
    subject, _, body = render_template(template, **about).strip().partition("\n")
    return subject, body.strip() + "\n"


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
