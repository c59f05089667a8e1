"""Rows of a staff list meet the people of the institution: who is new, who is another, who is perhaps somebody."""

from __future__ import annotations

import hashlib
import marshal
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from app.people.matching import names
from app.people.matching.places import Index, plain
from app.people.matching.reading import FIELDS, Line, Meant, key_of, meant
from app.people.models import EmploymentType, ImportRowKind, Sex

MOST_TWINS = 3
COMPARED = 3_000_000
"""Names of the list times names of the staff: with more only names that end alike are compared."""
NEEDED = {
    "registry_no": "no_registry",
    "given_name": "no_given_name",
    "family_name": "no_family_name",
    "unit_id": "no_unit",
    "title_id": "no_title",
    "employment_type": "no_employment",
}


class Person(NamedTuple):
    """Somebody on the staff, as they are stored."""

    id: int
    given_name: str
    family_name: str
    registry_no: str
    registry_key: str
    unit_id: int
    title_id: int
    employment_type: EmploymentType
    sex: Sex
    email: str
    phone: str
    supervisor_id: int | None
    active: bool
    version: int

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class Known:
    """What rows are held against. `choices`: by position of a row whom somebody said it is about (0: somebody else).
    `homes`: folded names of the institution; `elsewhere`: addresses of people of others.
    """

    staff: Sequence[Person]
    units: Index
    titles: Index
    homes: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    choices: Mapping[str, int] = field(default_factory=dict)
    employment_type: EmploymentType | None = None


@dataclass(slots=True)
class Outcome:
    """What becomes of a row: `values` are the columns to write, `supervisor` the folded number of a new one."""

    kind: ImportRowKind
    line: Line
    person: Person | None = None
    values: dict[str, Any] = field(default_factory=dict)
    supervisor: str = ""
    leaves: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    twins: list[int] = field(default_factory=list)

    @property
    def diff(self) -> list[list[Any]]:
        """(column, as it is, as it will be) of somebody who is there."""
        if self.person is None:
            return []
        return [[name, getattr(self.person, name), value] for name, value in self.values.items()]


