"""What follows where somebody has shown who they are; and the password somebody chose."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, request, session, url_for
from flask_login import login_user

from app.access.current import Visitor, visitor_token
from app.access.models import User
from app.access.sign_in import devices, queries, secrets, services
from app.access.sign_in.forms import NewPasswordForm
from app.web.render import done


def signed_in(user: User) -> Response:
    """A new token at every sign-in. Of the old cookie the language remains, unless somebody else left it, and for whose
    own sign-in had ended what her open pages are known by, so that she can send what she typed there.
    """
    cookie = _begun_anew(user)
    device = devices.marks(request.user_agent.string)
    token = services.sign_in(user, device=device, replaces=visitor_token())
    session.clear()
    session.update(cookie)
    login_user(Visitor(token))
    return done(url_for("sign_in.resume") if queries.kept_form(token) else wanted())


def _begun_anew(user: User) -> dict[str, object]:
    """What the cookie carries from now on, read before the sign-in it belonged to ends."""
    left_by, spoken = _left(user.id)
    cookie: dict[str, object] = {
        "browser": secrets.token()[:22],
        "language": spoken or user.language,
        "followed": left_by not in (None, user.id),
    }
    if session.get("csrf_token") and queries.whose(visitor_token()) == user.id:
        cookie["csrf_token"] = session["csrf_token"]
    return cookie


def _left(user_id: int) -> tuple[int | None, str | None]:
    """Who left this browser, and the language it was left in or is read in now; None if that is somebody else's."""
    left_by, left = session.get("left", (queries.whose(visitor_token()), session.get("language")))
    spoken: str | None = session.get("language")
    return left_by, None if left_by not in (None, user_id) and spoken == left else spoken


def wanted() -> str:
    """Where somebody wanted to go (`?next=`)."""
    return safe_target(request.args.get("next", ""))


def safe_target(target: str) -> str:
    """A path of our own, or the home page: redirects never leave."""
    home = url_for("home.show_home")
    try:
        parts = urlsplit(target)
    except ValueError:
        return home
    own = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if own and "\n" not in target and "\r" not in target else home


def hashed(form: NewPasswordForm, user: User) -> str:
    """The password somebody chose, if it is a good one of this user. Slow: call it outside the write lock."""
    chosen = form.new_password.data or ""
    secrets.check_password(chosen, user.given_name, user.family_name, user.email)
    return secrets.hash_password(chosen)
