"""A document on paper: whose it is, how it stands, what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from app.core.clock import today
from app.language import format_date, gettext, in_language, language
from app.language.turkish import search_key
from app.paper.handouts.report import Paragraph, Part, draw_report
from app.paper.handouts.tables import PaperTable
from app.paper.wording import Language
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentVersion
from app.programme.documents.rules import Lines, Passage
from app.settings import queries as settings


def of_version(document: ProgrammeDocument, version: ProgrammeDocumentVersion) -> bytes:
    """An edition as it was approved: in ten years the same bytes, where whoever approved it has the name they had."""
    day = format_date(version.approved_at)
    state = gettext("Version %(n)s, approved on %(day)s", n=version.edition, day=day)
    if version.approver is not None:
        state = f"{state} · {gettext('Approved by: %(name)s', name=version.approver.name)}"
    passages = [Passage.read(kept) for kept in version.passages]
    return _paper(in_language(version, "name"), document, state, passages, version.approved_at.date())


def of_draft(document: ProgrammeDocument, passages: Sequence[Passage]) -> bytes:
    """As it stands today."""
    state = gettext("Version %(n)s, %(state)s", n=document.edition, state=document.status.label)
    return _paper(in_language(document, "name"), document, state, passages, today())


def _paper(name: str, document: ProgrammeDocument, state: str, passages: Sequence[Passage], day: date) -> bytes:
    kind = str(document.kind.label)
    title = name if search_key(kind) in search_key(name) else f"{kind}: {name}"  # a plan of a province is called so
    parts: list[Part] = [Paragraph(f"{in_language(document.province, 'name')} · {state}")]
    if settings.values()["sample_data"]:
        parts.append(Paragraph(gettext("Sample data: no real people or certificates.")))
    for passage in passages:
        parts += _parts(passage)
    tongue: Language = "tr" if language() == "tr" else "en"
    return draw_report(title, parts, foot=f"{title} · {format_date(day)}", language=tongue, dated=day, upright=True)


def _parts(passage: Passage) -> Iterator[Part]:
    yield Paragraph(in_language(passage, "title"), strong=True)
    text = in_language(passage, "text")
    yield from (Paragraph(line) for line in text.splitlines() if line.strip())
    lines: Lines = passage.rows_en if language() == "en" and passage.rows_en else passage.rows_tr
    if lines:
        yield PaperTable("", lines[0], lines[1:])
    elif not text:
        yield Paragraph("–")
