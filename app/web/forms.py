"""What a form is here: it reads what was typed, and nothing else.

Rules belong to services; `with form.attempt():` turns their refusal into an error at its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from uuid import uuid4

from babel.support import NullTranslations, Translations
from flask import flash, has_request_context, request, session
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.core.db import db, typed_id
from app.core.errors import Refused, Stale
from app.core.identity import without_identity_numbers
from app.core.status import Worded
from app.files.workbook import TABLE_BYTES
from app.language import format_date, format_number, format_time, gettext, in_language, language, lazy_gettext
from app.language.turkish import normalise
from app.paper.typeface import unprintable
from app.web.selects import Offered, Options


def request_key() -> str:
    """A fresh idempotency key for one showing of a form; the browser gets a mark by which its forms are known."""
    if has_request_context():
        session.setdefault("browser", uuid4().hex)
    return uuid4().hex


@lru_cache
def _words_of_fields(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], "wtforms")


class Form(FlaskForm):
    """Every form: CSRF token, idempotency key, and the version of the thing it edits (with `obj=`; empty where none).

    `printed` names the fields certificates and signature sheets print: when they are saved, whoever typed them is told
    of letters no paper can show, and not when a certificate is due.
    """

    printed: tuple[str, ...] = ()

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> NullTranslations:
            """WTForms' own texts in the reader's language; Flask-WTF reads that file anew for each request."""
            return _words_of_fields(language())

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a form sent; JSON would bring values that are no text, and nobody here sends any."""
            return request.form if request.is_json else super().wrap_formdata(form, formdata)

    request_key = HiddenField(default=request_key)
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = 200
        self.differences: tuple[tuple[Any, str, str], ...] = ()

    @property
    def status(self) -> int:
        """200 for a form that is shown, 422 for one that came back, 409 where somebody else was first."""
        if self.outcome != 200:
            return self.outcome
        return 422 if request.method == "POST" else 200

    @property
    def shown(self) -> list[Any]:
        """The fields a person sees, in their order."""
        return [field for field in self if not isinstance(field, HiddenField) and field.name != "csrf_token"]

    def values(self, *names: str) -> dict[str, Any]:
        """What was typed in these fields, in all that are shown where none is named: a text without the space around
        it and without identity numbers, "" where it is empty; a kind as the member of its enumeration.
        """
        fields = [self[name] for name in names] or self.shown
        return {field.name: _value_of(field) for field in fields}

    def sent(self) -> bool:
        """A POST whose fields are all in order; all errors are found at once."""
        return bool(self.validate_on_submit())

    def same_version(self, thing: Any) -> None:
        """Refuse (409) if `thing` was changed since this form was shown; both values stand in `differences`."""
        columns = thing.__mapper__.columns
        self.same(
            str(thing.version), {each.name: getattr(thing, each.name) for each in self.shown if each.name in columns}
        )

    def same(self, version: str, theirs: Mapping[str, Any]) -> None:
        """The same of what stands there now as this version, with these values in the fields so named."""
        if str(self.version.data or "") == version:
            return
        self.outcome = 409
        pairs = [
            (field.label.text, worded(field, theirs[field.name]), worded(field, field.data))
            for field in self.shown
            if field.name in theirs and str(theirs[field.name] or "") != str(field.data or "")
        ]
        self.version.data = version
        self.version.raw_data = [version]
        if not pairs:
            raise Stale(lazy_gettext("Somebody else changed this meanwhile. Look at it as it is now, then send again."))
        raise Stale(lazy_gettext("Somebody else changed this meanwhile. Compare both values, then save again."), pairs)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run a service; if the domain refuses, the refusal becomes a form error and nothing is changed."""
        try:
            yield
            self._warn_of_letters()
        except Refused as refusal:
            db.session.rollback()
            self.outcome = 409 if isinstance(refusal, Stale) else 422
            if isinstance(refusal, Stale):
                self.differences = refusal.differences
            message = str(refusal.message)
            field = self._fields.get(refusal.field) if refusal.field else None
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = [*field.errors, message]

    def _warn_of_letters(self) -> None:
        if letters := self.printed and unprintable(" ".join(str(self[name].data or "") for name in self.printed)):
            flash(
                gettext(
                    "These letters cannot be printed on certificates and signature sheets: %(letters)s."
                    " Type the text in Latin letters instead.",
                    letters=" ".join(letters),
                ),
                "warn",
            )


def worded(field: Any, value: Any) -> str:
    """A field's value as a person reads it: the words of a choice rather than its id, yes or no, a date."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(field, SelectField) and isinstance(field.choices, list):
        words = {str(value): str(label) for value, label, *_ in field.choices}
        values = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values)
    return format_date(value) if isinstance(value, date) and not isinstance(value, datetime) else str(value)


