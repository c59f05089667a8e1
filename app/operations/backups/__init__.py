"""One file that holds all, made every night and tried before it has a name; and the way back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Thread

from flask import Flask, current_app

from app.core.hooks import Hook
from app.operations.backups.nightly import Plan
from app.operations.backups.services import Installation

LOOK = timedelta(seconds=10)
UNDER_WAY: Hook[list[Thread]] = Hook("backups under way", list)


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.jobs import worker
    from app.operations.backups import nightly, pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "home.notes", pages.last)
    slots.add(app, "home.tasks", pages.missing)
    worker.on_sweep(app, nightly.beat, every=nightly.BEAT)
    worker.on_sweep(app, take_turn, every=LOOK)
    worker.on_sweep(app, keep_list, every=timedelta(hours=1))


def installation(app: Flask) -> Installation:
    config = app.config
    return Installation(config["SQLALCHEMY_DATABASE_URI"], Path(config["INSTANCE_PATH"]), config["SECRET_KEY"])


def plan(app: Flask) -> Plan:
    config = app.config
    return Plan(config["BACKUP_FOLDER"], config["BACKUP_HOUR"], config["BACKUP_KEEP"], config["BACKUP_KEY"])


def take_turn() -> None:
    """In a thread, so that mail goes on leaving meanwhile; with the worker it ends, and leaves nothing half done."""
    from app.operations.backups import nightly

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    threads = UNDER_WAY.here
    threads[:] = [thread for thread in threads if thread.is_alive()]
    if threads or not nightly.is_due(plan(app)):
        return

    def work() -> None:
        with app.app_context():
            nightly.make(plan(app), installation(app))

    threads.append(Thread(target=work, daemon=True))
    threads[0].start()


def keep_list() -> None:
    from app.operations.backups import nightly

    nightly.keep_list(plan(current_app))
