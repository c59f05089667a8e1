"""Templates compiled beforehand: else every process pays for each page once more, for all of them 2.8 s of CPU.

`flask --app wsgi assets` makes them, in `app/compiled`. A template that is not there as it stands now is compiled when
it is first asked for, and not kept: slower once, never wrong, and who serves needs no right to write here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parent.parent / "compiled"


class Compiled(FileSystemBytecodeCache):
    """Reads what was compiled from the same source with the same settings."""

    def __init__(self, environment: Environment, folder: Path | None = None) -> None:
        super().__init__(str(folder or FOLDER))
        self._environment = environment

    def get_source_checksum(self, source: str) -> str:
        env = self._environment
        settings = (env.trim_blocks, env.lstrip_blocks, sorted(env.extensions), sorted(env.filters), sorted(env.tests))
        return super().get_source_checksum(f"{settings}{source}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        pass


class Compiling(Compiled):
    """Writes them."""

    dump_bytecode = FileSystemBytecodeCache.dump_bytecode


def build(app: Flask) -> int:
    """Make `FOLDER` anew. Answers how many templates there are."""
    making = FOLDER.with_name("compiled.new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    environment = app.jinja_env.overlay(bytecode_cache=Compiling(app.jinja_env, making), cache_size=0)
    names = environment.list_templates()
    for name in names:
        environment.get_template(name)
    for path in making.iterdir():
        path.chmod(0o644)  # they are written for their owner's eyes, and who installs need not be who serves
    shutil.rmtree(FOLDER, ignore_errors=True)
    making.rename(FOLDER)
    return len(names)
