"""Letters, each in both languages: their words, how one looks, and back to the original."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.post import html, links
from app.post import queries as post
from app.settings.texts import queries, services
from app.settings.texts.forms import TextForm
from app.web.door import require
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
    row = post.letter_text(letter.template, language)
    form = TextForm.of(queries.words(letter, language, row), row)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.reword(letter, language, form.words(), by=caller)
            flash(gettext("Changes saved. This is how the letter looks now."))
            return done(url_for("texts.reword", key=key, language=language))
    subject, body = queries.preview(letter, language)
    return render(
        "settings/texts/text.html",
        status=form.status,
        form=form,
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
