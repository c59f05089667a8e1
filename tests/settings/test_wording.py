"""What certificates say: the programme's own words, refused where no certificate could be drawn with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.paper.contents import contents, said_of_kind
from app.paper.wording import Kind, Language, filled_in, strangers
from app.settings import queries
from app.settings.wording import services
from app.settings.wording.forms import PARTS
from tests.conftest import Stage
from tests.paper.reading import picture_of
from tests.paper.test_certificate_paper import A_LOT, PAPER, draw_certificate, reader, text_of

OWN = "{dates} günlerinde düzenlenen “{course}” eğitimine ({hours}) katılmıştır."
PAGE = "/settings/wording/attendance"


def typed(sentence: str = OWN, version: str = "0") -> dict[str, str]:
    return {"opening_tr": "Değerli", "sentence_tr": sentence, "version": version}


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("“{course}”", ()),
        ("{course} {salary}", ("{salary}",)),
        ("{course.__class__}", ("{", "}")),
        ("{course", ("{",)),
        ("{{course}}", ("{", "}")),
    ],
)
def test_only_known_placeholders_stand_in_braces(sentence: str, found: tuple[str, ...]) -> None:
    assert strangers(sentence) == found


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert filled_in("{course}", {"course": "{name}", "name": "x"}) == "{name}"


def test_own_words_are_printed_and_listed() -> None:
    paper = replace(PAPER, language="tr", kind="attendance", opening="Değerli", sentence=OWN)
    said = said_of_kind(paper)
    assert said.opening == "Değerli"
    assert paper.course in said.sentence
    assert "{" not in said.sentence
    assert contents(paper)["wording"].lines == ("Değerli", said.sentence)
    assert "Değerli" in text_of(draw_certificate(paper))
    assert contents(PAPER)["wording"].entries == ()


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("kind", ["attendance", "success", "thanks"])
def test_the_longest_words_fit_on_the_fullest_paper(kind: Kind, language: Language) -> None:
    sentence = "{course} " + "Ğ" * 15 + " katılım" * 26 + " son."
    most = {part: queries.WORDING[f"{kind}_{part}_{language}"].most for part in ("opening", "sentence")}
    assert most["sentence"] - 9 < len(sentence) <= most["sentence"]
    paper = replace(A_LOT, kind=kind, language=language, opening="W" * most["opening"], sentence=sentence)
    drawn = draw_certificate(paper)
    assert len(reader(drawn).pages) == 1
    said = " ".join(text_of(drawn).split())
    assert "katılım son." in said and "W" * 20 in said
    picture = picture_of(drawn, dpi=50).convert("L")
    edge = picture.crop((0, 0, picture.width // 50, picture.height))
    assert edge.getextrema()[0] > 250, "nothing stands outside the frame"


def test_own_words_are_kept_and_taken_back(stage: Stage) -> None:
    assert stage.admin.post(PAGE, data=typed()).status_code == 303
    assert queries.wording(queries.values()) == {
        "attendance_opening_tr": "Değerli",
        "attendance_sentence_tr": OWN,
    }
    assert stage.admin.post(PAGE, data=typed()).status_code == 409
    version = queries.group([f"attendance_{part}" for part in PARTS]).version
    emptied = dict.fromkeys(PARTS, "") | {"version": version}
    assert stage.admin.post(PAGE, data=emptied).status_code == 303
    assert queries.wording(queries.values()) == {}


@pytest.mark.parametrize("sentence", ["Katılmıştır.", "{course} {salary}", "{course} قدس", "{course}" + "a" * 240])
@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/sample"])
def test_what_cannot_be_drawn_is_refused(stage: Stage, address: str, sentence: str) -> None:
    assert stage.admin.post(address, data=typed(sentence)).status_code == 422
    assert queries.wording(queries.values()) == {}


def test_a_sample_shows_what_is_typed_and_keeps_nothing(stage: Stage) -> None:
    answer = stage.admin.post(f"{PAGE}/sample", data=typed())
    assert answer.mimetype == "application/pdf"
    assert len(reader(answer.data).pages) == 2
    assert "Değerli" in text_of(answer.data)
    assert queries.wording(queries.values()) == {}


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_page_opens_for_administrators_alone(stage: Stage, language: str) -> None:
    for kind in ("attendance", "success", "thanks"):
        assert stage.admin.page(f"/settings/wording/{kind}?lang={language}").title
    assert stage.admin.get("/settings/wording/other").status_code == 404
    assert stage.coordinator.get(PAGE).status_code == 403
    assert services.SAMPLE.keys() == {"tr", "en"}
