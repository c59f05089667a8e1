"""The pages of a questionnaire, for whoever signed in and for whoever has a link; and what other pages say of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for

from app.access.caller import Caller
from app.core.clock import today
from app.core.errors import Missing
from app.language import format_datetime, gettext, in_language, ngettext
from app.needs.answers import queries
from app.needs.answers.forms import LastForm, StepForm
from app.needs.answers.models import Sheet, Way
from app.needs.answers.rules import why_shut
from app.needs.models import AssessmentRound, Questionnaire, Respondent
from app.needs.readers import reader_words
from app.needs.rounds.queries import items
from app.needs.rounds.rules import IMPORTANCE, LEVEL
from app.people.models import Employee, Unit
from app.settings.notice import queries as notices
from app.web.parts import Counted, Section, Stored, Task
from app.web.render import render


def address(way: Way, step: int | None) -> str:
    """Where a step stands; None is the last page."""
    if way.token:
        if step is None:
            return url_for("answers.last_linked", token=way.token)
        return url_for("answers.answer_linked", token=way.token, step=step)
    if step is None:
        return url_for("answers.last", round_id=way.round_id)
    return url_for("answers.answer", round_id=way.round_id, step=step)


def start_of(way: Way) -> str:
    """Where it begins, and where whoever has finished is thanked."""
    return url_for("links.open_link", token=way.token) if way.token else url_for("answers.show_own")


def onward(way: Way, sheet: Sheet, step: int, go: str) -> str:
    """Where a button of a step leads."""
    if go == "back":
        return address(way, step - 1) if step > 1 else start_of(way)
    if go == "leave":
        return start_of(way)
    return address(way, step + 1 if step < sheet.total else None)


def start(sheets: Sequence[Sheet], token: str = "", person: str = "") -> Response:
    """What it is about, who sees what, how far one is."""
    shown = [(one, Way(one.round.id, token), why_shut(one.questionnaire, one.round, today())) for one in sheets]
    more: dict[str, Any] = {"notice": notices.current(), "person": person, "linked": bool(token)}
    return render("needs/answers/start.html", shown=shown, address=address, readers=_readers, **more)


def _readers(found: AssessmentRound) -> str:
    """Who sees single answers besides whoever gave them, in words."""
    return ", ".join(map(reader_words, found.readers))


def step(sheet: Sheet, way: Way, number: int, form: StepForm) -> Response:
    """One competency; where it was just saved, the line that says so."""
    scales = [(form.importance, IMPORTANCE), (form.level, LEVEL)]
    return render(
        "needs/answers/step.html",
        fragment="saved",
        status=form.status if form.errors or form.form_errors else 200,
        sheet=sheet,
        item=sheet.items[number - 1],
        number=number,
        form=form,
        scales=scales,
        action=address(way, number),
        preview="",
    )


def preview(found: AssessmentRound, unit: Unit, number: int) -> Response:
    """A step as the staff of a unit will see it."""
    sheet = Sheet(Questionnaire(round=found), items(found.id, unit.id), {})
    if not 1 <= number <= sheet.total:
        raise Missing
    form = StepForm(formdata=None)
    return render(
        "needs/answers/step.html",
        sheet=sheet,
        item=sheet.items[number - 1],
        number=number,
        form=form,
        scales=[(form.importance, IMPORTANCE), (form.level, LEVEL)],
        action=request.path,
        preview=url_for("rounds.choose_items", round_id=found.id, unit_id=unit.id),
    )


def last(sheet: Sheet, way: Way, form: LastForm) -> Response:
    """What else one wants to say, what is missing, finishing."""
    missing = [(number, sheet.items[number - 1].competency, address(way, number)) for number in sheet.missing]
    shown: dict[str, Any] = {"action": address(way, None), "missing": missing}
    return render("needs/answers/last.html", status=form.status, sheet=sheet, form=form, **shown)


# --- on the pages of others ------------------------------------------------------------------------------


_READ = (Questionnaire, Respondent, Employee)


def counted(caller: Caller, _: object) -> Counted:
    """The questionnaires that wait for whoever looks at the first page."""
    return Counted(queries.waiting(caller.id), _READ, _task)


def _task(number: int) -> Task:
    title = ngettext("%(num)s questionnaire waits for you", "%(num)s questionnaires wait for you", number)
    return Task(title, url_for("answers.show_own"), gettext("It takes about five minutes."), "clipboard-list")


def section(caller: Caller, _: object) -> Counted:
    """On one's own page: the same, read where there are some."""
    return Counted(queries.waiting(caller.id), _READ, lambda _: _section(caller))


def _section(caller: Caller) -> Section:
    return Section(gettext("Your questionnaire"), "needs/answers/waiting.html", _waiting(caller), order=-1)


def _waiting(caller: Caller) -> list[Questionnaire]:
    found = queries.own(caller.id)
    return [one for one in found if why_shut(one, one.round, today()) is None]


def own_data(caller: Caller, _: object) -> Stored:
    """The questionnaires of whoever asks; what they said of each competency stands among the ratings."""
    rows = tuple(
        (
            in_language(found, "name"),
            format_datetime(one.told_at),
            format_datetime(one.started_at),
            format_datetime(one.finished_at),
            one.past,
            one.wish,
            one.remark,
        )
        for found, one in queries.written(caller.id)
    )
    heads = (
        gettext("Needs analysis round"),
        gettext("Told on"),
        gettext("Begun on"),
        gettext("Finished on"),
        gettext("Earlier trainings"),
        gettext("Wish"),
        gettext("Remark"),
    )
    return Stored(gettext("Questionnaires"), heads, rows, order=14)
