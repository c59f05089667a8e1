"""Rows of a workbook meet the people and competencies they are about, and what is stored of them.

Whatever does not fit is said at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from app.catalogue.models import Competency
from app.core.identity import without_identity_numbers
from app.language.turkish import search_key
from app.needs.models import ImportStatus, Rating, RatingsImport, RatingSource
from app.needs.ratings.workbook import LEFT_OUT, ParsedRow
from app.people.models import Employee
from app.people.rules import fold
from app.people.terms import families

REPEATED = "repeated"
NOT_ASKED = "not_asked"
SIMILAR = 72
SAME_PERSON = 55
"""Of 100: below, two names are two people; spelling, order and a missing second name stay above."""


Key = tuple[int, int, RatingSource]
"""Employee, competency, source."""
Values = tuple[int, int]
"""Importance and level."""


@dataclass
class Line:
    """Ratings of one competency in the file, one for each source."""

    competency: Competency
    people: set[int] = field(default_factory=set)
    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Preview:
    """`state`: changes when anything this preview stands on does; the commit names the state it was shown."""

    people: int
    added: int
    changed: int
    same: int
    skipped: int
    errors: Sequence[dict[str, Any]]
    repeats: Sequence[dict[str, Any]]
    left_out: Sequence[dict[str, Any]]
    lines: Sequence[Line]
    state: str

    @property
    def changes(self) -> int:
        return self.added + self.changed


def match(
    parsed: Sequence[ParsedRow], employees: Sequence[Employee], competencies: Sequence[Competency]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What would be stored, and what is wrong, both in the order of the file.

    A row to be stored is {row, employee, competency, ratings}: ids, and four ratings or None (all None: not relevant
    to the job, counted and left out). An error is {row, code} and what its sentence needs. Both name their `sheet`
    where the file has several with ratings. Where a person and a competency come again (questionnaires ask the common
    block twice when a unit's themes hold it too) the first row with ratings counts; a row that says something else is
    told as `repeated`, which is no error.
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
        sheet = {"sheet": row.sheet} if row.sheet else {}
        errors += [_storable(error | sheet) for error in wrong]
        if not wrong and person is not None and competency is not None:
            made = {"row": row.number, "employee": person.id, "competency": competency.id, "ratings": list(row.ratings)}
            made |= sheet
            first = seen.setdefault((person.id, competency.id), made)
            if first is made:
                rows.append(made)
            elif not any(first["ratings"]):
                first |= made
            elif any(row.ratings) and first["ratings"] != made["ratings"]:
                errors.append({"row": row.number, "code": REPEATED, "first": first["row"]} | sheet)
    return rows, errors


def unasked(
    rows: Sequence[dict[str, Any]], asked: Collection[tuple[int, int]], employees: Sequence[Employee]
) -> list[dict[str, Any]]:
    """Errors for rows of a designed round about somebody, or something, it does not ask: whoever was not drawn would
    dilute the weights of those who were. `asked`: employee and competency.
    """
    names = {person.id: person.name for person in employees}
    return [
        {"row": row["row"], "code": NOT_ASKED, "name": names[row["employee"]]}
        | ({"sheet": row["sheet"]} if "sheet" in row else {})
        for row in rows
        if any(row["ratings"]) and (row["employee"], row["competency"]) not in asked
    ]


def _storable(error: dict[str, Any]) -> dict[str, Any]:
    """An error is kept with what the file says, which must not be an identity number."""
    return {key: without_identity_numbers(value) if isinstance(value, str) else value for key, value in error.items()}


def _names(competencies: Sequence[Competency]) -> dict[str, Competency]:
    """Those in use by what a file may call them: any name they or what became part of them ever had, and slugs."""
    found: dict[str, Competency] = {}
    for members in families(competencies).values():
        for text in (text for each in members if members[-1].active for text in (each.slug, *each.names)):
            found[search_key(text)] = members[-1]
    return found


def _same_person(typed: str, known: str) -> bool:
    return fuzz.token_sort_ratio(search_key(typed), search_key(known)) >= SAME_PERSON


def _unknown_competency(row: ParsedRow, competencies: Sequence[Competency]) -> dict[str, Any]:
    choices = {competency.id: search_key(competency.name_tr) for competency in competencies if competency.active}
    best = process.extractOne(search_key(row.competency), choices, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR)
    like = next((c.name_tr for c in competencies if best is not None and c.id == best[2]), "")
    return {"row": row.number, "code": "unknown_competency", "value": row.competency, "like": like}


def wanted(ratings_import: RatingsImport) -> dict[Key, Values]:
    """Importance and level each (employee, competency, source) of the file would have."""
    found: dict[Key, Values] = {}
    for row in ratings_import.rows:
        own_importance, own_level, importance, level = row["ratings"]
        if own_importance is not None:
            found[row["employee"], row["competency"], RatingSource.SELF] = (own_importance, own_level)
        if importance is not None:
            found[row["employee"], row["competency"], RatingSource.SUPERVISOR] = (importance, level)
    return found


def state_of(known: Mapping[Key, Rating], keys: Iterable[Key]) -> str:
    """A fingerprint of the stored ratings a file is about."""
    lines = []
    for key in sorted(keys):
        rating = known.get(key)
        lines.append(f"{key}:{values_of(rating) if rating else None}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def errors_of(ratings_import: RatingsImport) -> list[dict[str, Any]]:
    """What must be corrected before anything is stored."""
    return [error for error in ratings_import.errors if error["code"] not in (REPEATED, LEFT_OUT)]


def is_waiting(ratings_import: RatingsImport) -> bool:
    return ratings_import.status is ImportStatus.STAGED


def skipped(ratings_import: RatingsImport) -> int:
    """Rows that say the competency is not relevant to the job."""
    return sum(1 for row in ratings_import.rows if all(value is None for value in row["ratings"]))


def difference(asked: Mapping[Key, Values], known: Mapping[Key, Rating]) -> tuple[list[Key], list[Key]]:
    """Ratings the file would add, and those it would change, in the order of the file."""
    added = [key for key in asked if key not in known]
    return added, [key for key in asked if key in known and values_of(known[key]) != asked[key]]


def values_of(rating: Rating) -> tuple[int | None, int | None]:
    return rating.importance, rating.level


def preview_of(
    ratings_import: RatingsImport, known: Mapping[Key, Rating], competencies: Iterable[Competency]
) -> Preview:
    """Counts of what the file says against what is stored; its competencies by name."""
    asked = wanted(ratings_import)
    added, changed = map(set, difference(asked, known))
    by_id = {competency.id: competency for competency in competencies}
    lines: dict[int, Line] = {}
    for key in asked:
        employee_id, competency_id, _ = key
        line = lines.setdefault(competency_id, Line(by_id[competency_id]))
        line.people.add(employee_id)
        line.added += key in added
        line.changed += key in changed
        line.same += key not in added and key not in changed
    return Preview(
        people=len({employee_id for employee_id, _, _ in asked}),
        added=len(added),
        changed=len(changed),
        same=len(asked) - len(added) - len(changed),
        skipped=skipped(ratings_import),
        errors=errors_of(ratings_import),
        repeats=[error for error in ratings_import.errors if error["code"] == REPEATED],
        left_out=[error for error in ratings_import.errors if error["code"] == LEFT_OUT],
        lines=sorted(lines.values(), key=lambda line: line.competency.name_sort),
        state=state_of(known, asked),
    )
