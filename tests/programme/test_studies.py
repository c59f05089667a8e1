"""A field study from its design to a row of a plan that rests on what it found; and who may do none of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.access.models import OrganisationKind, User
from app.access.permissions import Permission
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Refused
from app.files.models import Document
from app.plans.models import Origin, PlanItem, PlanStatus, TrainingPlan
from app.programme.studies.findings.queries import use
from app.programme.studies.models import (
    STEPS,
    FieldStudy,
    Finding,
    FindingAsk,
    FindingStatus,
    StudyInterviews,
    StudyStage,
)
from app.programme.studies.queries import surveyed_by_province
from app.programme.studies.services import read_report
from tests import factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.plans.stage import ROW, add, begun, needs, row_now

PDF = factories.pdf()
STUDY = {"title_tr": "Göç alan mahallelerde hane anketi", "title_en": "Household survey", "method": "household_survey"}
FINDING = {
    "statement_tr": "Başvuru sahiplerinin üçte biri hangi birime gideceğini bilmiyor.",
    "statement_en": "A third of applicants do not know which unit to go to.",
    "strength": "strong",
    "share_typed": "33,4",
    "n": "412",
    "rests_on": "Tablo 4",
}


@pytest.fixture
def ready(stage: Stage) -> Stage:
    needs()
    return stage


def every(model: Any) -> list[Any]:
    db.session.expire_all()
    return list(db.session.scalars(EVERYWHERE.select(model).order_by(model.id)))


def begin(browser: Browser, **values: Any) -> int:
    answer = browser.post("/programme/field-studies/new", data=STUDY | {"province_id": 1} | values)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def to_fieldwork(browser: Browser, study_id: int) -> None:
    for at in (StudyStage.DESIGN, StudyStage.DEVELOPMENT):
        assert tick(browser, study_id, at).status_code == 303


def tick(browser: Browser, study_id: int, at: StudyStage, **values: Any) -> Any:
    """All steps of a stage, and on to the next."""
    here = f"/programme/field-studies/{study_id}"
    data = browser.page(here).hidden(f"{here}/steps") | {"done": [step.value for step in STEPS[at]], "forward": "1"}
    return browser.post(f"{here}/steps", data=data | values)


def move(browser: Browser, finding_id: int, step: str, **values: str) -> Any:
    """Press a button of a finding's page, or send its form, as it is now."""
    here = f"/programme/findings/{finding_id}"
    version = {"version": every(Finding)[finding_id - 1].version}
    return browser.post(f"{here}/{step}", data=version | values)


def find(browser: Browser, study_id: int, **values: Any) -> int:
    answer = browser.post(f"/programme/field-studies/{study_id}/findings/new", data=FINDING | {"theme_id": 1} | values)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def verified(browser: Browser, study_id: int) -> int:
    finding_id = find(browser, study_id)
    assert move(browser, finding_id, "verify").status_code == 303
    return finding_id


def supporting(browser: Browser, study_id: int, competency: int = 1) -> tuple[int, int]:
    """A verified finding and its ask."""
    finding_id = verified(browser, study_id)
    data = {"competency": competency, "reason": "Yönlendirme yetersiz"}
    assert browser.post(f"/programme/asks/finding/{finding_id}/new", data=data).status_code == 303
    return finding_id, every(FindingAsk)[-1].id


def test_stages_one_after_the_other(ready: Stage) -> None:
    study_id = begin(ready.coordinator, design_on=(today() - timedelta(days=1)).isoformat())
    assert "Tarihi geçti" in ready.coordinator.page("/programme/field-studies").text
    assert "tarihi geçti" in ready.coordinator.page("/").text
    answer = ready.coordinator.post(
        f"/programme/field-studies/{study_id}/steps", data={"done": ["sample"], "forward": "1", "version": "1"}
    )
    assert answer.status_code == 422 and "2 adım henüz tamamlanmadı" in answer.text
    assert every(FieldStudy)[0].steps == [], "nothing of a step that was refused is kept"
    to_fieldwork(ready.coordinator, study_id)
    study = every(FieldStudy)[0]
    assert study.stage is StudyStage.FIELDWORK and study.design_on == study.development_on == today()
    assert "tarihi geçti" not in ready.coordinator.page("/").text
    assert ready.coordinator.post(f"/programme/field-studies/{study_id}/back", data={}).status_code == 422
    data = {"reason": "Soru formu değişti", "version": study.version}
    assert ready.coordinator.post(f"/programme/field-studies/{study_id}/back", data=data).status_code == 303
    page = ready.coordinator.page(f"/programme/field-studies/{study_id}").text
    assert "Soru formu değişti" in page and "Aşama: Geliştirme" in page
    assert (every(FieldStudy)[0].design_on, every(FieldStudy)[0].development_on) == (today(), None)


