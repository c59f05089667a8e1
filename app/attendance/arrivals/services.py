"""Marks as they arrive, one by one or many at once, perhaps a second time; those that come too late are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from app.access.scope import Scope
from app.attendance import queries as attendance
from app.attendance.arrivals import queries
from app.attendance.events import LateMarkDismissed, LateMarkKept
from app.attendance.marks.queries import names
from app.attendance.marks.services import Typed, mark, mark_each
from app.attendance.models import Key, LateMark
from app.attendance.rules import MARKABLE, unspell
from app.attendance.sheets import queries as sheets
from app.attendance.sheets import services as sheet_services
from app.attendance.sheets.queries import Sheet
from app.attendance.sheets.rules import Phase
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Missing, Refused, Stale
from app.language import gettext, lazy_gettext
from app.training import queries as training
from app.training.models import SessionStatus


@dataclass(frozen=True, slots=True)
class Arrived:
    """What somebody tapped: one cell's `word` (`rules.spell`; "" clears it) where it said `was`; with no enrolment,
    that the sheet is closed. `key` is its own for good, however often it is sent.
    """

    key: str
    sitting_id: int
    enrolment_id: int | None
    was: str = ""
    word: str = ""

    @property
    def typed(self) -> Typed:
        return Typed(self.sitting_id, self.enrolment_id or 0, self.was, *unspell(self.word), self.key)


class Became(StrEnum):
    """It stands; it is kept for the coordinator; a rule says no; somebody else was faster."""

    SAVED = "saved"
    LATE = "late"
    REFUSED = "refused"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Answer:
    """`why` it was refused; what `stands` now where it is saved or in a conflict, then with whose hand that was (`by`).
    Of what was saved before, and its answer lost, another hand may have made something else since.
    """

    key: str
    became: Became
    why: str = ""
    stands: str = ""
    by: str = ""


def take(scope: Scope, arrived: Sequence[Arrived], *, by: Actor) -> list[Answer]:
    """Carry out what arrived, in its order; one that is refused does not stop the others."""
    answers: list[Answer] = []
    done, kept = queries.known({each.key for each in arrived})
    for sitting_id, group in groupby(arrived, lambda each: each.sitting_id):
        items = list(group)
        answers += _again(sitting_id, [each for each in items if each.key in done])
        answers += [Answer(each.key, Became.LATE) for each in items if each.key in kept]
        fresh = [each for each in items if each.key not in done | kept]
        try:
            sheet = sheets.sheet(scope, sitting_id)
        except Missing:
            why = gettext("This sitting is not there any more, or no longer yours.")
            answers += [Answer(each.key, Became.REFUSED, why) for each in fresh]
            continue
        for closing, some in groupby(fresh, lambda each: each.enrolment_id is None):
            one_kind = list(some)
            answers += _close(scope, one_kind, by=by) if closing else _marks(sheet, one_kind, by=by)
    return answers


def _again(sitting_id: int, arrived: Sequence[Arrived]) -> list[Answer]:
    if not arrived:
        return []
    stands = attendance.marks([sitting_id], [each.typed.enrolment_id for each in arrived])
    found = [(each, stands.get(each.typed.key)) for each in arrived]
    return [Answer(each.key, Became.SAVED, stands=mark.spelled if mark else "") for each, mark in found]


def _close(scope: Scope, arrived: Sequence[Arrived], *, by: Actor) -> list[Answer]:
    sitting = training.sitting(scope, arrived[0].sitting_id)
    try:
        sheet_services.close(sitting.course_session, sitting, by=by)
    except Refused as refusal:
        return [Answer(each.key, Became.REFUSED, str(refusal.message)) for each in arrived]
    return [Answer(each.key, Became.SAVED) for each in arrived]


def _marks(sheet: Sheet, arrived: Sequence[Arrived], *, by: Actor) -> list[Answer]:
    """Many cost hardly more than one. Of two about one cell, which our script never sends at once, the second waits."""
    cells: dict[Key, Arrived] = {}
    for each in arrived:
        cells.setdefault(each.typed.key, each)
    refused: dict[Key, Refused | Missing] = {}
    try:
        refused |= mark_each(sheet.course_session_id, [each.typed for each in cells.values()], by=by).refused
    except (Refused, Missing) as refusal:
        if len(cells) > 1:  # perhaps one has no seat any more
            return [answer for each in cells.values() for answer in _marks(sheet, [each], by=by)]
        refused[arrived[0].typed.key] = refusal
    same = [each for key, each in cells.items() if key not in refused and each.was == each.word]  # it changes nothing
    found = {answer.key: answer for answer in _again(sheet.id, same)}
    for key, each in cells.items():
        if key in refused:
            found[each.key] = _not_taken(sheet, each, refused[key], by=by)
        elif each.key not in found:
            found[each.key] = Answer(each.key, Became.SAVED, stands=each.word)
    return [found[each.key] for each in cells.values()]


def _not_taken(sheet: Sheet, one: Arrived, refusal: Refused | Missing, *, by: Actor) -> Answer:
    if isinstance(refusal, Missing):
        return Answer(one.key, Became.REFUSED, gettext("This person has no seat here any more."))
    stands = attendance.marks([one.sitting_id], [one.typed.enrolment_id]).get(one.typed.key)
    there = stands.spelled if stands else ""
    if isinstance(refusal, Stale):
        hand = stands.by_id if stands else None
        return Answer(one.key, Became.CONFLICT, "", there, names([hand]).get(hand or 0, ""))
    if not _shut(sheet):
        return Answer(one.key, Became.REFUSED, str(refusal.message))
    if there == one.word:
        return Answer(one.key, Became.SAVED, stands=there)
    _keep(one, by=by)
    return Answer(one.key, Became.LATE)


def _shut(sheet: Sheet) -> bool:
    """Whether the sheet is locked, as it stands now that its row is held: it may have been closed a moment ago."""
    held = sheets.held(sheet.course_session_id, [sheet.id])[sheet.id]
    locked = sheets.phases([held], held.lock_days)[held.id] is Phase.LOCKED
    return held.status is SessionStatus.FINALISED or (held.status in MARKABLE and (held.closed or locked))


def _keep(one: Arrived, *, by: Actor) -> None:
    """For the coordinator. Of two of one hand about one cell the later is what was meant."""
    for earlier in queries.undecided(one.sitting_id, one.typed.enrolment_id, by.id):
        _decide(earlier, accepted=False, by=by)
    db.session.add(
        LateMark(
            sitting_id=one.sitting_id,
            enrolment_id=one.typed.enrolment_id,
            word=one.word,
            request_key=one.key,
            by_id=by.id,
        )
    )
    db.session.flush()
    journal.record(LateMarkKept(one.sitting_id, one.typed.enrolment_id), by=by)


def _decide(late: LateMark, *, accepted: bool, by: Actor) -> None:
    late.accepted, late.decided_by, late.decided_at = accepted, by.id, now()


# --- whoever runs the session decides ---------------------------------------------------------------------


def accept(sheet: Sheet, chosen: Mapping[int, str], reason: str, *, by: Actor) -> int:
    """These late marks (by id, each with what the page said stands in its cell) are written, with one reason for all;
    how many they were. Stale where a cell was changed meanwhile.
    """
    if not reason.strip():
        raise Refused(lazy_gettext("Please say why."), field="reason")
    found = _chosen(sheet, chosen)
    typed = [Typed(sheet.id, each.enrolment_id, chosen[each.id], *unspell(each.word)) for each in found]
    mark(sheet.course_session_id, typed, by=by, may_correct=True, reason=reason)
    for each in found:
        _decide(each, accepted=True, by=by)
    return len(found)


def dismiss(sheet: Sheet, chosen: Collection[int], *, by: Actor) -> int:
    """These late marks are set aside; how many they were."""
    found = _chosen(sheet, chosen)
    for each in found:
        _decide(each, accepted=False, by=by)
        journal.record(LateMarkDismissed(sheet.id, each.enrolment_id), by=by)
    return len(found)


def _chosen(sheet: Sheet, ids: Collection[int]) -> list[LateMark]:
    found = queries.chosen(sheet.id, ids)
    if not found:
        raise Refused(lazy_gettext("Choose at least one mark."))
    if len({each.enrolment_id for each in found}) < len(found):
        raise Refused(lazy_gettext("Two marks of one person are chosen. Choose one of them."))
    return found
