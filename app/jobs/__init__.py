"""Long work in the background, with its progress in the database."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app


def init_app(app: Flask) -> None:
    from app.jobs import views, worker

    app.register_blueprint(views.bp)
    worker.on_sweep(app, answer_resets)
    worker.on_sweep(app, deliver_mail)
    worker.on_sweep(app, forget_old, every=timedelta(minutes=10))


def deliver_mail() -> None:
    """Send what waits in the outbox, the way MAIL_URL says."""
    from app.post import letters
    from app.post.delivery import carrier
    from app.post.services import deliver_waiting

    config = current_app.config
    with carrier(config["MAIL_URL"], letters.sender(), config["MAIL_RETURN_PATH"]) as carry:
        # what is only written into a folder asks for no patience
        deliver_waiting(carry, rate=0 if config["MAIL_URL"].startswith("file:") else config["MAIL_RATE"])


def answer_resets() -> None:
    """Write to whoever forgot a password."""
    from app.access.resets import services
    from app.core.db import db, reading

    db.session.rollback()
    with reading():  # an idle worker keeps nobody from writing
        asked = services.somebody_waits()
        db.session.rollback()
    if asked:
        services.answer_waiting()
        db.session.commit()


def forget_old() -> None:
    """Drop what this room and those below wrote for a while and nobody can use any more."""
    from app.access.sign_in import services as access
    from app.core.db import db
    from app.jobs import services
    from app.web.edge import transaction

    services.forget_old()
    access.forget_old()
    transaction.forget_old()
    db.session.commit()