def test_stages_end_in_turn(ready: Stage) -> None:
    study_id = begin(ready.coordinator)
    data = STUDY | {"fieldwork_on": "2027-05-01", "development_on": "2027-06-01", "version": 1}
    answer = ready.coordinator.post(f"/programme/field-studies/{study_id}/edit", data=data)
    assert answer.status_code == 422 and "öncekinden önce bitemez" in answer.text
    data |= {"fieldwork_on": "2027-07-01"}
    assert ready.coordinator.post(f"/programme/field-studies/{study_id}/edit", data=data).status_code == 303
    assert ready.coordinator.post(f"/programme/field-studies/{study_id}/edit", data=data).status_code == 409


def test_interviews_by_day_district_and_sex(ready: Stage) -> None:
    study_id, by = begin(ready.coordinator), ready.coordinator
    planned = {"women-1": "20", "men-1": "10", "women-2": "", "men-2": "", "version": "1:0:0 2:0:0"}
    assert by.post(f"/programme/field-studies/{study_id}/districts", data=planned).status_code == 303
    assert by.post(f"/programme/field-studies/{study_id}/districts", data=planned).status_code == 409, (
        "somebody was first"
    )
    address = f"/programme/field-studies/{study_id}/interviews"
    held = {"day": f"{today():%d.%m.%Y}", "women-1": "7", "men-1": "3", "version": "1:0:0"}
    answer = by.post(address, data=held)
    assert answer.status_code == 422 and "saha uygulaması sırasında" in answer.text
    to_fieldwork(by, study_id)
    assert by.post(address, data=held).status_code == 303
    assert [(row.women, row.men) for row in every(StudyInterviews)] == [(7, 3)]
    answer = by.post(address, data=held | {"women-1": "9"})
    assert answer.status_code == 409 and [(row.women, row.men) for row in every(StudyInterviews)] == [(7, 3)]
    assert by.post(address, data=held | {"women-1": "9", "version": "1:7:3"}).status_code == 303
    assert [(row.women, row.men) for row in every(StudyInterviews)] == [(9, 3)]
    for wrong, said in (("-3", "0 ile 500"), ("90000", "0 ile 500"), ("yedi", "Tam sayı")):
        answer = by.post(address, data=held | {"women-1": wrong})
        assert answer.status_code == 422 and said in answer.text and wrong in answer.text
        assert "Nizip Belediyesi, Kadın: " in answer.text and "women-1:" not in answer.text
    tomorrow = (today() + timedelta(days=1)).isoformat()
    answer = by.post(address, data=held | {"day": tomorrow})
    assert answer.status_code == 422 and "henüz gelmedi" in answer.text
    for day, said in ((tomorrow, "henüz gelmedi"), (f"{today():%d.%m.%Y}", 'value="9"')):
        assert said in by.get(f"{address}?day={day}").text
    assert 'name="women-1"' not in by.get(f"{address}?day=2099-12-31").text, "no form that can only fail"
    for nonsense in ("dün", "9999-12-31", "2026-13-01"):
        assert by.get(f"{address}?day={nonsense}").status_code == 404, nonsense
    answer = by.post(address, data=held | {"day": "2001-01-01"})
    assert answer.status_code == 422 and "bu gün ondan önce" in answer.text
    assert "12 / 30" in by.page(f"/programme/field-studies/{study_id}").text
    assert "Yapılan görüşme: 12 / 30" in by.page("/programme/field-studies").text
    kept = {"women-1": "0", "men-1": "0", "women-2": "0", "men-2": "0", "version": "1:20:10 2:0:0"}
    assert by.post(f"/programme/field-studies/{study_id}/districts", data=kept).status_code == 303
    assert every(StudyInterviews), "a district with interviews stays"
    answer = by.post(address, data=held | {"women-1": "400", "version": "1:9:3"}, follow_redirects=True)
    assert "Kadın (400 / 0)" in answer.text and "Erkek (3 / 0)" in answer.text, "told, likely a slip"


