"""Pages of attendance: who may, what a tap answers, what is refused, and how light the grid is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine

from app.access.scope import EVERYWHERE
from app.attendance import queries
from app.attendance.models import MarkChange, SignedSheet
from app.core.db import db
from app.training.models import SessionStatus, Sitting, SittingState
from tests.attendance.stage import DURING, EVENING, MONDAY, MUCH_LATER, Group, crowd, group, mark, mark_all
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.paper.reading import reader, text_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def stands(stage: Stage) -> Iterator[Group]:
    with time_machine.travel(DURING, tick=False):
        yield group(stage.cast)


def fields(
    stands: Group, position: int, marks: dict[str, str], *, seen: dict[str, str] | None = None
) -> dict[str, str]:
    """A sent sheet: who is marked how (`late:20` in two fields), and what the page had shown."""
    sent = {}
    for name, word in marks.items():
        slug = f"{stands.sittings[position]}-{stands.enrolments[name]}"
        kind, _, minutes = word.partition(":")
        sent |= {f"m-{slug}": kind, f"n-{slug}": minutes, f"w-{slug}": (seen or {}).get(name, "")}
    return sent


def cells(stands: Group, position: int) -> dict[str, str]:
    found = {key[1]: m.spelled for key, m in queries.marks([stands.sittings[position]]).items()}
    return {name: found[key] for name, key in stands.enrolments.items() if key in found}


def addresses(stands: Group) -> list[str]:
    session, sitting = stands.session, stands.sittings[0]
    return [
        f"/sessions/{session}/attendance",
        f"/sessions/{session}/attendance/{stands.enrolments['elif']}",
        f"/sessions/{session}/sheet.pdf",
        f"/sessions/{session}/signed-sheets",
        f"/sittings/{sitting}",
        f"/sittings/{sitting}/walk-in",
    ]


# --- who -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer"])
def test_those_who_run_it_see_every_page(stage: Stage, stands: Group, who: str) -> None:
    for address in addresses(stands):
        assert getattr(stage, who).get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["viewer", "staff", "focal_point", "nobody_special"])
def test_others_may_not(stage: Stage, stands: Group, who: str) -> None:
    for address in addresses(stands):
        assert getattr(stage, who).get(address).status_code == 403, address
    assert getattr(stage, who).post(f"/sittings/{stands.sittings[0]}/mark").status_code == 403


def test_an_officer_elsewhere_finds_nothing(stage: Stage, stands: Group) -> None:
    for address in addresses(stands):
        assert stage.coordinator_elsewhere.get(address).status_code == 404, address
    for verb in ("mark", "save", "mark-all-present", "close", "reopen", "state"):
        assert stage.coordinator_elsewhere.post(f"/sittings/{stands.sittings[0]}/{verb}").status_code == 404, verb
    assert cells(stands, 0) == {}


def test_a_trainer_calls_the_roll_of_her_own_sittings_only(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, trainer_gives=(1,))
        mark(stands, 0, "elif", "absent")
        foreign, own = stands.sittings[0], stands.sittings[1]
        assert stage.trainer.get(f"/sittings/{foreign}").status_code == 404
        sent = fields(stands, 0, {"isik": "present"})
        for verb in ("mark", "save"):
            assert stage.trainer.post(f"/sittings/{foreign}/{verb}", data=sent).status_code == 404
        assert (
            stage.trainer.post(f"/sittings/{own}/save", data=fields(stands, 1, {"isik": "present"})).status_code == 303
        )
        page = stage.trainer.page(f"/sessions/{stands.session}/attendance")
        assert f"/sittings/{own}" in page.links
        assert f"/sittings/{foreign}" not in page.links
        assert "Yok" not in page.text.split("Katılımcı")[-1].split()
        assert cells(stands, 0) == {"elif": "absent"}


@pytest.mark.parametrize("status", [SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED])
@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer"])
def test_no_page_costs_more_than_eight_statements(stage: Stage, who: str, status: SessionStatus) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast, status=status)
        crowd(stands, 10)
        mark_all(stands, but=((0, "elif"),))
        browser = getattr(stage, who)
        browser.get("/devices")
        base = f"/sessions/{stands.session}"
        for address in (*addresses(stands), f"{base}/scores", f"{base}/checklist", f"{base}/sheet.pdf?day=2026-11-23"):
            with statements() as seen:
                answer = browser.get(address)
            assert answer.status_code == (403 if who == "trainer" and "checklist" in address else 200), address
            assert len(seen) <= 8, (address, len(seen), seen)


# --- a sheet -------------------------------------------------------------------------------------------


def test_without_javascript_one_button_saves_the_sheet(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    sent = fields(stands, 0, {"elif": "present", "isik": "late:20", "sukru": "excused"})
    answer = stage.trainer.post(f"/sittings/{sitting}/save", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/sittings/{sitting}")
    assert cells(stands, 0) == {"elif": "present", "isik": "late:20", "sukru": "excused"}
    assert "3/3 işaretlendi" in stage.trainer.page(f"/sittings/{sitting}").text


def test_a_tap_is_answered_with_the_tally_and_the_row_it_changed(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    stage.trainer.get("/devices")
    with statements() as seen:
        answer = stage.trainer.post(
            f"/sittings/{sitting}/mark", data=fields(stands, 0, {"isik": "present"}), headers=HX
        )
    assert answer.status_code == 200
    assert 'id="tally"' in answer.text
    assert "1/3 işaretlendi" in answer.text
    assert f'id="r-{sitting}-{stands.enrolments["isik"]}" hx-swap-oob="true"' in answer.text
    assert "Ağaoğlu" not in answer.text, "only what changed travels"
    assert len(answer.data) < 4_000
    assert len(seen) <= 8, seen


def test_somebody_late_right_now_needs_no_minutes_typed(stage: Stage, stands: Group) -> None:
    answer = stage.trainer.post(
        f"/sittings/{stands.sittings[0]}/mark", data=fields(stands, 0, {"isik": "late"}), headers=HX
    )
    assert answer.status_code == 200
    assert cells(stands, 0) == {"isik": "late:10"}, "it is ten past nine"


def test_late_without_minutes_afterwards_is_asked_for_and_keeps_what_was_typed(stage: Stage, stands: Group) -> None:
    with time_machine.travel(EVENING, tick=False):
        sent = fields(stands, 0, {"isik": "late", "elif": "present"})
        answer = stage.coordinator.post(f"/sittings/{stands.sittings[0]}/save", data=sent)
        assert answer.status_code == 422
        assert "Kaç dakika geç geldi?" in answer.text
        for name, kind in (("isik", "late"), ("elif", "present")):
            slug = f"{stands.sittings[0]}-{stands.enrolments[name]}"
            assert f'id="m-{slug}-{kind}" value="{kind}" checked' in answer.text
        assert cells(stands, 0) == {}


def test_a_tap_on_late_leaves_time_to_type_the_minutes(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        answer = stage.trainer.post(
            f"/sittings/{stands.sittings[0]}/mark",
            data=fields(stands, 0, {"elif": "late", "isik": "present"}),
            headers=HX,
        )
        assert answer.status_code == 200
        assert "aria-invalid" not in answer.text and "Kaç dakika" not in answer.text
        assert "Dakikası beklenen kişi: 1" in answer.text
        assert cells(stands, 0) == {"isik": "present"}


def test_a_stale_cell_is_told_with_both_values(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    late = fields(stands, 0, {"isik": "late:20"})
    assert stage.coordinator.post(f"/sittings/{sitting}/save", data=late).status_code == 303
    sent = fields(stands, 0, {"isik": "present", "elif": "present"})
    for verb, headers in (("save", {}), ("mark", HX)):
        answer = stage.trainer.post(f"/sittings/{sitting}/{verb}", data=sent, headers=headers)
        assert answer.status_code == 409, verb
        assert "Ayşe Çelik işaretledi: Geç geldi, 20 dk. Sizin seçiminiz: Katıldı." in answer.text
    assert cells(stands, 0) == {"isik": "late:20"}
    again = fields(stands, 0, {"isik": "present"}, seen={"isik": "late:20"})
    assert stage.trainer.post(f"/sittings/{sitting}/save", data=again).status_code == 303
    assert cells(stands, 0) == {"isik": "present"}, "a decision, with the other value seen"


def test_a_different_cell_saved_meanwhile_survives(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    stage.coordinator.post(f"/sittings/{sitting}/save", data=fields(stands, 0, {"isik": "late:20"}))
    everyone = fields(stands, 0, {"elif": "present"})
    assert stage.trainer.post(f"/sittings/{sitting}/save", data=everyone).status_code == 303
    assert cells(stands, 0) == {"isik": "late:20", "elif": "present"}


def test_everyone_present_in_one_step(stage: Stage, stands: Group) -> None:
    assert stage.trainer.post(f"/sittings/{stands.sittings[0]}/mark-all-present").status_code == 303
    assert set(cells(stands, 0).values()) == {"present"}


def test_after_the_lock_the_trainer_is_refused_and_the_coordinator_gives_a_reason(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        sitting = stands.sittings[0]
        sent = fields(stands, 0, {"isik": "present"})
        assert "disabled" in stage.trainer.get(f"/sittings/{sitting}").text
        for verb, headers in (("save", {}), ("mark", HX)):
            answer = stage.trainer.post(f"/sittings/{sitting}/{verb}", data=sent, headers=headers)
            assert answer.status_code == 422
            assert "işaretleme süresi doldu" in answer.text
        assert cells(stands, 0) == {}
        answer = stage.coordinator.post(f"/sittings/{sitting}/save", data=sent)
        assert answer.status_code == 422
        assert "Yoklama kilitli. Neden şimdi değiştirildiğini yazın" in answer.text
        answer = stage.coordinator.post(f"/sittings/{sitting}/save", data=sent | {"reason": "İmzası var"})
        assert answer.status_code == 303
        change = db.session.scalars(EVERYWHERE.select(MarkChange)).one()
        assert (change.new, change.reason, change.by_id) == ("present", "İmzası var", stage.cast.users["coordinator"])
        page = stage.coordinator.page(f"/sessions/{stands.session}/attendance/{stands.enrolments['isik']}")
        assert "Gerekçe: İmzası var" in page.text


def test_before_it_opens_the_page_says_when(stage: Stage, stands: Group) -> None:
    with time_machine.travel(DURING - timedelta(hours=2), tick=False):
        assert "23.11.2026 08:30" in stage.trainer.page(f"/sittings/{stands.sittings[0]}").text


def test_closing_and_reopening(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    assert stage.trainer.post(f"/sittings/{sitting}/close").status_code == 422
    mark_all(stands)
    assert stage.trainer.post(f"/sittings/{sitting}/close").status_code == 303
    assert "Yoklama kapatıldı" in stage.trainer.page(f"/sittings/{sitting}").text
    assert stage.trainer.post(f"/sittings/{sitting}/reopen").status_code == 403
    assert stage.coordinator.post(f"/sittings/{sitting}/reopen").status_code == 303
    assert queries.closed([sitting]) == set()


def test_a_sitting_is_shortened_or_called_off_with_a_reason(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    assert (
        stage.trainer.post(f"/sittings/{sitting}/state", data={"state": "not_held", "version": "1"}).status_code == 422
    )
    sent = {"state": "shortened", "effective_minutes": "60", "reason": "Elektrik kesildi", "version": "1"}
    assert stage.trainer.post(f"/sittings/{sitting}/state", data=sent).status_code == 303
    row = EVERYWHERE.get(Sitting, sitting)
    assert (row.state, row.effective_minutes) == (SittingState.SHORTENED, 60)
    assert stage.trainer.post(f"/sittings/{sitting}/state", data=sent | {"version": "0"}).status_code == 409


def test_a_person_is_marked_across_her_sittings(stage: Stage, stands: Group) -> None:
    with time_machine.travel(EVENING, tick=False):
        base = f"/sessions/{stands.session}/attendance/{stands.enrolments['isik']}"
        sent = fields(stands, 0, {"isik": "present"}) | fields(stands, 3, {"isik": "left_early:45"})
        assert stage.coordinator.post(f"{base}/save", data=sent).status_code == 303
        page = stage.coordinator.page(base)
        assert "2/4 işaretlendi" in page.text
        assert "135 dk" in page.text
        assert "Ayşe Çelik" in page.text, "the history says who"
        other = group(stage.cast, ordinal=4)
        assert (
            stage.coordinator.get(f"/sessions/{other.session}/attendance/{stands.enrolments['isik']}").status_code
            == 404
        )


# --- the grid ------------------------------------------------------------------------------------------


def test_forty_people_in_ten_sittings_stay_light(stage: Stage) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast, days=3, most=10)
        crowd(stands, 37)
        mark_all(stands)
        address = f"/sessions/{stands.session}/attendance"
        stage.coordinator.get(address)  # signs in
        with statements() as large:
            answer = stage.coordinator.get(address)
        assert len(answer.data) <= 25_000, len(answer.data)
        assert answer.text.count("<td>Var") == 400
        ahead = group(stage.cast, days=3, most=10, ordinal=5, first_day=MONDAY + timedelta(days=700))
        crowd(ahead, 37, of="L")
        answer = stage.coordinator.get(f"/sessions/{ahead.session}/attendance")
        assert answer.text.count(">Sonra") == 400
        assert len(answer.data) <= 27_000, "also before anything happened"
        small = group(stage.cast, ordinal=4)
        with statements() as few:
            stage.coordinator.get(f"/sessions/{small.session}/attendance")
        assert len(large) == len(few) <= 8, large


def test_the_grid_says_where_people_stand(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands, but=((3, "elif"), (0, "isik"), (1, "isik")))
        mark(stands, 0, "isik", "absent")
        mark(stands, 1, "isik", "late", 20)
        text = stage.coordinator.page(f"/sessions/{stands.session}/attendance").text
        assert "%100 72 dk Var Var Var Boş" in text
        assert "%69,4 Devam koşulunu artık sağlayamaz Yok Geç Var Var" in text


def test_an_empty_session_says_what_to_do_next(stage: Stage) -> None:
    stands = group(stage.cast, people=())
    assert "Henüz kayıtlı kimse yok" in stage.coordinator.page(f"/sessions/{stands.session}/attendance").text


# --- paper ---------------------------------------------------------------------------------------------


def test_the_signature_sheet_names_people_and_nothing_private(stage: Stage, stands: Group) -> None:
    answer = stage.trainer.get(f"/sessions/{stands.session}/sheet.pdf?day=2026-11-23")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    assert "Elif AĞAOĞLU" in text
    assert "09:00–10:30" in text
    assert "Kadın: 1" in text
    assert "ornek.example" not in text
    assert len(reader(answer.data).pages) == 1
    assert stage.trainer.get(f"/sessions/{stands.session}/sheet.pdf?day=2026-11-29").status_code == 404
    assert stage.trainer.get(f"/sessions/{stands.session}/sheet.pdf?day=yarın").status_code == 404


def test_the_signature_sheet_names_the_room_of_its_day_and_trainers_in_capitals(stage: Stage) -> None:
    from app.training.models import Sitting
    from app.venues.models import Room, Venue

    stands = group(stage.cast, days=2)
    venue = Venue(province_id=1, name_tr="Kültür Merkezi", name_en="Culture Centre", name_sort="k")
    db.session.add(venue)
    db.session.flush()
    rooms = [
        Room(venue_id=venue.id, name_tr=f"Salon {n}", name_en=f"Room {n}", capacity=9, equipment=[]) for n in (1, 2)
    ]
    db.session.add_all(rooms)
    db.session.flush()
    for place, key in enumerate(stands.sittings):
        EVERYWHERE.get(Sitting, key).room_id = rooms[place > 5].id  # the second afternoon is elsewhere
    db.session.commit()
    first, second = (
        text_of(stage.coordinator.get(f"/sessions/{stands.session}/sheet.pdf").data, page) for page in (0, 1)
    )
    assert "Yer: Kültür Merkezi, Salon 1" in first
    assert "Salon 2" not in first
    assert "Yer: Kültür Merkezi" in second
    assert "2. oturum · Salon 1" in second
    assert "3. oturum · Salon 2" in second
    assert "Eğitmen: Ümit GÜNEŞ" in first
    venue.name_tr = "Salon 1"
    db.session.commit()
    assert "Yer: Salon 1 Eğitmen" in text_of(stage.coordinator.get(f"/sessions/{stands.session}/sheet.pdf").data)
    assert "Salon 1, Salon 1" not in stage.coordinator.page(f"/sittings/{stands.sittings[0]}").text


def test_a_signed_sheet_is_kept_byte_for_byte(stage: Stage, stands: Group) -> None:
    base = f"/sessions/{stands.session}/signed-sheets"
    sent = {"day": "2026-11-23", "scan": (BytesIO(PDF), "../../çizelge.pdf")}
    answer = stage.coordinator.post(base, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    sheet = db.session.scalars(EVERYWHERE.select(SignedSheet)).one()
    answer = stage.trainer.get(f"{base}/{sheet.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert stage.coordinator_elsewhere.get(f"{base}/{sheet.id}").status_code == 404
    other = group(stage.cast, ordinal=4)
    assert stage.coordinator.get(f"/sessions/{other.session}/signed-sheets/{sheet.id}").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90 not a scan", "Buraya yalnızca PDF, JPEG ve PNG"),
        (b"", "Dosya boş."),
        (b"%PDF-1.4 cut off", "Dosya bozuk"),
        (b"<svg onload=alert(1)>", "Buraya yalnızca PDF"),
    ],
)
def test_anything_but_a_scan_is_refused_in_one_sentence(
    stage: Stage, stands: Group, content: bytes, words: str
) -> None:
    sent = {"day": "2026-11-23", "scan": (BytesIO(content), "x.pdf")}
    answer = stage.coordinator.post(
        f"/sessions/{stands.session}/signed-sheets", data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(EVERYWHERE.select(SignedSheet)).all() == []


# --- walk-ins ------------------------------------------------------------------------------------------


def test_a_walk_in_is_found_added_and_present(stage: Stage) -> None:
    with time_machine.travel(DURING, tick=False):
        stands = group(stage.cast, people=("elif",))
        base = f"/sittings/{stands.sittings[0]}"
        assert "Çınar" not in stage.trainer.page(f"{base}/walk-in?q=ci").text, "three letters at least"
        assert "Işık Çınar" in stage.trainer.page(f"{base}/walk-in?q=cinar").text
        assert "Ağaoğlu" not in stage.trainer.page(f"{base}/walk-in?q=agaoglu").text.split("harf")[-1], "she has a seat"
        assert "Yakut" not in stage.trainer.page(f"{base}/walk-in?q=zeynep").text, "not open to her institution"
        answer = stage.trainer.post(f"{base}/add-walk-in", data={"employee_id": stage.cast.employees["isik"]})
        assert answer.status_code == 303
        assert [m.spelled for m in queries.marks([stands.sittings[0]]).values()] == ["present"]
        foreign = stage.trainer.post(f"{base}/add-walk-in", data={"employee_id": stage.cast.employees["zeynep"]})
        assert foreign.status_code == 404


def test_the_tab_and_the_waiting_sheets_are_shown_where_they_belong(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        assert f"/sessions/{stands.session}/attendance" in stage.coordinator.page(f"/sessions/{stands.session}").links
        for who in (stage.coordinator, stage.trainer):
            assert f"/sittings/{stands.sittings[0]}" in who.page("/").links
        assert f"/sittings/{stands.sittings[0]}" not in stage.coordinator_elsewhere.page("/").links
