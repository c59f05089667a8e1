"""What a staged workbook would change, looked up afresh each time it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.catalogue.models import Competency
from app.language import in_language
from app.needs import queries
from app.needs.matching import REPEATED
from app.needs.models import ImportStatus, Rating, RatingsImport, RatingSource

Key = tuple[int, int, RatingSource]


@dataclass
class Line:
    """Ratings of one competency in the file, one for each source."""

    name: str
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
    lines: Sequence[Line]
    state: str

    @property
    def changes(self) -> int:
        return self.added + self.changed


def wanted(ratings_import: RatingsImport) -> dict[Key, tuple[int, int]]:
    """Importance and level each (employee, competency, source) of the file would have."""
    found: dict[Key, tuple[int, int]] = {}
    for row in ratings_import.rows:
        own_importance, own_level, importance, level = row["ratings"]
        if own_importance is not None:
            found[row["employee"], row["competency"], RatingSource.SELF] = (own_importance, own_level)
        if importance is not None:
            found[row["employee"], row["competency"], RatingSource.SUPERVISOR] = (importance, level)
    return found


def stored(ratings_import: RatingsImport) -> dict[Key, Rating]:
    """The ratings these people have in the round now."""
    employees = {row["employee"] for row in ratings_import.rows}
    return {
        (rating.employee_id, rating.competency_id, rating.source): rating
        for rating in queries.ratings(ratings_import.round_id, employees)
    }


def state_of(known: dict[Key, Rating], keys: Sequence[Key]) -> str:
    """A fingerprint of the stored ratings a file is about."""
    lines = []
    for key in sorted(keys):
        rating = known.get(key)
        lines.append(f"{key}:{(rating.importance, rating.level) if rating else None}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def preview(ratings_import: RatingsImport) -> Preview:
    """Counts of an import (loaded through a scope) against what is stored now, in three statements."""
    competencies = {c.id: c for c in queries.competencies()}
    known, asked = stored(ratings_import), wanted(ratings_import)
    lines: dict[int, Line] = {}
    for key, values in asked.items():
        employee_id, competency_id, _ = key
        line = lines.setdefault(competency_id, Line(_name(competencies.get(competency_id))))
        line.people.add(employee_id)
        rating = known.get(key)
        if rating is None:
            line.added += 1
        elif (rating.importance, rating.level) == values:
            line.same += 1
        else:
            line.changed += 1
    ordered = sorted(lines.items(), key=lambda pair: competencies[pair[0]].name_sort)
    return Preview(
        people=len({employee_id for employee_id, _, _ in asked}),
        added=sum(line.added for line in lines.values()),
        changed=sum(line.changed for line in lines.values()),
        same=sum(line.same for line in lines.values()),
        skipped=sum(1 for row in ratings_import.rows if all(value is None for value in row["ratings"])),
        errors=errors_of(ratings_import),
        repeats=[error for error in ratings_import.errors if error["code"] == REPEATED],
        lines=[line for _, line in ordered],
        state=state_of(known, list(asked)),
    )


def errors_of(ratings_import: RatingsImport) -> list[dict[str, Any]]:
    """What must be corrected before anything is stored."""
    return [error for error in ratings_import.errors if error["code"] != REPEATED]


def _name(competency: Competency | None) -> str:
    return in_language(competency, "name") if competency else "–"


def is_waiting(ratings_import: RatingsImport) -> bool:
    return ratings_import.status is ImportStatus.STAGED
