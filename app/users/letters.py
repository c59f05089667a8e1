"""The letter that lets somebody in."""

from __future__ import annotations

from app.access.models import User
from app.access.queries import place_of
from app.access.scope import EVERYWHERE
from app.access.sign_in import services
from app.language import force_locale
from app.post.addresses import public_address
from app.post.letters import write
from app.post.links import LINK
from app.post.services import enqueue
from app.settings import queries as settings

WELCOME = "welcome"


def welcome(user: User, number: int) -> None:
    with force_locale(user.language):
        about = {"name": user.name, "email": user.email, "link": LINK, "institution": settings.institution()}
        subject, body = write("users/mail/welcome.txt", **about)
    enqueue(
        f"{WELCOME}:user:{user.id}:{number}",
        user.email,
        user.language,
        subject,
        body,
        place=place_of(user),
        link=(WELCOME, user.id),
        private=True,
    )


def address(user_id: int) -> str:
    """A fresh link for whom a letter is being sent to; "" where they have a password meanwhile, or no account."""
    user = EVERYWHERE.get(User, user_id)  # whoever it is written to
    if not user.active or user.password_hash is not None:
        return ""
    return public_address("sign_in.show_welcome", token=services.make_link(user))
