"""An extra off-day tells what it meets."""

from __future__ import annotations

from app.access.caller import Caller
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.core.db import db
from app.training.models import SessionStatus
from tests.conftest import Stage
from tests.counting import statements
from tests.training.stage import MONDAY, Props, at, make


def off_day() -> int:
    day = Holiday(
        date=MONDAY, kind=HolidayKind.FULL, name_tr="İdari izin", name_en="Leave", basis=HolidayBasis.ADMINISTRATIVE
    )
    db.session.add(day)
    db.session.commit()
    return day.id


def test_the_day_lists_its_sittings_with_the_way_to_postpone(stage: Stage, props: Props, open_one: int) -> None:
    key = off_day()
    page = stage.admin.page(f"/settings/holidays/{key}")
    assert "Bu gündeki oturumlar" in page.text and "09:00–10:30" in page.text and "Proje Döngüsü" in page.text
    assert {f"/sessions/{open_one}/sittings", f"/sessions/{open_one}/postpone"} <= set(page.links)


def test_the_finished_is_listed_without_a_way_and_the_cancelled_is_not(stage: Stage, props: Props) -> None:
    finished = make(stage.cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.FINALISED).id
    cancelled = make(stage.cast, at(MONDAY, "11:00-12:30", props.hall), status=SessionStatus.CANCELLED).id
    db.session.commit()
    links = stage.admin.page(f"/settings/holidays/{off_day()}").links
    assert f"/sessions/{finished}/sittings" in links and f"/sessions/{finished}/postpone" not in links
    assert f"/sessions/{cancelled}/sittings" not in links


def test_only_sessions_one_runs(stage: Stage, props: Props, open_one: int) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.training.affected import section, sittings_on

    def who(name: str) -> Caller:
        return caller_of(EVERYWHERE.get(User, stage.cast.users[name]))

    with stage.app.test_request_context():
        assert [each.session_id for each in sittings_on(who("coordinator"), MONDAY)] == [open_one]
        for name in ("coordinator_elsewhere", "trainer", "staff", "viewer"):
            assert section(who(name), MONDAY) is None, name


def test_many_sittings_cost_no_more_statements(stage: Stage, props: Props, open_one: int) -> None:
    make(stage.cast, at(MONDAY, "14:00-15:30", props.spare))
    key = off_day()
    with statements() as seen:
        stage.admin.page(f"/settings/holidays/{key}")
    assert len(seen) <= 8