class Checked:
    """The rows of a list, one after another, which are gone through more than once; nothing is asked meanwhile."""

    def __init__(self, lines: Iterable[Line], known: Known) -> None:
        self.known, self.lines = known, lines
        self.by_id = {person.id: person for person in known.staff}
        self.by_key: dict[str, Person] = {}
        self.by_email: dict[str, Person | None] = {}
        for person in sorted(known.staff, key=lambda one: not one.active):
            self.by_key.setdefault(person.registry_key, person)
            if person.email and person.active:
                # an address several share is nobody's
                self.by_email[person.email] = None if person.email in self.by_email else person
        counts = Counter(key_of(line.cells.get("registry_no", "")) for line in lines)
        rows = counts.total()
        del counts[""]
        self._keys = counts.keys()
        self._main = self._main_posts({key for key, count in counts.items() if count > 1})
        self._taken: dict[int, tuple[int, int]] = {}
        self._free = [one for one in known.staff if one.registry_key not in self._keys]
        self._names = _Names(self._free, rows)
        self._short = Counter(_bare(one.registry_key) for one in known.staff)
        self._bare = {_bare(one.registry_key): one for one in self._free}

    def outcomes(self) -> Iterator[Outcome]:
        main = {row.line.position: row for row in self._main.values()}
        return (self._outcome(main.get(line.position) or self._meant(line)) for line in self.lines)

    def _meant(self, line: Line) -> Meant:
        return meant(line, self.known.units, self.known.titles)

    def _main_posts(self, several: Collection[str]) -> dict[str, Meant]:
        """By folded number the row that counts where several have it: the first that is no acting post, nor wrong."""
        those: dict[str, list[Meant]] = defaultdict(list)
        for line in self.lines if several else ():
            if (key := key_of(line.cells.get("registry_no", ""))) in several:
                those[key].append(self._meant(line))
        found = {}
        for key, rows in those.items():
            found[key] = min(rows, key=lambda row: (bool(row.errors), bool(row.acting), row.line.position))
            acting = [row.acting for row in rows if row.acting and row is not found[key]]
            found[key].notes += [{"code": "also_acting", "title": title} for title in acting]
        return found

    def _outcome(self, row: Meant) -> Outcome:
        main = self._main.get(row.key)
        if main is not None and main is not row:
            note = {"code": "acting", "title": row.acting} if row.acting else {"code": "first"}
            return Outcome(ImportRowKind.REPEATED, row.line, notes=[note | {"row": main.line.number}])
        person, twins = self._who(row)
        made = Outcome(ImportRowKind.NEW, row.line, person, errors=row.errors, notes=row.notes, twins=twins)
        self._home(row)
        self._chief(row, person)
        if twins:
            made.kind = ImportRowKind.POSSIBLE
        elif person is None:
            self._new(row, made)
        else:
            self._known(row, made, person)
        if row.errors:
            made.kind, made.values = ImportRowKind.ERROR, {}
        return made

    # --- who it is ---------------------------------------------------------------------------------

    def _who(self, row: Meant) -> tuple[Person | None, list[int]]:
        """Whom a row is about, or those it may be about."""
        chosen = self.known.choices.get(str(row.line.position))
        if chosen:
            return self.by_id.get(chosen), []
        known = self.by_key.get(row.key) if row.key else None
        if known is not None:
            if chosen == 0 and not self._named_alike(row, known):
                row.wrong("taken", name=known.name)
            return (known, []) if chosen == 0 or self._named_alike(row, known) else (None, [known.id])
        if chosen == 0:
            return None, []
        reached = self.by_email.get(row.values.get("email", ""))
        if reached is not None and reached.registry_key not in self._keys:
            return (reached, []) if self._named_alike(row, reached) else (None, [reached.id])
        shorter = self._bare.get(_bare(row.key)) if row.key else None
        if shorter is not None and self._short[_bare(row.key)] == 1:
            return None, [shorter.id]
        return None, self._names.like(row.name)

    def _named_alike(self, row: Meant, person: Person) -> bool:
        """Not somebody else altogether: one who married keeps a name."""
        if row.name in ("", person.name):
            return True
        one, other = names.folded(row.name), names.folded(person.name)
        return bool(set(one.split()) & set(other.split())) or fuzz.token_sort_ratio(one, other) >= 60

    # --- what becomes of it ------------------------------------------------------------------------

    def _new(self, row: Meant, made: Outcome) -> None:
        values = {"sex": Sex.NOT_STATED, "email": "", "phone": ""} | row.values
        if self.known.employment_type is not None:
            values.setdefault("employment_type", self.known.employment_type)
        lacking = [column for column in NEEDED if column not in values]
        told = {error["code"] for error in row.errors} if lacking else set()
        for column in lacking:
            if not told & _EXPLAINED.get(column, frozenset()):
                row.wrong(NEEDED[column])
        if row.active is False:
            row.wrong("left")
        if row.values.get("email") in self.known.elsewhere:
            row.notes.append({"code": "elsewhere"})
        made.values, made.supervisor = values, row.supervisor

    def _known(self, row: Meant, made: Outcome, person: Person) -> None:
        position, number = self._taken.setdefault(person.id, (row.line.position, row.line.number))
        if position != row.line.position:
            made.kind, made.person = ImportRowKind.REPEATED, None
            made.notes.append({"code": "first", "row": number})
            return
        values = {name: row.values[name] for name in FIELDS if name in row.values}
        whole = f"{values.get('given_name') or person.given_name} {values.get('family_name') or person.family_name}"
        if not names.changes(whole, person.name):
            values.pop("given_name", None)
            values.pop("family_name", None)
        if row.acting:
            values.pop("title_id", None)
            row.notes.append({"code": "acting_kept", "title": row.acting})
        if row.key == person.registry_key:
            values.pop("registry_no", None)
        made.values = {name: value for name, value in values.items() if value != getattr(person, name)}
        if row.active is not False and not person.active:
            made.values["active"] = True
        made.leaves = row.active is False and person.active
        chief = self.by_key.get(row.supervisor)
        if row.supervisor and (chief is None or chief.id != person.supervisor_id):
            made.supervisor = row.supervisor
        made.kind = ImportRowKind.CHANGED if made.values or made.supervisor else ImportRowKind.SAME

    def _home(self, row: Meant) -> None:
        home = row.line.cells.get("organisation", "")
        if home and self.known.homes and plain(home) not in self.known.homes:
            row.wrong("home", value=home[:120])

    def _chief(self, row: Meant, person: Person | None) -> None:
        if not row.supervisor or (row.supervisor in self._keys and row.supervisor != row.key):
            return
        chief = self.by_key.get(row.supervisor)
        if row.supervisor == row.key or (person is not None and chief is not None and chief.id == person.id):
            row.wrong("own_chief")
        elif chief is None or not chief.active:
            row.wrong("unknown_chief", value=row.supervisor)


