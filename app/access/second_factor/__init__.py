"""The second factor: codes of an app on the phone, recovery codes, devices that are known for a while."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access.events import PasswordSet
    from app.access.second_factor import pages, secrets, services, views
    from app.audit import journal
    from app.core import slots

    secrets.SEALS.put(app, secrets.seals(app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]))
    app.register_blueprint(views.bp)
    slots.add(app, "sign_in.steps", pages.step)
    # whoever sets a new password does so because somebody may know the old one, on whatever device
    journal.on(app, PasswordSet, lambda event, _: services.forget_devices(event.user_id))
