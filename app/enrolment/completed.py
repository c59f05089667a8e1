"""Which courses people have completed. Outcomes are kept above this room: who knows them registers here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

Provider = Callable[[Collection[int], Collection[int]], Mapping[int, Collection[int]]]
"""(employee ids, course ids) → those of the courses each of them has completed. Asked once for many people."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def completed_courses(employee_ids: Collection[int], course_ids: Collection[int]) -> dict[int, set[int]]:
    """What each of these people has completed of these courses; people without any are left out."""
    found: dict[int, set[int]] = {}
    if not employee_ids or not course_ids:
        return found
    for provider in _providers:
        for employee_id, courses in provider(employee_ids, course_ids).items():
            found.setdefault(employee_id, set()).update(courses)
    return found
