"""The notice for everybody, shown before first use; its versions for administrators."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, request, session, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller, caller_or_none
from app.access.permissions import Permission
from app.access.sign_in.pages import safe_target
from app.core.db import typed_id
from app.language import gettext
from app.settings import queries as settings
from app.settings.notice import queries, services
from app.settings.notice.forms import NoticeForm
from app.web.door import PUBLIC, public, require, signed_in
from app.web.render import done, form_page, render

bp = Blueprint("notice", __name__)
READ = "notice_read"  # in the cookie: who has read up to which version, so that it is asked of the database once


def _unread() -> bool:
    """Whether the caller has to be shown a version; every page reads the settings anyway."""
    due = settings.value("notice_due")
    who, _, version = str(session.get(READ, "")).partition(" ")
    if who == str(caller.id) and version.isdigit() and int(version) >= due:
        return False
    last = queries.last_read(services.reader_of(caller.id))
    if last >= due:
        session[READ] = f"{caller.id} {last}"
    return bool(last < due)


@bp.before_app_request
def first_the_notice() -> ResponseReturnValue | None:
    """Before first use, and again when a version says so: any page leads there, and back from it."""
    if caller_or_none() is None or request.method != "GET" or request.endpoint is None:
        return None
    if getattr(current_app.view_functions[request.endpoint], "access", ()) == PUBLIC or not _unread():
        return None
    return done(f"{url_for('notice.show_notice')}?{urlencode({'next': request.full_path.rstrip('?')})}")


@bp.get("/notice")
@public
def show_notice() -> ResponseReturnValue:
    return render(
        "settings/notice/notice.html",
        notice=queries.current(),
        unread=caller_or_none() is not None and _unread(),
        target=safe_target(request.args.get("next", "")),
    )


@bp.post("/notice")
@signed_in
def read_notice() -> ResponseReturnValue:
    notice = queries.notice(typed_id(request.form.get("notice", "")) or 0)
    services.shown(notice, services.reader_of(caller.id))
    session.pop(READ, None)
    return done(safe_target(request.form.get("next", "")))


# --- its versions --------------------------------------------------------------------------------------


@bp.get("/settings/notice")
@require(Permission.SETTINGS_WRITE)
def show_versions() -> ResponseReturnValue:
    return render("settings/notice/versions.html", versions=queries.versions())


@bp.get("/settings/notice/<int:notice_id>")
@require(Permission.SETTINGS_WRITE)
def show_version(notice_id: int) -> ResponseReturnValue:
    return render("settings/notice/version.html", notice=queries.notice(notice_id))


@bp.route("/settings/notice/new", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def publish_notice() -> ResponseReturnValue:
    form = NoticeForm.of(queries.current())
    if form.sent():
        with form.attempt():
            notice = services.publish(form.text(), by=caller)
            session.pop(READ, None)
            flash(gettext("Version %(number)s is published.", number=notice.id))
            return done(url_for("notice.show_versions"))
    return form_page("settings/notice/form.html", form)