def test_districts_alone_take_part(ready: Stage) -> None:
    factories.organisation("Gaziantep Valiliği", kind=OrganisationKind.GOVERNORATE)
    db.session.commit()
    page = ready.coordinator.page(f"/programme/field-studies/{begin(ready.coordinator)}/districts").text
    assert "Nizip" in page and "Valiliği" not in page


def attach(browser: Browser, study_id: int, content: bytes = PDF, name: str = "Rapor.pdf") -> Any:
    return browser.post(f"/programme/field-studies/{study_id}/report", data={"report": (BytesIO(content), name)})


def test_a_report_is_a_pdf(ready: Stage) -> None:
    study_id = begin(ready.coordinator)
    address = f"/programme/field-studies/{study_id}/report"

    def sent(content: bytes) -> Any:
        return attach(ready.coordinator, study_id, content)

    assert sent(b"%PDF-1.7 x").status_code == 422
    assert sent(b"Zip").status_code == 422
    with pytest.raises(Refused, match="20 MB"):
        read_report(b"%PDF-" + b"x" * (20 * 1024 * 1024) + b"%%EOF")
    assert ready.coordinator.post(address, data={}).status_code == 422
    assert sent(b"%PDF-1.7 nonsense\n%%EOF").status_code == 422
    assert sent(PDF).status_code == 303
    for typed, named in (("../../etc/<b>x</b>.pdf", "b.pdf"), ("Araç (2).pdf", "Araç (2).pdf"), ("<>.pdf", "-.pdf")):
        assert attach(ready.coordinator, study_id, name=typed).status_code == 303
        latest = sa.select(Document.filename).order_by(Document.id.desc()).limit(1)
        assert db.session.scalar(latest) == named
    assert ready.coordinator.get(f"{address}.pdf").data == PDF
    assert ready.focal_point.get(f"{address}.pdf").status_code == 404, "until the study is done"


def test_from_a_finding_to_a_plan_row_and_back(ready: Stage) -> None:
    by = ready.coordinator
    plan_id, study_id = begun(by), begin(by)
    finding_id, ask_id = supporting(by, study_id)
    page = by.page(f"/programme/findings/{finding_id}")
    link = f"/plans/add?asked=finding-{ask_id}"
    assert link in page.links
    form = by.page(link)
    assert FINDING["statement_tr"] in form.text and "Yönlendirme yetersiz" in form.text
    assert f'value="finding-{ask_id}"' in form.html and '<option selected value="field">' in form.html
    item_id = add(by, plan_id, asked=f"finding-{ask_id}", origin="field", origin_text=FINDING["statement_tr"])
    assert row_now(item_id).origin is Origin.FIELD and every(FindingAsk)[0].plan_item_id == item_id
    draft = by.page(f"/plans/{plan_id}/draft")
    assert f"/programme/findings/{finding_id}" in draft.links
    assert link not in by.page(f"/programme/findings/{finding_id}").links
    answer = by.post(f"/plans/{plan_id}/rows/new", data=_row(ask_id, quarter=3))
    assert answer.status_code == 422 and "zaten buna dayanıyor" in answer.text
    answer = by.post(f"/programme/asks/finding-{ask_id}/withdraw")
    assert answer.status_code != 500 and every(FindingAsk), "a row rests on it"
    assert by.post(f"/plans/{plan_id}/rows/{item_id}/drop").status_code == 303
    assert every(FindingAsk)[0].plan_item_id is None, "the row is gone: it asks again"
    assert by.post(f"/programme/asks/finding-{ask_id}/withdraw").status_code == 303
    assert not every(FindingAsk)
    history = by.page(f"/programme/findings/{finding_id}").text
    assert "Yetkinlik geri çekildi" in history and "Yetkinlik eklendi" in history


def _row(ask_id: int, **values: Any) -> dict[str, Any]:
    return ROW | {"asked": f"finding-{ask_id}", "origin": "field", "origin_text": "Bulgu"} | values


