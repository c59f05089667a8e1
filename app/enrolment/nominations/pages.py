"""How several people fared, as messages; and what other rooms' pages show of nominations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flask import flash, request, url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.core.db import typed_id
from app.core.errors import Refused
from app.enrolment.focal_points import focal_points
from app.enrolment.models import SEAT_HOLDING
from app.enrolment.nominations.candidates import NEEDS, Candidate, Wish
from app.enrolment.nominations.places import Places, places
from app.enrolment.nominations.queries import applications, offered, takes
from app.enrolment.nominations.rules import MOST_SAID, Tally, refusals
from app.enrolment.seats.pages import kept
from app.enrolment.seats.rules import Listed
from app.language import gettext, ngettext
from app.people.models import Sex
from app.training.models import CourseSession, Sitting
from app.web.parts import NavItem, Offer, Task


def offers(caller: Caller, course_ids: Collection[int]) -> Iterator[Offer]:
    """The next session of each of these courses that still takes people."""
    may_apply = caller.may(Permission.ENROLMENT_APPLY)
    scope = caller.scope_for(Permission.ENROLMENT_APPLY if may_apply else Permission.SESSION_READ)
    seen: set[int] = set()
    for one in offered(scope, course_ids) if course_ids else ():
        if one.course_id not in seen:
            seen.add(one.course_id)
            url = url_for("sessions.show_session", course_session_id=one.id)
            apply_url = url_for("nominations.apply", key=one.id) if may_apply else None
            yield Offer(one.course_id, one.code, one.starts_on, url, apply_url)


def wished(scope: Scope, course_session: CourseSession) -> tuple[Wish, Places]:
    """Whom the request looks for, and where one may look."""
    there = places(scope, course_session)
    said = request.values
    home, unit, sex, need = (said.get(name, "") for name in ("organisation", "unit", "sex", "need"))
    wish = Wish(
        said.get("q", "")[:100],
        typed_id(home) if typed_id(home) in dict(there.homes) else None,
        unit if unit in dict(there.units) else "",
        Sex(sex) if sex in set(Sex) else None,
        need if need in NEEDS else "",
    )
    return wish, there


def balanced(course_session: CourseSession, found: Listed, ticked: Sequence[Candidate]) -> dict[str, Any]:
    """How seats, women and men, institutions and quotas would stand with those ticked."""
    seated = {row.home_id for row in found.everybody if row.status in SEAT_HOLDING}
    homes = [one.home_id for one in ticked]
    return {
        "taken": found.taken,
        "counts": found.counts.with_more(one.sex for one in ticked),
        "ticked": len(ticked),
        "kept": kept(course_session, found, homes),
        "homes_seated": len(seated.union(homes)),
    }


def told(tally: Tally) -> None:
    """Flash how many got what, and each refusal with those it holds for; where nobody got anything the refusals are
    the answer (Refused).
    """
    refused = refusals(tally)
    if tally.nobody:
        raise Refused(" ".join(line for line, _ in refused[:MOST_SAID]))
    for people, words in (
        (tally.seated, ngettext("%(num)s person enrolled.", "%(num)s people enrolled.", len(tally.seated))),
        (
            tally.waiting,
            ngettext(
                "%(num)s person put on the waiting list.",
                "%(num)s people put on the waiting list.",
                len(tally.waiting),
            ),
        ),
        (tally.nominated, ngettext("%(num)s person nominated.", "%(num)s people nominated.", len(tally.nominated))),
    ):
        if people:
            flash(words)
    for line, _ in refused[:MOST_SAID]:
        flash(line, "warning")
    if len(refused) > MOST_SAID:
        more = sum(people for _, people in refused[MOST_SAID:])
        flash(gettext("%(num)s more could not be added.", num=more), "warning")


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.ENROLMENT_NOMINATE):
        return None
    return NavItem(gettext("Nominations"), url_for("nominations.show_nominations"), "user-plus", 15, place=True)


def tasks(caller: Caller, _: object) -> Iterator[Task]:
    """Applications that wait for a focal point."""
    if not caller.may(Permission.ENROLMENT_NOMINATE):
        return
    number = applications(caller.scope_for(Permission.ENROLMENT_NOMINATE))
    if number:
        yield Task(
            ngettext(
                "%(num)s application is waiting for your approval",
                "%(num)s applications are waiting for your approval",
                number,
            ),
            url_for("nominations.show_nominations"),
            icon="user-check",
            order=20,
        )


def on_opening(caller: Caller, opening: tuple[CourseSession, Sequence[Sitting], Any]) -> list[str]:
    """What the page before opening says of focal points."""
    course_session, sittings, _ = opening
    if not takes(course_session, sittings):
        return [gettext("Nominations are closed by then: no training focal point will be notified.")]
    number = len(focal_points(course_session))
    if not number:
        return [gettext("No institution it is offered to has a training focal point who could be notified.")]
    return [
        ngettext(
            "%(num)s training focal point will be notified by e-mail.",
            "%(num)s training focal points will be notified by e-mail.",
            number,
        )
    ]
