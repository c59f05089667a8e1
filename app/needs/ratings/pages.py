"""What is wrong with a workbook, in the reader's language; what people said of themselves, as they may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.access.caller import Caller
from app.language import gettext, in_language, lazy_gettext
from app.lists.models import Columns
from app.needs.models import Rating
from app.needs.ratings import queries
from app.needs.ratings.rules import NOT_ASKED, REPEATED
from app.needs.ratings.workbook import HEADINGS, KNOWN, LEFT_OUT, RATINGS
from app.web.parts import Stored

SENTENCES = {
    "no_registry": lazy_gettext("The registry number is missing."),
    "no_competency": lazy_gettext("The competency is missing."),
    "unknown_registry": lazy_gettext("Nobody with registry number %(value)s works at this institution."),
    "other_name": lazy_gettext("Registry number %(value)s belongs to somebody else, not to %(name)s."),
    "unknown_competency": lazy_gettext("There is no competency “%(value)s”."),
    "like_competency": lazy_gettext("There is no competency “%(value)s”. Did you mean “%(like)s”?"),
    REPEATED: lazy_gettext("The same person and competency stand in row %(first)s already, rated differently."),
    LEFT_OUT: lazy_gettext("“%(value)s” is about nobody."),
    "formula": lazy_gettext("“%(column)s” holds a formula. Enter its value instead."),
    "identity": lazy_gettext(
        "“%(column)s” holds a T.C. identity number. Such numbers are not stored: take it out of the file."
    ),
    "not_number": lazy_gettext("“%(column)s” is “%(value)s”: a rating is a number from 1 to 5."),
    "not_whole": lazy_gettext("“%(column)s” is %(value)s: a rating is a whole number."),
    "outside": lazy_gettext("“%(column)s” is %(value)s: a rating is from 1 to 5."),
    NOT_ASKED: lazy_gettext("This round did not ask %(name)s about that: the answer cannot be counted."),
    "half_self_importance": lazy_gettext("The self-assessment has a level but no importance."),
    "half_self_level": lazy_gettext("The self-assessment has an importance but no level."),
    "half_supervisor_importance": lazy_gettext("The supervisor assessment has a level but no importance."),
    "half_supervisor_level": lazy_gettext("The supervisor assessment has an importance but no level."),
}


def sentence(error: dict[str, Any]) -> str:
    """An error in the reader's language."""
    code = str(error["code"])
    facts = error | ({"column": KNOWN[error["column"]][0]} if "column" in error else {})
    if code == "half":
        code = f"half_{error['source']}_{error['missing']}"
    if code == "unknown_competency" and error["like"]:
        code = "like_competency"
    text = str(SENTENCES[code]) % facts
    return f"{error['sheet']}: {text}" if "sheet" in error else text


def template_columns() -> Columns:
    """As the reader knows them: registry number, name, competency, and four ratings to be filled in."""
    given: list[Any] = [lambda row: row[0].registry_no, lambda row: row[0].name, lambda row: row[1].name_tr]
    return list(zip(HEADINGS, [*given, *[lambda _: None] * len(RATINGS)], strict=True))


def error_columns() -> Columns:
    return [(gettext("Row"), lambda error: error["row"]), (gettext("Problem"), sentence)]


def error_rows(errors: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of the file."""
    return sorted(errors, key=lambda error: (error.get("sheet", ""), int(error["row"])))


def _said(rating: Rating) -> tuple[str, str]:
    """Importance and level in words."""
    if not rating.relevant:
        return (gettext("Not part of my job"),) * 2
    return str(rating.importance or "–"), str(rating.level or "–")


def own_data(caller: Caller, _: object) -> Stored:
    """What was said in needs analyses about what whoever asks can do."""
    rows = tuple(
        (
            in_language(analysis, "name"),
            in_language(competency, "name"),
            rating.source.label,
            *_said(rating),
            in_language(organisation, "name"),
        )
        for analysis, organisation, competency, rating in queries.own(caller.id)
    )
    heads = (
        gettext("Needs analysis round"),
        gettext("Competency"),
        gettext("Source"),
        gettext("Importance"),
        gettext("Current level"),
        gettext("Institution"),
    )
    return Stored(gettext("Ratings"), heads, rows, order=15)
