"""Several certificates of a session end at once."""

from __future__ import annotations

from collections.abc import Collection

from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.certificates import queries as certificates
from app.certificates.corrections import queries
from app.certificates.models import EndReason
from app.certificates.register.services import reissue, revoke
from app.certificates.services import lock, require_finalised
from app.core.errors import Refused
from app.language import lazy_gettext, ngettext
from app.training.events import SessionMoved
from app.training.models import CourseSession, SessionStatus

ENDS = {SessionStatus.CANCELLED.value, SessionStatus.POSTPONED.value}


def settle(
    course_session: CourseSession, chosen: Collection[int], reason: str, *, by: Actor, public: EndReason
) -> tuple[int, int]:
    """Of those a correction has overtaken, replace or revoke these; how many were replaced and how many revoked. All
    of them or, if one is refused, none.
    """
    lock(course_session)
    require_finalised(course_session)
    found = [one for one in queries.overtaken(course_session) if one.certificate.id in chosen]
    if not found:
        raise Refused(lazy_gettext("None of these certificates is overtaken by a correction any more."))
    for one in sorted(found, key=lambda one: one.certificate.id):
        if one.now is None:
            revoke(one.certificate, reason, by=by, public=public)
        else:
            reissue(one.certificate, reason, by=by, public=public)
    replaced = sum(one.now is not None for one in found)
    return replaced, len(found) - replaced


def revoke_several(
    course_session: CourseSession, chosen: Collection[int], reason: str, *, by: Actor, public: EndReason
) -> int:
    """Revoke these of its valid certificates; how many they were."""
    lock(course_session)
    found = [one for one in queries.valid(course_session) if one.id in chosen]
    for one in sorted(found, key=lambda one: one.id):
        revoke(one, reason, by=by, public=public)
    return len(found)


def keep_while_certified(event: SessionMoved, by: Actor) -> None:
    """A session that was opened again and has valid certificates is finalised again, and nothing else."""
    if event.now not in ENDS:
        return
    # whoever moved it has loaded it through a scope
    held = len(certificates.valid_ids(EVERYWHERE.get(CourseSession, event.course_session_id)))
    if held:
        raise Refused(
            ngettext(
                "%(num)s valid certificate rests on this course session. Revoke it first.",
                "%(num)s valid certificates rest on this course session. Revoke them first.",
                held,
            )
        )
