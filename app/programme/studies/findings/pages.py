"""The filters and the columns of the list of findings; what a finding asks of the training."""

from __future__ import annotations

from decimal import Decimal

from app.access.caller import Caller
from app.language import gettext, in_language, lazy_gettext
from app.lists.models import Columns
from app.plans.models import Origin
from app.post.addresses import path_to
from app.programme.asks.models import Asker
from app.programme.asks.pages import hits_of
from app.programme.parts import Filter, filter_of, kind_filter, province_filter, theme_filter
from app.programme.studies.findings import queries, services
from app.programme.studies.models import FieldStudy, Finding, FindingAsk, FindingStatus, FindingStrength
from app.programme.studies.queries import BY_STRENGTH

ASKER = Asker(
    key="finding",
    label=lazy_gettext("Finding"),
    origin=Origin.FIELD,
    model=FindingAsk,
    pointer=FindingAsk.finding_id,
    thing=Finding,
    name="statement",
    owned=FieldStudy,
    joins=((FieldStudy, FieldStudy.id == Finding.study_id),),
    url=lambda key: path_to("findings.show_finding", finding_id=key),
    written=queries.finding_run,
    shown=Finding.status != FindingStatus.DRAFT,
    withdrawn=Finding.status == FindingStatus.WITHDRAWN,
    heard=services.on_asked,
)


def filters(caller: Caller) -> list[Filter]:
    led = [("yes", gettext("Led to a need or plan row")), ("no", gettext("Led to nothing yet"))]
    return [
        province_filter(caller),
        theme_filter(),
        kind_filter("strength", gettext("Strength"), FindingStrength),
        kind_filter("status", gettext("Status"), FindingStatus),
        filter_of("led", gettext("Use"), led),
    ]


hits = hits_of(
    lazy_gettext("Findings"),
    queries.sought,
    (BY_STRENGTH, Finding.id),
    ASKER.url,
    "findings.show_findings",
    40,
)


def columns() -> Columns:
    return [
        (gettext("Province"), lambda row: in_language(row.study.province, "name")),
        (gettext("Field study"), lambda row: in_language(row.study, "title")),
        (gettext("Thematic area"), lambda row: in_language(row.theme, "name")),
        (gettext("Turkish statement"), lambda row: row.statement_tr),
        (gettext("English statement"), lambda row: row.statement_en),
        (gettext("Strength"), lambda row: row.strength.label),
        (gettext("Share in percent"), lambda row: None if row.share is None else Decimal(row.share) / 10),
        (gettext("Number of answers"), lambda row: row.n),
        (gettext("Table or figure"), lambda row: row.rests_on),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Competencies"), lambda row: row.asks),
        (gettext("Plan rows"), lambda row: row.rows),
    ]
