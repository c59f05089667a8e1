"""A filled workbook: put aside, looked at, then stored as a whole or thrown away."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import Organisation
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.catalogue.models import Competency
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused, Stale
from app.core.identity import without_identity_numbers
from app.language import lazy_gettext
from app.needs.events import RatingsDiscarded, RatingsImported, RatingsStaged
from app.needs.models import AssessmentRound, ImportStatus, Rating, RatingsImport, RoundStatus
from app.needs.ratings import queries, rules
from app.needs.ratings.rules import Key, Values, match
from app.needs.ratings.wide import read_any
from app.needs.ratings.workbook import ParsedRow
from app.needs.rounds.respondents import keep_respondents
from app.needs.services import recompute_needs


@dataclass(frozen=True)
class Workbook:
    """A file as it was read."""

    filename: str
    digest: str
    parsed: Sequence[ParsedRow]


def read_all(
    files: Sequence[tuple[bytes, str]], competencies: Sequence[Competency]
) -> tuple[list[Workbook], list[str]]:
    """Each of these files (bytes, name) that can be read, and a sentence for each that cannot: one bad file keeps none
    of the others out. Refused where none can be read.
    """
    found: list[Workbook] = []
    refusals: list[tuple[str, Refused]] = []
    for data, filename in files:
        try:
            found.append(Workbook(filename, hashlib.sha256(data).hexdigest(), read_any(data, filename, competencies)))
        except Refused as refusal:
            refusals.append((filename, refusal))
    if refusals and len(files) == 1:
        raise refusals[0][1]
    sentences = [f"{without_identity_numbers(filename)}: {refusal.message}" for filename, refusal in refusals]
    if not found:
        raise Refused(" ".join(sentences), field="file")
    return found, sentences


def stage_ratings(
    assessment_round: AssessmentRound, organisation: Organisation, workbook: Workbook, *, by: Caller
) -> RatingsImport:
    """Put a workbook that was read aside: nothing is stored yet. The same bytes still waiting are found again."""
    _must_be_open(assessment_round)
    digest = workbook.digest
    # it may wait already, whoever brought it
    waiting = queries.same_file(EVERYWHERE, assessment_round.id, organisation.id, digest)
    if waiting is not None and waiting.status is ImportStatus.STAGED and waiting.created_by == by.id:
        return waiting
    staff = queries.staff([organisation.id])
    rows, errors = match(workbook.parsed, staff, queries.competencies())
    if assessment_round.designed:
        errors += rules.unasked(rows, queries.asked(assessment_round, organisation.id), staff)
    made = RatingsImport(
        round_id=assessment_round.id,
        organisation_id=organisation.id,
        filename=without_identity_numbers(workbook.filename)[-200:],
        sha256=digest,
        rows=rows,
        errors=errors,
        counts={},
        created_by=by.id,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(RatingsStaged(made.id, assessment_round.id, organisation.id, len(rows), len(errors)), by=by)
    return made


def commit_ratings(ratings_import: RatingsImport, *, state: str, by: Caller) -> None:
    """Store every rating of an import and compute the needs anew; all or nothing.

    `state` is that of the preview the caller saw: Stale when a rating changed since.
    """
    _lock(ratings_import)
    ratings_import.status = ratings_import.status.to(ImportStatus.COMMITTED)
    _must_be_open(ratings_import.round)
    if rules.errors_of(ratings_import):
        raise Refused(lazy_gettext("This file has errors. Correct them in the file and upload it again."))
    asked, known = rules.wanted(ratings_import), queries.stored(ratings_import)
    _must_still_be_there(ratings_import)
    if rules.state_of(known, list(asked)) != state:
        raise Stale(lazy_gettext("Ratings of these people changed after you opened this page. Look at it once more."))
    added, changed = rules.difference(asked, known)
    if not changed and not added:
        raise Refused(lazy_gettext("Every rating in this file is stored already. Nothing would change."))
    for key in changed:
        known[key].importance, known[key].level = asked[key]
        known[key].relevant = True
    people = {employee_id for employee_id, _, _ in asked}
    # before the ratings, which point at them
    keep_respondents(ratings_import.round_id, people)
    _add(ratings_import.round_id, {key: asked[key] for key in added})
    if not ratings_import.round.designed:  # else they follow when it is closed
        recompute_needs(ratings_import.round, people)
    _settle(ratings_import, len(people), len(added), len(changed), len(asked) - len(added) - len(changed), by=by)


def _add(round_id: int, new: Mapping[Key, Values]) -> None:
    rows = [
        {
            "round_id": round_id,
            "employee_id": employee_id,
            "competency_id": competency_id,
            "source": source,
            "importance": importance,
            "level": level,
        }
        for (employee_id, competency_id, source), (importance, level) in new.items()
    ]
    if rows:
        db.session.execute(sa.insert(Rating), rows)


def _settle(ratings_import: RatingsImport, people: int, added: int, changed: int, same: int, *, by: Caller) -> None:
    ratings_import.counts = {
        "people": people,
        "added": added,
        "changed": changed,
        "same": same,
        "skipped": rules.skipped(ratings_import),
    }
    ratings_import.rows = []
    ratings_import.committed_at = now()
    journal.record(
        RatingsImported(
            ratings_import.id,
            ratings_import.round_id,
            ratings_import.organisation_id,
            people,
            added,
            changed,
            same,
        ),
        by=by,
    )


def discard_ratings(ratings_import: RatingsImport, *, by: Caller) -> None:
    """Throw a staged workbook away; its rows go."""
    _lock(ratings_import)
    ratings_import.status = ratings_import.status.to(ImportStatus.DISCARDED)
    ratings_import.rows, ratings_import.errors = [], []
    journal.record(RatingsDiscarded(ratings_import.id), by=by)


def _lock(ratings_import: RatingsImport) -> None:
    """Two who press at once take turns: the second finds it done."""
    db.session.refresh(ratings_import, ["status"], with_for_update=True)


def _must_be_open(assessment_round: AssessmentRound) -> None:
    if assessment_round.status is not RoundStatus.OPEN:
        raise Refused(lazy_gettext("This round is closed and takes no more ratings."), field="round_id")


def _must_still_be_there(ratings_import: RatingsImport) -> None:
    """Whoever the file is about still works where it says, and what they are asked is still asked: nothing and nobody
    was merged or moved meanwhile.
    """
    asked = {row["employee"] for row in ratings_import.rows}
    there = {person.id for person in queries.staff([ratings_import.organisation_id])}
    if asked - there:
        raise Refused(
            lazy_gettext("The staff list of this institution changed after the file was read. Upload the file again.")
        )
    if {row["competency"] for row in ratings_import.rows} - {one.id for one in queries.competencies() if one.active}:
        raise Refused(lazy_gettext("The list of competencies changed after the file was read. Upload the file again."))
