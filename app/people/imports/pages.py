"""What a preview says, in the reader's language; and its wrong rows as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.access.caller import Caller
from app.language import format_number, gettext, in_language, lazy_gettext
from app.lists.models import Columns
from app.people import queries as people
from app.people.events import EmployeeChanged
from app.people.imports import queries
from app.people.leaving import pages as leaving
from app.people.leaving.models import Leaving
from app.people.matching.columns import LABELS
from app.people.models import Employee, EmploymentType, ImportRowKind, Sex, StaffImport, StaffImportRow

ERRORS = {
    "identity": lazy_gettext("In place of the registry number stands a T.C. identity number, which is not stored."),
    "day": lazy_gettext("In place of the registry number stands a day (%(value)s): make the column text in Excel."),
    "long": lazy_gettext("Too long: %(field)s."),
    "no_registry": lazy_gettext("The registry number is missing."),
    "no_given_name": lazy_gettext("The given name is missing: only one word stands there."),
    "no_family_name": lazy_gettext("The name is missing."),
    "no_unit": lazy_gettext("The unit is missing."),
    "no_title": lazy_gettext("The job title is missing."),
    "no_employment": lazy_gettext("The employment type is missing."),
    "unknown_unit": lazy_gettext("The institution has no unit “%(value)s”."),
    "like_unit": lazy_gettext("The institution has no unit “%(value)s”. Did you mean “%(like)s”?"),
    "unknown_title": lazy_gettext("There is no job title “%(value)s”."),
    "like_title": lazy_gettext("There is no job title “%(value)s”. Did you mean “%(like)s”?"),
    "unknown_employment": lazy_gettext("“%(value)s” is no known employment type."),
    "email": lazy_gettext("“%(value)s” is no e-mail address."),
    "phone": lazy_gettext("“%(value)s” is no phone number."),
    "taken": lazy_gettext("The registry number is already in use. Holder: %(name)s."),
    "left": lazy_gettext("The list says that this person left, and they are not on the staff."),
    "home": lazy_gettext("The row is about another institution: %(value)s."),
    "own_chief": lazy_gettext("Nobody can be their own supervisor."),
    "unknown_chief": lazy_gettext("Nobody with the supervisor's registry number %(value)s works here."),
}
ABOUT_NOBODY = {
    "total": lazy_gettext("totals"),
    "note": lazy_gettext("notes"),
    "signature": lazy_gettext("signatures"),
    "header": lazy_gettext("headings that come again"),
    "section": lazy_gettext("units above their people"),
    "empty": lazy_gettext("rows with nothing known in them"),
}
"""What rows are that hold no person (`files.records.Skipped`)."""
NOTES = {
    "first": lazy_gettext("The same person stands in row %(row)s already; this row is left out."),
    "acting": lazy_gettext(
        "The same person stands in row %(row)s with their own post; here as %(title)s. This row is left out."
    ),
    "also_acting": lazy_gettext("Also stands in the list as %(title)s; their own post counts."),
    "acting_kept": lazy_gettext("%(title)s is an acting post; the job title stays as it is."),
    "sex": lazy_gettext("Sex “%(value)s” is not explained in the file: not stated."),
    "elsewhere": lazy_gettext(
        "This e-mail address is known at another institution too. Whoever coordinates both looks at it."
    ),
}
COLUMNS = {
    "given_name": lazy_gettext("Given name"),
    "family_name": lazy_gettext("Family name"),
    "email": lazy_gettext("Work e-mail"),
    "active": lazy_gettext("Active"),
}


@dataclass(frozen=True)
class Words:
    """What the ids in a preview are called: units and titles, what is nearest to unknown ones, people."""

    units: Mapping[int, str]
    titles: Mapping[int, str]
    near: Mapping[tuple[str, str], str]
    people: Mapping[int, Employee]

    def errors(self, row: StaffImportRow) -> list[str]:
        return [self._error(error) for error in row.facts.get("errors", ())]

    def _error(self, error: Mapping[str, Any]) -> str:
        code, facts = str(error["code"]), dict(error)
        kind = code.removeprefix("unknown_")
        if (kind, str(facts.get("value", ""))) in self.near:
            code, facts["like"] = f"like_{kind}", self.near[kind, facts["value"]]
        if "field" in facts:
            facts["field"] = str(LABELS.get(facts["field"], facts["field"]))
        return str(ERRORS[code]) % facts

    def notes(self, row: StaffImportRow) -> list[str]:
        return [str(NOTES[note["code"]]) % dict(note) for note in row.facts.get("notes", ())]

    def diff(self, row: StaffImportRow) -> list[tuple[str, str, str]]:
        """(what, as it is, as it will be)."""
        return [
            (column_name(name), self._value(name, was), self._value(name, now))
            for name, was, now in row.facts.get("diff", ())
        ]

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if name in ("unit_id", "title_id"):
            return (self.units if name == "unit_id" else self.titles).get(value, "–")
        if name == "active":
            return gettext("Yes") if value else gettext("No")
        kinds = {"employment_type": EmploymentType, "sex": Sex}
        return kinds[name](value).label if name in kinds else str(value)


def column_name(name: str) -> str:
    words = EmployeeChanged.words | COLUMNS | {"supervisor": EmployeeChanged.words["supervisor_id"]}
    return str(words.get(name, name))


def words(found: StaffImport, shown: Sequence[StaffImportRow]) -> Words:
    """For these rows of a preview."""
    home = found.organisation
    units, titles = people.units_and_titles(home)
    near = {}
    finds = {kind: queries.index(home, kind) for kind in ("unit", "title")}
    for kind, word in {
        (error["code"].removeprefix("unknown_"), error["value"])
        for row in shown
        for error in row.facts.get("errors", ())
        if error["code"] in ("unknown_unit", "unknown_title")
    }:
        if (like := finds[kind].nearest(word)) is not None:
            near[kind, word] = dict(units if kind == "unit" else titles)[like]
    twins = {key for row in shown for key in row.facts.get("twins", ())}
    return Words(dict(units), dict(titles), near, queries.people(home, twins) if twins else {})


def kinds(found: StaffImport) -> list[tuple[ImportRowKind, int]]:
    return [(kind, int(found.counts.get("kinds", {}).get(kind.value, 0))) for kind in ImportRowKind]


def wrong(found: StaffImport) -> int:
    """How many rows go back to whoever brought them."""
    return sum(int(found.counts.get("kinds", {}).get(kind.value, 0)) for kind in queries.WRONG)


def wrong_columns(found: StaffImport, told: Words) -> Columns:
    """The columns of the file that are kept, and what is wrong."""

    def cell(field: str) -> Callable[[StaffImportRow], str]:
        return lambda row: str(row.facts.get("cells", {}).get(field, ""))

    def problem(row: StaffImportRow) -> str:
        waits = [gettext("Nobody has said yet who this is.")] if row.kind is ImportRowKind.POSSIBLE else []
        return " ".join([*told.errors(row), *waits])

    kept = [(column["heading"], cell(column["field"])) for column in found.columns if column["field"]]
    return [*kept, (gettext("Error"), problem)]


def hindrance(one: Any) -> str:
    """What stands in the way of taking an import back."""
    name = one.name or gettext("Somebody")
    if one.why:
        return f"{name}: {one.why}"
    if one.by:
        return gettext("%(name)s: changed since by %(by)s", name=name, by=one.by)
    return gettext("%(name)s: changed since", name=name)


@dataclass(frozen=True)
class Unknown:
    """A word of a list nobody knows: in how many rows, what it may be, and whether its function is known."""

    at: int
    word: str
    rows: int
    like: int | None
    function: str


@dataclass(frozen=True)
class Unknowns:
    """Those of one kind (unit, title), and what can be chosen for them."""

    kind: str
    words: Sequence[Unknown]
    choices: Sequence[tuple[int, str]]


def unknown(found: StaffImport) -> list[Unknowns]:
    """Units and titles of a list that are to be told by hand."""
    told = found.counts.get("unknown", {})
    made = []
    for kind, offered in zip(("unit", "title"), people.units_and_titles(found.organisation), strict=True):
        index = queries.index(found.organisation, kind)
        words = [
            Unknown(at, word, rows, index.nearest(word), queries.function_of(word) if kind == "unit" else "")
            for at, (word, rows) in enumerate(told.get(kind, []))
        ]
        if words:
            made.append(Unknowns(kind, words, offered))
    return made


CONSEQUENCES_OF = 20


def consequences(caller: Caller, gone: Sequence[Employee]) -> dict[int, Sequence[Any]]:
    """What hangs on people, where they are few."""
    if len(gone) > CONSEQUENCES_OF:
        return {}
    return {one.id: leaving.consequences(caller, Leaving(one, people.account(one))) for one in gone}


def name_of(thing: Any) -> str:
    return in_language(thing, "name")


def left_out(found: StaffImport) -> list[str]:
    """What of the file is not in the list, so that nothing is left out silently: rows by what they are, and sheets."""
    rows = [
        f"{said} ({format_number(found.skipped[kind])})" for kind, said in ABOUT_NOBODY.items() if kind in found.skipped
    ]
    sheets = found.skipped.get("sheets", [])
    told = [gettext("Rows about nobody: %(rows)s.", rows=", ".join(rows))] if rows else []
    if sheets:
        told.append(gettext("Sheets without a list like the others: %(sheets)s.", sheets=", ".join(sheets)))
    return told
