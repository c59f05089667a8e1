"""Asks why: assessment rounds, ratings, gaps.

Here stands what all of it is about: the tables, the arithmetic, the rule of five, which round counts, and how ratings
become needs. What is done with it stands in a room of its own, each on those below it:

| | |
|---|---|
| `running` | a round while it runs: opened, told to those it asks, watched, closed, published |
| `telling` | those a round asks learn of it, and are reminded: letters, slips, who has not finished |
| `report` | the results of a group as a paper or a workbook to hand over |
| `results` | what people need to learn: the ranking of a group, groups side by side, one competency, one person |
| `groups` | the groups of people a reader may choose from, and the figures of each as far as they may be shown |
| `handwritten` | questionnaires on paper: printed with a code, typed in, never read back |
| `team` | supervisors rate their people: in one grid, or one after another |
| `answers` | people answer their questionnaire: signed in, or through a personal link |
| `ratings` | what people and their supervisors said: read from a filled workbook, looked at, stored; merged records |
| `rounds` | the design of a round: whom it asks what, who is drawn; and who people were when it met them |
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.language import lazy_gettext
    from app.needs import (
        answers,
        handwritten,
        ratings,
        report,
        results,
        rounds,
        running,
        services,
        team,
        telling,
    )
    from app.needs.models import Need, Rating, Respondent
    from app.people.imports import undoing
    from app.reference.services import HELD

    HELD.on(app).append(services.why_held)
    rated, asked = lazy_gettext("was rated in a needs analysis"), lazy_gettext("belongs to a needs analysis")
    undoing.POINTERS.on(app).update(
        {
            str(Rating.employee_id): rated,
            str(Need.employee_id): rated,
            str(Respondent.employee_id): asked,
            str(Respondent.person_id): asked,
            str(Respondent.supervisor_id): lazy_gettext("supervises somebody in a needs analysis"),
        }
    )
    rounds.init_app(app)
    ratings.init_app(app)
    answers.init_app(app)
    handwritten.init_app(app)
    team.init_app(app)
    running.init_app(app)
    telling.init_app(app)
    results.init_app(app)
    report.init_app(app)
