from __future__ import annotations

from app.access.models import OrganisationKind
from app.audit.journal import Event
from app.language import lazy_pgettext


class PersonViewed(Event):
    """Somebody looked at a person's card, which shows how to reach them."""

    name = "person.viewed"
    said = lazy_pgettext("event", "Staff record viewed")
    words = {"employee_id": lazy_pgettext("fact", "Staff member")}
    employee_id: int


class EmployeeCreated(Event):
    name = "person.created"
    said = lazy_pgettext("event", "Staff member added")
    employee_id: int
    organisation_id: int


class EmployeeChanged(Event):
    name = "person.changed"
    said = lazy_pgettext("event", "Staff member changed")
    words = {
        "registry_no": lazy_pgettext("fact", "Registry number"),
        "unit_id": lazy_pgettext("fact", "Unit"),
        "title_id": lazy_pgettext("fact", "Job title"),
        "employment_type": lazy_pgettext("fact", "Employment type"),
        "sex": lazy_pgettext("fact", "Sex"),
        "phone": lazy_pgettext("fact", "Telephone"),
        "supervisor_id": lazy_pgettext("fact", "Supervisor"),
    }
    employee_id: int
    fields: tuple[str, ...]


class EmployeeActivated(Event):
    """They are back. `active` False stands in older entries only: now it is `EmployeeLeft`."""

    name = "person.activated"
    said = lazy_pgettext("event", "Staff member activated or deactivated")
    employee_id: int
    active: bool


class EmployeeLeft(Event):
    """They left this institution; their records stay. Upper rooms end what they hold for them."""

    name = "person.left"
    said = lazy_pgettext("event", "Staff member left")
    employee_id: int
    organisation_id: int


class EmployeeLinked(Event):
    """An account was given to a person on the staff."""

    name = "person.linked"
    said = lazy_pgettext("event", "Account given to a staff member")
    employee_id: int
    user_id: int


class EmployeeUnlinked(Event):
    """The account of somebody who left goes on with the roles it has elsewhere, as nobody's on the staff."""

    name = "person.unlinked"
    said = lazy_pgettext("event", "Account of a former staff member kept")
    employee_id: int
    user_id: int


class EmployeesMerged(Event):
    """Two records were one person. Upper rooms move the merged one's rows to the kept one, or refuse."""

    name = "person.merged"
    said = lazy_pgettext("event", "Staff records merged")
    words = {"kept_id": lazy_pgettext("fact", "Kept record"), "merged_id": lazy_pgettext("fact", "Merged record")}
    ids_of = "person"
    kept_id: int
    merged_id: int


class EmployeeTransferred(Event):
    """They work at another institution from now on. `kept`: ids of the enrolments that go along though they are ahead;
    upper rooms end the others.
    """

    name = "person.transferred"
    said = lazy_pgettext("event", "Staff member transferred")
    words = {
        "from_id": lazy_pgettext("fact", "From"),
        "to_id": lazy_pgettext("fact", "To"),
        "kept": lazy_pgettext("fact", "Places that went along"),
    }
    ids_of = "organisation"
    employee_id: int
    from_id: int
    to_id: int
    fields: tuple[str, ...]
    kept: tuple[int, ...] = ()


class LinkMade(Event):
    """Somebody got a personal link, in a letter or on a slip. What it was made `about` depends on its purpose."""

    name = "person.link_made"
    said = lazy_pgettext("event", "Personal link made")
    words = {"link_id": lazy_pgettext("fact", "Personal link"), "purpose": lazy_pgettext("fact", "Purpose")}
    employee_id: int
    link_id: int
    purpose: str


class LinksRevoked(Event):
    """None of the personal links somebody had leads anywhere any more."""

    name = "person.links_revoked"
    said = lazy_pgettext("event", "Personal links revoked")
    words = {"number": lazy_pgettext("fact", "Number")}
    employee_id: int
    number: int


class LinkActed(Event):
    """Whoever held a personal link did what the entries beside this one say."""

    name = "person.link_acted"
    said = lazy_pgettext("event", "Done through a personal link")
    employee_id: int
    link_id: int


class OrganisationAdded(Event):
    name = "organisation.added"
    said = lazy_pgettext("event", "Institution added")
    values = {"kind": OrganisationKind}
    organisation_id: int
    kind: str
    province_id: int | None


class OrganisationChanged(Event):
    name = "organisation.changed"
    said = lazy_pgettext("event", "Institution changed")
    words = {
        "name_tr": lazy_pgettext("fact", "Turkish name"),
        "name_en": lazy_pgettext("fact", "English name"),
        "short_name": lazy_pgettext("fact", "Short name"),
    }
    organisation_id: int
    fields: tuple[str, ...]


class UnitAdded(Event):
    name = "unit.added"
    said = lazy_pgettext("event", "Unit added")
    unit_id: int
    organisation_id: int


class UnitChanged(Event):
    name = "unit.changed"
    said = lazy_pgettext("event", "Unit changed")
    words = {
        "head_id": lazy_pgettext("fact", "Head of unit"),
        "function": lazy_pgettext("fact", "Function"),
    }
    unit_id: int
    fields: tuple[str, ...]


class StaffImported(Event):
    """A staff list was stored, as a whole: how many people are new, changed, and stood in it without a change.
    `employee_ids`: those that changed, `fields`: what of them.
    """

    name = "staff.imported"
    said = lazy_pgettext("event", "Staff list imported")
    words = {
        "import_id": lazy_pgettext("fact", "Import"),
        "added": lazy_pgettext("fact", "Added"),
        "changed": lazy_pgettext("fact", "Changed"),
        "same": lazy_pgettext("fact", "Unchanged"),
        "employee_ids": lazy_pgettext("fact", "Changed people"),
    }
    import_id: int
    organisation_id: int
    added: int
    changed: int
    same: int
    employee_ids: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()


class StaffImportUndone(Event):
    """It was taken back: people it added are not there any more, those it changed are as before."""

    name = "staff.import_undone"
    said = lazy_pgettext("event", "Staff import taken back")
    words = {"removed": lazy_pgettext("fact", "No longer there"), "restored": lazy_pgettext("fact", "Restored")}
    import_id: int
    organisation_id: int
    removed: int
    restored: int
    employee_ids: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()


class EmployeesToldApart(Event):
    """Two records alike are two people, for good."""

    name = "person.told_apart"
    said = lazy_pgettext("event", "Staff records are two people")
    words = {"first_id": lazy_pgettext("fact", "One record"), "second_id": lazy_pgettext("fact", "Other record")}
    first_id: int
    second_id: int
