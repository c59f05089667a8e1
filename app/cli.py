"""Commands: thin, they call services."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.core.clock import today as current_day
from app.core.db import WORK, database_problems, db, limit
from app.core.upgrades.migrations import bring_up_to_date
from app.language import catalogues
from app.post.addresses import public_address
from app.web import assets


def init_app(app: Flask) -> None:
    _add_words(app)
    _add_assets(app)
    _add_setup(app)
    _add_users(app)
    _add_figures(app)
    _add_demo(app)


def _add_words(app: Flask) -> None:
    @app.cli.command("words")
    def words() -> None:
        """Bring the catalogue of Turkish words in line with the code."""
        content, wanting = catalogues.synchronised()
        catalogues.TURKISH.write_bytes(content)
        catalogues.compile_stale()
        click.echo(f"{wanting} texts want Turkish." if wanting else "Complete.")


def _add_assets(app: Flask) -> None:
    @app.cli.command("assets")
    def make_assets() -> None:
        """Make the stylesheet, the script and compressed forms of all files of the browser."""
        click.echo(f"{assets.build()} files in {assets.BUILT}.")


def _add_setup(app: Flask) -> None:
    @app.cli.command("setup")
    @click.option("--email", required=True, help="The first administrator's address.")
    @click.option("--given", required=True, help="The person's given name.")
    @click.option("--family", required=True, help="The person's family name.")
    def setup(email: str, given: str, family: str) -> None:
        """Prepare a real installation: reference data without people, and the first administrator."""
        from app.setup import services as setup_services

        _prepare(app)
        try:
            token = setup_services.set_up(email=email, given=given, family=family)
        except setup_services.NotEmpty:
            raise click.ClickException("The database is not empty; nothing was changed.") from None
        except ValueError:
            raise click.ClickException(f"{email} is not an e-mail address.") from None
        db.session.commit()
        click.echo("The reference data are loaded. The first administrator sets a password here, within 7 days:")
        click.echo(public_address("sign_in.show_welcome", token=token))


def _add_users(app: Flask) -> None:
    users = AppGroup("users", help="Accounts.")
    app.cli.add_command(users)

    @users.command("reset-second-factor")
    @click.argument("email")
    def reset_second_factor(email: str) -> None:
        """For the last administrator, whom nobody else can help: the next sign-in asks for no code."""
        from app.access.rules import plain_email
        from app.access.second_factor.services import remove
        from app.access.sign_in.queries import user_by_email
        from app.audit.journal import SYSTEM

        _reach()
        user = user_by_email(plain_email(email))
        if user is None:
            raise click.ClickException("There is no such account.")
        remove(user, by=SYSTEM)
        db.session.commit()
        click.echo("Reset. Their sign-ins have ended.")


def _add_figures(app: Flask) -> None:
    figures = AppGroup("figures", help="The programme's figures.")
    app.cli.add_command(figures)

    @figures.command("recount")
    def recount() -> None:
        """Make what the figures are counted from anew; only needed where rows were changed by hand."""
        from app.oversight.figures import services

        _reach()
        services.recount()
        db.session.commit()
        click.echo("Counted anew.")


def _add_demo(app: Flask) -> None:
    demo = AppGroup("demo", help="The example programme.")
    app.cli.add_command(demo)

    @demo.command("load")
    @click.option("--scale", type=click.IntRange(1, 200), default=1, help="How many times the staff and history.")
    @click.option("--seed", type=int, default=1, help="Another seed, another programme.")
    @click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day it is; default: today.")
    def load(scale: int, seed: int, today: datetime | None) -> None:
        """Fill an empty database with an example programme. Never in production."""
        from app.demo import services
        from app.setup import services as setup_services

        if app.config["ENV_NAME"] == "production":
            raise click.ClickException("The demo is never loaded in production.")
        _prepare(app)
        started = time.monotonic()
        day: date = today.date() if today else current_day()
        try:
            loaded = services.load_demo(today=day, public_url=app.config["PUBLIC_URL"], seed=seed, scale=scale)
        except setup_services.NotEmpty:
            raise click.ClickException("The database is not empty; nothing was changed.") from None
        db.session.commit()
        for name, count in loaded.counts.items():
            click.echo(f"{count:>9,}  {name}")
        click.echo(f"Loaded for {day.isoformat()} in {time.monotonic() - started:.1f} seconds.")
        click.echo(f"Accounts, password {services.PASSWORD}:")
        for email in loaded.accounts:
            click.echo(f"  {email}")


def _prepare(app: Flask) -> None:
    """A folder for the database, and its tables as the code knows them."""
    Path(app.config["INSTANCE_PATH"]).mkdir(parents=True, exist_ok=True)
    bring_up_to_date()
    limit(db.engine, WORK)


def _reach() -> None:
    """The database answers, and nobody waits for a page."""
    if problems := database_problems(db.engine):
        raise click.ClickException("; ".join(problems))
    limit(db.engine, WORK)
