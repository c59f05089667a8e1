"""A staff list is put aside, its columns are settled, its rows are checked; or it is thrown away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app import refdata
from app.access.caller import Caller
from app.access.models import Organisation, OrganisationKind
from app.access.permissions import Permission
from app.access.scope import EVERYWHERE, within
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.errors import Missing, Refused
from app.core.identity import without_identity_numbers
from app.core.tables.bulk import NewRows, uncollected
from app.jobs import queries as jobs
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job, JobItemStatus
from app.jobs.services import start
from app.language import gettext, language, lazy_gettext
from app.language.turkish import normalise
from app.people.imports import queries
from app.people.imports.workbook import StaffList, packed, unpacked
from app.people.matching.columns import KNOWN, missing, twice
from app.people.matching.places import plain
from app.people.matching.rules import Checked, Outcome, Summary
from app.people.models import EmploymentType, ImportMemory, ImportRowKind, StaffImport, StaffImportRow, Unit
from app.people.models import StaffImportStatus as Status
from app.people.organisations import services as places

AT_ONCE = 2_000
"""So many rows are checked (or stored) while somebody waits; more in the background."""
PARTS = 20
WORDS = 100
"""So many unknown units and titles are told."""


def stage(
    home: Organisation, read: StaffList, *, filename: str, sha256: str, complete: bool, by: Caller
) -> StaffImport:
    """Put a list that was read aside. The same bytes that wait already are found again."""
    waiting = queries.same_file(home, sha256, by.id)
    if waiting is not None:
        waiting.complete = complete
        return waiting
    made = StaffImport(
        organisation_id=home.id,
        filename=without_identity_numbers(normalise(filename))[-200:],
        sha256=sha256,
        complete=complete,
        columns=read.columns,
        source=read.source,
        total=read.total,
        skipped=read.skipped,
        created_by=by.id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def choose_columns(found: StaffImport, meant: Mapping[str, str], employment_type: EmploymentType | None) -> None:
    """What each column is, by its name ("" for nothing); remembered for the institution. The cells of columns that are
    nothing go now.
    """
    _must_wait(found)
    doubled, lacking = twice(meant), missing([field for field in meant.values() if field])
    if doubled:
        raise Refused(lazy_gettext("Two columns cannot be the same. Leave one of them out."), field=doubled[0])
    if lacking:
        raise Refused(
            lazy_gettext(
                "A list needs a column with registry numbers, or at least work e-mails, and one or two with names."
            )
        )
    for column in found.columns:
        if not column["forbidden"] and (column["field"] or "") != meant.get(column["name"], ""):
            remember(found.organisation, "column", column["name"], meant.get(column["name"], ""))
    kept = {name for name, field in meant.items() if field in KNOWN}
    found.columns = [_settled(column, meant) for column in found.columns]
    if any(not column["forbidden"] and not column["field"] for column in found.columns):
        rows = (
            (*head, {name: text for name, text in cells.items() if name in kept})
            for *head, cells in unpacked(queries.source(found))
        )
        found.source = packed(rows)
    found.employment_type = employment_type


def _settled(column: Mapping[str, Any], meant: Mapping[str, str]) -> dict[str, Any]:
    field = None if column["forbidden"] else meant.get(column["name"]) or None
    return dict(column) | {"field": field, "examples": column["examples"] if field else []}


def remember(home: Organisation, kind: str, word: str, meaning: str) -> None:
    """What somebody said a word of the institution's lists means."""
    mine = within(home).select(ImportMemory).where(ImportMemory.kind == kind, ImportMemory.word == word[:200])
    known = db.session.scalar(mine)
    if known is None:
        db.session.add(ImportMemory(organisation_id=home.id, kind=kind, word=word[:200], meaning=meaning))
    else:
        known.meaning = meaning


def name_places(found: StaffImport, kind: str, meant: Mapping[str, int]) -> None:
    """Whatever unit (or title) the words of a list mean, by id; remembered for the institution."""
    _must_wait(found)
    places_of = queries.units if kind == "unit" else queries.titles
    offered = {place.id for place in places_of(found.organisation)}
    for word, key in meant.items():
        if key not in offered:
            raise Missing
        remember(found.organisation, kind, plain(word), str(key))


