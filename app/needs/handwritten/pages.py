"""What is printed, which is in Turkish whoever prints it: those it goes to were never asked for their language."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from markupsafe import Markup

from app.language import force_locale, gettext
from app.needs.handwritten.queries import Sheet
from app.needs.models import AssessmentRound
from app.needs.rounds.rules import IMPORTANCE, LEVEL


def printed(found: AssessmentRound, sheets: Sequence[Sheet]) -> Markup:
    """A page for each of these."""
    with force_locale("tr"):
        scales = [(gettext("Importance for the job"), IMPORTANCE), (gettext("Current level"), LEVEL)]
        return Markup(render_template("needs/handwritten/printed.html", round=found, sheets=sheets, scales=scales))  # noqa: S704 made by our own template
