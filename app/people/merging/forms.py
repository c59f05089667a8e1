"""The last word before two records become one."""

from __future__ import annotations

from app.web.forms import Form


class MergeForm(Form):
    """Which of two records stays; both ids are loaded through the scope again."""