def add_unit(found: StaffImport, word: str, *, by: Caller) -> Unit:
    """The unit a list names, where its function is a known one, under the name such units usually have."""
    _must_wait(found)
    function = queries.function_of(word)
    row = next((row for row in refdata.load("units") if row["slug"] == function), None)
    if row is None:
        raise Missing
    already = next((one for one in queries.units(found.organisation) if one.key == function), None)
    if already is not None:  # two words of a list named one unit
        return db.session.get_one(Unit, already.id)
    metropolitan = found.organisation.kind is OrganisationKind.METROPOLITAN
    name = row["name_metropolitan_tr"] if metropolitan else row["name_tr"]
    return places.add_unit(found.organisation, function=function, name_tr=name, name_en=row["name_en"], by=by)


def decide(found: StaffImport, choices: Mapping[str, int]) -> None:
    """Whom rows are about, by their position: somebody's id, or 0 for somebody who is not there yet."""
    _must_wait(found)
    known = {str(row.position): row for row in queries.undecided(found)}
    for position, key in choices.items():
        if position not in known or key not in (0, *known[position].facts.get("twins", ())):
            raise Missing
    found.choices = found.choices | dict(choices)


def _must_wait(found: StaffImport) -> None:
    db.session.refresh(found, ["status"], with_for_update=True)
    if found.status not in (Status.READ, Status.CHECKED):
        raise Refused(lazy_gettext("This list is stored, thrown away or being worked on. It can no longer be changed."))


def move(found: StaffImport, to: Status) -> None:
    found.status = found.status.to(to)


# --- checking ------------------------------------------------------------------------------------------


def check(found: StaffImport) -> Iterator[Outcome]:
    """What storing a list would do as things are now: asked for at once, told row by row."""
    return Checked(queries.Lines(found), queries.known(found)).outcomes()


def start_check(found: StaffImport, *, by: Caller) -> Job | None:
    """Check it: a short list at once, a long one in the background."""
    if found.total <= AT_ONCE:
        _check_now(found)
        return None
    if found.status is not Status.CHECKING:  # a check that failed is begun again
        move(found, Status.CHECKING)
    title = gettext("Staff list: %(file)s", file=found.filename)[:250]
    return start(CHECK.name, str(found.id), title, [found.id], {"language": language()}, by=by)


def _check_now(found: StaffImport) -> None:
    _forget_rows(found)
    summary = Summary()
    _shown(found.id, summary.passing(check(found))).insert()
    _checked(found, summary)


def _checked(found: StaffImport, summary: Summary) -> None:
    unknown = {code.removeprefix("unknown_"): words.most_common(WORDS) for code, words in summary.unknown.items()}
    found.counts = {
        "kinds": {kind.value: summary.kinds[kind.value] for kind in ImportRowKind},
        "errors": dict(summary.errors),
        "unknown": {kind: [list(pair) for pair in words] for kind, words in unknown.items()},
        "elsewhere": summary.elsewhere,
    }
    found.state = summary.state
    if found.status is not Status.CHECKED:
        move(found, Status.CHECKED)


def _shown(import_id: int, outcomes: Iterable[Outcome]) -> NewRows:
    """The rows of a preview, not stored yet."""
    rows = NewRows(StaffImportRow, ("import_id", "position", "sheet", "number", "kind", "facts"))
    with uncollected():
        for one in outcomes:
            rows.add(_row(import_id, one))
    return rows


def _row(import_id: int, one: Outcome) -> dict[str, Any]:
    """As the preview shows it; what there is none of is left out."""
    cells = one.line.cells
    facts: dict[str, Any] = {
        "name": cells.get("name") or f"{cells.get('given_name', '')} {cells.get('family_name', '')}".strip(),
        "registry_no": cells.get("registry_no"),
        "unit": cells.get("unit") or one.line.section,
        "title": cells.get("title"),
        "errors": one.errors,
        "notes": one.notes,
        "twins": one.twins,
        "diff": one.diff,
    }
    if one.supervisor and one.person is not None:
        facts["diff"] = [*one.diff, ["supervisor", "", one.supervisor]]
    if one.kind in (ImportRowKind.ERROR, ImportRowKind.POSSIBLE):
        facts["cells"] = dict(cells)
    return {
        "import_id": import_id,
        "position": one.line.position,
        "sheet": one.line.sheet[:100],
        "number": one.line.number,
        "kind": one.kind,
        "facts": {name: value for name, value in facts.items() if value},
    }


