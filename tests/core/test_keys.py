"""A key that is given another value takes with it what was loaded for the old one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty, configure_mappers
from sqlalchemy.orm.attributes import set_committed_value

from app.core.db import Base
from tests.laws.rooms import told

Pointer = RelationshipProperty[Any]


@pytest.fixture
def pointers(app: object) -> list[Pointer]:
    configure_mappers()
    every = itertools.chain.from_iterable(mapper.relationships for mapper in Base.registry.mappers)
    return [each for each in every if each.direction is RelationshipDirection.MANYTOONE]


def names(pointer: Pointer) -> tuple[str, str]:
    """(the key's name here, the name of what it names there); of a key of two columns the first."""
    here, there = (pointer.local_remote_pairs or ())[0]
    return pointer.parent.get_property_by_column(here).key, pointer.mapper.get_property_by_column(there).key


def pair(pointer: Pointer, loaded: int | None) -> tuple[Any, str]:
    """A row that has this object (or None) loaded, and the name of its key."""
    key, remote = names(pointer)
    row = pointer.parent.class_()
    set_committed_value(row, key, loaded)
    set_committed_value(row, pointer.key, None if loaded is None else pointer.mapper.class_())
    if loaded is not None:
        set_committed_value(getattr(row, pointer.key), remote, loaded)
    return row, key


@pytest.mark.parametrize(("was", "now", "kept"), [(1, 2, False), (1, None, False), (None, 2, False), (1, 1, True)])
def test_of_every_pointer(pointers: list[Pointer], was: int | None, now: int | None, kept: bool) -> None:
    wrong = []
    for pointer in pointers:
        row, key = pair(pointer, was)
        setattr(row, key, now)
        if (pointer.key in sa.inspect(row).dict) is not kept:
            wrong.append(f"{pointer.parent.class_.__name__}.{key} → {pointer.key}")
    assert len(pointers) > 50
    assert not wrong, told(
        wrong, "Setting the key must forget the object of the old one: `_watch_keys`, app/core/db.py."
    )
