"""What stands in the way of a sitting: one test for each row of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.settings.queries import calendar
from app.trainers.absences import services as absences
from app.trainers.models import Trainer
from app.training import queries
from app.training.conflicts import queries as conflicts
from app.training.conflicts.models import Conflict, ConflictKind, Planned, Setting
from app.training.models import AssignmentAnswer, SessionStatus, Sitting, SittingState, TrainerAssignment
from tests.cast import By, Cast
from tests.training.stage import FRIDAY, MONDAY, Props, at, make

Kind = ConflictKind


def find(
    *planned: Planned, capacity: int = 20, step_free: bool = False, province: int = 1, own: int | None = None
) -> list[Conflict]:
    return conflicts.find(planned, Setting(calendar(), capacity, step_free, province, own))


def kinds(*planned: Planned, **setting: object) -> dict[ConflictKind, bool]:
    """Kind → whether it blocks."""
    return {each.kind: each.blocking for each in find(*planned, **setting)}  # type: ignore[arg-type]  # see find


pytestmark = pytest.mark.usefixtures("props")


def test_a_free_room_on_an_ordinary_day_has_no_conflict(props: Props) -> None:
    assert find(at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"])) == []


def test_a_taken_room_blocks_and_names_a_free_one_that_is_large_enough(cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN)
    (found,) = find(at(MONDAY, "10:00-11:00", props.hall), capacity=25)
    assert (found.kind, found.blocking, found.field) == (Kind.ROOM_TAKEN, True, "room_id")
    assert found.sentence == "Salon 07.12.2026 günü dolu: BK-02/1. Aynı saatte boş: Seminer Salonu."


def test_sittings_that_touch_do_not_meet(cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN)
    assert find(at(MONDAY, "10:30-12:00", props.hall)) == []
    assert find(at(MONDAY, "08:00-09:00", props.hall)) == []


def test_a_room_a_draft_holds_only_warns(cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall))
    assert kinds(at(MONDAY, "09:00-10:30", props.hall)) == {Kind.ROOM_HELD: False}


def test_an_online_room_is_never_taken(cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.online), status=SessionStatus.OPEN)
    assert find(at(MONDAY, "09:00-10:30", props.online)) == []


@pytest.mark.parametrize("status", [SessionStatus.CANCELLED, SessionStatus.POSTPONED])
def test_a_session_that_does_not_take_place_is_not_in_the_way(cast: Cast, props: Props, status: SessionStatus) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), status=status)
    assert find(at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"])) == []


def test_a_sitting_that_was_not_held_is_not_in_the_way(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN)
    queries.sittings(made)[0].state = SittingState.NOT_HELD
    db.session.flush()
    assert find(at(MONDAY, "09:00-10:30", props.hall)) == []


def test_a_trainer_in_two_sittings_blocks_and_an_unanswered_assignment_counts(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    make(cast, at(MONDAY, "09:00-10:30", props.hall, umit), status=SessionStatus.OPEN)
    (found,) = find(at(MONDAY, "10:00-11:00", props.spare, umit))
    assert (found.kind, found.blocking, found.field) == (Kind.TRAINER_TAKEN, True, "trainer_ids")
    assert "Ümit Güneş" in found.sentence
    assert "yanıt bekliyor" in found.sentence


def test_an_accepted_assignment_is_not_called_unanswered_and_a_declined_one_does_not_count(
    cast: Cast, props: Props
) -> None:
    umit = props.trainers["umit"]
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, umit), status=SessionStatus.OPEN)
    (assignment,) = queries.assignments(made)
    assignment.answer = AssignmentAnswer.ACCEPTED
    db.session.flush()
    (found,) = find(at(MONDAY, "10:00-11:00", props.spare, umit))
    assert "yanıt bekliyor" not in found.sentence
    assignment.answer = AssignmentAnswer.DECLINED
    db.session.flush()
    assert find(at(MONDAY, "10:00-11:00", props.spare, umit)) == []


def test_a_trainer_in_another_province_the_same_day_warns(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    make(cast, at(MONDAY, "14:00-15:00", props.far, umit), province=2, status=SessionStatus.OPEN)
    assert kinds(at(MONDAY, "09:00-10:30", props.hall, umit)) == {Kind.TRAINER_PROVINCE: False}
    assert kinds(at(MONDAY, "09:00-10:30", props.online, umit)) == {}, "nobody travels to an online room"
    assert kinds(at(MONDAY + timedelta(days=1), "09:00-10:30", props.hall, umit)) == {}


def test_a_trainer_who_is_away_that_day_warns(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    who = EVERYWHERE.get(Trainer, umit)
    absences.add(who, MONDAY, MONDAY + timedelta(days=1), "Yurt dışı", by=By(cast.users["coordinator"]))
    (found,) = find(at(MONDAY + timedelta(days=1), "09:00-10:30", props.hall, umit))
    assert (found.kind, found.blocking, found.field) == (Kind.TRAINER_AWAY, False, "trainer_ids")
    assert found.sentence == "Ümit Güneş 08.12.2026 günü uygun değil. Başka bir eğitmen ya da başka bir gün seçiniz."
    for day in (MONDAY - timedelta(days=3), MONDAY + timedelta(days=4)):
        assert find(at(day, "09:00-10:30", props.hall, umit)) == []
    assert find(at(MONDAY, "09:00-10:30", props.hall, props.trainers["ayla"])) == []


def test_more_than_six_hours_a_day_warns_and_six_do_not(cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    make(cast, at(MONDAY, "09:00-12:00", props.hall, umit), status=SessionStatus.OPEN)
    assert kinds(at(MONDAY, "13:00-16:00", props.hall, umit)) == {}
    assert kinds(at(MONDAY, "13:00-16:01", props.hall, umit)) == {Kind.TRAINER_HOURS: False}


def test_two_sittings_of_one_session_never_overlap_saved_or_not(cast: Cast, props: Props) -> None:
    assert kinds(at(MONDAY, "09:00-10:30", props.hall), at(MONDAY, "10:00-11:30", props.spare)) == {Kind.OVERLAP: True}
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    assert kinds(at(MONDAY, "10:00-11:30"), own=made.id) == {Kind.OVERLAP: True}


def test_a_sitting_that_is_changed_is_not_in_its_own_way(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), status=SessionStatus.OPEN)
    same = replace(
        at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), sitting_id=queries.sittings(made)[0].id
    )
    assert find(same, own=made.id) == []


@pytest.mark.parametrize(
    ("day", "span", "kind", "words", "way_out"),
    [
        (date(2026, 12, 9), "09:00-10:30", Kind.HOLIDAY, "09.12.2026 resmî tatil: Deneme Bayramı.", "10.12.2026"),
        (date(2026, 12, 10), "13:30-15:00", Kind.HALF_HOLIDAY, "Deneme arifesi", "13:00"),
        (date(2026, 12, 17), "09:00-10:30", Kind.OFF_DAY, "İdari izin", "Sonraki iş günü: 18.12.2026."),
        (date(2026, 12, 12), "09:00-10:30", Kind.WEEKEND, "hafta sonu", "14.12.2026"),
        (FRIDAY, "11:00-12:30", Kind.FRIDAY_BREAK, "12:00–14:00", "12:00"),
        (MONDAY, "07:30-09:00", Kind.OUTSIDE_HOURS, "08:00–18:00", "08:00"),
        (MONDAY, "17:00-18:30", Kind.OUTSIDE_HOURS, "08:00–18:00", "18:00"),
    ],
)
def test_remarkable_days_and_hours_warn_and_name_the_way_out(
    day: date, span: str, kind: ConflictKind, words: str, way_out: str
) -> None:
    (found,) = find(at(day, span))
    assert (found.kind, found.blocking) == (kind, False)
    assert words in str(found.message)
    assert way_out in str(found.way_out)
    assert found.sentence.endswith(".")


def test_the_morning_of_a_half_holiday_and_a_friday_around_noon_are_ordinary() -> None:
    assert find(at(date(2026, 12, 10), "09:00-13:00")) == []
    assert find(at(FRIDAY, "10:00-12:00"), at(FRIDAY, "14:00-15:30")) == []


def test_a_room_too_small_or_with_steps_warns(props: Props) -> None:
    assert kinds(at(MONDAY, "09:00-10:30", props.class_room), capacity=21) == {Kind.ROOM_SMALL: False}
    (small,) = find(at(MONDAY, "09:00-10:30", props.class_room), capacity=35)
    assert str(small.way_out) == "Yeterli büyüklükte ve boş: Seminer Salonu."
    (small,) = find(at(MONDAY, "09:00-10:30", props.class_room), capacity=90)
    assert "Kontenjanı düşürün" in small.sentence
    (found,) = find(at(MONDAY, "09:00-10:30", props.class_room), step_free=True)
    assert (found.kind, found.blocking) == (Kind.ROOM_STEPS, False)
    assert "Eğitim Salonu 1" in found.sentence


def test_a_year_without_religious_holidays_warns_once() -> None:
    found = find(at(date(2027, 1, 4), "09:00-10:30"), at(date(2027, 1, 5), "09:00-10:30"))
    assert [(each.kind, each.index) for each in found] == [(Kind.NO_RELIGIOUS_HOLIDAYS, None)]
    assert str(found[0].message) == "2027 yılının dinî bayram tarihleri henüz girilmedi."
    assert "ayarlar" in str(found[0].way_out)


def test_the_same_sentence_is_said_once(cast: Cast, props: Props) -> None:
    day = date(2026, 12, 9)
    assert len(find(at(day, "09:00-10:30"), at(day, "10:45-12:15"))) == 1


def test_a_long_plan_takes_as_many_statements_as_a_short_one(cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN)
    both = tuple(props.trainers.values())
    days = calendar()

    def count(length: int) -> int:
        planned = [at(MONDAY + timedelta(days=n), "09:00-10:30", props.hall, *both) for n in range(length)]
        said: list[str] = []

        def note(*args: object) -> None:
            said.append(str(args[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            conflicts.find(planned, Setting(days, 20, False, 1))
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    assert count(1) == count(60) == 5


def test_the_alarm_stays_silent_for_owned_tables(cast: Cast, props: Props) -> None:
    """Sittings and assignments of foreign provinces are read on purpose; the rows say nothing but a code."""
    make(cast, at(MONDAY, "09:00-10:30", props.far), province=2, status=SessionStatus.OPEN)
    assert kinds(at(MONDAY, "09:00-10:30", props.far), province=2) == {Kind.ROOM_TAKEN: True}
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(Sitting), Sitting)) == 1
    assert (
        db.session.scalar(
            EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(TrainerAssignment), TrainerAssignment)
        )
        == 0
    )
