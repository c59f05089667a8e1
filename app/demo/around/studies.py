"""Field studies in every stage, what two of them found in all ten thematic areas, and the plan rows that rest on it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.access.models import Organisation, OrganisationKind
from app.core.clock import at
from app.core.db import db
from app.demo.world import COURSES, World
from app.language.turkish import search_key
from app.paper.handouts.report import Paragraph, draw_report
from app.plans.models import Origin, PlanItem
from app.programme.studies.models import (
    STEPS,
    FieldStudy,
    Finding,
    FindingAsk,
    FindingStatus,
    FindingStrength,
    StudyChange,
    StudyDistrict,
    StudyInterviews,
    StudyMethod,
    StudyMove,
    StudyStage,
)

S, M, F = StudyStage, StudyMethod, FindingStatus
STRONG, MEDIUM, WEAK = FindingStrength


class Study(NamedTuple):
    """`until`: days from today to the day its stage ends, or, of one that is done, ended."""

    province: str
    stage: StudyStage
    method: StudyMethod
    title_tr: str
    title_en: str
    lead: str
    until: int


STUDIES = (
    Study(
        "25",
        S.DONE,
        M.HOUSEHOLD_SURVEY,
        "Göçle gelen hanelerin hizmet ihtiyacı anketi",
        "Survey of the service needs of households that moved here",
        "Üniversite araştırma ekibi ve belediye strateji birimi",
        -40,
    ),
    Study(
        "27",
        S.ANALYSIS,
        M.FOCUS_GROUP,
        "Mahalle odak grupları: uyum ve komşuluk",
        "Focus groups in neighbourhoods: adaptation and living together",
        "Büyükşehir belediyesi sosyal hizmetler birimi",
        21,
    ),
    Study(
        "21",
        S.FIELDWORK,
        M.HOUSEHOLD_SURVEY,
        "Kırsaldan gelen ailelerin barınma ve istihdam anketi",
        "Survey on housing and work of families from rural areas",
        "Yüklenici araştırma kurumu",
        -3,
    ),
    Study(
        "63",
        S.DEVELOPMENT,
        M.INTERVIEW,
        "Hizmet sunanlarla derinlemesine görüşmeler",
        "In-depth interviews with those who provide services",
        "Büyükşehir belediyesi kent konseyi ekibi",
        18,
    ),
    Study(
        "25",
        S.DESIGN,
        M.FOCUS_GROUP,
        "Gençlerle odak grup görüşmeleri",
        "Focus groups with young people",
        "Gençlik merkezi ekibi",
        30,
    ),
)
SUMMARY = (
    "Ankete beş ilçeden hane katıldı. Haneler en çok hangi birime başvuracağını bilmemekten, iş bulmaktan ve kira"
    " yükünden söz etti.",
    "Households of five districts took part. They spoke most of not knowing which unit to turn to, of finding work and"
    " of rents.",
)


class Found(NamedTuple):
    """`supports`: competencies by slug, with the reason; `rests`: whether a row of the plan rests on the first."""

    theme: str
    tr: str
    en: str
    strength: FindingStrength
    share: int | None
    n: int | None
    supports: tuple[tuple[str, str], ...] = ()
    rests: bool = False
    status: FindingStatus = F.VERIFIED


DONE_FOUND = (
    Found(
        "belediye-kapasitesi",
        "Başvuruların üçte biri ilk seferde yanlış birime yönlendiriliyor.",
        "A third of applications are sent to the wrong unit at first.",
        STRONG,
        334,
        412,
        (("veri-analizi", "Başvurular izlenmiyor."), ("kurumlar-arasi", "Birimler birbirinin hizmetini tanımıyor.")),
        rests=True,
    ),
    Found(
        "kente-uyum",
        "Yeni gelenlerin yarısı belediye hizmetlerini ancak tanıdıklarından öğreniyor.",
        "Half of the newcomers learn of municipal services only from people they know.",
        STRONG,
        508,
        412,
        (
            ("katilimcilik", "Yeni gelen mahallelere kent konseyi ve muhtarlıklar üzerinden ulaşılmıyor."),
            ("uyum-danismanligi", "Danışma masalarında yönlendirme yapacak personel yok."),
        ),
        rests=True,
    ),
    Found(
        "toplumsal-tutum",
        "Her beş kişiden biri bir hizmet noktasında ayrımcı bir sözle karşılaştığını söylüyor.",
        "One in five says they met with a discriminating remark at a service point.",
        MEDIUM,
        196,
        398,
        (("ayrimcilik-onleme", "Ön büro personeli eşit muamele konusunda eğitim almamış."),),
    ),
    Found(
        "istihdam",
        "Hane reislerinin onda altısı iş ararken hiçbir kurumdan destek almamış.",
        "Six in ten heads of household had no institution's support in looking for work.",
        STRONG,
        612,
        405,
        (("istihdama-yonlendirme", "Belediye ile İŞKUR arasında yönlendirme yolu kurulmamış."),),
    ),
    Found(
        "barinma",
        "Kiracıların dörtte biri konutun ısınmasını yetersiz buluyor.",
        "A quarter of tenants find the heating of their home insufficient.",
        MEDIUM,
        257,
        380,
    ),
    Found(
        "saglik",
        "Kadınların onda üçü randevu sistemini kullanamadığı için sağlık hizmeti alamamış.",
        "Three in ten women went without care because they could not use the appointment system.",
        MEDIUM,
        301,
        214,
        (("saglik-yonlendirme", "Belediye personeli randevu ve yönlendirme yollarını bilmiyor."),),
    ),
    Found(
        "egitim",
        "Ortaokul çağındaki her sekiz çocuktan biri okula düzenli gitmiyor.",
        "One in eight children of middle-school age does not attend regularly.",
        STRONG,
        125,
        296,
        (("okul-is-birligi", "Okul ile belediye arasında erken uyarı yok."),),
        rests=True,
    ),
    Found(
        "planlama",
        "Mahalle düzeyinde güncel nüfus verisi hiçbir ilçede kullanılmıyor.",
        "No district uses up-to-date population data by neighbourhood.",
        WEAK,
        None,
        11,
        (("nufus-kestirimi", "Hizmet noktaları eski nüfusa göre planlanıyor."),),
    ),
    Found(
        "altyapi",
        "Görüşülen hanelerin beşte biri haftada en az bir kez su kesintisi yaşıyor.",
        "A fifth of households are without water at least once a week.",
        MEDIUM,
        205,
        412,
        (("su-atik-hizmetleri", "Büyüyen mahallelerin su ve atık su yükü yeniden hesaplanmamış."),),
        rests=True,
    ),
    Found(
        "sosyal-hizmetler",
        "Yardım başvurusu yapanların yarısına yakını dosyasının hangi aşamada olduğunu öğrenemiyor.",
        "Nearly half of those who applied for aid cannot learn how far their case is.",
        STRONG,
        467,
        288,
        (
            ("kirilgan-gruplar", "Başvuru masasında kırılgan gruplarla görüşme becerisi eksik."),
            ("vaka-yonetimi", "Vaka takibi kişiye bağlı, kayıt ortak değil."),
        ),
        rests=True,
    ),
)
ANALYSIS_FOUND = (
    Found(
        "kente-uyum",
        "Katılımcılar kent konseyi toplantılarından haberdar olmadıklarını belirtti.",
        "Participants said they do not hear of the meetings of the city council.",
        MEDIUM,
        None,
        36,
        (("katilimcilik", "Kent konseyi yeni gelen mahallelere ulaşamıyor."),),
    ),
    Found(
        "toplumsal-tutum",
        "Komşuluk ilişkileri ortak etkinlik olan mahallelerde daha güçlü anlatıldı.",
        "Relations among neighbours were told as closer where there are common events.",
        WEAK,
        None,
        36,
        status=F.DRAFT,
    ),
    Found(
        "istihdam",
        "Kadınlar mesleki kurslara çocuk bakımı olmadığı için katılamadıklarını söyledi.",
        "Women said they cannot attend vocational courses for want of child care.",
        STRONG,
        None,
        18,
        status=F.DRAFT,
    ),
    Found(
        "barinma",
        "Kira artışları taşınma sıklığını yükseltiyor.",
        "Rising rents make people move more often.",
        WEAK,
        None,
        9,
        status=F.WITHDRAWN,
    ),
)
FOUND = {S.DONE: DONE_FOUND, S.ANALYSIS: ANALYSIS_FOUND}


def add_studies(world: World) -> None:
    for place, study in enumerate(STUDIES, 1):
        key, ends = _study(world, study)
        if study.stage not in (S.DESIGN, S.DEVELOPMENT):
            _interviews(world, study, key, ends)
        for found in FOUND.get(study.stage, ()):
            _finding(world, study, key, found)
        _history(world, study, key, ends, place)
    world.ledger.flush()


def _study(world: World, study: Study) -> tuple[int, dict[StudyStage, date]]:
    """Its id, and the day on which each stage ends; a month and a half lie between them."""
    stages = [stage for stage in S if STEPS[stage]]
    now = stages.index(study.stage) if study.stage in stages else len(stages) - 1
    ends = {one: world.today + timedelta(days=study.until + 45 * (at_ - now)) for at_, one in enumerate(stages)}
    passed = [stage for stage in stages if stages.index(stage) < now or study.stage is S.DONE]
    done = [step.value for stage in passed for step in STEPS[stage]]
    current = [step.value for step in STEPS[study.stage]][:1]
    summary = SUMMARY if study.stage is S.DONE else ("", "")
    key = world.ledger.add(
        FieldStudy,
        province_id=world.reference.provinces[study.province],
        title_tr=study.title_tr,
        title_en=study.title_en,
        method=study.method,
        stage=study.stage,
        steps=[*done, *current],
        lead=study.lead,
        summary_tr=summary[0],
        summary_en=summary[1],
        report_id=_report(world, study, ends[S.ANALYSIS]) if study.stage is S.DONE else None,
        **{f"{stage.value}_on": day for stage, day in ends.items()},
    )
    return key, ends


def _report(world: World, study: Study, day: date) -> int:
    told = [Paragraph(SUMMARY[0]), *(Paragraph(found.tr) for found in DONE_FOUND if found.status is F.VERIFIED)]
    paper = draw_report(study.title_tr, told, foot=study.title_tr, language="tr", dated=day, upright=True)
    by = world.coordinator(study.province)
    return world.keep_pdf(paper, f"{study.title_tr}.pdf", world.office(at(day, time(14))), by)


def _interviews(world: World, study: Study, key: int, ends: dict[StudyStage, date]) -> None:
    """In up to five districts, on eight working days before the fieldwork ends; all of them where it has ended."""
    chance = world.chance(f"interviews/{study.province}/{study.method}")
    homes = db.session.scalars(
        sa.select(Organisation.id)
        .where(
            Organisation.province_id == world.reference.provinces[study.province],
            Organisation.kind == OrganisationKind.DISTRICT,
        )
        .order_by(Organisation.id)
        .limit(5)
    )
    last = min(ends[S.FIELDWORK], world.today - timedelta(days=1))
    days = [day for day in world.days if day <= last][-8:]
    held = days if study.stage is not S.FIELDWORK else days[:5]
    for home in homes:
        women, men = len(days) * chance.randint(3, 6), len(days) * chance.randint(3, 6)
        district = world.ledger.add(
            StudyDistrict, study_id=key, organisation_id=home, planned_women=women, planned_men=men
        )
        for day in held:
            world.ledger.add(
                StudyInterviews,
                district_id=district,
                day=day,
                women=women // len(days),
                men=men // len(days),
                entered_by=world.coordinator(study.province),
                entered_at=at(day, time(16, 30)),
            )


def _finding(world: World, study: Study, key: int, found: Found) -> None:
    reference, moment = world.reference, world.office(world.now - timedelta(days=30))
    made = world.ledger.add(
        Finding,
        study_id=key,
        theme_id=reference.themes[found.theme],
        statement_tr=found.tr,
        statement_en=found.en,
        search_text=search_key(f"{found.tr} {found.en}"),
        strength=found.strength,
        share=found.share,
        n=found.n,
        rests_on="" if found.status is F.DRAFT else f"Tablo {3 + len(found.theme) % 9}",
        status=found.status,
    )
    states = [F.DRAFT, *([F.VERIFIED] if found.status is not F.DRAFT else []), found.status]
    for number, status in enumerate(dict.fromkeys(states)):
        reason = "Görüşme sayısı bu sonuç için yetersiz." if status is F.WITHDRAWN else ""
        _changed(world, study, key, StudyMove.FINDING, status, moment + timedelta(hours=number), made, reason)
    for place, (slug, reason) in enumerate(found.supports):
        item = _row(world, study.province, slug) if found.rests and not place else None
        if item is not None:
            world.ledger.change(PlanItem, item, origin=Origin.FIELD, origin_text=found.tr)
        world.ledger.add(
            FindingAsk,
            finding_id=made,
            competency_id=reference.competencies[slug],
            reason=reason,
            plan_item_id=item,
            asked_at=moment,
        )
        _changed(world, study, key, StudyMove.ASK, "asked", moment + timedelta(hours=2), made, reason)


def _row(world: World, province: str, slug: str) -> int | None:
    """A row of the year's plan whose course builds a competency, if there is one in that province."""
    building = (
        code for (there, code) in world.plan_items if there == province and slug in COURSES[code]["competencies"]
    )
    code = next(building, None)
    return None if code is None else world.plan_items[province, code]


def _history(world: World, study: Study, key: int, ends: dict[StudyStage, date], place: int) -> None:
    began = at(ends[S.DESIGN] - timedelta(days=20), time(10, place))
    _changed(world, study, key, StudyMove.STAGE, S.DESIGN, began)
    for stage in list(S)[1 : list(S).index(study.stage) + 1]:
        before = list(S)[list(S).index(stage) - 1]
        _changed(world, study, key, StudyMove.STAGE, stage, at(ends[before], time(15, place)))


def _changed(
    world: World,
    study: Study,
    key: int,
    kind: StudyMove,
    new: str,
    moment: datetime,
    finding: int | None = None,
    reason: str = "",
) -> None:
    values: dict[str, Any] = {"study_id": key, "kind": kind, "new": str(new), "reason": reason, "finding_id": finding}
    by = world.coordinator(study.province)
    world.ledger.add(StudyChange, changed_by=by, at=min(moment, world.now), **values)
