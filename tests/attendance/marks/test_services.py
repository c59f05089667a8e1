"""Marking: what is saved, what is refused, and what two people at once come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.access.scope import EVERYWHERE
from app.attendance import queries, rules
from app.attendance.marks import services
from app.attendance.marks.services import Typed
from app.attendance.models import AttendanceMark, MarkChange, MarkSource, Presence
from app.attendance.sheets import queries as sheets
from app.attendance.sheets import services as sheet_services
from app.audit import journal
from app.audit.journal import SYSTEM
from app.audit.models import AuditEntry
from app.core.db import db
from app.core.errors import Missing, Refused, Stale
from app.enrolment.events import EnrolmentsMerged
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from app.training.sittings import services as sittings
from tests import factories
from tests.attendance.conftest import MUCH_LATER
from tests.cast import DURING, Cast, Group, group, mark


class Someone:
    def __init__(self, id: int) -> None:
        self.id = id


def put(stands: Group, position: int, name: str, word: str, was: str = "", **options: object) -> list[tuple[int, int]]:
    kind, minutes = rules.unspell(word)
    typed = Typed(stands.sittings[position], stands.enrolments[name], was, kind, minutes)
    by = options.pop("by", SYSTEM)
    return services.mark(stands.session, [typed], by=by, **options)  # type: ignore[arg-type]  # passed on as given


def cell(stands: Group, position: int, name: str) -> str:
    found = queries.marks([stands.sittings[position]], [stands.enrolments[name]])
    return next((m.spelled for m in found.values()), "")


def history(stands: Group) -> list[tuple[str, str, str]]:
    rows = db.session.scalars(EVERYWHERE.select(MarkChange).order_by(MarkChange.id))
    return [(row.old, row.new, row.reason) for row in rows]


@pytest.fixture
def during() -> object:
    with time_machine.travel(DURING, tick=False):
        yield


def test_a_mark_and_its_correction_leave_a_history_that_only_grows(cast: Cast, during: None) -> None:
    stands = group(cast)
    put(stands, 0, "elif", "present")
    put(stands, 0, "elif", "late:20", was="present")
    put(stands, 0, "elif", "", was="late:20")
    assert history(stands) == [("", "present", ""), ("present", "late:20", ""), ("late:20", "", "")]
    assert cell(stands, 0, "elif") == ""
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id))
    assert list(events) == ["attendance.marked"] * 3


def test_a_correction_raises_the_version_and_the_same_mark_again_does_nothing(cast: Cast, during: None) -> None:
    stands = group(cast)
    put(stands, 0, "elif", "present")
    assert put(stands, 0, "elif", "absent", was="present")
    assert put(stands, 0, "elif", "absent", was="") == [], "somebody else wanted the same"
    row = db.session.scalars(EVERYWHERE.select(AttendanceMark)).one()
    assert (row.kind, row.version) == (Presence.ABSENT, 2)
    assert len(history(stands)) == 2


def test_the_same_cell_changed_meanwhile_is_told_and_nothing_is_overwritten(cast: Cast, during: None) -> None:
    stands = group(cast)
    put(stands, 0, "elif", "late:20", by=Someone(7))
    with pytest.raises(Stale):
        put(stands, 0, "elif", "present", was="", by=Someone(8))
    assert cell(stands, 0, "elif") == "late:20"


def test_an_import_never_overwrites_a_hand(cast: Cast, during: None) -> None:
    stands = group(cast)
    put(stands, 0, "elif", "absent")
    with pytest.raises(Stale):
        put(stands, 0, "elif", "present", was="absent", source=MarkSource.QR)
    put(stands, 0, "isik", "present", source=MarkSource.QR)
    assert cell(stands, 0, "isik") == "present"


def test_half_an_hour_before_is_the_first_moment(cast: Cast) -> None:
    stands = group(cast)
    begins = DURING - timedelta(minutes=10)
    with time_machine.travel(begins - timedelta(minutes=30, seconds=1), tick=False), pytest.raises(Refused) as refusal:
        put(stands, 0, "elif", "present")
    assert "23.11.2026 08:30" in str(refusal.value.message)
    with time_machine.travel(begins - timedelta(minutes=30), tick=False):
        assert put(stands, 0, "elif", "present")


def test_three_working_days_after_it_locks_and_only_a_reason_opens_it(cast: Cast) -> None:
    stands = group(cast)
    thursday_night = DURING.replace(day=26, hour=20, minute=59)  # 23:59 in Gaziantep
    with time_machine.travel(thursday_night, tick=False):
        assert put(stands, 0, "elif", "present")
    with time_machine.travel(thursday_night + timedelta(minutes=1), tick=False):
        with pytest.raises(Refused):
            put(stands, 0, "isik", "present")
        with pytest.raises(Refused) as refusal:
            put(stands, 0, "isik", "present", may_correct=True)
        assert refusal.value.field == "reason"
        assert put(stands, 0, "isik", "present", may_correct=True, reason="Kâğıt çizelgede imzası var")
    assert history(stands)[-1] == ("", "present", "Kâğıt çizelgede imzası var")


def test_a_weekend_between_moves_the_lock(cast: Cast) -> None:
    stands = group(cast, first_day=DURING.date().replace(day=27))
    tuesday = DURING.replace(month=12, day=2)
    with time_machine.travel(tuesday, tick=False):
        assert put(stands, 0, "elif", "present"), "Friday, then Monday to Wednesday"
    with time_machine.travel(tuesday + timedelta(days=1), tick=False), pytest.raises(Refused):
        put(stands, 0, "isik", "present")


def test_a_closed_sheet_wants_a_reason_until_it_is_reopened(cast: Cast, during: None) -> None:
    stands = group(cast)
    session = EVERYWHERE.get(CourseSession, stands.session)
    sitting = EVERYWHERE.get(Sitting, stands.sittings[0])
    with pytest.raises(Refused):
        sheet_services.close(session, sitting, by=SYSTEM)
    assert services.mark_all_present(sheets.sheet(EVERYWHERE, sitting.id), by=SYSTEM) == 3
    sheet_services.close(session, sitting, by=SYSTEM)
    with pytest.raises(Refused):
        put(stands, 0, "elif", "absent", was="present")
    assert put(stands, 0, "elif", "absent", was="present", may_correct=True, reason="Karıştırılmış")
    sheet_services.reopen(session, sitting, by=SYSTEM)
    assert put(stands, 0, "elif", "present", was="absent")


def test_everyone_present_leaves_exceptions_alone(cast: Cast, during: None) -> None:
    stands = group(cast)
    put(stands, 0, "isik", "absent")
    assert services.mark_all_present(sheets.sheet(EVERYWHERE, stands.sittings[0]), by=SYSTEM) == 2
    assert [cell(stands, 0, name) for name in ("elif", "isik", "sukru")] == ["present", "absent", "present"]


@pytest.mark.parametrize("status", [SessionStatus.DRAFT, SessionStatus.FINALISED, SessionStatus.CANCELLED])
def test_only_open_and_confirmed_sessions_are_marked(cast: Cast, during: None, status: SessionStatus) -> None:
    stands = group(cast, status=status)
    with pytest.raises(Refused):
        put(stands, 0, "elif", "present", may_correct=True, reason="x")


def test_nobody_is_marked_in_a_sitting_that_was_not_held(cast: Cast, during: None) -> None:
    stands = group(cast)
    EVERYWHERE.get(Sitting, stands.sittings[0]).state = SittingState.NOT_HELD
    with pytest.raises(Refused):
        put(stands, 0, "elif", "present")


@pytest.mark.parametrize("word", ["late", "present:5", "late:0", "late:91", "left_early:500"])
def test_minutes_belong_to_late_and_early_and_fit_the_sitting(cast: Cast, during: None, word: str) -> None:
    stands = group(cast)
    with pytest.raises(Refused):
        put(stands, 0, "elif", word)
    assert history(stands) == []


def test_somebody_of_another_session_is_not_here(cast: Cast, during: None) -> None:
    stands, other = group(cast), group(cast, ordinal=4, people=())
    stands.enrolments["zeynep"] = factories.enrolment(other.session, cast.employees["zeynep"]).id
    with pytest.raises(Missing):
        put(stands, 0, "zeynep", "present")


def at_once(app: Flask, *tasks: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, all beginning together; what each returned or raised."""
    barrier, results = Barrier(len(tasks)), [None] * len(tasks)  # type: list[object] | Barrier

    def run(place: int, task: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait(10)
            try:
                results[place] = task()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                results[place] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(place, task)) for place, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_people_at_once_in_different_cells_both_survive(app: Flask, cast: Cast, during: None) -> None:
    stands = group(cast)
    found = at_once(
        app,
        lambda: put(stands, 0, "elif", "present", by=Someone(7)),
        lambda: put(stands, 0, "isik", "absent", by=Someone(8)),
    )
    assert all(isinstance(each, list) for each in found), found
    assert (cell(stands, 0, "elif"), cell(stands, 0, "isik")) == ("present", "absent")