def test_a_finding_that_rests_on_nothing_says_what_it_lacks(ready: Stage) -> None:
    by = ready.coordinator
    bare = f"/programme/findings/{find(by, begin(by), rests_on='')}"
    assert f'action="{bare}/verify"' not in by.page(bare).html, "it could only fail"
    assert "hangi tablo" in by.page(bare).text
    assert move(by, 1, "verify").status_code == 422
    viewer = ready.admin.page(f"/programme/findings/{find(by, 1)}")
    assert 'action="/programme/findings/2/verify"' in viewer.html


def test_the_days_with_interviews_are_drawn_anew_with_what_was_saved(ready: Stage) -> None:
    """With JavaScript, too: nothing beside the form stays as it was."""
    by = ready.coordinator
    study_id = begin(by)
    planned = {"women-1": "20", "men-1": "10", "women-2": "", "men-2": "", "version": "1:0:0 2:0:0"}
    by.post(f"/programme/field-studies/{study_id}/districts", data=planned)
    here = f"/programme/field-studies/{study_id}/interviews"
    page = by.page(here)
    assert f'action="{here}"' in page.html and "hx-post" not in page.html


def test_a_finding_withdrawn_after_a_row_rests_on_it(ready: Stage) -> None:
    by = ready.coordinator
    plan_id, study_id = begun(by), begin(by)
    finding_id, ask_id = supporting(by, study_id)
    data = {"competency": 2, "reason": "Dil desteği"}
    assert by.post(f"/programme/asks/finding/{finding_id}/new", data=data).status_code == 303
    item_id = add(by, plan_id, asked=f"finding-{ask_id}", origin="field", origin_text="Bulgu")
    assert "/take-back" not in by.get(f"/programme/findings/{finding_id}").text, "it could only fail"
    answer = move(by, finding_id, "take-back")
    assert every(Finding)[0].status is FindingStatus.VERIFIED, answer.text
    assert "Satır kalır" in by.page(f"/programme/findings/{finding_id}/withdraw").text
    assert by.post(f"/programme/findings/{finding_id}/withdraw", data={}).status_code == 422
    done = move(by, finding_id, "withdraw", reason="Örneklem hatalı")
    assert done.status_code == 303
    assert every(Finding)[0].status is FindingStatus.WITHDRAWN
    assert [ask.id for ask in every(FindingAsk)] == [ask_id], "what nothing rests on is taken back with it"
    assert row_now(item_id).id == item_id
    page = by.page(f"/programme/findings/{finding_id}").text
    assert "Örneklem hatalı" in page and "Bulgu: Geri çekildi" in page
    assert "geri çekildi" in by.page(f"/plans/{plan_id}/draft").text.lower()


def test_drafts_are_for_those_who_write(ready: Stage) -> None:
    study_id = begin(ready.coordinator)
    finding_id = find(ready.coordinator, study_id)
    assert ready.focal_point.get(f"/programme/findings/{finding_id}").status_code == 404
    assert FINDING["statement_tr"] not in ready.focal_point.page(f"/programme/field-studies/{study_id}").text
    answer = ready.coordinator.post(f"/programme/asks/finding/{finding_id}/new", data={"competency": 1, "reason": "x"})
    assert answer.status_code == 422, "only a verified one supports anything"
    assert move(ready.coordinator, finding_id, "verify").status_code == 303
    assert ready.focal_point.get(f"/programme/findings/{finding_id}").status_code == 200
    assert FINDING["statement_tr"] in ready.focal_point.page("/programme/findings").text
    data = FINDING | {"theme_id": 1, "version": every(Finding)[0].version}
    answer = ready.coordinator.post(f"/programme/findings/{finding_id}/edit", data=data | {"n": "5"})
    assert answer.status_code == 422 and "Önce bulguyu taslağa alınız" in answer.text
    for wrong in ({"share_typed": "101"}, {"share_typed": "3,25"}, {"share_typed": "x"}, {"n": ""}, {"theme_id": "99"}):
        answer = ready.coordinator.post(f"/programme/field-studies/{study_id}/findings/new", data=data | wrong)
        assert answer.status_code == 422, wrong