def _value_of(field: Any) -> Any:
    if isinstance(field, KindField):
        return field.member
    if isinstance(field, TextField | TextAreaField):
        return without_identity_numbers((field.data or "").strip())
    return (field.data or "").strip() if isinstance(field, StringField) else field.data


def required() -> InputRequired:
    return InputRequired(lazy_gettext("Please fill in this field."))


def filled() -> DataRequired:
    """Something besides spaces."""
    return DataRequired(lazy_gettext("Please fill in this field."))


class TextField(StringField):
    """One line of text, trimmed, spaces collapsed, NFC; empty is ""."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = normalise(valuelist[0]) if valuelist else ""


class TypedField(Field):
    """What is typed as a line of text and means something else; empty is None, what cannot be read stays as typed."""

    widget = TextInput()

    def read(self, text: str) -> Any:
        """What it means, or ValueError with a sentence."""
        raise NotImplementedError  # each kind of field reads its own; this one is never put into a form

    def written(self) -> str:
        return str(self.data)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if text := valuelist[0].strip() if valuelist else "":
            self.data = self.read(text)


class DayField(TypedField):
    """A date, typed as 24.11.2026 or sent by the browser's date input as 2026-11-24."""

    @staticmethod
    def read(text: str) -> date:
        told = lazy_gettext("Enter the date as dd.mm.yyyy.")
        for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"):
            with suppress(ValueError):
                if 2000 <= (day := datetime.strptime(text, pattern).date()).year <= 2100:  # noqa: DTZ007 has no zone
                    return day
                told = lazy_gettext("The year must be between 2000 and 2100.")  # typed halfway, it comes as 0206
        raise ValueError(str(told))


class TimeField(TypedField):
    """A wall time: 14:00, 14.00, 1400 or 14."""

    def written(self) -> str:
        return format_time(self.data)

    def read(self, text: str) -> time:
        text = text.replace(".", ":")
        if ":" not in text:
            text = f"{text[:-2]}:{text[-2:]}" if len(text) > 2 else f"{text}:00"
        hours, _, minutes = text.partition(":")
        if hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit():
            with suppress(ValueError, OverflowError):
                return time(int(hours), int(minutes))
        raise ValueError(str(lazy_gettext("Enter the time as hh:mm. Example: 13:30")))


_WHOLE = re.compile("-?(?:[0-9]{1,3}(?:[. ][0-9]{3}){1,2}|[0-9]{1,9})")


