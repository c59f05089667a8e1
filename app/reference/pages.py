"""What the three lists are called on their pages, how they are filtered, and what the search finds of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.catalogue.queries import themes
from app.language import gettext, in_language, in_turkish
from app.people.models import TitleLevel
from app.reference import queries
from app.reference.models import KINDS, Kind
from app.web.forms import by_name
from app.web.parts import Hit, Hits, Tab

SHOWN_HITS = 5


@dataclass(frozen=True)
class Words:
    """`detail`: what stands beside a name in its list; `used`: what uses it, counted there."""

    title: str
    lead: str
    new: str
    edit: str
    detail: str
    used: str


def words(kind: Kind) -> Words:
    return {
        "titles": lambda: Words(
            gettext("Job titles"),
            gettext("What people on the staff are called; courses are meant for some of them."),
            gettext("New job title"),
            gettext("Edit job title"),
            gettext("Level"),
            gettext("Staff"),
        ),
        "competencies": lambda: Words(
            gettext("Competencies"),
            gettext("What a job requires: rated in needs analyses, built by courses."),
            gettext("New competency"),
            gettext("Edit competency"),
            gettext("Thematic area"),
            gettext("Courses"),
        ),
        "themes": lambda: Words(
            gettext("Thematic areas"),
            gettext("The problem areas of the programme, under which competencies and courses stand."),
            gettext("New thematic area"),
            gettext("Edit thematic area"),
            gettext("Letters of its course codes"),
            gettext("Courses"),
        ),
    }[kind.name]()


def tabs(current: Kind) -> list[Tab]:
    return [
        Tab(words(kind).title, url_for("reference.show_terms", kind=kind.name), current=kind is current)
        for kind in KINDS.values()
    ]


def detail(kind: Kind, term: Any) -> str:
    """What stands beside its name."""
    if kind.name == "titles":
        return str(term.level.label)
    return in_language(term.theme, "name") if kind.name == "competencies" else str(term.prefix)


def used_url(kind: Kind, term: Any) -> str:
    """The list of what uses it."""
    if kind.name == "titles":
        return url_for("employees.show_people", title=term.id)
    return url_for("catalogue.show_courses", **{kind.thing: term.id})


def facts(kind: Kind, term: Any) -> list[tuple[str, str]]:
    """What its page says of it beside its names."""
    told = [(gettext("Turkish name"), in_turkish(term.name_tr)), (gettext("English name"), term.name_en or "–")]
    told.append((words(kind).detail, detail(kind, term)))
    if kind.name == "competencies":
        told.append((gettext("Capacity area"), in_language(term.capacity_area, "name")))
    if kind.name == "themes":
        told.append((gettext("Description"), in_language(term, "description")))
    return told


def filters(kind: Kind) -> list[tuple[str, str, list[tuple[Any, str]]]]:
    """The list's filters as (argument, label, choices)."""
    everything: list[tuple[Any, str]] = [("", gettext("All"))]
    found = []
    if kind.name == "titles":
        found.append(("level", gettext("Level"), everything + [(one.value, one.label) for one in TitleLevel]))
    if kind.name == "competencies":
        found.append(("theme", gettext("Thematic area"), everything + by_name(themes())))
    states: list[tuple[Any, str]] = [
        ("", gettext("In use")),
        ("no", gettext("Retired")),
        ("all", gettext("All")),
    ]
    return [*found, ("active", gettext("Use"), states)]


def hits(caller: Caller, typed: str) -> Hits | None:
    """What of the three a typed text finds, by today's names and by earlier ones."""
    if not (caller.may(Permission.REFERENCE_READ) and caller.may_search and typed.strip()):
        return None
    found = tuple(_hits(typed))
    return Hits(gettext("Lists of the programme"), found, order=35) if found else None


def _hits(typed: str) -> Iterator[Hit]:
    shown = Counter[str]()
    titles = {name: words(kind).title for name, kind in KINDS.items()}
    for row in queries.found(typed, *KINDS.values()):
        if row.merged_into_id is None and shown[row.kind] < SHOWN_HITS:
            shown[row.kind] += 1
            url = url_for("reference.show_term", kind=row.kind, term_id=row.id)
            yield Hit(in_language(row, "name"), url, titles[row.kind])
