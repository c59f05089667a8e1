"""Every word a person reads, in Turkish (the default) and English; numbers and dates as each writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Literal, cast

from babel import Locale
from babel.dates import format_date as by_babel
from babel.dates import get_day_names
from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, force_locale, get_locale
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from app.core.clock import local
from app.language import catalogues

__all__ = ["LANGUAGES", "force_locale", "gettext", "language", "lazy_gettext", "lazy_pgettext", "ngettext", "pgettext"]

LANGUAGES = ("tr", "en")
DEFAULT = "tr"


_here = g._get_current_object


def _locale() -> Locale | None:
    """What flask-babel's own `get_locale` says, without its detours: asked up to a thousand times for a page."""
    try:
        kept = _here().get("_flask_babel")
    except RuntimeError:  # outside of any application
        kept = None
    return getattr(kept, "babel_locale", None) or get_locale()


class Words(Domain):
    """The catalogue by language. The library's own writes the locale's name out for each text it looks up."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # flask-babel has no types here
        self._loaded: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = _locale()
        if locale is None:
            return NullTranslations()
        if locale.language not in self._loaded:
            found = super().get_translations()  # type: ignore[no-untyped-call]  # nor here
            self._loaded[locale.language] = found
        return self._loaded[locale.language]

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """As the library's own, but for the number: 12.000 and 12,000, as wherever a number stands alone."""
        words: str = self.get_translations().ungettext(singular, plural, num)
        return words % {"num": format_number(num), **variables}


babel, WORDS = Babel(), Words()
# its own, for the library's find it anew for each text
gettext: Callable[..., str] = WORDS.gettext
pgettext: Callable[..., str] = WORDS.pgettext
ngettext: Callable[..., str] = WORDS.ngettext
lazy_gettext: Callable[..., LazyString] = WORDS.lazy_gettext
lazy_pgettext: Callable[..., LazyString] = WORDS.lazy_pgettext


def language() -> str:
    """The language of the reader, or of the text being made: tr or en."""
    locale = _locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT


def chosen() -> str:
    """What the request asks for: ?lang=, then the remembered choice, then the browser's wish, then Turkish."""
    if not has_request_context():
        return DEFAULT
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    kept = session.get("language", "")
    return kept if kept in LANGUAGES else DEFAULT


def in_language(thing: Any, name: str) -> str:
    """`name_tr` or `name_en` of a thing, by the reader's language; the Turkish where no English stands."""
    return str(getattr(thing, f"{name}_{language()}") or getattr(thing, f"{name}_tr"))


def in_turkish(text: str | None) -> str:
    """What is Turkish whoever reads it, as content of an element: on an English page it says so, to be read aloud.

    What is marked already stays as it is.
    """
    if not text or language() == "tr" or isinstance(text, Markup):
        return text or ""
    return Markup('<span lang="tr">{}</span>').format(text)


def spoken(thing: Any, name: str) -> str:
    """As `in_language`, for the content of an element: says where Turkish stands, for want of English or as a name."""
    text = in_language(thing, name)
    return in_turkish(text) if text == getattr(thing, f"{name}_tr") else text


# --- formats: 24.11.2026 · 24 Kasım 2026 Salı · 13:30 · 1.234,5 · %80; in English 24 November 2026 ------------


@cache
def _english_months() -> Mapping[int, str]:
    """Asked of Babel where the first English page is drawn: it reads all of a language at once."""
    return cast("Mapping[int, str]", Locale("en").months["format"]["wide"])


def _day(day: date) -> date:
    """A moment is of the day it is in Türkiye then."""
    return local(day).date() if isinstance(day, datetime) else day


def format_date(day: date | None) -> str:
    """24.11.2026 or 24 November 2026: what stands first in figures is the month to some who read English."""
    if day is None:
        return "–"
    day = _day(day)
    if language() == "tr":
        return f"{day.day:02}.{day.month:02}.{day.year}"
    return f"{day.day} {_english_months()[day.month]} {day.year}"


@lru_cache(maxsize=1024)
def _written(day: date, pattern: str, spoken: str) -> str:
    """A day with its month or weekday in words: months are drawn again and again, and each day takes long to write."""
    return str(by_babel(day, pattern, locale=spoken))


class LazyDate:
    """A day (and what stands behind it) inside words said later, perhaps in another language: kept in Turkish,
    shown in English.
    """

    def __init__(self, day: date, behind: str = "") -> None:
        self.day, self.behind = day, behind

    def __str__(self) -> str:
        return format_date(self.day) + self.behind


