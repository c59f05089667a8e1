"""Strategic action plan groups, one or more in a province: institutions that meet, decide, and answer for it.

From the bottom, on the ground of the tables and the groups themselves:

* members: who sits in a group, for which institution, from when to when
* meetings: planned, invited to, minuted; who was there; the sheet to sign
* actions: what was decided, who answers for it, how far it is, what it asks of the training
* action_plans: the strategic action plan of a province, made of its goals and actions, as a document in versions
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.groups import action_plans, actions, meetings, members, pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.GROUPS)
    slots.add(app, "programme.parts", pages.part)
    for room in (members, meetings, actions, action_plans):
        room.init_app(app)
