"""Letters, each in both languages: their words, how one looks, and back to the original."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.post import html, links
from app.post import queries as post
from app.post.occasions import Letter
from app.settings.texts import queries, services
from app.settings.texts.forms import TextForm
from app.web.door import reads_first, require
from app.web.render import done, render

bp = Blueprint("texts", __name__)


@bp.get("/settings/texts")
@require(Permission.SETTINGS_WRITE)
def show_texts() -> ResponseReturnValue:
    return render("settings/texts/texts.html", letters=queries.all_letters(), changed=post.letter_texts())


@bp.route("/settings/texts/<key>/<any(tr, en):language>", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def reword(key: str, language: str) -> ResponseReturnValue:
    letter = queries.letter(key)
    form = _form(letter, language)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.reword(letter, language, form.words(), by=caller)
            flash(gettext("Changes saved. This is how the letter looks now."))
            return done(url_for("texts.reword", key=key, language=language))
    return _page(letter, language, form)


@bp.post("/settings/texts/<key>/<any(tr, en):language>/preview")
@require(Permission.SETTINGS_WRITE)
@reads_first
def preview(key: str, language: str) -> ResponseReturnValue:
    """How the letter looks with what was typed; nothing is kept."""
    letter = queries.letter(key)
    form = _form(letter, language)
    if form.sent():
        with form.attempt():
            services.check(letter, language, form.words())
            return _page(letter, language, form, status=200)
    return _page(letter, language, form)


def _form(letter: Letter, language: str) -> TextForm:
    row = post.letter_text(letter.template, language)
    return TextForm.of(queries.words(letter, language, row), row)


def _page(letter: Letter, language: str, form: TextForm, status: int | None = None) -> ResponseReturnValue:
    subject, body = queries.preview(letter, language, form.words())
    return render(
        "settings/texts/text.html",
        status=status or form.status,
        form=form,
        typed=request.method == "POST",
        letter=letter,
        language=language,
        changed=post.letter_text(letter.template, language) is not None,
        subject=subject,
        blocks=html.blocks(links.shown(body)),
    )


@bp.post("/settings/texts/<key>/<any(tr, en):language>/restore")
@require(Permission.SETTINGS_WRITE)
def restore(key: str, language: str) -> ResponseReturnValue:
    services.restore(queries.letter(key), language, by=caller)
    flash(gettext("The letter is as it was written first."))
    return done(url_for("texts.reword", key=key, language=language))
