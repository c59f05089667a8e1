"""A backup is made, tried and only then given its name; and brought back into an empty place."""

from __future__ import annotations

import fcntl
import hmac
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from app.core.clock import now
from app.core.upgrades.stores import Shape, Store, StoreFailed, settle, shape, store
from app.operations.backups import archive, queries
from app.operations.backups.archive import DATABASE, FILES, Manifest, NotABackup

LEFT_OUT = {"outbox", "before-upgrades", "backups"}
"""Folders beside the database that are no part of it: letters that were sent (their links open doors), and copies."""
SECRETS = {".env", ".key", ".pem", ".p12", ".pfx"}
BEGUN = ".backup-"


@dataclass(frozen=True)
class Installation:
    """What is backed up: the database, the folder beside it, and the key, of which only a mark is taken."""

    url: str
    folder: Path
    secret_key: str
    version: str = ""


@dataclass(frozen=True)
class Proven:
    """A backup that was brought back and found to be what was there."""

    file: Path
    size: int
    rows: int
    certificates: int
    seconds: float


class NotProven(Exception):
    """What was brought back is not what was there: one sentence."""


FAILURES = (StoreFailed, NotABackup, NotProven, OSError, sqlite3.Error)


def fingerprint(secret_key: str, made_at: str) -> str:
    return hmac.digest(secret_key.encode(), f"yetkin backup of {made_at}".encode(), "sha256").hex()[:32]


# --- making ---------------------------------------------------------------------------------------------


def back_up(installation: Installation, file: Path, to: X25519PublicKey | None = None) -> Proven:
    """One of FAILURES, and nothing under that name, where it cannot be made or does not come back as it was."""
    started = time.monotonic()
    if file.exists():
        raise NotProven(f"{file} is there already; nothing was written over")
    with working(file.parent) as folder:
        living, dump = store(installation.url), folder / DATABASE
        (found, certificates), parts = living.dump(dump, _seen), beside(installation, file.parent)
        parts = {DATABASE: dump, **parts}
        manifest = _manifest(installation, living, found, certificates, parts)
        made = folder / "archive"
        with made.open("xb") as raw:
            made.chmod(0o600)
            opens = archive.write(raw, manifest, parts, to)
        settle(made)
        dump.unlink()
        _prove(made, manifest, living, folder, opens)
        os.link(made, file)  # whole, or not at all; never over another
        settle(file.parent)
    rows = sum(found.counts.values())
    return Proven(file, file.stat().st_size, rows, len(certificates), time.monotonic() - started)


def _seen(connection: sa.Connection) -> tuple[Shape, list[str]]:
    return shape(connection), queries.some_certificates(connection)


def _manifest(
    installation: Installation, living: Store, found: Shape, certificates: list[str], parts: Mapping[str, Path]
) -> Manifest:
    at = now().isoformat(timespec="seconds")
    return Manifest(
        made_at=at,
        version=installation.version,
        kind=living.kind,
        head=found.head,
        counts=found.counts,
        certificates=certificates,
        key=fingerprint(installation.secret_key, at),
        parts={name: archive.part_of(path) for name, path in parts.items()},
    )


def beside(installation: Installation, away: Path) -> dict[str, Path]:
    """The files in the folder of the installation that are neither the database, nor copies, nor secrets."""
    top, kept = installation.folder.resolve(), {}
    database = getattr(store(installation.url), "file", None)
    for path in sorted(top.rglob("*")) if top.is_dir() else ():
        inside = path.relative_to(top)
        private = inside.parts[0] in LEFT_OUT or path.is_relative_to(away.resolve()) or path.is_symlink()
        secret = path.name in SECRETS or path.suffix in SECRETS
        own = database is not None and path.parent == database.parent and path.name.startswith(database.name)
        if path.is_file() and not (private or secret or own or any(part.startswith(BEGUN) for part in inside.parts)):
            kept[f"{FILES}{inside.as_posix()}"] = path
    return kept


def _prove(file: Path, manifest: Manifest, living: Store, folder: Path, opens: bytes | None) -> None:
    """Read it as a stranger would, load it into a place of its own, and compare."""
    unpacked = folder / "unpacked"
    unpacked.mkdir(mode=0o700)
    read, parts = archive.read(file, unpacked, opens)
    if read != manifest:
        raise NotProven("the backup lists other things than were put into it")
    with living.aside(folder) as place:
        place.load(parts[DATABASE])
        parts[DATABASE].unlink()
        compare(place, manifest)


def compare(place: Store, manifest: Manifest) -> None:
    """NotProven where rows, schema or certificates are not what the manifest says, or the file is damaged."""
    found = place.look(shape)
    if found.head != manifest.head:
        raise NotProven(f"the schema came back at {found.head}, not {manifest.head}")
    differing = sorted(
        name for name in found.counts | manifest.counts if found.counts.get(name) != manifest.counts.get(name)
    )
    if differing:
        raise NotProven(f"rows differ in {', '.join(differing[:5])}")
    closed = [sum_ for sum_ in manifest.certificates if not place.look(lambda c, sum_=sum_: queries.opens(c, sum_))]  # type: ignore[misc]  # mypy cannot infer a default of a lambda
    if closed:
        raise NotProven(f"{len(closed)} of {len(manifest.certificates)} certificates do not open")
    if not place.sound():
        raise NotProven("the database that came back is damaged")


@contextmanager
def working(parent: Path) -> Iterator[Path]:
    """A folder for what is not whole yet, for the owner's eyes; those that others left, killed, go with it."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in parent.glob(f"{BEGUN}*"):
        with _held(left) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=BEGUN, dir=parent))
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether nobody else is at work in it; the lock goes with the process."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


# --- bringing back --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """`same_key`: the SECRET_KEY is that of the backup."""

    manifest: Manifest
    same_key: bool
    files: int
    seconds: float


def restore(
    file: Path,
    into: Installation,
    work_on: Callable[[str, Manifest], None],
    key: X25519PrivateKey | None = None,
) -> Restored:
    """Into an empty place only. `work_on` is given the address of what was loaded, before it stands in its place."""
    started, place = time.monotonic(), store(into.url)
    if not place.is_empty():
        raise NotProven("there is an installation already; a backup is restored into an empty place only")
    home = getattr(place, "file", into.folder / DATABASE).parent
    with working(home) as folder:
        manifest, parts = archive.read(file, folder, key)
        if manifest.kind != place.kind:
            raise NotABackup(f"it is of {manifest.kind} and this installation is on {place.kind}")
        taken = [name for name in parts if name != DATABASE and (into.folder / name.removeprefix(FILES)).exists()]
        if taken:
            raise NotProven(f"there are files already ({', '.join(taken[:3])}); nothing was written over")
        with place.filled(parts[DATABASE], folder) as filled:
            compare(filled, manifest)
            work_on(filled.url, manifest)
            for name in parts.keys() - {DATABASE}:
                _put(parts[name], into.folder / name.removeprefix(FILES))
    same = hmac.compare_digest(fingerprint(into.secret_key, manifest.made_at), manifest.key)
    return Restored(manifest, same, len(parts) - 1, time.monotonic() - started)


def _put(part: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(part, target)


def beside_itself(installation: Installation, url: str) -> Installation:
    """The same installation on another database."""
    return replace(installation, url=url)
