"""Rows of a workbook meet the people and competencies they are about; whatever does not fit is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz, process

from app.catalogue.models import Competency
from app.core.identity import without_identity_numbers
from app.language import lazy_gettext
from app.language.turkish import search_key
from app.needs.workbook import KNOWN, ParsedRow
from app.people.models import Employee
from app.people.rules import fold

REPEATED = "repeated"
SIMILAR = 72
SAME_PERSON = 55
"""Of 100: below, two names are two people; spelling, order and a missing second name stay above."""


def match(
    parsed: Sequence[ParsedRow], employees: Sequence[Employee], competencies: Sequence[Competency]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What would be stored, and what is wrong, both in the order of the file.

    A row to be stored is {row, employee, competency, ratings}: ids, and four ratings or None (all None: not relevant
    to the job, counted and left out). An error is {row, code} and what its sentence needs. Where a person and a
    competency come again (questionnaires ask the common block twice when a unit's themes hold it too) the first row
    with ratings counts; a row that says something else is told as `repeated`, which is no error.
    """
    people = {search_key(person.registry_key): person for person in employees}
    names = _names(competencies)
    rows: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    seen: dict[tuple[int, int], dict[str, Any]] = {}
    for row in parsed:
        wrong = list(row.problems)
        person = people.get(search_key(fold(row.registry_no))) if row.registry_no else None
        competency = names.get(search_key(row.competency)) if row.competency else None
        if row.registry_no and person is None:
            wrong.append({"row": row.number, "code": "unknown_registry", "value": row.registry_no})
        elif person is not None and row.name and not _same_person(row.name, person.name):
            wrong.append({"row": row.number, "code": "other_name", "value": row.registry_no, "name": row.name})
        if row.competency and competency is None:
            wrong.append(_unknown_competency(row, competencies))
        errors += [_storable(error) for error in wrong]
        if not wrong and person is not None and competency is not None:
            made = {"row": row.number, "employee": person.id, "competency": competency.id, "ratings": list(row.ratings)}
            first = seen.setdefault((person.id, competency.id), made)
            if first is made:
                rows.append(made)
            elif not any(first["ratings"]):
                first |= made
            elif any(row.ratings) and first["ratings"] != made["ratings"]:
                errors.append({"row": row.number, "code": REPEATED, "first": first["row"]})
    return rows, errors


def _storable(error: dict[str, Any]) -> dict[str, Any]:
    """An error is kept with what the file says, which must not be an identity number."""
    return {key: without_identity_numbers(value) if isinstance(value, str) else value for key, value in error.items()}


def _names(competencies: Sequence[Competency]) -> dict[str, Competency]:
    """Competencies by what a file may call them: Turkish name, English name, slug."""
    found: dict[str, Competency] = {}
    for competency in competencies:
        for text in (competency.name_en, competency.slug, competency.name_tr):
            found[search_key(text)] = competency
    return found


def _same_person(typed: str, known: str) -> bool:
    return fuzz.token_sort_ratio(search_key(typed), search_key(known)) >= SAME_PERSON


def _unknown_competency(row: ParsedRow, competencies: Sequence[Competency]) -> dict[str, Any]:
    choices = {competency.id: search_key(competency.name_tr) for competency in competencies}
    best = process.extractOne(search_key(row.competency), choices, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR)
    like = next((c.name_tr for c in competencies if best is not None and c.id == best[2]), "")
    return {"row": row.number, "code": "unknown_competency", "value": row.competency, "like": like}


SENTENCES = {
    "no_registry": lazy_gettext("The registry number is missing."),
    "no_competency": lazy_gettext("The competency is missing."),
    "unknown_registry": lazy_gettext("Nobody with registry number %(value)s works at this institution."),
    "other_name": lazy_gettext("Registry number %(value)s belongs to somebody else, not to %(name)s."),
    "unknown_competency": lazy_gettext("There is no competency “%(value)s”."),
    "like_competency": lazy_gettext("There is no competency “%(value)s”. Did you mean “%(like)s”?"),
    REPEATED: lazy_gettext("The same person and competency stand in row %(first)s already, rated differently."),
    "formula": lazy_gettext("“%(column)s” holds a formula. Enter its value instead."),
    "not_number": lazy_gettext("“%(column)s” is “%(value)s”: a rating is a number from 1 to 5."),
    "not_whole": lazy_gettext("“%(column)s” is %(value)s: a rating is a whole number."),
    "outside": lazy_gettext("“%(column)s” is %(value)s: a rating is from 1 to 5."),
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
    return str(SENTENCES[code]) % facts
