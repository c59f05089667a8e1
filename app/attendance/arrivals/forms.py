"""What the queue of a browser sends, and what is decided about late marks."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from wtforms.validators import Length

from app.attendance.arrivals.services import Arrived
from app.attendance.rules import unspell
from app.core.db import typed_id
from app.language import lazy_gettext
from app.web.forms import Form, TextField

MOST = 100
"""So many items one request may bring; the queue sends fewer."""
KEY = re.compile(r"[\w-]{8,64}", re.ASCII)


def arrived(sent: Any) -> tuple[Any, list[Arrived]] | None:
    """Whose queue it is and what stands in it, of `{"user": …, "items": [{key, sitting, enrolment, was, word}, …]}`;
    items nobody can read are left out. None where it is nothing our script sends.
    """
    items = sent.get("items") if isinstance(sent, dict) else None
    if not isinstance(items, list) or len(items) > MOST:
        return None
    return sent.get("user"), [one for one in map(_one, items) if one is not None]


def _one(item: Any) -> Arrived | None:
    texts = [item.get(name) for name in ("key", "was", "word")] if isinstance(item, dict) else [None]
    if not all(isinstance(text, str) and len(text) <= 64 for text in texts) or not KEY.fullmatch(item["key"]):
        return None
    sitting_id, enrolment_id = (typed_id(str(item.get(name) or "")) for name in ("sitting", "enrolment"))
    if sitting_id is None or (item.get("enrolment") and enrolment_id is None):
        return None
    with suppress(ValueError):
        unspell(item["word"])
        return Arrived(item["key"], sitting_id, enrolment_id, item["was"], item["word"])
    return None


class LateMarksForm(Form):
    reason = TextField(
        lazy_gettext("Reason"),
        [Length(max=500)],
        description=lazy_gettext("Stands beside each mark that is accepted."),
    )
