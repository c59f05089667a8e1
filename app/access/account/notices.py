"""The letter that says what was changed of an account's security, so that its owner learns of what others did."""

from __future__ import annotations

from typing import Any

from app.access.events import (
    DeviceRemembered,
    PasswordSet,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorRemoved,
    SecondFactorSet,
)
from app.access.models import User
from app.access.queries import place_of
from app.access.scope import EVERYWHERE
from app.audit.journal import Actor, Event
from app.core.clock import now
from app.core.errors import Text
from app.language import force_locale, lazy_gettext, lazy_pgettext
from app.post import letters
from app.post.addresses import public_address
from app.post.services import enqueue

SAID = lazy_pgettext("occasion", "Change of an account")
WHAT: dict[type[Event], Text] = {
    PasswordSet: lazy_gettext("A new password was set"),
    SecondFactorSet: lazy_gettext("The second factor was set up"),
    SecondFactorRemoved: lazy_gettext("The second factor was removed"),
    RecoveryCodesMade: lazy_gettext("New recovery codes were made"),
    RecoveryCodeUsed: lazy_gettext("A recovery code was used"),
    DeviceRemembered: lazy_gettext("On one more device no code is asked for during 30 days"),
}


def tell(event: Any, by: Actor) -> None:
    user = EVERYWHERE.get(User, event.user_id)  # whoever it was that changed it, the owner is told
    moment = now()
    with force_locale(user.language):
        subject, body = letters.write(
            "access/account/mail/changed.txt",
            name=user.name,
            what=str(WHAT[type(event)]),
            when=moment,
            url=public_address("account.show_account"),
        )
    occasion = f"{event.name}:user:{user.id}:{moment.isoformat()}"
    enqueue(occasion, user.email, user.language, subject, body, place=place_of(user))
