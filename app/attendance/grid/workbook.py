"""People of a session and something said of each, as an office file: attendance by sitting, scores by test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.attendance.models import Person
from app.core.db import typed_id
from app.core.errors import Refused, Text
from app.files.bad_file import BadFile, why_not
from app.files.cells import as_text
from app.files.records import Record, Records, read_records
from app.language import gettext, lazy_gettext
from app.language.turkish import search_key
from app.lists.models import Columns

_WHO: dict[str, tuple[str, ...]] = {
    "enrolment": ("Kayıt no", "Enrolment no"),
    "name": ("Adı Soyadı", "Ad Soyad", "Katılımcı", "Personel", "Full name", "Name", "Participant"),
    "institution": ("Kurum", "Kurumu", "Belediye", "Institution"),
}


@dataclass
class Brought:
    """What a file says: by enrolment the texts of its cells by column, empty ones left out, and what was not read."""

    texts: dict[int, dict[str, str]] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)


def read_table(data: bytes, filename: str, people: Sequence[Person], columns: Mapping[str, Sequence[str]]) -> Brought:
    """A file of these people; `columns` gives each column's headings. Refused where it cannot be used at all.

    Somebody is found by the number of the enrolment, else by name (and institution, where there are two of a name).
    """
    try:
        found = read_records(data, filename, {**_WHO, **columns})
    except BadFile as bad:
        raise Refused(why_not(bad), field="file") from bad
    known = {column.field for column in found.columns}
    if not known & {"enrolment", "name"} or not known & set(columns):
        raise Refused(
            lazy_gettext(
                "This file lacks a column of names or numbers, or a column to be read. Take out the list first."
            ),
            field="file",
        )
    brought = Brought(problems=_left_out(found))
    for record in found.records:
        _take(brought, record, people, columns)
    return brought


def people_columns() -> Columns:
    """Those a person is found by again; rows have a `person`."""
    return [
        (gettext("Enrolment no"), lambda row: row.person.enrolment_id),
        (gettext("Full name"), lambda row: row.person.name),
        (gettext("Institution"), lambda row: row.person.organisation),
    ]


def _take(brought: Brought, record: Record, people: Sequence[Person], columns: Mapping[str, Sequence[str]]) -> None:
    texts = {name: as_text(cell).strip() for name, cell in record.cells.filled() if name in columns}
    said = [as_text(record.cells.get(name)) for name in ("enrolment", "name", "institution")]
    meant = _meant(people, *said)
    if len(meant) != 1:
        who = " ".join(filter(None, said))[:80]
        told = gettext("Row %(row)s: nobody of this list is meant for certain: %(who)s.", row=record.number, who=who)
        brought.problems.append(told)
    elif meant[0].enrolment_id in brought.texts:
        told = gettext("Row %(row)s: %(who)s stands here twice.", row=record.number, who=meant[0].name)
        brought.problems.append(told)
    elif record.formulas & set(columns):
        told = gettext("Row %(row)s: %(who)s has formulas. Paste their values.", row=record.number, who=meant[0].name)
        brought.problems.append(told)
    else:
        brought.texts[meant[0].enrolment_id] = texts


def _meant(people: Sequence[Person], number: str, name: str, institution: str) -> list[Person]:
    key = typed_id(number)
    if key is not None:
        return [person for person in people if person.enrolment_id == key]
    named = [person for person in people if search_key(person.name) == search_key(name)]
    if len(named) < 2 or not institution:
        return named
    return [person for person in named if search_key(person.organisation) in search_key(institution)]


def _left_out(found: Records) -> list[Text]:
    """Nothing is left out silently: columns nobody knows, sheets, and rows that are about nobody."""
    columns = [column.heading for column in found.columns if column.field is None and column.heading]
    told: list[Text] = []
    if columns:
        told.append(lazy_gettext("Columns that were not read: %(columns)s", columns=", ".join(columns)[:300]))
    if found.unread:
        told.append(lazy_gettext("Sheets that were not read: %(sheets)s", sheets=", ".join(found.unread)[:300]))
    if found.skipped:
        rows = ", ".join(str(row.number) for row in found.skipped)[:200]
        told.append(lazy_gettext("Rows that are about nobody: %(rows)s", rows=rows))
    return told
