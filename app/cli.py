"""Commands: thin, they call services."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.clock import today as current_day
from app.core.db import WORK, database_problems, db, limit, reading
from app.core.upgrades.migrations import at_head, bring_up_to_date
from app.language import catalogues
from app.post.addresses import public_address
from app.web import assets, compiled

if TYPE_CHECKING:
    from app.core.upgrades.stores import Store
    from config import Base


def init_app(app: Flask) -> None:
    _add_words(app)
    _add_assets(app)
    _add_setup(app)
    _add_users(app)
    _add_figures(app)
    _add_demo(app)
    _add_backup(app)
    _add_keys_and_lists(app)
    _add_restore(app)
    _add_move(app)
    _add_check(app)


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
        """Make the stylesheet, the script and compressed forms of all files of the browser; compile the templates."""
        click.echo(f"{assets.build()} files in {assets.BUILT}, {compiled.build(app)} templates in {compiled.FOLDER}.")


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
        services.recount_by_hand()
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


def _add_backup(app: Flask) -> None:
    from app.operations import backups
    from app.operations.backups import nightly, sealing, services

    @app.cli.command("backup")
    @click.argument("file", type=click.Path(path_type=Path), required=False)
    @click.option("--key", default=lambda: app.config["BACKUP_KEY"], help="Encrypt it to this public key (age1…).")
    def backup(file: Path | None, key: str) -> None:
        """Put all into one file, bring it back in a place of its own, and compare. Without FILE: see that there is
        last night's in BACKUP_FOLDER, and make it where the worker has not.
        """
        if file is None:
            _see_to_the_nightly(app)
            return
        try:
            proven = services.back_up(backups.installation(app), file, sealing.public_key(key) if key else None)
        except ValueError:
            raise click.ClickException("--key is no public key; it begins with age1.") from None
        except services.FAILURES as error:
            with suppress(SQLAlchemyError):  # where nothing can be written, that cannot, either
                nightly.record_failure(error)
            raise click.ClickException(f"{error}. There is no backup.") from error
        with suppress(SQLAlchemyError):
            nightly.record(proven, sealed=bool(key))
        click.echo(
            f"{file}: {proven.size / 1e6:,.1f} MB, {proven.rows:,} rows, brought back and compared in"
            f" {proven.seconds:.0f} seconds, {proven.certificates} certificates opened."
        )


def _see_to_the_nightly(app: Flask) -> None:
    from app.operations import backups
    from app.operations.backups import nightly, queries, rules

    _reach()
    plan = backups.plan(app)
    if nightly.is_due(plan):
        nightly.make(plan, backups.installation(app))
    state = queries.state()
    if plan.keep == 0:
        raise click.ClickException("BACKUP_KEEP is 0: nobody makes a backup by night.")
    if state.at is None or state.has_failed or rules.is_overdue(state, plan.hour, now()):
        raise click.ClickException("There is no backup of last night: the last one failed, see the log.")
    click.echo(f"Proven on {state.at:%d.%m.%Y %H:%M} UTC, in {plan.folder}.")


def _add_keys_and_lists(app: Flask) -> None:
    from app.operations.backups import nightly, sealing

    @app.cli.command("backup-key")
    @click.argument("file", type=click.Path(path_type=Path))
    def backup_key(file: Path) -> None:
        """Make a pair of keys: the private one into a file that is kept elsewhere, the public one for BACKUP_KEY."""
        private, public = sealing.new_key()
        try:
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as kept:
                kept.write(f"# public key: {public}\n{private}\n")
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}") from error
        click.echo(f"BACKUP_KEY={public}")

    @app.cli.command("destructions")
    @click.argument("file", type=click.Path(path_type=Path))
    def destructions(file: Path) -> None:
        """Write down what was destroyed up to when, for whoever restores an older backup."""
        click.echo(f"{nightly.write_list(file)} kinds.")


def _add_restore(app: Flask) -> None:
    from app.operations import backups
    from app.operations.backups import nightly, sealing, services

    readable = click.Path(path_type=Path, exists=True, dir_okay=False)

    @app.cli.command("restore")
    @click.argument("file", type=readable)
    @click.option("--private-key", type=readable, help="The file of the key an encrypted backup is opened with.")
    @click.option("--destructions", type=readable, help="What was destroyed since; default: destructions.json beside.")
    def restore(file: Path, private_key: Path | None, destructions: Path | None) -> None:
        """Bring a backup back, into an empty place only, up to the newest schema."""
        beside = file.with_name(nightly.LIST)
        listed = destructions or (beside if beside.exists() else None)
        again: list[int] = []
        try:
            key = sealing.private_key(private_key.read_text("ascii")) if private_key else None
            gone = nightly.read_list(listed) if listed else []
            done = services.restore(
                file,
                backups.installation(app),
                lambda url, of: again.append(_brought_up(app, url, of.made_at, gone)),
                key,
            )
        except ValueError as error:
            raise click.ClickException(f"{error}.") from error
        except services.FAILURES as error:
            raise click.ClickException(f"{error}. Nothing was restored.") from error
        rows = sum(done.manifest.counts.values())
        click.echo(f"As of {done.manifest.made_at}, {rows:,} rows, in {done.seconds:.0f} seconds.")
        click.echo(
            f"Destroyed again: {again[0]}."
            if listed
            else "WARNING  no list of destructions: what was destroyed since is back."
        )
        if not done.same_key:
            click.echo(
                "WARNING  SECRET_KEY is not that of the backup: codes of authenticator apps are unreadable until the"
                " earlier key stands in SECRET_KEY_FALLBACKS."
            )


@contextmanager
def _on(app: Flask, url: str) -> Iterator[None]:
    """The same application on another database, brought to the newest schema."""
    from app import create_app

    other = {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True}}
    with create_app(cast("Base", SimpleNamespace(**app.config | other))).app_context():
        bring_up_to_date()
        limit(db.engine, WORK)
        yield
        db.session.remove()
        db.engine.dispose()


def _brought_up(app: Flask, url: str, made_at: str, gone: list[dict[str, str]]) -> int:
    """What was restored, before it stands in its place: the newest schema, nobody signed in, destroyed things gone."""
    from app.access.sign_in.services import end_everybodys
    from app.audit import journal
    from app.operations.backups.events import BackupRestored
    from app.retention.services import destroy_again

    with _on(app, url):
        again = destroy_again(gone)
        end_everybodys()
        journal.record(BackupRestored(made_at, again), by=journal.SYSTEM)
        db.session.commit()
    return again


MOVED = """What to do now:
  1. In the settings: DATABASE_URL is the address you gave here.
  2. Start web and worker, and run: flask --app wsgi check
  3. Make a backup: those made until now can only be brought back on the former kind of database.
  4. Put the former database away where nobody starts it, and destroy it once you are sure."""


def _add_move(app: Flask) -> None:
    from app.core.upgrades import moving
    from app.core.upgrades.stores import StoreFailed, store

    @app.cli.command("move")
    @click.argument("url")
    def move(url: str) -> None:
        """Copy all into another, empty database (postgresql://…), and compare each table. The service must be stopped.
        The former database stays as it is.
        """
        from config import NotConfigured, database

        _reach()
        if not at_head():
            raise click.ClickException("The schema is not the program's: run `flask --app wsgi db upgrade` first.")
        db.session.remove()
        db.engine.dispose()
        started = time.monotonic()
        try:
            place = store(database(url))
            moving.check_place(place)
            with moving.held(app.config["SQLALCHEMY_DATABASE_URI"]) as source, _on(app, place.url):
                rows = _moved(source, place)
        except (moving.NotMoved, StoreFailed, NotConfigured) as error:
            raise click.ClickException(f"{error}. Nothing was moved.") from error
        click.echo(f"{rows:,} rows moved and compared in {time.monotonic() - started:.0f} seconds.\n{MOVED}")


def _moved(source: Connection, place: Store) -> int:
    """How many rows; each table is said as it was found to be the same."""
    from app.audit import journal
    from app.core.upgrades.moving import move
    from app.operations.events import InstallationMoved

    sums = move(source, place)
    for name, each in sums.items():
        click.echo(f"{each.rows:>9,}  {name}  {each.digest:064x}"[:60])
    rows = sum(each.rows for each in sums.values())
    journal.record(InstallationMoved(rows), by=journal.SYSTEM)
    db.session.commit()
    return rows


def _add_check(app: Flask) -> None:
    @app.cli.command("check")
    @click.pass_context
    def check(context: click.Context) -> None:
        """Look at the installation: a line for each thing, exit status 1 where something is wrong."""
        from app.operations.checks.queries import findings

        with reading():
            found = list(findings(app.config, built=assets.is_built()))
        for finding in found:
            click.echo(finding)
        wrong = sum(bool(finding.wrong) for finding in found)
        click.echo(f"{wrong} warnings.")
        context.exit(1 if wrong else 0)


def _prepare(app: Flask) -> None:
    """A folder for the database, for nobody else's eyes, and its tables as the code knows them."""
    Path(app.config["INSTANCE_PATH"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    bring_up_to_date()
    limit(db.engine, WORK)


def _reach() -> None:
    """The database answers, and nobody waits for a page."""
    if problems := database_problems(db.engine):
        raise click.ClickException("; ".join(problems))
    limit(db.engine, WORK)
