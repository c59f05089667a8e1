"""A view that may not answer without its trace says so; an event holds no words, and says what the log calls it."""

from __future__ import annotations

import ast
import dataclasses
from collections import Counter

from flask import Flask

from tests.laws.rooms import ROOT, told, views

EXPORTED = "Exported"
GENERAL_IDS = {"kept_id", "merged_id", "from_id", "to_id"}
HAND_OUT = ("lists.answer(", "lists.file(", "lists.file_of(")
WRITE = {"write_xlsx", "write_csv"}


def _views() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in views():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found.append((path.relative_to(ROOT).as_posix(), node))
    return found


def _decorators(node: ast.FunctionDef) -> set[str]:
    return {ast.unparse(d).split("(")[0] for d in node.decorator_list}


def test_a_required_trace_is_declared() -> None:
    """Where a view calls `journal.trace(…, required=True)`, itself or in a function beside it, it carries `@traced`."""
    silent = []
    beside: dict[str, dict[str, ast.FunctionDef]] = {}
    for path, node in _views():
        beside.setdefault(path, {})[node.name] = node
    for path, node in _views():
        is_view = any(name.startswith("bp.") for name in _decorators(node))
        text = "\n".join(ast.unparse(each) for each in _with_what_it_calls(node, beside[path]))
        if is_view and "journal.trace(" in text and "required=True" in text and "traced" not in _decorators(node):
            silent.append(f"{path}:{node.name}")
    assert not silent, told(
        silent,
        "These views may not answer without a trace and do not say so. Write @traced(…) (app/web/door.py) under"
        " @require, with the class of the event they trace.",
    )


def _with_what_it_calls(node: ast.FunctionDef, beside: dict[str, ast.FunctionDef]) -> list[ast.FunctionDef]:
    found = {node.name: node}
    waiting = [node]
    while waiting:
        new = {name: beside[name] for name in _calls(waiting.pop()) & beside.keys() - found.keys()}
        found |= new
        waiting += new.values()
    return list(found.values())


def _calls(node: ast.FunctionDef) -> set[str]:
    """The last part of the name of each function that is called."""
    called = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return {ast.unparse(func).rpartition(".")[2] for func in called}


def test_every_export_is_traced() -> None:
    """Lists are handed out by `lists.answer`, `lists.file` and `lists.file_of`, which remember it: a view that uses one says so."""
    beside: dict[str, dict[str, ast.FunctionDef]] = {}
    for path, node in _views():
        beside.setdefault(path, {})[node.name] = node
    silent, seen = [], 0
    for path, node in _views():
        reached = _with_what_it_calls(node, beside[path])
        if not any(name.startswith("bp.") for name in _decorators(node)):
            continue
        if any(text in ast.unparse(each) for each in reached for text in HAND_OUT):
            seen += 1
            silent += [] if any(EXPORTED in ast.unparse(d) for d in node.decorator_list) else [f"{path}:{node.name}"]
    assert seen > 10, (
        f"only {seen} views call {HAND_OUT}: write there what the functions that make files are called now."
    )
    assert not silent, told(
        silent,
        "These hand out a list as a file and nobody will know. Write @traced(Exported) (app/lists/events.py) on it.",
    )
    elsewhere = [f"{path}:{node.name}" for path, node in _views() if _calls(node) & WRITE]
    assert not elsewhere, told(
        elsewhere, "These write a file past the trace. Let `lists.file_of` (app/lists/pages.py) do it."
    )


def test_traced_views_name_their_events(app: Flask) -> None:
    from app.audit.journal import Event

    for name, view in app.view_functions.items():
        for event in getattr(view, "traces", ()):
            assert isinstance(event, type) and issubclass(event, Event), (
                f"@traced on {name} names {event!r}. Give it classes of events: subclasses of app.audit.journal.Event,"
                " as they stand in a room's events.py."
            )


def test_events_hold_no_words(app: Flask) -> None:
    """Ids, field names and status values only: no field of an event is called like a name, an address or free text."""
    from app.audit.journal import kinds

    forbidden = {"name", "email", "phone", "text", "reason", "note", "title", "address", "given_name", "family_name"}
    guilty = []
    for kind in kinds().values():
        fields = {field.name for field in dataclasses.fields(kind)} & forbidden
        if fields:
            guilty.append(f"{kind.__module__}.{kind.__name__}: {', '.join(sorted(fields))}")
    assert not guilty, told(
        guilty,
        "These fields would write people's words into the journal. Carry the row's id, the names of changed fields"
        " or a status value; a page that shows the event looks the words up.",
    )


def test_events_say_what_the_log_calls_them(app: Flask) -> None:
    """Each has a name of its own in words, and each fact is called something by one of them."""
    from app.audit.journal import Event, kinds

    every = kinds().values()
    known = Counter(key for kind in (Event, *every) for key in (kind.words if "words" in vars(kind) else ()))
    mute, twice = [], sorted(key for key, times in known.items() if times > 1)
    for kind in every:
        unsaid = [field.name for field in dataclasses.fields(kind) if field.name not in known]
        missing = (["said"] if "said" not in vars(kind) else []) + [f'words["{name}"]' for name in unsaid]
        mute += [f"{kind.__module__}.{kind.__name__}: {', '.join(missing)}"] if missing else []
    assert len(every) > 50 and not mute, told(
        mute,
        "Whoever reads the activity log would see a code. Say it in the class, under its name:"
        ' `said = lazy_pgettext("event", "Venue added")`, `words = {"venue_id": lazy_pgettext("fact", "Venue")}`;'
        " then its Turkish: `flask --app wsgi words`.",
    )
    assert not twice, told(
        twice, "These facts are called something by two events. One says it for all: leave it where it stood before."
    )


def test_what_events_say_of_their_facts_is_true(app: Flask) -> None:
    from app.audit.journal import kinds

    guilty = []
    for kind in kinds().values():
        facts = {field.name for field in dataclasses.fields(kind)}
        wrong = sorted(set(kind.values) - facts)
        wrong += ["ids_of"] if (kind.ids_of is not None) != bool(facts & GENERAL_IDS) else []
        guilty += [f"{kind.__module__}.{kind.__name__}: {', '.join(wrong)}"] if wrong else []
    assert not guilty, told(
        guilty,
        "`values` names facts the event has, and `ids_of` stands where it has one of"
        f" {', '.join(sorted(GENERAL_IDS))}: the kind of thing (app/oversight/things.py) they are ids of.",
    )
