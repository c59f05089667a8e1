"""Asks why: assessment rounds, ratings, gaps.

Here stands what all of it is about: the tables, the arithmetic, the rule of five, which round counts, and how ratings
become needs. What is done with it stands in a room of its own, each on those below it:

| | |
|---|---|
| `results` | what people need to learn: the ranking of a group, groups side by side, one competency, one person |
| `groups` | the groups of people a reader may choose from, and the figures of each as far as they may be shown |
| `ratings` | what people and their supervisors said: read from a filled workbook, looked at, stored; merged records |
| `rounds` | whom a round asks, and who they were when it met them |
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.needs import ratings, results

    ratings.init_app(app)
    results.init_app(app)
