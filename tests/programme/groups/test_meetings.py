"""Meetings: one letter a person for each change, one entry in their calendar, the sheet, who was there."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine

from app.core.clock import at, today
from app.core.db import db
from app.core.errors import Refused
from app.language import format_date, format_date_long
from app.people.events import EmployeeLeft
from app.people.models import Employee
from app.post.calendars import ics
from app.post.models import MessageStatus
from app.programme.groups import services as members
from app.programme.groups.meetings import queries, services
from app.programme.groups.meetings.sheet import replaces
from app.programme.groups.models import Attended, GroupMeeting
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.programme.groups.stage import (
    NOON,
    Sits,
    action,
    group,
    letters,
    meeting,
    member,
    of_meeting,
    of_member,
    sitting,
    the,
    typed_meeting,
)

BY = By(1)


@pytest.fixture
def found(cast: Cast) -> Sits:
    return sitting(cast)


def invited(found: Sits) -> int:
    written = services.invite(meeting(found), by=BY)
    db.session.commit()
    return written


def moved(found: Sits, days: int, **values: object) -> int:
    one = meeting(found)
    told = services.change(one, of_meeting(one, date=one.date + timedelta(days=days), **values), by=BY)
    db.session.commit()
    return told


def test_whoever_is_reached_gets_an_entry_for_their_calendar(found: Sits) -> None:
    assert invited(found) == 2, "of the muhtar there is a phone alone"
    first, second = letters()
    assert (first.to_address, second.to_address) == ("personel@yetkin.example", "selim@zeugma.example")
    assert first.calendar_method == "REQUEST"
    (event,) = ics.read(first.calendar or b"")
    assert (event.start, event.sequence, event.location) == (
        at(meeting(found).date, meeting(found).starts),
        0,
        "Valilik toplantı salonu",
    )
    assert "Toplantı daveti" in first.subject
    _, invites, facts, agenda, attached, _ = first.body.strip().split("\n\n")
    assert facts.endswith("Yer: Valilik toplantı salonu") and agenda.startswith("Gündem:\n"), facts
    assert "Uyum ve sosyal" in invites and attached.startswith("Toplantı, takviminiz için eklenmiştir")
    assert invited(found) == 0, "nobody is told twice"


@pytest.mark.parametrize("letter", ["invitation", "change", "cancellation"])
def test_its_letters_are_reworded_in_the_settings(stage: Stage, letter: str) -> None:
    found = sitting(stage.cast)
    words = {"subject": "{group}, {date}", "opening": "Sayın üyemiz: {group} ({date})", "closing": "", "version": "0"}
    address = f"/settings/texts/programme.groups.{letter}/tr"
    assert "10:00–12:00" in stage.admin.get(address).text, "how it looks"
    assert stage.admin.post(address, data=words).status_code == 303
    invited(found)
    moved(found, 1)
    services.cancel(meeting(found), "Kar", by=BY)
    db.session.commit()
    said = "Uyum ve sosyal hizmetler grubu", format_date(meeting(found).date - timedelta(days=letter == "invitation"))
    (mail, _) = (one for one in letters() if one.subject == ", ".join(said))
    assert f"\n\nSayın üyemiz: {said[0]} ({said[1]})\n\n" in mail.body


def test_of_a_meeting_that_was_held_nobody_is_told_any_more(found: Sits) -> None:
    """Its attendance was entered before its hours were over."""
    with time_machine.travel(at(meeting(found).date, meeting(found).starts)):
        invited(found)
        services.take_minutes(meeting(found), "", {found.members["selim"]: (Attended.PRESENT, "")}, by=BY)
        number = len(letters())
        assert moved(found, 0, place="Başka salon") == 0
        members.add_member(group(found), of_member(), by=BY)
        db.session.commit()
        assert len(letters()) == number


def test_of_two_changes_one_notice_leaves(found: Sits) -> None:
    """The one that waits is taken back before the next is written."""
    invited(found)
    assert moved(found, 1) == 2
    assert moved(found, 2) == 2
    waiting = [one for one in letters() if one.status is MessageStatus.QUEUED]
    assert [one.occasion.split(":")[0] for one in waiting] == ["meeting_change", "meeting_change"]
    assert {ics.read(one.calendar or b"")[0].sequence for one in waiting} == {2}
    assert {ics.read(one.calendar or b"")[0].uid for one in waiting} == {
        ics.read(one.calendar or b"")[0].uid for one in letters()
    }
    assert moved(found, 0) == 0, "nothing changed"


def test_a_letter_of_change_names_the_day_they_were_told(found: Sits) -> None:
    invited(found)
    day = meeting(found).date
    for one in letters():
        one.status = MessageStatus.SENT
    db.session.commit()
    before = f"Önceki tarih: {format_date_long(day)}, 10:00–12:00"
    moved(found, 0, place="Başka salon")
    assert "Önceki tarih" not in letters()[-1].body, "it is another place alone"
    for one in letters():
        one.status = MessageStatus.SENT
    db.session.commit()
    moved(found, 3)
    assert before in letters()[-1].body, letters()[-1].body
    moved(found, 1)
    assert "Önceki tarih" not in letters()[-1].body, "the day they were never told"


def test_it_is_cancelled_in_their_calendars(found: Sits) -> None:
    invited(found)
    assert services.cancel(meeting(found), "Kar", by=BY) == 2
    db.session.commit()
    last = letters()[-1]
    assert (last.calendar_method, "Gerekçe: Kar" in last.body) == ("CANCEL", True)
    assert last.subject.startswith("İptal edildi") and "Bu toplantı iptal edildi" in last.body
    for again in (
        lambda: services.invite(meeting(found), by=BY),
        lambda: services.cancel(meeting(found), "Kar", by=BY),
    ):
        with pytest.raises(Refused, match="iptal"):
            again()


def test_whom_no_letter_reaches_is_named_when_it_is_cancelled(stage: Stage) -> None:
    found = sitting(stage.cast)
    page = f"/programme/meetings/{found.meeting}"
    invited(found)
    assert stage.coordinator.post(f"{page}/cancel", data={"reason": "Kar"}).status_code == 303
    assert "telefonla arayınız: Fatma Ak" in stage.coordinator.page(page).text
    meeting(found).date = today() - timedelta(days=1)
    db.session.commit()
    assert "telefonla arayınız" not in stage.coordinator.page(page).text, "it is too late"


def test_where_nobody_was_invited_nobody_is_said_to_be_told(stage: Stage) -> None:
    found = sitting(stage.cast)
    page = f"/programme/meetings/{found.meeting}"
    form = stage.coordinator.page(f"{page}/cancel")
    assert "Kimse davet edilmedi" in form.text
    typed = typed_meeting(meeting(found).date) | {"agenda": "Yeni gündem"}
    edit = stage.coordinator.page(f"{page}/edit")
    assert stage.coordinator.post(f"{page}/edit", data=edit.hidden(f"{page}/edit") | typed).status_code == 303
    assert stage.coordinator.post(f"{page}/cancel", data={"reason": "Kar"}).status_code == 303
    text = stage.coordinator.page(page).text
    assert "Toplantı iptal edildi." in text and "0 üye" not in text


def test_what_was_decided_was_decided_in_a_meeting_that_was_held(stage: Stage) -> None:
    """None is decided in one to come; one in which something was is not cancelled before that names another."""
    found = sitting(stage.cast)
    page, new = f"/programme/meetings/{found.meeting}", f"/programme/groups/{found.group}/actions/new"
    assert "Yeni eylem" not in stage.coordinator.page(page).text
    choice = f'<option value="{found.meeting}">'
    assert choice not in stage.coordinator.get(new).text.partition('name="meeting_id"')[2]
    meeting(found).date = today()
    db.session.commit()
    action(found).meeting_id = found.meeting
    db.session.commit()
    assert choice in stage.coordinator.get(new).text.partition('name="meeting_id"')[2]
    assert f'href="{page}/cancel"' not in stage.coordinator.get(page).text
    said = stage.coordinator.post(f"{page}/cancel", data={"reason": "Kar"})
    assert (said.status_code, "eylem kararı" in said.text) == (422, True)
    assert meeting(found).cancelled_at is None


def test_who_joins_is_invited_and_who_leaves_is_told(found: Sits) -> None:
    invited(found)
    new = members.add_member(group(found), of_member(), by=BY)
    db.session.commit()
    assert letters()[-1].to_address == "ada@dernek.example"
    members.change_member(group(found), new, of_member(left_on=today()), by=BY)
    db.session.commit()
    last = letters()[-1]
    assert (last.to_address, last.calendar_method) == ("ada@dernek.example", "CANCEL")
    assert "İptal edildi" not in last.subject and "toplantı siz olmadan yapılacak" in last.body


def test_what_is_over_tells_nobody(found: Sits) -> None:
    invited(found)
    before = len(letters())
    with time_machine.travel(at(meeting(found).date, NOON) + timedelta(hours=2)):
        services.change(
            meeting(found),
            of_meeting(meeting(found), place="Başka yer"),
            by=BY,
        )
        db.session.commit()
    assert len(letters()) == before


def test_a_meeting_moved_into_the_past_is_told_to_whoever_expects_it(found: Sits) -> None:
    """Their calendars show the day that is still to come."""
    number = invited(found)
    assert moved(found, -10) == number
    assert {one.calendar_method for one in letters()} == {"REQUEST"}
    assert moved(found, -1) == 0, "one past day for another: nobody waits for either"


def test_a_slip_of_the_year_tells_nobody(found: Sits) -> None:
    """Eleven members were told that the meeting is held without them, on a day before there was a group."""
    invited(found)
    before = len(letters())
    for name in found.members:
        member(found, name).joined_on = today() - timedelta(days=30)
        db.session.commit()
    with pytest.raises(Refused, match="Yıl doğru mu"):
        moved(found, -365)
    db.session.rollback()
    group(found).founded_on = today() - timedelta(days=200)
    db.session.commit()
    with pytest.raises(Refused, match="henüz kurulmamıştı"):
        moved(found, -365)
    db.session.rollback()
    assert len(letters()) == before and moved(found, -10)
    group(found).founded_on = today()
    db.session.commit()
    assert moved(found, 0, agenda="Bütçe") == 0, "what was there before keeps its day"


def test_whoever_does_not_sit_there_on_the_new_day_is_told_that_they_need_not_come(found: Sits) -> None:
    member(found, "selim").left_on = today() + timedelta(days=9)
    db.session.commit()
    invited(found)
    moved(found, 5)
    last = {one.to_address: one.calendar_method for one in letters()}
    assert last["selim@zeugma.example"] == "CANCEL"
    assert list(last.values()).count("CANCEL") == 1


def test_a_meeting_whose_signed_sheet_is_there_was_held(found: Sits) -> None:
    one = meeting(found)
    one.date, one.document_id = today() - timedelta(days=2), factories.document().id
    db.session.commit()
    with pytest.raises(Refused, match="İmzalı"):
        moved(found, 11)
    with pytest.raises(Refused, match="İmzalı"):
        services.cancel(meeting(found), "Yanlışlıkla", by=BY)
    assert moved(found, 0, agenda="Başka") == 0, "what was said of it changes"


def test_a_sheet_that_was_printed_says_that_the_meeting_moved(stage: Stage) -> None:
    found = sitting(stage.cast)
    here = f"/programme/meetings/{found.meeting}"
    assert stage.coordinator.post(f"{here}/sheet").data[:5] == b"%PDF-"
    assert "yeniden yazdırınız" not in stage.coordinator.page(here).text
    assert "İmza çizelgesi yazdırıldı" in stage.coordinator.page(f"{here}/edit").text
    moved(found, 1)
    assert "yeniden yazdırınız" in stage.coordinator.page(here).text
    again = stage.coordinator.post(f"{here}/sheet").data
    assert again[:5] == b"%PDF-"
    assert "yeniden yazdırınız" not in stage.coordinator.page(here).text
    moved(found, 1)
    factories.meeting_attendance(found.meeting, found.members["elif"], Attended.PRESENT)
    db.session.commit()
    assert "yeniden yazdırınız" not in stage.coordinator.page(here).text, "it was held"


def test_the_new_sheet_says_which_it_replaces(found: Sits) -> None:
    services.printed(meeting(found), meeting(found).as_printed, by=BY)
    db.session.commit()
    assert replaces(meeting(found)) == ""
    was = f"{meeting(found).date:%d.%m.%Y} 10:00–12:00"
    moved(found, 1)
    assert was in replaces(meeting(found))


def test_attendance_is_entered_when_it_was_held(found: Sits) -> None:
    """Present, a substitute by name, absent; whoever is left out says nothing."""
    marks = {found.members["elif"]: (Attended.PRESENT, ""), found.members["selim"]: (Attended.SUBSTITUTE, "Ayla Kaya")}
    with pytest.raises(Refused, match="henüz yapılmadı"):
        services.take_minutes(meeting(found), "", marks, by=BY)
    with time_machine.travel(at(meeting(found).date, NOON)):
        services.take_minutes(meeting(found), "Karar", marks, by=BY)
        services.take_minutes(meeting(found), "Karar", dict(list(marks.items())[1:]), by=BY)
        db.session.commit()
        there = queries.attendance(meeting(found))
        assert [(key, row.attended.value, row.substitute) for key, row in there.items()] == [
            (found.members["selim"], "substitute", "Ayla Kaya")
        ]
        with pytest.raises(Refused, match="o tarihte yapıldı"):
            moved(found, 1)


def test_two_who_enter_it_at_once_do_not_overwrite_each_other(stage: Stage) -> None:
    """The version of the meeting counts on, though only its rows changed."""
    found = sitting(stage.cast, days=0)
    here = f"/programme/meetings/{found.meeting}/minutes"
    version = {"version": str(meeting(found).version), "minutes": ""}
    assert stage.coordinator.post(here, data=version | {"m-1": "present"}).status_code == 303
    answer = stage.admin.post(here, data=version | {"m-2": "absent"})
    assert answer.status_code == 409
    assert 'value="absent" checked' in answer.text, "what was typed is not lost"
    assert list(queries.attendance(meeting(found))) == [1]


def test_one_button_marks_all_others_present(stage: Stage) -> None:
    found = sitting(stage.cast, days=0)
    typed = {"version": str(meeting(found).version), "minutes": "", "m-2": "absent", "everybody": "1"}
    assert stage.coordinator.post(f"/programme/meetings/{found.meeting}/minutes", data=typed).status_code == 303
    assert [row.attended.value for row in queries.attendance(meeting(found)).values()] == [
        "present",
        "absent",
        "present",
    ]


@pytest.mark.parametrize(("scan", "says"), [(b"", "Dosya boş"), (b"<html>", "PDF, JPEG")])
def test_a_scan_that_is_none_is_refused_in_words(stage: Stage, scan: bytes, says: str) -> None:
    found = sitting(stage.cast, days=0)
    answer = stage.coordinator.post(
        f"/programme/meetings/{found.meeting}/signed-sheet", data={"file": (BytesIO(scan), "a.pdf")}
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert meeting(found).document_id is None


@pytest.mark.parametrize("typed", [{"ends": "09:00"}, {"place": ""}, {"date": "31.02.2026"}])
def test_a_meeting_that_cannot_be_is_refused(stage: Stage, typed: dict[str, str]) -> None:
    found = sitting(stage.cast)
    answer = stage.coordinator.post(
        f"/programme/groups/{found.group}/meetings/new", data=typed_meeting(today()) | typed
    )
    assert answer.status_code == 422
    assert 'value="Valilik"' in answer.text or not typed.get("place", "x")


def test_another_meeting_in_the_same_hours_is_named(stage: Stage) -> None:
    found = sitting(stage.cast)
    path, day = f"/programme/groups/{found.group}/meetings/new", meeting(found).date
    for hours, named in (({"starts": "11:00", "ends": "13:00"}, True), ({"starts": "13:00", "ends": "14:00"}, False)):
        where = stage.coordinator.post(path, data=typed_meeting(day, **hours)).location
        assert ("başka bir toplantısı" in stage.coordinator.page(where).text) is named


def test_a_group_with_meetings_ahead_does_not_end(stage: Stage) -> None:
    found = sitting(stage.cast)
    stage.coordinator.post(f"/programme/groups/{found.group}/end")
    assert group(found).active


def test_what_was_done_is_said_as_it_is(stage: Stage) -> None:
    """Of a meeting that is over nobody is to be invited, and of whoever was invited nobody again."""
    one, by = sitting(stage.cast), stage.coordinator
    over = typed_meeting(today() - timedelta(days=3))
    assert (
        "Kimlerin katıldığını"
        in by.page(by.post(f"/programme/groups/{one.group}/meetings/new", data=over).location).text
    )
    here = f"/programme/meetings/{one.meeting}"
    for said in ("2 davet yola çıktı", "zaten davetli"):
        by.post(f"{here}/invite")
        assert said in by.page(here).text


def test_an_open_membership_has_one_dash_in_ones_own_data(stage: Stage) -> None:
    sitting(stage.cast)
    text = stage.staff.page("/me/data").text
    assert "Uyum ve sosyal hizmetler grubu" in text and "– –" not in text


def test_members_see_their_meetings_on_their_own_page_and_in_their_calendar(stage: Stage) -> None:
    found = sitting(stage.cast)
    assert "Toplantılarınız" in stage.staff.page("/me").text
    made = stage.staff.post("/me/calendar", data={"name": "Telefonum"}, follow_redirects=True).text
    address = made.split("/calendar/")[1].split(".ics")[0]
    text = stage.nobody.get(f"/calendar/{address}.ics").text
    assert f"UID:meeting-{found.meeting}@" in text
    invited(found)
    moved(found, 1)
    (entry,) = ics.read(next(one for one in letters() if "personel" in one.to_address).calendar or b"")
    text = stage.nobody.get(f"/calendar/{address}.ics").text
    assert f"UID:{entry.uid}" in text and f"UID:meeting-{found.meeting}@" not in text, (
        "one entry, wherever it comes from"
    )
    assert f"SEQUENCE:{entry.sequence + 1}" in text
    assert "Toplantılarınız" not in stage.trainer.page("/me").text
    own = stage.staff.get("/me/data.json").json or {}
    assert any("eylem planı" in part for part in own), "what is stored about her names her membership"


def test_who_leaves_the_institution_leaves_the_group(found: Sits, cast: Cast) -> None:
    invited(found)
    told = len(letters())
    the(Employee, cast.employees["elif"]).active = False
    members.employee_left(EmployeeLeft(cast.employees["elif"], cast.nizip), By(1))
    db.session.commit()
    assert member(found, "elif").left_on == today()
    assert len(letters()) == told, "whoever left is told nothing any more"
    assert the(GroupMeeting, found.meeting).invited_at is not None