_EXPLAINED = {
    "registry_no": frozenset({"identity", "day", "long"}),
    "unit_id": frozenset({"unknown_unit"}),
    "title_id": frozenset({"unknown_title"}),
    "employment_type": frozenset({"unknown_employment"}),
}


def _bare(key: str) -> str:
    """A number without the zeros a spreadsheet takes off."""
    return key.lstrip("0") or key


class _Names:
    """Finds those of the staff whose names are like one. `rows`: how many names will be asked about."""

    def __init__(self, staff: Iterable[Person], rows: int) -> None:
        self._ids: dict[str, list[int]] = defaultdict(list)
        for person in staff:
            self._ids[names.folded(person.name)].append(person.id)
        self._endings: dict[str, list[str]] = defaultdict(list)
        for name in self._ids:
            self._endings[name.rpartition(" ")[2]].append(name)
        self._whole = list(self._ids) if len(self._ids) * rows <= COMPARED else None
        self._likely = lru_cache(maxsize=4_096)(self._like)  # namesakes; all of a long list would be held for nothing

    def like(self, name: str) -> list[int]:
        """The ids of the likeliest few."""
        if not self._ids:
            return []
        folded = names.folded(name)
        if self._whole is None and folded.rpartition(" ")[2] not in self._endings:
            return []
        return self._likely(folded)

    def _like(self, folded: str) -> list[int]:
        near = self._endings.get(folded.rpartition(" ")[2], [])
        found = {name: 100.0 for name in near if names.alike(folded, name)}
        among = near if self._whole is None else self._whole
        close = process.extract(folded, among, scorer=fuzz.token_sort_ratio, score_cutoff=names.ALIKE, limit=MOST_TWINS)
        found |= {name: score for name, score, _ in close}
        best = sorted(found, key=lambda name: (name != folded, -found[name], name))
        return [key for name in best for key in self._ids[name]][:MOST_TWINS]


class Summary:
    """What a whole list comes to, counted as its rows pass by. `state` changes with whatever storing them would do."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.unknown: dict[str, Counter[str]] = {"unknown_unit": Counter(), "unknown_title": Counter()}
        self.elsewhere = 0
        self._told = hashlib.sha256()
        self._orders: dict[tuple[str, ...], list[str]] = {}

    def passing(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for one in outcomes:
            self._add(one)
            yield one

    def _add(self, one: Outcome) -> None:
        kind = one.kind.value
        self.kinds[kind] += 1
        for error in one.errors:
            self.errors[error["code"]] += 1
            if error["code"] in self.unknown:
                self.unknown[error["code"]][error["value"]] += 1
        if one.notes:
            self.elsewhere += any(note["code"] == "elsewhere" for note in one.notes)
        who = (one.person.id, one.person.version) if one.person is not None else None
        # as plain text: Python writes an enum ten times as slowly
        values = [(name, str(one.values[name])) for name in self._order(one.values)]
        said = (one.line.position, kind, who, values, one.supervisor, one.leaves)
        self._told.update(marshal.dumps(said, 2))  # a format without references: the same for the same rows

    def _order(self, values: Mapping[str, Any]) -> list[str]:
        """The names of the columns in one order; rows of a list have few different ones."""
        found = tuple(values)
        if found not in self._orders:
            self._orders[found] = sorted(found)
        return self._orders[found]

    @property
    def state(self) -> str:
        return self._told.hexdigest()
