"""Everything a certificate says stands on its verification page, so that a paper altered anywhere is found out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

import pytest
import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates import queries, snapshot
from app.certificates.issuing import queries as due
from app.certificates.issuing import services as issuing
from app.certificates.models import Certificate, CertificateStatus, EndReason
from app.certificates.register import queries as certificates
from app.certificates.register import services as register
from app.certificates.verification import proof
from app.completion.models import DocumentKind, Result
from app.core.db import db
from app.files.models import Document
from app.jobs import runner
from app.language.turkish import family_in_capitals, search_key
from app.paper.certificate import draw_certificate
from app.paper.contents import contents
from app.paper.wording import CERTIFICATE
from app.people.merging import services as people
from app.people.models import EmploymentType
from app.people.transfers import services as transfers
from app.settings.models import Setting
from app.training.models import Sitting
from tests import factories
from tests.cast import Cast
from tests.certificates.stage import Given, held, issued, person, took_part
from tests.conftest import Browser, Stage
from tests.factories import employee, user
from tests.page import Page
from tests.paper.reading import text_of

NAMES = (
    ("Elif Nur", "Ağaoğlu"),
    ("Bêrîtan Şêrko", "Çelîk"),
    ("Îbrahîm", "Ûnlû"),
    ("Abdülkadir Bêrîtan Şêrko Çağrı", "Ağaoğlu-Yükseltürkmenoğulları"),
    ("Işıl", "İğneciğil"),
)
SIGNATORIES = (
    ("Gülşah Ünlü Ağaoğlu", "İnsan Kaynakları ve Eğitim Dairesi Başkanı", "Head of Human Resources and Training"),
    ("Prof. Dr. Yavuz AYTAÇ", "Program yöneticisi", "Programme manager"),
    ("Îsmaîl Işık", "Kadın ve Aile Hizmetleri Dairesi Başkanı", "Head of Women’s and Family Services"),
)
FUNDING = "Bu eğitim, örnek bir destek programı kapsamında düzenlenmiştir."


@pytest.fixture
def hundred(given: Given, cast: Cast) -> list[int]:
    """The ids of certificates of all sorts: kinds, languages, states, signatories, trainers, days, by hand and in bulk."""
    db.session.add_all(
        [Setting(key="funding_tr", value={"value": FUNDING}), Setting(key="sample_data", value={"value": True})]
    )
    for place, (name, title_tr, title_en) in enumerate(SIGNATORIES, 1):
        factories.signatory(name, title_tr=title_tr, title_en=title_en, province_id=2, position=place)
    numbered = 0
    for group in range(4):
        session_id = held(1 + group % 2, 20 + group, f"Göbeklitepe Kültür Merkezi {group}, Hêvî salonu")
        _days(session_id, 1 + 2 * group)
        _trainers(session_id, group, numbered)
        for place in range(21):
            numbered += 1
            given_name, family = NAMES[numbered % len(NAMES)]
            account = user(f"kisi{numbered}", given_name, family)
            account.language = "en" if numbered % 3 == 0 else "tr"
            result = Result.COMPLETED_SUCCESS if place % 2 else Result.COMPLETED_ATTENDANCE
            who = employee(f"{given_name} {numbered}", family, f"P-{numbered}", 1 + numbered % 3, user_id=account.id)
            took_part(session_id, who.id, result)
        db.session.commit()
        _issue(session_id, cast, in_bulk=group % 2 == 0)
    made = list(
        db.session.scalars(EVERYWHERE.restrict(sa.select(Certificate.id), Certificate).order_by(Certificate.id))
    )
    for place, key in enumerate(made):
        certificate = certificates.certificate(EVERYWHERE, key)
        if place % 7 == 1:
            register.revoke(certificate, "Not meant for the public", public=EndReason.ATTENDANCE, by=SYSTEM)
        elif place % 7 == 4:
            made.append(register.reissue(certificate, "Not meant for the public", by=SYSTEM, tell=False).id)
    db.session.commit()
    return made


def _days(session_id: int, more: int) -> None:
    for day in range(more):
        held_on = date(2026, 3, 24 + day) if day < 7 else date(2026, 4, day)
        factories.sitting(session_id, held_on, time(9), time(9, 45))


def _trainers(session_id: int, count: int, numbered: int) -> None:
    statement = EVERYWHERE.restrict(sa.select(Sitting.id), Sitting).where(Sitting.course_session_id == session_id)
    sittings = db.session.scalars(statement).all()
    for place in range(count):
        name = (f"Şükran {numbered + place}", "İşgören Îlhan", "")
        made = factories.trainer(*name, academic_title="Doç. Dr.", institution=f"Örnek Üniversitesi {place}")
        for key in sittings[place:]:
            factories.assignment(key, made.id)


def _issue(session_id: int, cast: Cast, *, in_bulk: bool) -> None:
    course_session = queries.session_to_certify(EVERYWHERE, session_id)
    for trainer, _ in queries.trainers_of(course_session):
        issuing.issue_thanks(course_session, trainer, by=SYSTEM, tell=False)
    if in_bulk:
        job = issuing.start_issue(course_session, by=caller_of(EVERYWHERE.get(User, cast.users["coordinator"])))
        db.session.commit()
        runner.run(job.id)
    else:
        for outcome in due.outcomes_to_certify(course_session):
            issuing.issue(course_session, outcome, by=SYSTEM, tell=False)
    db.session.commit()


def bare(text: str) -> str:
    """Letters and digits without case, with one space between words, as two texts are compared."""
    return " " + " ".join(re.findall(r"\w+", search_key(text))) + " "


def left_over(paper: str, found: Sequence[str]) -> str:
    """What a paper says that is none of these texts."""
    rest = bare(paper)
    for text in sorted({bare(one) for one in found}, key=len, reverse=True):
        rest = rest.replace(text, "  ")
    return rest.strip()


def exceptions(certificate: Certificate) -> list[str]:
    """What a paper says and its page need not: what `NOT_SHOWN` names, and the fixed words around the rest."""
    paper = snapshot.paper_of(certificate, {})
    kind = CERTIFICATE[paper.language].kinds[paper.kind]
    fixed = [kind.opening, *kind.sentence.split("{course}")]
    return fixed + [line for key in proof.NOT_SHOWN for line in contents(paper)[key].lines]


def shown(page: Page) -> list[str]:
    """The texts of the facts on a verification page, terms and definitions apart."""
    facts = page.html.partition("<dl")[2].partition("</dl>")[0]
    texts = re.split(r"</?(?:dt|dd|br|span)[^>]*>", facts)
    return [Page(f"<p>{text}</p>", fragment=True).text for text in texts if text.strip()]


def visit(stage: Stage) -> Browser:
    browser = stage.app.test_client()
    assert isinstance(browser, Browser)
    return browser


def file_of(certificate: Certificate) -> bytes:
    return db.session.scalars(sa.select(Document.content).where(Document.id == certificate.document_id)).one()


def test_all_that_stands_on_a_hundred_papers_stands_on_their_pages(stage: Stage, hundred: list[int]) -> None:
    assert len(hundred) >= 100
    seen = set()
    for key in hundred:
        certificate = certificates.certificate(EVERYWHERE, key)
        page = visit(stage).page(f"/d/{certificate.code}?lang={certificate.language}")
        texts = [part for text in shown(page) for part in (text, *text.split(", "))]
        assert left_over(text_of(file_of(certificate)), texts + exceptions(certificate)) == "", certificate.number
        assert "Not meant for the public" not in page.html
        seen.add((certificate.kind, certificate.language, certificate.status))
    assert {one[0] for one in seen} == set(DocumentKind)
    assert {one[1] for one in seen} == {"tr", "en"}
    assert {one[2] for one in seen} == set(CertificateStatus)


def test_each_part_of_a_paper_is_on_the_page_or_on_the_written_list(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    said = contents(snapshot.paper_of(made, {}))
    assert set(proof.NOT_SHOWN) == {"url", "sample"}
    page = visit(stage).page(f"/d/{made.code}")
    for key, part in said.items():
        assert (key in proof.NOT_SHOWN) or all(line in page.text for line in part.lines), key
    assert set(visit(stage).get(f"/d/{made.code}.json").get_json()) == set(proof.KEYS)


@pytest.mark.parametrize("what", ["place", "trainers", "signatories", "organisation", "heading", "code", "funding"])
def test_a_paper_altered_anywhere_differs_from_its_page(stage: Stage, given: Given, what: str) -> None:
    db.session.add(Setting(key="funding_tr", value={"value": FUNDING}))
    db.session.commit()
    made = issued(given, "elif")
    real = snapshot.paper_of(made, {})
    forged = {
        "place": "Başka Merkez",
        "trainers": ("Sahte EĞİTMEN",),
        "signatories": (("Sahte İMZA", "Müdür"),),
        "organisation": "Sahte Belediyesi",
        "heading": ("Sahte Valilik",),
        "code": "0000-0000-0000-0000",
        "funding": "Bu eğitim, Sahte Vakıf desteğiyle düzenlenmiştir.",
    }
    texts = [*shown(visit(stage).page(f"/d/{made.code}"))]
    texts += [part for text in texts for part in text.split(", ")] + exceptions(made)
    assert left_over(text_of(draw_certificate(real)), texts) == ""
    changed = replace(real, **{what: forged[what]})  # type: ignore[arg-type]  # each of its field's type
    assert left_over(text_of(draw_certificate(changed)), texts)


def test_own_words_are_frozen_and_proved(stage: Stage, given: Given) -> None:
    sentence = Setting(key="attendance_sentence_tr", value={"value": "“{course}” eğitimine katıldı."})
    db.session.add_all([sentence, Setting(key="success_sentence_tr", value={"value": "“{course}” eğitimini bitirdi."})])
    db.session.commit()
    made = issued(given, "elif")
    said = contents(snapshot.paper_of(made, {}))["wording"].text
    assert said.endswith(("eğitimine katıldı.", "eğitimini bitirdi."))
    db.session.execute(sa.delete(Setting).where(Setting.key.endswith("_sentence_tr")))
    db.session.commit()
    assert contents(snapshot.paper_of(made, {}))["wording"].text == said
    assert said in visit(stage).page(f"/d/{made.code}").text
    real = snapshot.paper_of(made, {})
    texts = [*shown(visit(stage).page(f"/d/{made.code}"))]
    texts += [part for text in texts for part in text.split(", ")] + exceptions(made)
    assert left_over(text_of(draw_certificate(real)), texts) == ""


def test_papers_of_the_first_template_are_proved_as_they_were_drawn(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    made.snapshot = made.snapshot | {"template_version": 1}
    db.session.commit()
    assert "Yavuz Aytaç, Program yöneticisi" in visit(stage).page(f"/d/{made.code}").text


def test_codes_answer_after_a_merge_a_transfer_a_replacement_and_an_erasure(
    stage: Stage, given: Given, cast: Cast
) -> None:
    made = {name: issued(given, name) for name in ("elif", "isik")}
    before = {name: shown(visit(stage).page(f"/d/{one.code}")) for name, one in made.items()}
    kept = employee("Işık", "Çınar", "N-900", 1)
    db.session.commit()
    people.merge(kept, person(cast, "isik"), by=SYSTEM)
    db.session.commit()
    assert shown(visit(stage).page(f"/d/{made['isik'].code}")) == before["isik"]

    admin = caller_of(EVERYWHERE.get(User, cast.users["admin"]))
    place = transfers.NewPlace(2, 1, "N-901", EmploymentType.CIVIL_SERVANT, "")
    transfers.transfer(person(cast, "elif"), EVERYWHERE.get(Organisation, 2), place, by=admin)
    db.session.commit()
    assert shown(visit(stage).page(f"/d/{made['elif'].code}")) == before["elif"]

    old = made["elif"]
    register.reissue(certificates.certificate(EVERYWHERE, old.id), "Kurumu değişti", by=SYSTEM)
    db.session.commit()
    assert set(before["elif"]) <= set(shown(visit(stage).page(f"/d/{old.code}")))

    old.printed_name = old.name_sort = old.search_text = ""
    names = ("printed_name", "organisation_tr", "organisation_en")
    old.snapshot = {key: value for key, value in old.snapshot.items() if key not in names}
    db.session.get_one(Document, old.document_id).content = b""
    db.session.commit()
    page = visit(stage).page(f"/d/{old.code}")
    assert old.number in page.text
    assert "Elif" not in page.text
    assert visit(stage).get(f"/d/{old.code}.json").get_json()["number"] == old.number


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Yavuz Aytaç", "Yavuz AYTAÇ"),
        ("Prof. Dr. Ali İğneci", "Prof. Dr. Ali İĞNECİ"),
        ("A. Işıl Ilgın", "A. Işıl ILGIN"),
        ("Gülşah ÜNLÜ AĞAOĞLU", "Gülşah ÜNLÜ AĞAOĞLU"),
        ("Yavuz AYTAÇ, PhD", "Yavuz AYTAÇ, PhD"),
    ],
)
def test_family_names_of_signatories_are_in_capitals_by_turkish_rules(typed: str, printed: str) -> None:
    assert family_in_capitals(typed) == printed
