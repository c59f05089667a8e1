"""Where a lower room's page shows what an upper room knows.

An upper room adds a provider in its `init_app`; the lower page collects. A provider takes (caller, object)
and returns something to show, or nothing.

| slot | object | a provider returns |
|---|---|---|
| `nav` | None | `NavItem`s |
| `sign_in.steps` | User whose password was right | addresses of what is asked besides, before they are signed in |
| `home.tasks` | None | `Task`s |
| `home.counts` | None | `Counted`: a number and its `Task`; all are asked for in one statement |
| `home.notes` | None | `Hit`s: what is good to know at the foot of the first page |
| `me.sections` | None | `Section`s of one's own page; of an order below 0 on its top |
| `me.counts` | None | the same, as `Counted`: a number and its `Section`; all are asked for in one statement |
| `privacy.data` | None | `Stored`: what the room holds about the caller |
| `search.results` | the typed text | `Hits`, or `Sought`: all of these are asked for in one statement |
| `person.sections` | Employee | `Section` |
| `people.tallies` | ids of people | `Tally`s: how many of something they have |
| `feed.events` | User | `post.calendars.ics.CalendarEvent`s of theirs besides their trainings |
| `person.leaving` | people.leaving.models.Leaving | `Consequence`s: what hangs on them, and what becomes of it |
| `user.leaving` | User | `Consequence`s of an account that is deactivated |
| `courses.offers` | ids of courses | `Offer`s: the next session of each the caller could still ask for a place in |
| `course.sections` | Course | `Section` |
| `trainer.sections` | Trainer | `Section` |
| `venue.sections` | Venue | `Section` |
| `room.sections` | Room | `Section` |
| `settings.affected_sittings` | a date | `Section`: what is planned on that day |
| `plan.sessions` | plans.queries.Asked: ids of plan items | `plans.queries.Opened`: what was opened from each |
| `programme.document` | ProgrammeDocument | `programme.documents.pages.Owner`: where it is written, what it says |
| `plan.asked` | the key of a wish | `plans.drafting.models.Wish`: what asks for a row, if the caller may see it |
| `plan.origins` | ids of plan items | `plans.queries.OriginLink`s: what asked for each |
| `plan_item.sections` | PlanItem | `Section` |
| `programme.parts` | None | `programme.parts.Part`s: the rooms of the programme around the training |
| `programme.indicators` | None | `programme.parts.Indicator`s: a number by province, for the picture of the programme |
| `pilot.sections` | Pilot | `Section` beside the course sessions given for it |
| `programme.thread` | (kind, id) of what asks, "finding" and 7 | `Section`: what became of what it asked for |
| `course_session.tabs` | CourseSession | `Tab` |
| `course_session.sections` | CourseSession | `Section` at the foot of its overview |
| `competency.sections` | Competency | `Section` on the page of what a needs analysis found of it |
| `course_session.moves` | CourseSession | `Move`s: transitions served by upper rooms |
| `meeting.moves` | GroupMeeting | `Move`s: what else is done of it |
| `completion.requirements` | CourseSession | `completion.rules.Requirement`s: what else it is finalised by |
| `course_session.opening` | (CourseSession, its sittings, their assignments) | sentences: what opening it sets off |
| `course_session.moving` | CourseSession | sentences: whom another day, room or trainer of it hits |
| `course_session.conflicts` | (CourseSession, planned sittings) | `training.conflicts.models.Conflict`s |
| `enrolment.joining` | CourseSession | sentences for whoever is about to get a seat in it |
| `training.rolls` | ids of sittings | `RollLink`s: the sheet of each whose roll the caller calls, and how far it is |
| `training.kept_sittings` | ids of sittings | those whose date a postponement keeps |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from app.core.hooks import Hook

Provider = Callable[[Any, Any], Any]
PROVIDERS: Hook[dict[str, list[Provider]]] = Hook("slots", lambda: defaultdict(list))


def add(app: Flask, slot: str, provider: Provider) -> None:
    PROVIDERS.on(app)[slot].append(provider)


def collect(slot: str, caller: Any, thing: Any = None) -> list[Any]:
    """Everything the providers of a slot have to show, flattened, in their `order`."""
    found: list[Any] = []
    for provider in PROVIDERS.here[slot]:
        given = provider(caller, thing)
        if given is not None:
            found += list(given) if isinstance(given, Iterable) else [given]
    return sorted(found, key=lambda item: getattr(item, "order", 0))
