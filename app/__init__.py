"""The programme: ground floor first, each room standing only on the floors below it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from config import Base

FLOORS = (
    "core.db",
    "core.upgrades.migrations",
    "language",
    "web",
    "access",
    "jobs",
    "lists",
    "settings",
    "retention",
    "users",
    "people",
    "catalogue",
    "reference",
    "needs",
    "plans",
    "venues",
    "trainers",
    "training",
    "enrolment",
    "attendance",
    "completion",
    "certificates",
    "programme",
    "reminders",
    "mail",
    "operations",
    "home",
    "guest",
    "oversight",
    "privacy",
    "cli",
    "serving",
)


def load_models() -> None:
    """Make every table known to the metadata."""
    here = Path(__file__).parent
    for path in sorted(here.rglob("models.py")):
        import_module(".".join(("app", *path.relative_to(here).with_suffix("").parts)))


def create_app(config: Base) -> Flask:
    """The application for one configuration (see config.py)."""
    app = Flask(__name__, static_folder=None, instance_path=str(config.INSTANCE_PATH))
    app.config.from_object(config)
    from app.web.edge.addresses import Rule

    app.url_rule_class = Rule
    load_models()
    for floor in FLOORS:
        import_module(f"app.{floor}").init_app(app)
    from app.access.gate import check_doors
    from app.web.edge.transaction import wrap_views

    check_doors(app)
    wrap_views(app)
    return app
