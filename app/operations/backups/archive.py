"""One file that holds an installation: a packed tar with a list of its parts first, sealed where a key is given.

`manifest.json` says what is in it and what each part has to come to; `database` is the dump; `files/…` is what lay
beside the database. Nothing in an archive is believed before its sum is right, and no name in it is a path.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from app.operations.backups.sealing import NotOpened, Opened, Sealed, is_sealed

FORMAT = 1
DATABASE, FILES = "database", "files/"
PACKED = 1  # level: a tenth of a second a hundred megabytes less for each further one is not worth it
BLOCK = 1024 * 1024
MOST_LISTED = 16 * BLOCK


class NotABackup(Exception):
    """A file is none of ours, is damaged or cut short: one sentence."""


@dataclass(frozen=True)
class Part:
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`key` is a mark of the SECRET_KEY, which tells whether another one is the same and nothing else; `certificates`
    the sums of a few PDFs that have to be in it.
    """

    made_at: str
    version: str
    kind: str
    head: str | None
    counts: dict[str, int]
    certificates: list[str]
    key: str
    parts: dict[str, Part]
    format: int = FORMAT

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def part_of(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(raw: IO[bytes], manifest: Manifest, parts: Mapping[str, Path], to: X25519PublicKey | None) -> bytes | None:
    """What opens it again without the private key, as long as this process lives."""
    sealed = Sealed(raw, to) if to else None
    outer = cast(IO[bytes], io.BufferedWriter(sealed, BLOCK)) if sealed else raw
    with (
        gzip.GzipFile(fileobj=outer, mode="wb", compresslevel=PACKED, mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        listed = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        tar.addfile(_entry("manifest.json", len(listed)), io.BytesIO(listed))
        for name, path in parts.items():
            with path.open("rb") as file:
                tar.addfile(_entry(name, manifest.parts[name].size), file)
    if sealed:
        outer.close()
    return sealed.file_key if sealed else None


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def read(file: Path, folder: Path, key: X25519PrivateKey | bytes | None = None) -> tuple[Manifest, dict[str, Path]]:
    """What it says, and its parts put into `folder`, each as the manifest has it."""
    try:
        with _tar(file, key) as tar:
            entries = iter(tar)
            manifest = _manifest(tar, next(entries, None))
            found = {entry.name: _unpacked(tar, entry, manifest, folder) for entry in entries}
    except NotOpened as error:
        raise NotABackup(f"{file} cannot be opened: {error}") from error
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise NotABackup(f"{file} is no backup of Yetkin, or is damaged or cut short") from error
    if found.keys() != manifest.parts.keys() or DATABASE not in found:
        raise NotABackup(f"{file} lacks parts that it lists: it is cut short")
    return manifest, found


@contextmanager
def _tar(file: Path, key: X25519PrivateKey | bytes | None) -> Iterator[tarfile.TarFile]:
    with file.open("rb") as raw:
        inner: IO[bytes] = raw
        if is_sealed(raw):
            if key is None:
                raise NotOpened("it is sealed; the private key is needed")
            inner = cast(IO[bytes], io.BufferedReader(Opened(raw, key), BLOCK))
        with gzip.GzipFile(fileobj=inner, mode="rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                yield tar
            while packed.read(BLOCK):  # to the end: only there stands the sum of all
                pass


def _manifest(tar: tarfile.TarFile, entry: tarfile.TarInfo | None) -> Manifest:
    listed = tar.extractfile(entry) if entry and entry.name == "manifest.json" and entry.size <= MOST_LISTED else None
    try:
        said: dict[str, Any] = json.loads(listed.read()) if listed else {}
        if said.get("format", 0) > FORMAT:
            raise NotABackup("it was made by a newer version of Yetkin: restore it with that one")
        return Manifest(**said | {"parts": {name: Part(**part) for name, part in said["parts"].items()}})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise tarfile.ReadError("no list of parts") from error


def _unpacked(tar: tarfile.TarFile, entry: tarfile.TarInfo, manifest: Manifest, folder: Path) -> Path:
    wanted, content = manifest.parts.get(entry.name), tar.extractfile(entry) if entry.isreg() else None
    names = PurePosixPath(entry.name)
    inside = not names.is_absolute() and ".." not in names.parts
    if wanted is None or content is None or not inside or entry.size != wanted.size:
        raise tarfile.ReadError("not the part that is listed")
    path = folder / names
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sum_ = hashlib.sha256()
    with path.open("xb") as target:
        path.chmod(0o600)
        while block := content.read(BLOCK):
            sum_.update(block)
            target.write(block)
    if sum_.hexdigest() != wanted.sha256:
        raise tarfile.ReadError("not what was put in")
    return path
