"""Every state of groups, meetings and actions reached by hand, where nothing was there before."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import time_machine

from app.core.clock import at, today
from tests import factories
from tests.conftest import Browser, Stage
from tests.programme.groups.stage import NOON, typed_meeting

SCAN = factories.pdf("signed")


def test_a_group_from_its_founding_to_its_end(stage: Stage) -> None:
    theme, browser = factories.theme().id, stage.coordinator
    assert "Henüz grup yok" in browser.page("/programme/groups").text
    typed = {"province_id": "1", "name_tr": "Uyum grubu", "name_en": "Cohesion group", "theme_ids": str(theme)}
    here = browser.post("/programme/groups/new", data=typed).location
    assert here == "/programme/groups/1"
    again = browser.post("/programme/groups/new", data=typed | {"name_tr": "uyum  GRUBU"})
    assert again.status_code == 422 and "aynı adla" in again.text, "sent once more, from the page before"
    person = {"institution_type": "municipality", "sex": "not_stated", "office": "chair", "organisation_id": "1"}
    elif_ = person | {"colleague": "Elif Ağaoğlu · N-001 · Nizip Belediyesi", "joined_on": today().isoformat()}
    assert browser.post(f"{here}/members/new", data=elif_).status_code == 303
    other = {"institution": "Zeugma Üniversitesi", "institution_type": "university", "name": "Selim Kaya"}
    other |= {"sex": "man", "office": "secretary", "email": "selim@zeugma.example"}
    assert browser.post(f"{here}/members/new", data=other).status_code == 303
    day = today() + timedelta(days=5)
    meets = browser.post(f"{here}/meetings/new", data=typed_meeting(day)).location
    assert "2 davet yola çıktı" in browser.post(f"{meets}/invite", follow_redirects=True).text
    sheet = browser.post(f"{meets}/sheet")
    assert (sheet.mimetype, sheet.data[:5]) == ("application/pdf", b"%PDF-")
    with time_machine.travel(at(day, NOON) + timedelta(hours=1)):
        browser = stage.admin  # the coordinator has been idle for days
        assert "Katılım girilmedi" in browser.page(meets).text
        marked = {"m-1": "present", "m-2": "substitute", "s-2": "Ayla Kaya", "minutes": "Kararlar alındı."}
        answer = browser.post(
            f"{meets}/minutes", data=marked | {"version": _version(browser.get(f"{meets}/minutes").text)}
        )
        assert answer.status_code == 303
        text = browser.page(meets).text
        for said in ("Yapıldı", "Ayla Kaya", "Kararlar alındı."):
            assert said in text
        scan = {"file": (BytesIO(SCAN), "a.pdf")}
        assert browser.post(f"{meets}/signed-sheet", data=scan).status_code == 303
        assert browser.get(f"{meets}/signed-sheet").data == SCAN
        _act(stage, browser, here, meets, day)
        browser.post(f"{here}/end")
        assert "Artık toplanmıyor" in browser.page(here).text
        assert browser.post(f"{here}/meetings/new", data=typed_meeting(day)).status_code == 422
        browser.post(f"{here}/resume")
        assert "Toplantı planla" in browser.page(here).text


def _version(html: str) -> str:
    return html.split('name="version" value="')[1].split('"')[0]


def _act(stage: Stage, browser: Browser, here: str, meets: str, day: date) -> None:
    """An action decided in the meeting: open, under way, late, done, dropped, taken up again."""
    typed = {"text_tr": "Danışma masası kurulması", "owner_id": "1", "due_on": day.isoformat(), "meeting_id": "1"}
    acts = browser.post(f"{here}/actions/new", data=typed).location
    assert "Danışma masası kurulması" in browser.page(meets).text

    def step(state: str, **more: str) -> int:
        version = _version(browser.get(f"{acts}/progress").text)
        return browser.post(f"{acts}/progress", data={"state": state, "version": version} | more).status_code

    assert step("under_way", percent="100") == 422
    assert step("under_way", percent="40") == 303
    assert "%40" in browser.page(acts).text
    assert step("done") == 422, "without evidence"
    assert step("done", evidence="Açılış tutanağı") == 303
    assert "Açılış tutanağı" in browser.page(acts).text
    assert step("under_way", percent="90") == 303
    assert step("dropped") == 422, "without a reason"
    assert step("dropped", note="Bütçe yok") == 303
    assert "Bütçe yok" in browser.page(acts).text
    assert step("open") == 303
    with time_machine.travel(at(day, NOON) + timedelta(days=1)):
        later = stage.app.test_client().as_user(stage.cast.users["admin"])
        assert "Gecikti" in later.page(acts).text
