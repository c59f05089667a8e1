"""What stands around every page: menu, language, theme, the mark of sample data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.core import slots
from app.language import gettext, language
from app.post.addresses import path_to
from app.web.parts import NavItem


@dataclass(frozen=True)
class ShellUser:
    name: str
    initials: str


class Shell:
    """Built once a request, when a page is drawn."""

    def __init__(self) -> None:
        self.caller: Any = g.get("caller")
        self.language = language()
        self.theme = request.args.get("theme") or request.cookies.get("theme", "auto")
        if self.theme not in ("light", "dark"):
            self.theme = "auto"

    @property
    def user(self) -> ShellUser | None:
        return ShellUser(self.caller.name, self.caller.initials) if self.caller else None

    @cached_property
    def nav(self) -> tuple[NavItem, ...]:
        if self.caller is None:
            return ()
        items = slots.collect("nav", self.caller)
        fits = [max((len(url) for url in (i.url, *i.covers) if _within(request.path, url)), default=-1) for i in items]
        best = max(fits, default=-1)
        return tuple(replace(i, current=fit == best >= 0) for i, fit in zip(items, fits, strict=True))

    @property
    def places(self) -> list[NavItem]:
        """The four of the phone's bottom bar."""
        items = self.nav
        chosen = [i for i in items if i.place] + [i for i in items if not i.place]
        return sorted(chosen[:4], key=lambda i: i.order)

    @property
    def menu(self) -> list[NavItem]:
        """One's own pages, in the account menu."""
        if self.caller is None:
            return []
        return [
            NavItem(gettext("Your account"), path_to("account.show_account"), "user-round", 0),
            NavItem(gettext("Your background work"), path_to("jobs.show_jobs"), "hourglass", 1),
            NavItem(gettext("My data"), path_to("privacy.show_own_data"), "shield-check", 2),
        ]

    @property
    def other_language_url(self) -> str:
        kept = {k: v for k, v in request.args.items() if k != "lang"}
        return f"{request.path}?{urlencode({**kept, 'lang': 'en' if self.language == 'tr' else 'tr'})}"

    @property
    def search_url(self) -> str | None:
        return path_to("oversight.search") if self.caller and self.caller.may_search else None

    @property
    def sample(self) -> bool:
        return self._settings[0]

    @property
    def institution(self) -> str:
        return self._settings[1]

    @cached_property
    def _settings(self) -> tuple[bool, str]:
        """What an upper room provides, asked once a page; an error page does without it when the database is gone."""
        try:
            sample, institution = current_app.config["SHELL_SETTINGS"]()
        except SQLAlchemyError:
            return False, ""
        return bool(sample), str(institution)


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def current() -> Shell:
    if "shell" not in g:
        g.shell = Shell()
    shell: Shell = g.shell
    return shell
