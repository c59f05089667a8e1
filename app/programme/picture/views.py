"""The page of the programme: one picture, on paper, and what it should come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.caller import Caller
from app.access.current import caller
from app.access.models import Province
from app.access.permissions import Permission
from app.audit import journal
from app.core import slots
from app.core.clock import today
from app.core.errors import Missing
from app.language import LANGUAGES, force_locale, gettext, in_language
from app.lists.events import Exported
from app.programme.asks.models import ASKERS
from app.programme.parts import Indicator
from app.programme.picture import contents, queries, services
from app.programme.picture.forms import TargetsForm
from app.programme.picture.queries import Reader
from app.programme.thread import queries as thread
from app.programme.thread.models import Reach
from app.web.door import require, traced
from app.web.listing import Listing, download
from app.web.parts import NavItem
from app.web.render import done, render

bp = Blueprint("picture", __name__)
YEARS = 3
"""So many years back; a target may be set for the next one."""


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.PROGRAMME_READ, Permission.REPORT_READ):
        return None
    return NavItem(gettext("Programme"), url_for("picture.show_programme"), "sprout", 75)


def _indicators() -> list[Indicator]:
    return slots.collect("programme.indicators", caller)


def _chain(caller: Caller, province: Province | None = None) -> Mapping[Reach, int]:
    """How far what is asked of the training has come, for whoever reads the programme."""
    if not (ASKERS.here and caller.may(Permission.PROGRAMME_READ)):
        return {}
    return thread.counts(caller.scope_for(Permission.PROGRAMME_READ), province.id if province else None)


def _lists() -> Callable[[Permission, int | None], bool]:
    """Whether the reader's list of a place holds all that its number counts: a focal point's is that of one
    institution, the number is the province's.
    """
    scope = cache(caller.scope_for)
    return lambda access, place: caller.may(access) and scope(access).covers_province(place)


def _year(typed: str) -> int:
    """One of those that can be asked for, else this one."""
    this = today().year
    return next((year for year in range(this - YEARS + 1, this + 2) if typed == str(year)), this)


@bp.get("/programme")
@require(Permission.PROGRAMME_READ, Permission.REPORT_READ)
def show_programme() -> ResponseReturnValue:
    listing, reader = Listing.read(filters=("year",)), Reader.of(caller)
    year = _year(listing.filter("year"))
    shown: dict[str, Any] = {
        "reader": reader,
        "rows": queries.picture(reader, _indicators(), year),
        "year": year,
        "years": range(today().year, today().year - YEARS, -1),
        "parts": slots.collect("programme.parts", caller) if caller.may(Permission.PROGRAMME_READ) else [],
        "chain": _chain(caller),
        "opens": _lists(),
        "figure": contents.figure,
        "target": contents.target,
        "may_set": caller.may(Permission.PROGRAMME_APPROVE),
    }
    return render("programme/picture/programme.html", fragment="list", listing=listing, **shown)


@bp.get("/programme/published")
@require(Permission.PROGRAMME_READ, Permission.REPORT_READ)
def show_published() -> ResponseReturnValue:
    """What was written for everybody to read, by province."""
    reader = Reader.of(caller)
    return render("programme/picture/published.html", reader=reader, texts=queries.published(reader))


@bp.get("/programme/<any(tr, en):tongue>.pdf")
@require(Permission.PROGRAMME_READ, Permission.REPORT_READ)
@traced(Exported)
def print_programme(tongue: str) -> ResponseReturnValue:
    """One province on one page, in the language that is asked for."""
    reader, year = Reader.of(caller), _year(request.args.get("year", ""))
    province = next((one for one in reader.provinces if str(one.id) == request.args.get("province", "")), None)
    if province is None or tongue not in LANGUAGES:
        raise Missing
    with force_locale(tongue):
        rows = queries.picture(reader, _indicators(), year)
        paper = contents.of_province(province, rows, year, _chain(caller, province))
        name = f"{gettext('Programme')} {in_language(province, 'name')} {year}"
    journal.trace(Exported("programme", "pdf", len(rows)), by=caller, required=True)
    return download(paper, "application/pdf", f"{name}.pdf", inline=True)


@bp.route("/programme/targets", methods=["GET", "POST"])
@require(Permission.PROGRAMME_APPROVE)
def set_targets() -> ResponseReturnValue:
    year, indicators, reader = _year(request.args.get("year", "")), _indicators(), Reader.of(caller)
    form = TargetsForm.of(indicators, reader.provinces, queries.targets(year))
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.set_targets(year, form.wanted(), by=caller)
            flash(gettext("The targets were saved."))
            return done(url_for("picture.show_programme", year=year))
    shown: dict[str, Any] = {"indicators": indicators, "reader": reader, "year": year}
    years = range(today().year + 1, today().year - YEARS, -1)
    return render("programme/picture/targets.html", status=form.status, form=form, years=years, **shown)