def format_date_long(day: date | None) -> str:
    if day is None:
        return "–"
    spoken = language()
    return _written(_day(day), "d MMMM y EEEE" if spoken == "tr" else "EEEE d MMMM y", spoken)


def format_date_short(day: date | None) -> str:
    """24 Kas Sal: for narrow places."""
    return "–" if day is None else _written(_day(day), "d MMM EEE", language())


def format_day_of_year(day: date | None) -> str:
    """24.11 or 24 Nov: for the heads of columns."""
    if day is None:
        return "–"
    day = _day(day)
    return day.strftime("%d.%m") if language() == "tr" else f"{day.day} {_english_months()[day.month][:3]}"


def format_month(day: date) -> str:
    return _written(day, "LLLL y", language())


def format_time(wall: time | datetime | None) -> str:
    if wall is None:
        return "–"
    return (local(wall) if isinstance(wall, datetime) else wall).strftime("%H:%M")


def format_datetime(moment: datetime | None) -> str:
    if moment is None:
        return "–"
    wall = local(moment)
    return f"{format_date(wall.date())} {wall:%H:%M}"


MINUS = "−"
TURKISH_MARKS = str.maketrans(",.", ".,")


def format_number(value: float | Decimal | Fraction | None, places: int | None = None) -> str:
    """1.234,5 or 1,234.5; `places` fixes the decimals (rounded half even), else at most three; None prints “–”.

    Below zero stands a minus sign, not a hyphen; what rounds to zero has no sign.
    """
    if value is None:
        return "–"
    if type(value) is int and 0 <= value < 1_000 and not places:
        return str(value)
    if isinstance(value, int):
        exact: int | Decimal = value
        digits = f"{abs(value):,}" + ("." + "0" * places if places else "")
    else:
        exact = _exact(value)
        digits = f"{abs(exact):,.{3 if places is None else places}f}"
        if places is None:
            digits = digits.rstrip("0").rstrip(".")
    sign = MINUS if exact < 0 and digits.strip("0.,") else ""
    return sign + (digits.translate(TURKISH_MARKS) if language() == "tr" else digits)


def _exact(value: float | Decimal | Fraction) -> Decimal:
    if isinstance(value, float):
        return Decimal(str(value))
    return value if isinstance(value, Decimal) else Decimal(value.numerator) / value.denominator


def format_percent(tenths: int | None) -> str:
    """Tenths of a percent (833 is 83,3), never rounded up; the sign stands where the language puts it."""
    if tenths is None:
        return "–"
    digits = format_number(Decimal(abs(tenths)).scaleb(-1))
    sign = MINUS if tenths < 0 else ""
    return f"{sign}%{digits}" if language() == "tr" else f"{sign}{digits}%"


def format_hours(minutes: int | None) -> str:
    """Minutes as hours of sixty: 4,5."""
    return "–" if minutes is None else format_number(Fraction(minutes, 60), None)


@pass_eval_context
def said(context: EvalContext, message: str, /, **variables: Any) -> str:
    """`_("…")` of the templates: as the extension's own, which resolves three functions for each text."""
    text = gettext(message)
    if context.autoescape:
        variables = {name: one if type(one) is int else escape(one) for name, one in variables.items()}
        return Markup(text % variables if "%" in text else text)  # noqa: S704  # our own words
    return text % variables


def init_app(app: Flask) -> None:
    catalogues.compile_stale()
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Istanbul"
    babel.init_app(app, locale_selector=chosen)
    babel.domain_instance = WORDS
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=WORDS.npgettext
    )
    env.globals.update(_=said, language=language, named=in_language, spoken=spoken, force_locale=force_locale)
    env.filters.update(
        date=format_date,
        date_long=format_date_long,
        date_short=format_date_short,
        day_of_year=format_day_of_year,
        month_name=format_month,
        time=format_time,
        datetime=format_datetime,
        number=format_number,
        percent=format_percent,
        hours=format_hours,
        turkish=in_turkish,
    )

    @app.before_request
    def remember_language() -> None:
        """`?lang=` sets the signed cookie and nothing else."""
        if request.args.get("lang") in LANGUAGES:
            session["language"] = request.args["lang"]
        g.language = chosen()


def weekday_names(width: Literal["abbreviated", "wide"] = "wide") -> tuple[str, ...]:
    """Monday first."""
    names = get_day_names(width, locale=language())
    return tuple(str(names[day]) for day in range(7))
