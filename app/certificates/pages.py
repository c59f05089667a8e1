"""What the pages about a session's certificates have in common; what cards and one's own data say of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission
from app.certificates import queries
from app.language import format_date, gettext
from app.training.models import CourseSession
from app.web.parts import Stored, Tally


def to_certify(course_session_id: int, permission: Permission = Permission.CERTIFICATE_ISSUE) -> CourseSession:
    """The session whoever asks runs, with course and province, or Missing."""
    return queries.session_to_certify(caller.scope_for(permission), course_session_id)


def tallies(_: Caller, people: Sequence[int]) -> Tally:
    """Valid certificates of people; whoever asks sees these people."""
    return Tally(gettext("Certificates"), queries.held(people), order=20)


def own_data(caller: Caller, _: object) -> Stored:
    """The certificates of whoever asks, revoked and superseded ones too."""
    rows = tuple(
        (one.number, one.kind.label, one.printed_name, format_date(one.issued_on), one.status.label)
        for one in queries.own(caller.id)
    )
    heads = (gettext("Number"), gettext("Kind"), gettext("Name"), gettext("Date"), gettext("Status"))
    return Stored(gettext("Certificates"), heads, rows, order=30)
