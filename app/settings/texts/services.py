from __future__ import annotations

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.post import queries as post
from app.post.models import LetterText
from app.post.occasions import Letter
from app.settings.events import LetterRestored, LetterReworded
from app.settings.texts import queries, rules
from app.settings.texts.queries import Words

FIELDS = ("subject", "opening", "closing")


def reword(of: Letter, language: str, words: Words, *, by: Actor) -> None:
    """What is as in the original stays so."""
    check(of, language, words)
    first = queries.original(of, language)
    row = post.letter_text(of.template, language)
    if row is None:
        row = LetterText(letter=of.template, language=language, subject="", opening="", closing="")
        db.session.add(row)
    changed = []
    for field in FIELDS:
        value = "" if getattr(words, field) == getattr(first, field) else getattr(words, field)
        if getattr(row, field) != value:
            setattr(row, field, value)
            changed.append(field)
    if changed:
        journal.record(LetterReworded(of.key, language, tuple(changed)), by=by)


def check(of: Letter, language: str, words: Words) -> None:
    """Refused where something in braces means nothing, or a link is lost."""
    first = queries.original(of, language)
    allowed = (*of.placeholders, "link") if "{link}" in first.opening else of.placeholders
    for field in FIELDS:
        strange = rules.unknown(getattr(words, field), allowed)
        if strange:
            raise Refused(
                lazy_gettext("%(strange)s means nothing in this letter.", strange=", ".join(strange)), field=field
            )
    if "{link}" in first.opening and "{link}" not in words.opening:
        raise Refused(lazy_gettext("{link} must stay: without it nobody can act."), field="opening")


def restore(of: Letter, language: str, *, by: Actor) -> None:
    """Back to the original."""
    row = post.letter_text(of.template, language)
    if row is not None:
        db.session.delete(row)
        journal.record(LetterRestored(of.key, language), by=by)
