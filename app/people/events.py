from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class PersonViewed(Event):
    """Somebody looked at a person's card, which shows how to reach them."""

    name = "person.viewed"
    employee_id: int


@dataclass(frozen=True)
class EmployeeCreated(Event):
    name = "person.created"
    employee_id: int
    organisation_id: int


@dataclass(frozen=True)
class EmployeeChanged(Event):
    name = "person.changed"
    employee_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class EmployeeActivated(Event):
    """They are back. `active` False stands in older entries only: now it is `EmployeeLeft`."""

    name = "person.activated"
    employee_id: int
    active: bool


@dataclass(frozen=True)
class EmployeeLeft(Event):
    """They left this institution; their records stay. Upper rooms end what they hold for them."""

    name = "person.left"
    employee_id: int
    organisation_id: int


@dataclass(frozen=True)
class EmployeeLinked(Event):
    """An account was given to a person on the staff."""

    name = "person.linked"
    employee_id: int
    user_id: int


@dataclass(frozen=True)
class EmployeeUnlinked(Event):
    """The account of somebody who left goes on with the roles it has elsewhere, as nobody's on the staff."""

    name = "person.unlinked"
    employee_id: int
    user_id: int


@dataclass(frozen=True)
class EmployeesMerged(Event):
    """Two records were one person. Upper rooms move the merged one's rows to the kept one, or refuse."""

    name = "person.merged"
    kept_id: int
    merged_id: int


@dataclass(frozen=True)
class EmployeeTransferred(Event):
    """They work at another institution from now on. `kept`: ids of the enrolments that go along though they are ahead;
    upper rooms end the others.
    """

    name = "person.transferred"
    employee_id: int
    from_id: int
    to_id: int
    fields: tuple[str, ...]
    kept: tuple[int, ...] = ()


@dataclass(frozen=True)
class OrganisationAdded(Event):
    name = "organisation.added"
    organisation_id: int
    kind: str
    province_id: int | None


@dataclass(frozen=True)
class OrganisationChanged(Event):
    name = "organisation.changed"
    organisation_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class UnitAdded(Event):
    name = "unit.added"
    unit_id: int
    organisation_id: int


@dataclass(frozen=True)
class UnitChanged(Event):
    name = "unit.changed"
    unit_id: int
    fields: tuple[str, ...]
