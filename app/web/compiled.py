"""Templates compiled beforehand: else every process pays for each page once more, for all of them 2.8 s of CPU.

`flask --app wsgi assets` makes them, in `app/compiled`. A template that is not there as it stands now is compiled when
it is first asked for, and not kept: slower once, never wrong, and who serves needs no right to write here.

What they are compiled to does the same as Jinja's own, in a third of the time, for each of the thousands of pieces and
the hundreds of calls that a page is put together of.
"""

from __future__ import annotations

import re
import shutil
from functools import lru_cache
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache, nodes, pass_eval_context
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent.parent / "compiled"
unsafe = re.compile("[&<>\"']").search
PLAIN = frozenset({FunctionType, MethodType, BuiltinFunctionType, type(lru_cache(str))})
"""What is called as it stands; other objects may have a `__call__` that asks for the context."""
ESCAPING = pass_eval_context(lambda: None).jinja_pass_arg  # type: ignore[attr-defined]  # Jinja's mark of what asks


def shown(value: Any) -> str:
    """A value as it goes into a page. What Jinja writes, `escape`, makes an object around each that says it is safe."""
    kind = type(value)
    if (kind is str and not unsafe(value)) or kind is Markup:
        return value  # type: ignore[no-any-return]  # mypy knows no kinds that are told by `is`
    return str(value) if kind is int else escape(value)


def breaking(address: str) -> Markup:
    """An e-mail address that breaks after @ and dots where it is too long."""
    return Markup(str(escape(address)).replace("@", "@<wbr>").replace(".", ".<wbr>"))  # noqa: S704  # escaped here


class Pieces(CodeGenerator):
    """Writes that into templates."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  # Jinja's name
        self.writeline(f"from {__name__} import shown")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("shown(")


class Calls(Context):
    """Calls from templates, of which most go to functions that want nothing of the context, or no more than to know
    whether texts are escaped.
    """

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        kind = type(called)
        wants = ESCAPING if kind is Macro else getattr(called, "jinja_pass_arg", None) if kind in PLAIN else kind
        if wants is ESCAPING:
            args = (self.eval_ctx, *args)
        elif wants is not None:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class Compiled(FileSystemBytecodeCache):
    """Reads what was compiled from the same source with the same settings."""

    def __init__(self, environment: Environment, folder: Path | None = None) -> None:
        super().__init__(str(folder or FOLDER))
        self._environment = environment

    def get_source_checksum(self, source: str) -> str:
        env = self._environment
        known = (sorted(env.extensions), sorted(env.filters), sorted(env.tests))
        settings = (env.trim_blocks, env.lstrip_blocks, *known, env.code_generator_class.__qualname__)
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