def test_who_may_do_none_of_it(ready: Stage) -> None:
    study_id = begin(ready.coordinator)
    finding_id, ask_id = supporting(ready.coordinator, study_id)
    reading = (f"/programme/field-studies/{study_id}", f"/programme/findings/{finding_id}")
    writing = [
        f"/programme/field-studies/{study_id}/{page}" for page in ("edit", "districts", "interviews", "report", "back")
    ]
    writing += [f"/programme/field-studies/{study_id}/findings/new"]
    writing += [f"/programme/findings/{finding_id}/{page}" for page in ("edit", "withdraw")]
    writing += [f"/programme/asks/finding/{finding_id}/new"]
    for path in (*reading, *writing):
        assert ready.coordinator.get(path).status_code == 200, path
        assert ready.admin.get(path).status_code == 200, path
        assert ready.coordinator_elsewhere.get(path).status_code == 404, path
        for name in ("trainer", "staff", "viewer"):
            assert getattr(ready, name).get(path).status_code == 403, (name, path)
    for path in reading:
        assert ready.focal_point.get(path).status_code == 200, path
        assert ready.focal_point_elsewhere.get(path).status_code == 404, path
    for path in writing:
        assert ready.focal_point.get(path).status_code == 403, path
    for path in (
        f"findings/{finding_id}/verify",
        f"findings/{finding_id}/take-back",
        f"asks/finding-{ask_id}/withdraw",
    ):
        assert ready.coordinator_elsewhere.post(f"/programme/{path}").status_code == 404
    assert ready.coordinator_elsewhere.get(f"/plans/add?asked=finding-{ask_id}").status_code == 404
    elsewhere = begun(ready.coordinator_elsewhere, "2")
    answer = ready.coordinator_elsewhere.post(f"/plans/{elsewhere}/rows/new", data=_row(ask_id, place="p2"))
    assert answer.status_code == 404 and not db.session.scalar(sa.select(sa.func.count(PlanItem.id)))
    answer = ready.coordinator.post("/programme/field-studies/new", data=STUDY | {"province_id": 2})
    assert answer.status_code == 422


def test_lists_are_files_too_and_cost_the_same(ready: Stage) -> None:
    by = ready.coordinator
    for number in range(3):
        supporting(by, begin(by, title_tr=f"Çalışma {number}"))
    for path in ("/programme/field-studies", "/programme/findings"):
        with statements() as found:
            by.page(path)
        assert len(found) <= 8, found
        assert by.get(f"{path}?format=xlsx").status_code == 200
        assert by.get(f"{path}?format=csv").status_code == 200
        assert by.get(f"{path}?province=99&stage=&strength=").status_code == 200
    assert "Saha çalışması bulunamadı" in by.page("/programme/field-studies?stage=nowhere").text
    for path in ("/programme/field-studies/1", "/programme/findings/1"):
        with statements() as found:
            by.page(path)
        assert len(found) <= 8, "\n".join(found)


def test_fieldwork_done_stands_on_the_picture_and_opens_its_list(ready: Stage) -> None:
    by, year = ready.coordinator, today().year
    late = (today() - timedelta(days=1)).isoformat()
    first, second = begin(by), begin(by, title_tr="İkinci çalışma", fieldwork_on=late)
    begin(ready.coordinator_elsewhere, province_id=2)
    for study_id in (first, second):
        to_fieldwork(by, study_id)
    assert "0/2" in _figure(ready, year) or "0 / 2" in _figure(ready, year)
    assert tick(by, first, StudyStage.FIELDWORK, done=["permits", "checked"], reason="Yol kapalı").status_code == 303
    for when, done in ((year, 1), (year - 1, 0), (0, 0), (10_000, 0)):
        page = by.page(f"/programme/field-studies?surveyed={when}&province=1")
        assert (f"/programme/field-studies/{first}" in page.links) is bool(done), when
        assert f"/programme/field-studies/{second}" not in page.links
    found = {row[0]: tuple(row)[1:3] for row in db.session.execute(surveyed_by_province(year))}
    assert found == {1: (1, 2), 2: (0, 1)}


def _figure(stage: Stage, year: int) -> str:
    """The line of the picture."""
    text = stage.coordinator.page(f"/programme?year={year}").text
    return text[text.index("Saha uygulaması tamamlanan") :][:120]