def test_two_people_at_once_in_the_same_cell_one_is_told(app: Flask, cast: Cast, during: None) -> None:
    stands = group(cast)
    found = at_once(
        app,
        lambda: put(stands, 0, "elif", "present", by=Someone(7)),
        lambda: put(stands, 0, "elif", "absent", by=Someone(8)),
    )
    assert sorted(type(each).__name__ for each in found) == ["Stale", "list"], found
    assert len(history(stands)) == 1
    assert cell(stands, 0, "elif") == history(stands)[0][1]


def test_a_sitting_with_marks_is_not_removed(cast: Cast, during: None) -> None:
    stands = group(cast)
    mark(stands, 1, "elif", "present")
    session = EVERYWHERE.get(CourseSession, stands.session)
    with pytest.raises(Refused):
        sittings.remove(session, EVERYWHERE.get(Sitting, stands.sittings[1]), by=SYSTEM)


def test_two_enrolments_of_one_person_keep_the_better_mark_of_each_sitting(cast: Cast) -> None:
    stands = group(cast)
    for position, (kept, other) in enumerate(
        [("absent", "present"), ("present", "absent"), ("", "late"), ("exempt", "")]
    ):
        for name, kind in (("elif", kept), ("isik", other)):
            if kind:
                mark(stands, position, name, kind, 20 if kind == "late" else None)
    with time_machine.travel(MUCH_LATER, tick=False):
        journal.record(EnrolmentsMerged(stands.enrolments["elif"], stands.enrolments["isik"]), by=SYSTEM)
    assert [cell(stands, position, "elif") for position in range(4)] == ["present", "present", "late:20", "exempt"]
    assert cell(stands, 1, "isik") == "absent", "the other's stay where they are"
    assert [(old, new) for old, new, _ in history(stands)] == [("absent", "present"), ("", "late:20")]


def test_each_cell_for_itself_one_that_is_refused_holds_up_no_other(cast: Cast, during: None) -> None:
    stands = group(cast)
    put(stands, 0, "elif", "absent", by=Someone(7))
    keys = {name: (stands.sittings[0], key) for name, key in stands.enrolments.items()}
    typed = [
        Typed(*keys["elif"], "", Presence.PRESENT),
        Typed(*keys["isik"], "", Presence.LATE, 500),
        Typed(*keys["sukru"], "", Presence.PRESENT),
        Typed(stands.sittings[3], stands.enrolments["sukru"], "", Presence.PRESENT),
    ]
    told = services.mark_each(stands.session, typed, by=Someone(8))
    assert told.saved == [keys["sukru"]]
    assert isinstance(told.refused.pop(keys["elif"]), Stale)
    assert {key: str(no.message)[:3] for key, no in told.refused.items()} == {
        keys["isik"]: "Otu",
        (stands.sittings[3], stands.enrolments["sukru"]): "Yok",
    }
    assert [cell(stands, 0, name) for name in ("elif", "isik", "sukru")] == ["absent", "", "present"]