def _forget_rows(found: StaffImport, but: Collection[ImportRowKind] = ()) -> None:
    gone = sa.delete(StaffImportRow).where(StaffImportRow.import_id == found.id, StaffImportRow.kind.not_in(but))
    quickly = {"synchronize_session": False}
    db.session.execute(within(found).trusting(gone, StaffImportRow), execution_options=quickly)


def _work(job: Job, items: Sequence[int]) -> Mapping[int, Done]:
    """Check a long list part by part, each while nothing is open, and keep the rows of its preview; whoever throws the
    list away meanwhile ends it. Cut short, it begins again.
    """
    job_id, owner = job.id, jobs.owner(job)
    found = held(job, owner)
    import_id, size, summary = found.id, -(-found.total // PARTS), Summary()
    _forget_rows(found)
    db.session.commit()
    set_writing(False)
    outcomes = summary.passing(check(held(job_of(job_id), owner)))
    writing()
    for part in range(PARTS):
        rows = _shown(import_id, islice(outcomes, size))
        if _wanted(job_id, owner, import_id, part) is None:
            return {item: Done(JobItemStatus.SKIPPED, gettext("Thrown away meanwhile.")) for item in items}
        rows.insert()
        db.session.commit()
    job = job_of(job_id)
    job.done, job.total = 0, len(items)
    _checked(held(job, owner), summary)
    return {item: Done() for item in items}


def _wanted(job_id: int, owner: Caller, import_id: int, part: int) -> StaffImport | None:
    """Say how far it is, and go on only if the list is still wanted."""
    job = job_of(job_id)
    job.done, job.total, job.beat_at = part, PARTS, now()
    db.session.commit()
    found = queries.staff_import(owner.scope_for(Permission.PERSON_IMPORT), import_id)
    if found.status is Status.CHECKING:
        return found
    _forget_rows(found)
    return None


def job_of(job_id: int) -> Job:
    return EVERYWHERE.get(Job, job_id)  # the worker does everybody's


def held(job: Job, owner: Caller) -> StaffImport:
    try:
        return queries.staff_import(owner.scope_for(Permission.PERSON_IMPORT), int(job.subject))
    except Missing:
        raise Refused(gettext("You may no longer import staff of this institution.")) from None


def reading() -> None:
    db.session.rollback()
    set_writing(False)


def writing() -> None:
    db.session.rollback()
    set_writing(True)


CHECK = Kind("staff_check", _work, chunk=1)


# --- what is over --------------------------------------------------------------------------------------


def discard(found: StaffImport) -> None:
    """Throw a list away before it is stored; everything of it goes but that it was there."""
    db.session.refresh(found, ["status"], with_for_update=True)
    move(found, Status.DISCARDED)
    forget(found)


def forget(found: StaffImport, but: Collection[ImportRowKind] = ()) -> None:
    """The rows go, `but` those of some kinds; counts stay."""
    _forget_rows(found, but)
    found.source, found.choices = None, {}
    found.columns = [dict(column) | {"examples": []} for column in found.columns]
    if "unknown" in found.counts:
        found.counts = {name: value for name, value in found.counts.items() if name != "unknown"}


def old_imports(before: datetime) -> sa.Select[Any]:
    """Lists nobody came back to, and stored ones that could still be taken back or have rows to correct."""
    # what is over goes, whosever it was
    return EVERYWHERE.restrict(sa.select(StaffImport.id), StaffImport).where(_past(before))


def forget_imports(before: datetime) -> int:
    old = db.session.scalars(EVERYWHERE.select(StaffImport).where(_past(before))).all()  # the same
    for found in old:
        if found.status.waits:
            found.status = Status.DISCARDED
            forget(found)
        else:
            found.undo, found.missing = {}, []
            _forget_rows(found)
    return len(old)


def _past(before: datetime) -> sa.ColumnElement[bool]:
    waits = StaffImport.status.in_([one for one in Status if one.waits])
    undoable = sa.and_(StaffImport.status == Status.COMMITTED, StaffImport.undo["new"].as_string().is_not(None))
    return sa.or_(sa.and_(waits, StaffImport.created_at < before), sa.and_(undoable, StaffImport.committed_at < before))
