"""Meetings: planned, invited to, moved, minuted; who was there; the sheet people sign, by the machinery of sittings."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.language import lazy_pgettext
    from app.lists import known
    from app.post import occasions
    from app.programme.groups.events import MemberChanged, MemberJoined
    from app.programme.groups.meetings import notices, pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.MEETINGS)
    journal.on(app, MemberJoined, notices.member_changed)
    journal.on(app, MemberChanged, notices.member_changed)
    occasions.add(app, "meeting_invite", lazy_pgettext("occasion", "Invitation to a meeting"))
    occasions.add(app, "meeting_change", lazy_pgettext("occasion", "Change of a meeting"))
    occasions.add(app, "meeting_cancel", lazy_pgettext("occasion", "Meeting cancelled"))
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "me.counts", pages.own_meetings)
    slots.add(app, "feed.events", pages.feed_events)