@pytest.mark.parametrize("seed", range(4))
def test_a_figure_is_as_long_as_the_list_it_opens(ready: Stage, seed: int) -> None:
    """Whatever became of the findings, and whoever looks."""
    chance, by = Random(seed), ready.coordinator
    study_id, plan_id = begin(by), begun(by)
    for number in range(6):
        finding_id = find(by, study_id)
        own = f"findings/{finding_id}"
        steps = (f"{own}/verify", f"asks/finding/{finding_id}/new", f"{own}/withdraw", f"{own}/take-back")
        for step in steps[: chance.randint(0, 4)]:
            data = {"competency": 1 + number % 2, "reason": "Gerekli", "version": every(Finding)[-1].version}
            assert by.post(f"/programme/{step}", data=data).status_code in (303, 422)
    for quarter, ask in enumerate(every(FindingAsk)[:3], 1):
        add(by, plan_id, asked=f"finding-{ask.id}", origin="field", origin_text="Bulgu", quarter=quarter)

    def length(page: str, who: str) -> int:
        sheet = getattr(ready, who).get(f"/programme/{page}format=xlsx").data
        return load_workbook(BytesIO(sheet)).worksheets[0].max_row - 1

    for who in ("coordinator", "admin", "focal_point", "coordinator_elsewhere"):
        caller = caller_of(EVERYWHERE.get(User, ready.cast.users[who]))
        scope = caller.scope_for(Permission.PROGRAMME_READ)
        assert use(scope) == (length("findings?status=verified&", who), length("findings?led=yes&", who))


def test_two_who_tick_the_steps_of_a_study_at_once(ready: Stage) -> None:
    study = begin(ready.coordinator)
    here = f"/programme/field-studies/{study}"
    first, second = (browser.page(here).hidden(f"{here}/steps") for browser in (ready.coordinator, ready.admin))
    back = first | {"reason": "Soru formu değişti"}
    ticked = {"done": ["questions", "sample"]}
    assert ready.coordinator.post(f"{here}/steps", data=first | ticked).status_code == 303
    assert ready.admin.post(f"{here}/steps", data=second | {"done": ["ethics"]}).status_code == 409
    assert every(FieldStudy)[0].steps == ["questions", "sample"]
    to_fieldwork(ready.coordinator, study)
    assert ready.admin.post(f"{here}/back", data=back).status_code == 409
    assert every(FieldStudy)[0].stage is StudyStage.FIELDWORK


def test_a_finding_is_decided_on_as_it_was_seen(ready: Stage) -> None:
    """What it says and where it stands: verified, taken back, withdrawn from a page that shows something else."""
    finding = find(ready.coordinator, begin(ready.coordinator))
    here = f"/programme/findings/{finding}"
    seen = ready.admin.page(here).hidden(f"{here}/verify")
    changed = FINDING | {"theme_id": "1", "statement_tr": "Başka bir şey", "version": "1"}
    assert ready.coordinator.post(f"{here}/edit", data=changed).status_code == 303
    assert ready.admin.post(f"{here}/verify", data=seen).status_code == 409
    assert every(Finding)[0].status is FindingStatus.DRAFT
    assert "Taslak değiştirildi" in ready.coordinator.page(here).text
    assert move(ready.coordinator, finding, "verify").status_code == 303
    for step in ("take-back", "withdraw"):
        assert ready.admin.post(f"{here}/{step}", data=seen | {"reason": "Eskidi"}).status_code == 409
    assert every(Finding)[0].status is FindingStatus.VERIFIED


def test_a_study_is_not_done_by_ticks_alone(ready: Stage) -> None:
    """What stands here itself is read off: interviews, findings, report, summary."""
    study_id, by = begin(ready.coordinator), ready.coordinator
    here = f"/programme/field-studies/{study_id}"
    planned = {"women-1": "20", "men-1": "10", "version": "1:0:0 2:0:0"}
    assert by.post(f"{here}/districts", data=planned).status_code == 303
    to_fieldwork(by, study_id)
    answer = tick(by, study_id, StudyStage.FIELDWORK, reason="Kar yağdı")
    assert answer.status_code == 422 and "henüz öyle değil: Planlanan görüşmeler" in answer.text
    rest = {"done": ["permits", "checked"]}
    answer = tick(by, study_id, StudyStage.FIELDWORK, **rest)
    assert answer.status_code == 422 and "Yapılan görüşme: 0 / 30" in answer.text
    assert tick(by, study_id, StudyStage.FIELDWORK, **rest, reason="Kar yağdı").status_code == 303
    assert "Kar yağdı" in by.page(here).text, "in its history"
    finding_id = find(by, study_id)
    for lacking in ("Bulgular", "Rapor", "Kamuya açık"):
        answer = tick(by, study_id, StudyStage.ANALYSIS)
        assert answer.status_code == 422 and f"henüz öyle değil: {lacking}" in answer.text
        assert every(FieldStudy)[0].stage is StudyStage.ANALYSIS
        if lacking == "Bulgular":
            assert move(by, finding_id, "verify").status_code == 303
        elif lacking == "Rapor":
            attach(by, study_id)
        else:
            data = STUDY | {"summary_tr": "Özet", "version": every(FieldStudy)[0].version}
            data |= {f"{stage}_on": today().isoformat() for stage in ("design", "development", "fieldwork")}
            assert by.post(f"{here}/edit", data=data).status_code == 303
    assert tick(by, study_id, StudyStage.ANALYSIS).status_code == 303
    assert every(FieldStudy)[0].stage is StudyStage.DONE
    _stays_done(by, study_id, finding_id)


