"""What is as it should be, and what is not, in a sentence each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

SILENT = timedelta(minutes=2)
AHEAD = timedelta(minutes=5)
LEAST_FREE = 0.05


@dataclass(frozen=True)
class Finding:
    """`wrong` is a sentence that says what to do; empty where `fine` holds."""

    about: str
    fine: str
    wrong: str = ""

    def __str__(self) -> str:
        return f"{'WARNING' if self.wrong else 'ok':<8} {self.about:<12} {self.wrong or self.fine}"


def is_public(public_url: str) -> bool:
    """Others than this machine reach it."""
    return (urlsplit(public_url).hostname or "") not in ("127.0.0.1", "localhost", "::1")


def schema(stands: str | None, head: str | None) -> Finding:
    wrong = "" if stands == head else f"the database is at {stands}, the program at {head}: flask --app wsgi db upgrade"
    return Finding("schema", f"at {head}", wrong)


def environment(name: str, public_url: str) -> Finding:
    wrong = ""
    if is_public(public_url) and name != "production":
        wrong = f"{public_url} is served as {name}: set YETKIN_ENV=production"
    return Finding("environment", name, wrong)


def key(guessable: bool, public: bool) -> Finding:
    wrong = "SECRET_KEY is short, regular or known: set 32 random characters or more" if guessable and public else ""
    return Finding("key", "good enough for this machine alone" if guessable else "strong", wrong)


def sample(sample_data: bool, public: bool) -> Finding:
    wrong = (
        "the demo programme is public, with accounts whose password everybody knows" if sample_data and public else ""
    )
    return Finding("accounts", "of the demo" if sample_data else "no demo accounts", wrong)


def disk(free: int, total: int, database: int) -> Finding:
    fine = f"{free / 1e9:.1f} GB free"
    wrong = ""
    if free / total < LEAST_FREE:
        wrong = f"only {free / 1e9:.1f} GB are free: nothing can be saved once it is full"
    elif free < 3 * database:  # a dump, what comes back of it, the packed file
        wrong = f"{fine}: too little to make a backup of {database / 1e9:.1f} GB and try it"
    return Finding("disk", fine, wrong)


def mail(scheme: str, answers: bool, public: bool) -> Finding:
    if scheme == "file":
        wrong = "letters are only written into a folder: set MAIL_URL" if public else ""
        return Finding("mail", "written into a folder", wrong)
    return Finding("mail", "the server answers", "" if answers else "the server of MAIL_URL does not answer")


def worker(last: datetime | None, now: datetime) -> Finding:
    wrong = ""
    if last is None or now - last > SILENT:
        since = f"since {last:%d.%m.%Y %H:%M} UTC" if last else "and never was"
        wrong = f"the worker is not at work {since}: no mail leaves, no job is done. Start flask --app wsgi serve"
    return Finding("worker", "at work", wrong)


def clock(newest: datetime | None, now: datetime) -> Finding:
    ahead = newest is not None and newest - now > AHEAD
    wrong = f"it shows {now:%d.%m.%Y %H:%M} UTC, but something was written at {newest:%d.%m.%Y %H:%M}" if ahead else ""
    return Finding("clock", f"{now:%d.%m.%Y %H:%M} UTC", wrong)


def permissions(open_to_others: list[str]) -> Finding:
    wrong = f"others on this machine can read {', '.join(open_to_others)}: chmod o-rwx" if open_to_others else ""
    return Finding("permissions", "nobody else reads the files", wrong)


def backup(trouble: str, fine: str) -> Finding:
    return Finding("backup", fine, trouble)


def sealed(public_key: str, keep: int, unsealed: list[str], public: bool) -> Finding:
    """`unsealed`: the backups that lie there open."""
    wrong = ""
    if public and keep and not public_key:
        wrong = "backups are not encrypted: set BACKUP_KEY (docs/backup.md)"
    elif public_key and unsealed:
        wrong = (
            f"from before BACKUP_KEY was set, and open: {', '.join(unsealed)}. Make another, then delete what is open"
        )
    return Finding("encryption", "of backups, to a public key" if public_key else "not needed here", wrong)


def static(built: bool) -> Finding:
    return Finding("files", "packed", "" if built else "files of the browser are not packed: flask --app wsgi assets")


def proxies(number: int, believed: str, public: bool) -> Finding:
    wrong = ""
    if public and not number:
        wrong = "TRUSTED_PROXIES is 0, so everybody seems to come from the proxy: set how many stand before it"
    elif number and believed in ("*", "0.0.0.0", "::"):  # noqa: S104 nothing listens here
        wrong = f"TRUSTED_PROXY is {believed}: anybody can say where they come from"
    return Finding("proxies", f"{number} trusted", wrong)
