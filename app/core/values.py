"""Dataclasses as the standard library makes them, at less than half of what they cost each start.

Python 3.11 writes a `__repr__`, an `__eq__`, a `__hash__` and what keeps a frozen one from being changed for each class
by itself, and compiles them one after the other: 0.3 ms, four hundred times. Here they are the same for all; that
nobody changes a frozen one is mypy's to find.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, **options: Any) -> Any:
        """What stands in the class itself stays; `order` and `unsafe_hash` are left to the standard library."""
        return _made(cls, **options) if cls else lambda cls: _made(cls, **options)


def _made(cls: type, *, frozen: bool = False, eq: bool = True, **options: Any) -> Any:
    cls.__doc__ = cls.__doc__ or cls.__name__  # else it gets a signature, for 0.1 ms
    made: Any = dataclasses.dataclass(eq=False, repr=False, **options)(cls)
    _say(made, "__repr__", _repr)
    if eq:
        compared = [field.name for field in dataclasses.fields(made) if field.compare]
        made.__compared__ = attrgetter(*compared) if compared else type
        _say(made, "__eq__", _eq)
        _say(made, "__hash__", _hash if frozen else None)
    return made


def _say(cls: Any, name: str, said: Callable[..., Any] | None) -> None:
    if name not in cls.__dict__:
        setattr(cls, name, said)


def _repr(self: Any) -> str:
    said = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(said)})"


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self.__compared__(self) == self.__compared__(other)


def _hash(self: Any) -> int:
    return hash(self.__compared__(self))
