"""Field studies of needs: from their design to their findings, and the interviews held on the way.

* findings: what a study found, verified, and the competencies it supports
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.language import lazy_gettext
    from app.lists import known
    from app.plans.models import Origin
    from app.post.addresses import path_to
    from app.programme import asks
    from app.programme.asks.models import Asker
    from app.programme.studies import findings, pages, views
    from app.programme.studies.models import FieldStudy, Finding, FindingAsk, FindingStatus

    app.register_blueprint(views.bp)
    known.add(app, views.STUDIES)
    slots.add(app, "programme.parts", pages.part)
    slots.add(app, "home.counts", pages.counted)
    finding = Asker(
        key="finding",
        label=lazy_gettext("Finding"),
        origin=Origin.FIELD,
        model=FindingAsk,
        pointer=FindingAsk.finding_id,
        thing=Finding,
        title_tr=Finding.statement_tr,
        title_en=Finding.statement_en,
        owned=FieldStudy,
        joins=((FieldStudy, FieldStudy.id == Finding.study_id),),
        url=lambda key: path_to("findings.show_finding", finding_id=key),
        shown=Finding.status != FindingStatus.DRAFT,
        withdrawn=Finding.status == FindingStatus.WITHDRAWN,
    )
    asks.add(app, finding)
    findings.init_app(app)
