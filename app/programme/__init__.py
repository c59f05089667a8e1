"""The programme around the training: what asks for it, carries it, shows it and keeps it alive.

Each part has a list, a page, an indicator and a link into training; aggregates only, never a register of those who use
what the programme builds. From the bottom:

* parts: what a part shows of itself on the page of the programme
* uploads, forms: a file attached to a row, and the form that brings it
* documents: plans and strategies that are submitted, decided and kept in versions
* asks: what findings, actions and pilots ask of the training, and the rows of plans that rest on it
* pilots: pilot projects, their management plans, users, staff, the course sessions given for them
* studies: field studies of needs, and what they found
* groups: who plans a province together, when they meet, what they decided
* visibility: strategies in versions, activities, the checklist of an event
* sustainability: measures at four levels, how each stands, what municipalities can go on with
* thread: from what asks to what people learned, as one line
* picture: the one page a delegation is shown, and the way to each part
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = ("asks", "documents", "pilots", "studies", "groups", "visibility", "sustainability", "thread", "picture")


def init_app(app: Flask) -> None:
    for part in PARTS:
        import_module(f"app.programme.{part}").init_app(app)
