"""What people are reminded of, one mail a day at most: a training that begins, an answer to give, sheets that wait,
attendance at risk.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import worker
    from app.post import occasions
    from app.reminders import services

    for letter, said in services.NAMES.items():
        occasions.add(app, services.KIND, said, letter=f"reminders/mail/{letter}.txt")
    occasions.on_leaving(app, services.KIND, services.anew)
    worker.on_sweep(app, services.remind, every=timedelta(hours=1))
