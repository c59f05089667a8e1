"""What forms of the programme ask alike: a file beside what is typed (evidence, a picture, the paper itself), the
province something is of, the course session it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField

from app.access.queries import provinces
from app.access.scope import Scope
from app.language import format_date, in_language, lazy_gettext
from app.programme.uploads import ACCEPTED, Upload, brought
from app.training.models import CourseSession
from app.web.edge.transaction import write
from app.web.forms import ChoiceField, Form, by_name


def paper_field(label: Any) -> FileField:
    told = lazy_gettext("PDF, JPEG or PNG, up to 12 MB. It takes the place of an earlier one.")
    return FileField(label, description=told, render_kw=ACCEPTED)


class PaperForm(Form):
    """Its file is the field `file`."""

    def typed(self) -> tuple[dict[str, Any], Upload | None]:
        """Its values and its file, or None, read before the write lock is taken; Refused in words, at its field, for
        anything but a picture or a PDF.
        """
        values = self.values()
        del values["file"]
        upload = brought(self["file"])
        write()
        return values, upload


def offer_provinces(field: ChoiceField, scope: Scope) -> None:
    """Those a scope writes."""
    offer(field, by_name(one for one in provinces() if scope.covers_province(one.id)))


def offer(field: ChoiceField, options: Iterable[tuple[int, str]]) -> None:
    """Where there is one alone it is chosen already."""
    offered = list(options)
    field.offer(offered)
    if len(offered) == 1 and field.raw_data is None and field.data is None:
        field.data = offered[0][0]


def offer_sessions(field: ChoiceField, sessions: Iterable[CourseSession]) -> None:
    def called(one: CourseSession) -> str:
        day = f" · {format_date(one.starts_on)}" if one.starts_on else ""
        return f"{one.code} {in_language(one.course, 'name')}{day}"

    field.offer((one.id, called(one)) for one in sessions)
