"""Members: of an institution we keep or another, on the staff or not; one chair; leaving, merging."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.core.identity import HIDDEN
from app.people.merging.services import merge
from app.people.models import Employee, Sex
from app.post.calendars import ics
from app.programme.groups import queries as groups
from app.programme.groups.meetings import services
from app.programme.groups.models import Attended, GroupMember, MeetingAttendance, Office
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.programme.groups.stage import Sits, action, group, letters, meeting, member, sitting, the
from tests.web.test_at_once import at_once

TYPED = {"institution_type": "ngo", "institution": "Dernek", "name": "Ada Su", "sex": "woman", "office": "member"}


@pytest.fixture
def here(stage: Stage) -> Sits:
    return sitting(stage.cast)


def add(stage: Stage, found: Sits, **typed: str) -> Any:
    return stage.coordinator.post(f"/programme/groups/{found.group}/members/new", data=TYPED | typed)


def test_of_somebody_on_the_staff_the_card_says_who_she_is(stage: Stage, here: Sits) -> None:
    typed = {"colleague": "Işık Çınar · N-002 · Nizip Belediyesi", "name": "Yanlış Ad", "institution": ""}
    assert add(stage, here, **typed).status_code == 303
    made = the(GroupMember, 4)
    assert (made.employee_id, made.name, made.institution) == (stage.cast.employees["isik"], "", "")
    assert made.organisation_id == stage.cast.nizip, "hers, where no other is chosen"
    text = stage.coordinator.page(f"/programme/groups/{here.group}").text
    assert "Işık Çınar" in text
    assert "Yanlış Ad" not in text


@pytest.mark.parametrize(
    "typed",
    [
        {"institution": ""},
        {"name": ""},
        {"colleague": "Kimse"},
        {"joined_on": "2026-05-02", "left_on": "2026-05-01"},
        {"email": "çiğdem@örnek"},
        {"phone": "<script>"},
        {"organisation_id": "3"},
        {"colleague": "Elif Ağaoğlu · N-001 · Nizip Belediyesi"},
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(stage: Stage, here: Sits, typed: dict[str, str]) -> None:
    answer = add(stage, here, **typed)
    assert answer.status_code == 422
    assert typed.get("name") == "" or 'value="Ada Su"' in answer.text
    with pytest.raises(Missing):
        the(GroupMember, 4)


def test_identity_numbers_are_not_kept(stage: Stage, here: Sits) -> None:
    assert add(stage, here, job="Müdür 10000000146", phone="100 000 001 46").status_code == 303
    assert (the(GroupMember, 4).job, the(GroupMember, 4).phone) == (f"Müdür {HIDDEN}", HIDDEN)
    one = meeting(here)
    one.date = today()
    db.session.commit()
    path = f"/programme/meetings/{here.meeting}/minutes"
    typed = stage.coordinator.page(path).hidden(path) | {f"m-{here.members['selim']}": "substitute"}
    typed |= {f"s-{here.members['selim']}": "Can 10000000146", "minutes": "10000000146 geldi"}
    assert stage.coordinator.post(path, data=typed).status_code == 303
    text = stage.coordinator.get(f"/programme/meetings/{here.meeting}").text
    assert "10000000146" not in text
    assert f"Can {HIDDEN}" in text


def test_whoever_may_be_there_already_is_named(stage: Stage, here: Sits) -> None:
    answer = add(stage, here, name="Selim Kaya")
    assert answer.location.endswith("/members/4/edit"), "asked where the two can be made one"
    assert "Grupta zaten üye: Selim Kaya · Zeugma Üniversitesi" in stage.coordinator.page(answer.location).text
    answer = add(stage, here, name="Başka Biri")
    assert answer.location.endswith("#member-5")
    assert "Aynı kişi mi?" not in stage.coordinator.get(f"/programme/groups/{here.group}/members/5/edit").text


def test_a_group_has_one_chair(stage: Stage, here: Sits) -> None:
    assert add(stage, here, office="chair").status_code == 303
    assert add(stage, here, office="chair", name="Ece Su").status_code == 303
    assert [the(GroupMember, key).office for key in (4, 5)] == [Office.MEMBER, Office.CHAIR]


def test_who_joins_or_is_gone_later_leaves_the_office_where_it_is(stage: Stage, here: Sits) -> None:
    later, leaves = today() + timedelta(days=400), today() + timedelta(days=20)
    assert add(stage, here, office="chair", left_on=leaves.isoformat()).status_code == 303
    assert add(stage, here, office="chair", joined_on=later.isoformat()).status_code == 422
    assert the(GroupMember, 4).office is Office.CHAIR
    assert add(stage, here, office="chair").status_code == 303
    assert the(GroupMember, 4).office is Office.MEMBER, "who leaves later is there today"


def test_a_group_that_ended_takes_nothing_more(stage: Stage, here: Sits) -> None:
    group(here).active = False
    db.session.commit()
    text = stage.coordinator.page(f"/programme/groups/{here.group}").html
    typed = {"text_tr": "Geç kalan", "due_on": "2099-01-01", "owner_id": "1"}
    assert add(stage, here).status_code == 422
    assert stage.coordinator.post(f"/programme/groups/{here.group}/actions/new", data=typed).status_code == 422
    for way in ("members/new", "actions/new", "meetings/new"):
        assert way not in text
    assert "actions/new" not in stage.coordinator.page(f"/programme/meetings/{here.meeting}").html


def several(stage: Stage, path: str, sent: dict[str, str]) -> list[int]:
    """The same typed into four windows, and sent at the same moment."""
    with stage.coordinator.session_transaction() as cookie:
        signed_in = dict(cookie)
    browsers = [stage.app.test_client() for _ in range(4)]
    for each in browsers:
        with each.session_transaction() as cookie:
            cookie.update(signed_in)
    forms = [sent | {"request_key": f"window-{number}"} for number in range(4)]
    answers = at_once(*(partial(one.post, path, data=form) for one, form in zip(browsers, forms, strict=True)))
    return sorted(answer.status_code for answer in answers)


@pytest.mark.postgresql
def test_of_four_who_become_the_chair_at_once_one_is(stage: Stage, here: Sits) -> None:
    assert several(stage, f"/programme/groups/{here.group}/members/new", TYPED | {"office": "chair"}) == [303] * 4
    offices = [one.office for one in groups.members_of(group(here))]
    assert (len(offices), offices.count(Office.CHAIR)) == (7, 1)


@pytest.mark.postgresql
def test_of_four_who_let_one_person_in_at_once_one_does(stage: Stage, here: Sits) -> None:
    typed = TYPED | {"colleague": "Işık Çınar · N-002 · Nizip Belediyesi", "name": "", "institution": ""}
    assert several(stage, f"/programme/groups/{here.group}/members/new", typed) == [303, 422, 422, 422]


def test_an_action_whose_owner_left_says_so(stage: Stage, here: Sits) -> None:
    one = member(here, "elif")
    one.left_on = today() - timedelta(days=1)
    db.session.commit()
    page = f"/programme/actions/{here.action}"
    assert "Yeni sorumluyu seç" in stage.coordinator.page(page).text
    assert 'id="filter-owner"' in stage.coordinator.get("/programme/actions").text
    assert "Danışma masası" in stage.coordinator.page("/programme/actions?owner=left").text
    typed = {"text_tr": "Danışma masası", "due_on": "2027-01-01", "owner_id": str(here.members["selim"])}
    version = stage.coordinator.get(f"{page}/edit").text.split('name="version" value="')[1].split('"')[0]
    assert stage.coordinator.post(f"{page}/edit", data=typed | {"version": version}).status_code == 303
    assert "Yeni sorumluyu seç" not in stage.coordinator.page(page).text


# --- two records that are one person -----------------------------------------------------------------------


def twin(cast: Cast, found: Sits) -> tuple[Employee, GroupMember]:
    made = factories.employee("Elif", "Ağaoğlu", "N-900", cast.nizip)
    row = factories.group_member(found.group, employee_id=made.id, organisation_id=cast.nizip)
    return made, row


def merged(cast: Cast, gone: Employee) -> None:
    merge(EVERYWHERE.get(Employee, cast.employees["elif"]), gone, by=By())
    db.session.commit()


def test_her_place_goes_along(cast: Cast) -> None:
    sitting(cast)
    made = factories.employee("Elif", "Ağaoğlu", "N-900", cast.nizip)
    other = factories.action_group("Başka grup")
    row = factories.group_member(other.id, employee_id=made.id, organisation_id=cast.nizip)
    db.session.commit()
    merged(cast, made)
    assert the(GroupMember, row.id).employee_id == cast.employees["elif"]


def test_of_two_places_in_one_group_one_is_left_with_all_that_was_theirs(cast: Cast) -> None:
    """One place is left of two, with what hung on both."""
    found = sitting(cast)
    gone, row = twin(cast, found)
    later = factories.group_meeting(found.group, today())
    for meets, key, attended in (
        (found.meeting, found.members["elif"], Attended.ABSENT),
        (found.meeting, row.id, Attended.PRESENT),
        (later.id, row.id, Attended.PRESENT),
    ):
        factories.meeting_attendance(meets, key, attended)
    action(found).owner_id = row.id
    key = row.id
    db.session.commit()
    merged(cast, gone)
    with pytest.raises(Missing):
        the(GroupMember, key)
    rows = db.session.scalars(EVERYWHERE.select(MeetingAttendance).order_by(MeetingAttendance.meeting_id)).all()
    own = found.members["elif"]
    assert [(one.member_id, one.attended.value) for one in rows] == [(own, "present"), (own, "present")], "she came"
    assert action(found).owner_id == own


@pytest.mark.parametrize(("since", "until"), [(None, None), (today(), None), (None, today() + timedelta(days=9))])
def test_neither_her_time_nor_her_office_is_lost(cast: Cast, since: date | None, until: date | None) -> None:
    """Whoever led the group leads it, since when the longer of the two says, and until when."""
    found = sitting(cast)
    gone, row = twin(cast, found)
    row.office, row.job, row.joined_on, own = Office.CHAIR, "Müdür", since, member(found, "elif")
    own.left_on = until
    db.session.commit()
    merged(cast, gone)
    (left,) = (one for one in groups.members_of(group(found)) if one.employee_id == cast.employees["elif"])
    assert (left.office, left.job, left.joined_on, left.left_on) == (Office.CHAIR, "Müdür", None, None)


def test_somebody_typed_who_is_on_the_staff_is_made_one(stage: Stage, here: Sits) -> None:
    """Refused as a second of one person, the page offers to make the two one: hers, with what the other did."""
    factories.meeting_attendance(here.meeting, here.members["selim"])
    action(here).owner_id = here.members["selim"]
    db.session.commit()
    page = f"/programme/groups/{here.group}/members/{here.members['selim']}"
    typed = {"colleague": "Elif Ağaoğlu · N-001 · Nizip Belediyesi", "institution": "Üniversite", "office": "member"}
    said = stage.coordinator.post(f"{page}/edit", data=typed | {"institution_type": "university", "version": "1"})
    assert said.status_code == 422
    assert "Aynı kişi mi?" in said.text
    join = f"{page}/join/{here.members['elif']}"
    assert f'action="{join}"' in said.text
    assert stage.coordinator_elsewhere.post(join).status_code == 404
    assert stage.coordinator.post(join).status_code == 303
    with pytest.raises(Missing):
        the(GroupMember, here.members["selim"])
    assert action(here).owner_id == here.members["elif"]
    assert db.session.scalars(EVERYWHERE.select(MeetingAttendance)).one().member_id == here.members["elif"]


def test_somebody_typed_twice_is_made_one_with_all_that_is_known(stage: Stage, here: Sits) -> None:
    """Their letters go where they went before."""
    services.invite(meeting(here), by=By())
    db.session.commit()
    number = len(letters())
    add(stage, here, name="Selim Kaya", sex="not_stated")
    join = f"/programme/groups/{here.group}/members/4/join/{here.members['selim']}"
    assert stage.coordinator.post(join).status_code == 303
    left = the(GroupMember, 4)
    assert (left.email, left.sex) == ("selim@zeugma.example", Sex.MAN)
    services.cancel(meeting(here), "Kar", by=By())
    db.session.commit()
    assert [one.to_address for one in letters()[number:]].count("selim@zeugma.example") == 1


def test_two_of_the_staff_are_made_one_among_the_staff(stage: Stage, here: Sits) -> None:
    gone, row = twin(stage.cast, here)
    gone_id, row_id = gone.id, row.id
    db.session.commit()
    page = f"/programme/groups/{here.group}/members/{row_id}"
    text = stage.coordinator.get(f"{page}/edit").text
    assert f"/people/{gone_id}/merge?with={stage.cast.employees['elif']}" in text
    assert "/join/" not in text
    assert stage.coordinator.post(f"{page}/join/{here.members['elif']}").status_code == 422
    assert the(GroupMember, row_id).employee_id == gone_id


def uids(*members: int) -> list[str]:
    """What stands in calendars under these, as the outbox last told them."""
    last = {one.occasion.rpartition(":")[0].rpartition(":")[2]: one for one in letters() if one.calendar}
    return [ics.read(last[str(key)].calendar or b"")[0].uid for key in members]


def invite(cast: Cast, found: Sits, *, card: str = "", account: bool = True) -> None:
    """Everybody, with this address on the card that stays, which keeps its account or loses it."""
    own = EVERYWHERE.get(Employee, cast.employees["elif"])
    own.email = card
    own.user_id = own.user_id if account else None
    db.session.flush()
    services.invite(meeting(found), by=By())
    db.session.commit()


def test_what_stands_in_the_calendar_of_the_merged_record_is_hers_from_now_on(cast: Cast) -> None:
    """The kept record had no address: the one entry there is goes on under it, nobody is told anything."""
    found = sitting(cast)
    gone, row = twin(cast, found)
    gone.email = "elif@eski.example"
    invite(cast, found, account=False)
    (before,) = uids(row.id)
    number = len(letters())
    merged(cast, gone)
    assert len(letters()) == number, "the address was taken over with the record"
    services.cancel(meeting(found), "Kar", by=By())
    db.session.commit()
    (last,) = (one for one in letters()[number:] if one.to_address == "elif@eski.example")
    assert (last.calendar_method, ics.read(last.calendar or b"")[0].uid) == ("CANCEL", before)


def test_of_two_entries_in_her_calendar_one_goes(cast: Cast) -> None:
    found = sitting(cast)
    gone, row = twin(cast, found)
    gone.email = "elif@eski.example"
    invite(cast, found)
    (before,) = uids(row.id)
    number = len(letters())
    merged(cast, gone)
    (letter,) = letters()[number:]
    assert (letter.to_address, letter.calendar_method) == ("elif@eski.example", "CANCEL")
    assert ics.read(letter.calendar or b"")[0].uid == before
    assert "Takviminizde iki kez" in letter.subject
    services.cancel(meeting(found), "Kar", by=By())
    assert "elif@eski.example" not in {one.to_address for one in letters()[number + 1 :]}


def test_her_next_meeting_is_brought_to_where_her_letters_go_now(cast: Cast) -> None:
    """The merged record alone sat there: its place goes along, and so does the entry, under the UID it has."""
    found = sitting(cast)
    gone = factories.employee("Elif", "Ağaoğlu", "N-900", cast.nizip, email="elif@eski.example")
    member(found, "elif").employee_id = gone.id
    db.session.commit()
    services.invite(meeting(found), by=By())
    db.session.commit()
    (before,) = uids(found.members["elif"])
    number = len(letters())
    merged(cast, gone)
    (letter,) = letters()[number:]
    assert (letter.to_address, letter.calendar_method) == ("personel@yetkin.example", "REQUEST")
    (event,) = ics.read(letter.calendar or b"")
    assert (event.uid, event.sequence) == (before, 1)


def test_figures_count_who_came_themselves_and_which_kinds_were_there(cast: Cast) -> None:
    found = sitting(cast, due=-1)
    for name, attended in (("elif", "present"), ("selim", "substitute"), ("muhtar", "absent")):
        factories.meeting_attendance(found.meeting, found.members[name], Attended(attended))
    db.session.commit()
    seen = groups.figures(group(found))
    assert (seen.kinds, seen.kinds_there, seen.women, seen.stated, seen.due, seen.on_time) == (3, 2, 1, 1, 1, 0)
    assert meeting(found).group_id == found.group
