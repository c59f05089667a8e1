"""The place of accounts in the menu, and what follows where somebody got one."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission
from app.language import gettext
from app.users import one_time
from app.web.parts import NavItem
from app.web.render import done


def nav(caller: Caller, _: object) -> NavItem | None:
    return (
        NavItem(gettext("Users"), url_for("users.show_users"), "user-cog", 90)
        if caller.may(Permission.USER_READ)
        else None
    )


def given(name: str, user: User, token: str | None) -> ResponseReturnValue:
    """To the account somebody just got, with the link to its password where it has none yet."""
    flash(gettext("%(name)s can sign in with %(email)s.", name=name, email=user.email))
    if token:
        one_time.keep(user.id, token)
    return done(url_for("users.show_user", user_id=user.id))
