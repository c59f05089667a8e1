"""The one lens: who may see which rows. A query on owned rows that does not start here raises.

It starts from a caller's `Scope`; or, below a row such a scope has loaded, from that row (`within(course_session)`); or
from `EVERYWHERE`, which says beside it why everything may be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, class_mapper
from sqlalchemy.sql import visitors

from app.core.db import Base, db
from app.core.errors import Missing

T = TypeVar("T", bound=Base)
E = TypeVar("E", bound=sa.Executable)
S = TypeVar("S", bound=sa.Select[*tuple[Any, ...]])


class UnscopedQuery(RuntimeError):
    """A query read an owned table without asking whose rows it may see."""


@dataclass(frozen=True)
class Scope:
    """What a caller may see with one permission.

    `everything`: a grant over the whole programme. `provinces`: those they run. `organisations`: those whose
    people they see (all of their provinces' included). `audience`: organisations they belong to or answer for, and
    `audience_provinces` theirs: what is offered to them is offered to them. `own_user` / `own_trainer`: their user id
    where a staff (trainer) grant lets them see what is theirs (the sittings they give). `roles`: those it comes from.
    """

    everything: bool = False
    provinces: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    audience: frozenset[int] = frozenset()
    audience_provinces: frozenset[int] = frozenset()
    own_user: int | None = None
    own_trainer: int | None = None
    roles: frozenset[str] = field(default=frozenset(), compare=False)

    def covers_province(self, province_id: int | None) -> bool:
        """Whether it is one of those they run; none (the whole programme's) is only for who sees everything."""
        return self.everything or province_id in self.provinces

    def covers_organisation(self, organisation_id: int) -> bool:
        """Whether it is one of those whose people they see."""
        return self.everything or organisation_id in self.organisations

    def select(self, model: type[T]) -> sa.Select[T]:
        """The rows of `model` this scope sees."""
        return self.restrict(sa.select(model), model)

    def restrict(self, statement: S, *models: Any) -> S:
        """The same statement, reduced to what this scope sees of each model (or alias) it names.

        Every owned model in a statement is named, each alias too.
        """
        covered: set[Any] = set(statement.get_execution_options().get("scoped", frozenset()))
        for model in models:
            mapped = sa.inspect(model).mapper.class_
            rule: Rule = mapped.__scope__
            covered |= {sa.inspect(model).selectable, *rule.tables(mapped)}
            if not self.everything:
                statement = statement.where(_visible(rule, model, self))
        return statement.execution_options(scoped=frozenset(covered))

    def trusting(self, statement: Any, *models: Any) -> Any:
        """The same statement, with `models` joined to rows that were themselves restricted: adds no condition.

        For parents of restricted rows only (the employee of an enrolment, the session of a sitting).
        """
        return _covering(statement, *models)

    def get(self, model: type[T], key: int, *options: Any) -> T:
        """The row with this id, or Missing, whether it is absent or foreign."""
        return _one(self.select(model).where(cast(Any, model).id == key).options(*options))


def _visible(rule: Any, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
    """What a rule says of a model; of the model itself, not of an alias, it is kept: it takes longer to write than to
    answer, and the same three always say the same.
    """
    found: sa.ColumnElement[bool] = (_written if isinstance(model, type) else _saying)(rule, model, scope)
    return found


def _saying(rule: Rule, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
    return rule.visible(model, scope)


_written = lru_cache(maxsize=256)(_saying)


EVERYWHERE = Scope(everything=True)
NOTHING = Scope()


def _one(statement: sa.Select[T]) -> T:
    found = db.session.scalar(statement)
    if found is None:
        raise Missing
    return found


def _covering(statement: E, *models: Any) -> E:
    """The statement, saying that it reads these models (or aliases) knowingly."""
    covered: frozenset[Any] = statement.get_execution_options().get("scoped", frozenset())
    return statement.execution_options(scoped=covered | {sa.inspect(model).selectable for model in models})


# --- below a loaded row --------------------------------------------------------------------------------


def within(*parents: Base | type[Base]) -> Within:
    """What hangs on these parents, each already loaded through a scope.

    A parent's class instead of a row says that the statement names the loaded rows itself (by their ids).
    """
    return Within(parents)


@dataclass(frozen=True)
class Within:
    """The same words as a Scope's, for rows below a parent instead of a caller's."""

    parents: tuple[Base | type[Base], ...]

    def select(self, model: type[T]) -> sa.Select[T]:
        """The rows of `model` that point at each parent."""
        return self.restrict(sa.select(model), model)

    def restrict(self, statement: S, *models: Any) -> S:
        """The same statement, reduced to the parents' rows: of the models it names, the first that points at a parent
        is held to it, the others are joined to that one.
        """
        for parent in self.parents:
            kind = parent if isinstance(parent, type) else type(parent)
            pointers = [getattr(model, key) for model in models if (key := _key(sa.inspect(model).mapper, kind))]
            if not pointers:
                raise TypeError(f"None of them points at {kind.__name__} by one key: write so, and use `trusting`.")
            if parent is not kind:
                statement = statement.where(pointers[0] == cast(Any, parent).id)
        return _covering(statement, *models)

    def trusting(self, statement: E, *models: Any) -> E:
        """The same statement, held to the parents by a condition of its own (or to a row they point at): adds none."""
        return _covering(statement, *models)

    def one(self, model: type[T], key: int, *options: Any) -> T:
        """The row with this id that points at each parent, or Missing."""
        return _one(self.select(model).where(cast(Any, model).id == key).options(*options))

    def get(self, model: type[T], key: int | None) -> T:
        """The row a parent points at by this id, or Missing."""
        return _one(_covering(sa.select(model).where(cast(Any, model).id == key), model))


@cache
def _key(mapper: Mapper[Any], parent: type[Base]) -> str | None:
    """The one attribute by which a model points at a parent's table; None where it has none, or several."""
    keys = [key.parent for key in mapper.local_table.foreign_keys if key.column.table is parent.__table__]
    return mapper.get_property_by_column(keys[0]).key if len(keys) == 1 else None


# --- whose a row is ------------------------------------------------------------------------------------


class Rule(Protocol):
    """Whose rows a model's rows are. Each model names one as `__scope__`."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]: ...

    def tables(self, model: Any) -> set[Any]: ...


@dataclass(frozen=True)
class Everyone:
    """Rows that are nobody's in particular."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        return sa.true()

    def tables(self, model: Any) -> set[Any]:
        return set()


@dataclass(frozen=True)
class Nobody:
    """Rows reached only through another row that points at them."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        return sa.false()

    def tables(self, model: Any) -> set[Any]:
        return {model.__table__}


@dataclass(frozen=True)
class OwnedBy:
    """By the organisation (or province, or user) whose id stands in a column. `of` names the scope's own set."""

    column: str
    of: str = "organisations"

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        owners = getattr(scope, self.of)
        if not isinstance(owners, frozenset):
            mine = getattr(model, self.column) == owners
            return sa.false() if owners is None else cast("sa.ColumnElement[bool]", mine)
        theirs = getattr(model, self.column).in_(sorted(owners))
        return cast("sa.ColumnElement[bool]", theirs) if owners else sa.false()

    def tables(self, model: Any) -> set[Any]:
        return {model.__table__}


@dataclass(frozen=True)
class OwnedThrough:
    """By whoever may see the parent a many-to-one relationship leads to; `rule` replaces the parent's own."""

    path: str
    rule: Rule | None = None

    def _parent(self, model: Any) -> Any:
        return class_mapper(sa.inspect(model).mapper.class_).relationships[self.path].mapper.class_

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        parent = self._parent(model)
        rule = self.rule or parent.__scope__
        return cast("sa.ColumnElement[bool]", getattr(model, self.path).has(rule.visible(parent, scope)))

    def tables(self, model: Any) -> set[Any]:
        parent = self._parent(model)
        rule = self.rule or parent.__scope__
        return {model.__table__, parent.__table__, *rule.tables(parent)}


@dataclass(frozen=True)
class AnyOf:
    rules: tuple[Rule, ...]

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        return sa.or_(sa.false(), *(rule.visible(model, scope) for rule in self.rules))

    def tables(self, model: Any) -> set[Any]:
        return {model.__table__}.union(*(rule.tables(model) for rule in self.rules))


def any_of(*rules: Rule) -> AnyOf:
    return AnyOf(rules)


# --- the alarm -----------------------------------------------------------------------------------------


def owned_tables() -> frozenset[Any]:
    """Tables whose rows are somebody's. Floors below this one have none."""
    return frozenset(
        mapper.local_table
        for mapper in Base.registry.mappers
        if not isinstance(getattr(mapper.class_, "__scope__", Everyone()), Everyone)
    )


_owned: frozenset[Any] | None = None
_passed: WeakKeyDictionary[Any, set[frozenset[Any]]] = WeakKeyDictionary()


@event.listens_for(Mapper, "after_mapper_constructed")
def _forget_owned(*_: Any) -> None:
    """A model more: which tables are owned is found out again by the next query."""
    global _owned
    _owned = None
    _passed.clear()


def _current_owned() -> frozenset[Any]:
    global _owned
    if _owned is None:
        _owned = owned_tables()
    return _owned


def _sources(statement: Any) -> Iterable[Any]:
    """Tables and aliases of owned tables a statement reads or changes, wherever in it they stand."""
    owned = _current_owned()
    for element in visitors.iterate(statement):
        source = element.element if isinstance(element, sa.Alias) else element
        if isinstance(source, sa.Table) and source in owned:
            yield element


@event.listens_for(Session, "do_orm_execute")
def refuse_unscoped(state: ORMExecuteState) -> None:
    """Raise unless every owned table in the statement was covered by a scope or by `within`."""
    if state.is_column_load or state.is_relationship_load:
        state.update_execution_options(of_loaded_row=True)
    elif not (state.is_select or state.is_insert):
        _walk(state.statement, state.execution_options.get("scoped", frozenset()))


def init_app(app: Flask) -> None:
    """The alarm hangs on the engines of the application; what a test or a tool opens beside it is its own."""
    with app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", refuse_unscoped_select)


def refuse_unscoped_select(*executed: Any) -> None:
    """The same for what reads, where its compiled form is known: one shape, covered alike, is walked once."""
    context = executed[4]
    statement, options = context.invoked_statement, context.execution_options
    if statement is None or not statement.is_select or "of_loaded_row" in options:
        return
    covered = options.get("scoped", frozenset())
    passed = _passed.setdefault(context.compiled, set())
    if (kinds := _kinds(covered)) not in passed:
        _walk(statement, covered)
        passed.add(kinds)


def _kinds(covered: frozenset[Any]) -> frozenset[Any]:
    """What is covered, with aliases (each statement has its own) counted by their table."""
    if not any(isinstance(each, sa.Alias) for each in covered):
        return covered
    return frozenset(Counter(each.element if isinstance(each, sa.Alias) else (each,) for each in covered).items())


def _walk(statement: Any, covered: frozenset[Any]) -> None:
    missing = set(_sources(statement)) - covered
    # an alias's own table is met while walking it: it is covered where the alias is
    missing -= {e.element for e in covered if isinstance(e, sa.Alias)}
    if missing:
        names = sorted({getattr(t, "name", None) or str(t) for t in missing})
        raise UnscopedQuery(", ".join(str(n) for n in names))