class WholeField(TypedField):
    """A whole number within bounds, with a point or space at its thousands or without; empty is None."""

    def __init__(self, *args: Any, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise ValueError(str(lazy_gettext("Enter a whole number.")))
        value = int(re.sub("[. ]", "", text))
        if not self.least <= value <= self.most:
            least, most = format_number(self.least), format_number(self.most)
            raise ValueError(
                str(lazy_gettext("Enter a number between %(least)s and %(most)s.", least=least, most=most))
            )
        return value


class DecimalCommaField(TypedField):
    """A decimal number, with comma or point; empty is None."""

    def written(self) -> str:
        return str(self.data).replace(".", ",")

    def read(self, text: str) -> Decimal:
        with suppress(InvalidOperation):
            value = Decimal(text.replace(",", "."))
            if value.is_finite() and -1_000_000_000 <= value <= 1_000_000_000:  # abs() overflows where it is vast
                return value
        raise ValueError(str(lazy_gettext("Enter a number.")))


class ChoiceField(Offered):
    """One of some things by id; the choices (id, label) are set by the form's `of()` from scoped queries.

    An id that is not among them is refused in the reader's words, whether it exists elsewhere or not.
    """

    def __init__(self, *args: Any, empty: Any = None, **kwargs: Any) -> None:
        kwargs = {"coerce": _id_or_none, "validate_choice": False, "widget": Options(), **kwargs, "choices": []}
        super().__init__(*args, **kwargs)
        self.empty = empty

    def offer(self, choices: Iterable[tuple[Any, str]]) -> None:
        blank = [] if self.empty is None else [("", str(self.empty))]
        self.choices = [*blank, *choices]

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            if any(isinstance(v, InputRequired) for v in self.validators):
                raise ValidationError(str(lazy_gettext("Please choose one.")))
            return
        if str(self.data) not in {str(choice[0]) for choice in self.choices or []}:
            raise ValidationError(str(lazy_gettext("This choice is not available.")))


def by_name(things: Iterable[Any], under: Callable[[Any], Any] | None = None) -> list[Any]:
    """Choices of things that have a name in both languages; under headings where `under` says what each belongs to."""
    if under is None:
        return [(thing.id, in_language(thing, "name")) for thing in things]
    return [
        SelectChoice(thing.id, in_language(thing, "name"), optgroup=in_language(under(thing), "name"))
        for thing in things
    ]


class KindField(ChoiceField):
    """One member of an enumeration, by its value; it has to be chosen."""

    def __init__(self, label: Any, kind: type[Worded], **kwargs: Any) -> None:
        super().__init__(label, [required()], empty=lazy_gettext("Choose"), coerce=word_or_none, **kwargs)
        self.kind = kind
        self.offer((one.value, one.label) for one in kind)

    @property
    def member(self) -> Worded | None:
        return self.kind(self.data) if self.data else None


MANY = {"data-chooser": True}


class CheckList(SelectMultipleField):
    """Any number of some things, each a box to tick; the form's `of()` sets the choices (id, label). Keys of words
    take `coerce=str`; `render_kw=MANY` folds many, and shows those that are chosen.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("coerce", id_or_nobody)
        kwargs.setdefault("choices", [])
        kwargs.setdefault("widget", ListWidget(prefix_label=False))
        kwargs.setdefault("option_widget", CheckboxInput())
        kwargs.setdefault("invalid_choice_message", lazy_gettext("This choice is not available."))
        super().__init__(*args, **kwargs)

    def offer(self, choices: Iterable[tuple[Any, str]]) -> None:
        self.choices = list(choices)

    @property
    def chosen(self) -> tuple[Any, ...]:
        return tuple(self.data or ())


class TableField(FileField):
    """A list from an office file; `brought` reads it."""

    too_large = lazy_gettext("This file is too large. Files of up to 25 MB can be read.")

    def __init__(self, label: Any, **kwargs: Any) -> None:
        told = {"accept": ".xlsx,.csv,.txt", "data-most": TABLE_BYTES, "data-too-large": self.too_large}
        super().__init__(label, [InputRequired(lazy_gettext("Choose a file."))], render_kw=told, **kwargs)

    def brought(self) -> tuple[bytes, str]:
        """The bytes and the name of the chosen file; Refused where there is none."""
        sent: Any = self.data
        if not sent or not sent.filename:
            raise Refused(lazy_gettext("Choose a file."), field=self.name)
        return sent.read(), str(sent.filename)


class TablesField(MultipleFileField, TableField):
    """Several of them at once; `brought_all` reads them."""

    too_large = lazy_gettext("These files are too large. Together up to 25 MB can be read at once.")

    def brought_all(self) -> list[tuple[bytes, str]]:
        """Bytes and name of each chosen file, in the order they were sent; Refused where there is none."""
        sent = [one for one in self.data or () if one.filename]
        if not sent:
            raise Refused(lazy_gettext("Choose a file."), field=self.name)
        return [(one.read(), str(one.filename)) for one in sent]


def _id_or_none(value: Any) -> int | None:
    return None if value in (None, "", "None") else id_or_nobody(value)


def id_or_nobody(value: Any) -> int:
    """An id; what is none is nobody's."""
    key = typed_id(str(value))
    return -1 if key is None else key


def word_or_none(value: Any) -> str | None:
    return str(value) if value else None


def optional() -> Optional:
    return Optional()


class ReasonForm(Form):
    reason = TextAreaField(lazy_gettext("Reason"), [required(), Length(max=500)])
