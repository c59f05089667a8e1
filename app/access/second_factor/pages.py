"""What several pages of the second factor need: who waits for a code, what waits in the cookie (sealed)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import segno
from flask import Response, current_app, request, session, url_for
from markupsafe import Markup

from app.access import limits
from app.access.current import visitor_token
from app.access.models import User
from app.access.queries import caller_of
from app.access.second_factor import queries, secrets, services
from app.access.sign_in import devices
from app.access.sign_in import pages as sign_in
from app.access.sign_in.queries import kept_form
from app.web.edge.compression import keep_plain
from app.web.render import done

WAITS, SECRET, CODES = "half_open", "second_factor", "recovery_codes"
"""Keys of the cookie."""
SECRET_SECONDS, CODES_SECONDS = 3600, 600


def step(_: object, user: User) -> tuple[str, ...]:
    """Where whoever's password was right goes before they are signed in; nowhere on a device that is known."""
    factor = queries.second_factor(user)
    if factor is None and not limits.needs_second_factor(caller_of(user).roles):
        return ()
    if factor is not None and queries.is_known(user, request.cookies.get(_device_cookie(), "")):
        return ()
    session[WAITS] = services.begin(user)
    endpoint = "second_factor.ask_code" if factor else "second_factor.enrol"
    return (url_for(endpoint, next=request.args.get("next")),)


def awaited() -> User | None:
    """Whose code is awaited in this browser."""
    return queries.half_open(str(session.get(WAITS, "")))


def begin_again() -> Response:
    return done(url_for("sign_in.show_sign_in", next=request.args.get("next")))


def opened(user: User, *, remember: bool = False) -> Response:
    """Signed in at last; `remember`: this browser is asked for no code for a while."""
    services.end(user)
    token = ""
    if remember:
        device = devices.marks(request.user_agent.string)
        token = services.remember_device(user, device=device, replaces=request.cookies.get(_device_cookie(), ""))
    response = sign_in.signed_in(user)
    if token:
        seconds, secure = int(services.KNOWN_FOR.total_seconds()), current_app.config["SECURE"]
        response.set_cookie(_device_cookie(), token, max_age=seconds, httponly=True, samesite="Lax", secure=secure)
    return response


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


# --- a secret that is not yet anybody's -----------------------------------------------------------------


def secret(user: User) -> str:
    """What the QR code of this browser says, the same each time it is shown, until a first code was typed."""
    owner, _, found = (secrets.unsealed(str(session.get(SECRET, "")), within=SECRET_SECONDS) or "").partition(":")
    if owner != str(user.id):
        found = secrets.new_secret()
        session[SECRET] = secrets.seal(f"{user.id}:{found}")
    return found


def shown(user: User) -> dict[str, Any]:
    """The secret as a picture, as a link for the phone it is opened on, and as letters to type."""
    keep_plain()
    found = secret(user)
    address = secrets.address(found, user.email)
    picture = segno.make_qr(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    grouped = " ".join(found[place : place + 4] for place in range(0, len(found), 4))
    return {"picture": Markup(picture), "address": address, "letters": grouped}  # noqa: S704 segno wrote it, of figures


# --- recovery codes, to be written down -----------------------------------------------------------------


def keep_codes(codes: Sequence[str]) -> None:
    session.pop(SECRET, None)
    session[CODES] = secrets.seal(" ".join(codes))


def kept_codes() -> list[str]:
    """Those that were just made, in groups; none after a while."""
    keep_plain()
    codes = secrets.unsealed(str(session.get(CODES, "")), within=CODES_SECONDS) or ""
    return [secrets.grouped(code) for code in codes.split()]


def forget_codes() -> None:
    session.pop(CODES, None)


def typed_before() -> bool:
    """Whether something was kept of a form from before this sign-in."""
    return kept_form(visitor_token()) is not None
