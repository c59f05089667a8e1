"""Which role may do what. The matrix role × endpoint that follows stands in tests/laws/policy.csv."""

from __future__ import annotations

from enum import StrEnum

from app.core.status import Worded


class Permission(StrEnum):
    ORGANISATION_READ = "organisation:read"
    ORGANISATION_WRITE = "organisation:write"
    PERSON_READ = "person:read"
    PERSON_WRITE = "person:write"
    PERSON_MERGE = "person:merge"
    PERSON_IMPORT = "person:import"
    USER_READ = "user:read"
    USER_WRITE = "user:write"
    ACCESS_GIVE = "access:give"
    COURSE_READ = "course:read"
    COURSE_WRITE = "course:write"
    REFERENCE_READ = "reference:read"
    REFERENCE_WRITE = "reference:write"
    VENUE_READ = "venue:read"
    VENUE_WRITE = "venue:write"
    TRAINER_READ = "trainer:read"
    TRAINER_WRITE = "trainer:write"
    NEED_READ = "need:read"
    NEED_IMPORT = "need:import"
    NEED_RUN = "need:run"
    PLAN_READ = "plan:read"
    PLAN_WRITE = "plan:write"
    PLAN_APPROVE = "plan:approve"
    SESSION_READ = "session:read"
    SESSION_WRITE = "session:write"
    ENROLMENT_READ = "enrolment:read"
    ENROLMENT_WRITE = "enrolment:write"
    ENROLMENT_NOMINATE = "enrolment:nominate"
    ENROLMENT_APPLY = "enrolment:apply"
    ATTENDANCE_READ = "attendance:read"
    ATTENDANCE_TAKE = "attendance:take"
    ATTENDANCE_CORRECT = "attendance:correct"
    SCORE_WRITE = "score:write"
    SESSION_FINALISE = "session:finalise"
    SESSION_REOPEN = "session:reopen"
    CERTIFICATE_READ = "certificate:read"
    CERTIFICATE_ISSUE = "certificate:issue"
    CERTIFICATE_REVOKE = "certificate:revoke"
    MAIL_READ = "mail:read"
    MAIL_WRITE = "mail:write"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_WRITE = "programme:write"
    PROGRAMME_APPROVE = "programme:approve"
    REPORT_READ = "report:read"
    SEARCH = "search"
    SETTINGS_WRITE = "settings:write"
    AUDIT_READ = "audit:read"


class Role(Worded):
    ADMINISTRATOR = "administrator", "Programme administrator"
    COORDINATOR = "coordinator", "Provincial coordinator"
    FOCAL_POINT = "focal_point", "Institution training focal point"
    TRAINER = "trainer", "Trainer"
    STAFF = "staff", "Staff member"
    VIEWER = "viewer", "Viewer"


P = Permission
_OWN = frozenset({P.COURSE_READ, P.SESSION_READ, P.ENROLMENT_READ, P.CERTIFICATE_READ})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(P) - {P.ENROLMENT_APPLY, P.ENROLMENT_NOMINATE},
    Role.COORDINATOR: frozenset(P)
    - {P.ENROLMENT_APPLY, P.ENROLMENT_NOMINATE, P.SESSION_REOPEN, P.PLAN_APPROVE, P.PROGRAMME_APPROVE}
    - {P.REFERENCE_WRITE, P.SETTINGS_WRITE, P.AUDIT_READ},
    Role.FOCAL_POINT: _OWN
    | {
        P.ORGANISATION_READ,
        P.PERSON_READ,
        P.PERSON_WRITE,
        P.ACCESS_GIVE,
        P.PERSON_IMPORT,
        P.NEED_READ,
        P.PLAN_READ,
        P.PROGRAMME_READ,
        P.ENROLMENT_NOMINATE,
        P.MAIL_READ,
        P.SEARCH,
    },
    Role.TRAINER: frozenset(
        {
            P.COURSE_READ,
            P.SESSION_READ,
            P.ENROLMENT_READ,
            P.ATTENDANCE_READ,
            P.ATTENDANCE_TAKE,
            P.SCORE_WRITE,
            P.CERTIFICATE_READ,
        }
    ),
    Role.STAFF: _OWN | {P.ENROLMENT_APPLY},
    Role.VIEWER: frozenset({P.REPORT_READ}),
}

RANK = [Role.ADMINISTRATOR, Role.COORDINATOR, Role.FOCAL_POINT, Role.TRAINER, Role.STAFF, Role.VIEWER]


def below(role: Role) -> frozenset[Role]:
    """The roles that stand below one's own, which is as far as one may grant."""
    if role is Role.ADMINISTRATOR:
        return frozenset(Role)
    if role is Role.COORDINATOR:
        return frozenset({Role.FOCAL_POINT, Role.TRAINER, Role.STAFF})
    if role is Role.FOCAL_POINT:
        return frozenset({Role.STAFF})
    return frozenset()
