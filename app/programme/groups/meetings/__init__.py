"""Meetings: planned, invited to, moved, minuted; who was there; the sheet people sign, by the machinery of sittings."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.lists import known
    from app.post import occasions
    from app.programme.groups.events import MemberChanged, MemberJoined, MembersJoined
    from app.programme.groups.meetings import notices, pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.MEETINGS)
    journal.on(app, MemberJoined, notices.member_changed)
    journal.on(app, MemberChanged, notices.member_changed)
    journal.on(app, MembersJoined, notices.members_joined)
    for letter, (kind, said) in notices.LETTERS.items():
        template = f"programme/groups/mail/{letter}.txt"
        occasions.add(app, kind, said, letter=template, placeholders=("name", "group", "date", "institution"))
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "me.counts", pages.own_meetings)
    slots.add(app, "feed.events", pages.feed_events)