def _stays_done(by: Browser, study_id: int, finding_id: int) -> None:
    """What it was done with is not taken from under it."""
    here = f"/programme/field-studies/{study_id}"
    text = by.page(here).text + by.page(f"/programme/findings/{finding_id}").text
    assert not [each for each in ("Yeni bulgu", "İlçelere göre planla", "Taslağa al") if each in text]
    assert move(by, finding_id, "take-back").status_code == 422
    assert every(Finding)[0].status is FindingStatus.VERIFIED
    assert by.post(f"{here}/findings/new", data=FINDING | {"theme_id": 1}).status_code == 422
    planned = {"women-1": "0", "men-1": "1", "version": "1:20:10 2:0:0"}
    assert by.post(f"{here}/districts", data=planned).status_code == 422
    data = STUDY | {"summary_tr": " ", "version": every(FieldStudy)[0].version}
    answer = by.post(f"{here}/edit", data=data)
    assert answer.status_code == 422 and "özeti kamuya açık" in answer.text


def test_without_a_draft_the_way_to_a_row_leads_through_a_new_plan(ready: Stage) -> None:
    by = ready.coordinator
    _, ask_id = supporting(by, begin(by))
    new = next(link for link in by.page(f"/plans/add?asked=finding-{ask_id}").links if link.startswith("/plans/new"))
    answer = by.post("/plans/new", data=by.page(new).hidden("/plans/new") | {"year": today().year, "province": "1"})
    assert answer.status_code == 303 and f"asked=finding-{ask_id}" in answer.location
    assert FINDING["statement_tr"] in by.page(answer.location).text


def test_the_way_to_a_row_leads_through_the_next_version_of_a_plan_in_force(ready: Stage) -> None:
    by = ready.coordinator
    plan_id = begun(by)
    _, ask_id = supporting(by, begin(by))
    plan = db.session.get(TrainingPlan, plan_id)
    assert plan is not None
    plan.status, plan.approved_at = PlanStatus.APPROVED, now()
    db.session.commit()
    revise = f"/plans/{plan_id}/revise"
    answer = by.post(revise, data=by.page(f"/plans/add?asked=finding-{ask_id}").hidden(revise))
    assert answer.status_code == 303 and f"asked=finding-{ask_id}" in answer.location
    assert FINDING["statement_tr"] in by.page(answer.location).text


def test_what_asks_for_a_competency_stands_on_its_page_before_any_analysis(stage: Stage) -> None:
    by = stage.coordinator
    factories.competency()
    db.session.commit()
    finding_id, ask_id = supporting(by, begin(by))
    assert f"/programme/findings/{finding_id}" in by.page("/needs/1").links
    row = by.page(f"/plans/{begun(by)}/rows/new?asked=finding-{ask_id}")
    (groups,) = (one.get("value") for one in row.fields if one.get("name") == "groups")
    assert groups == "1", "one group is proposed: nothing is left to fill in"


def test_a_study_designed_later_is_none_of_an_earlier_year(ready: Stage) -> None:
    begin(ready.coordinator, design_on=today().isoformat())
    year = today().year
    assert [row[2] for row in db.session.execute(surveyed_by_province(year))] == [1]
    assert not db.session.execute(surveyed_by_province(year - 1)).all()
