"""What every installation begins with: the reference data and its first administrator."""

from __future__ import annotations

from app.access.models import Grant, User
from app.access.permissions import Role
from app.access.rules import plain_email
from app.access.sign_in.services import make_link
from app.core.clock import now
from app.core.db import db
from app.setup.ledger import Ledger, is_empty
from app.setup.reference import load_reference


class NotEmpty(RuntimeError):
    """The database already holds something; nothing was changed."""


def set_up(*, email: str, given: str, family: str) -> str:
    """Load the reference data and make the first administrator; their one-time link's token. Raises NotEmpty."""
    if not is_empty():
        raise NotEmpty
    address = plain_email(email)
    if not address:
        raise ValueError(email)
    ledger = Ledger()
    load_reference(ledger, now())
    ledger.flush()
    ledger.close()
    user = User(active=True, language="tr")
    user.set_name(given, family, address)
    db.session.add(user)
    db.session.flush()
    db.session.add(Grant(user_id=user.id, role=Role.ADMINISTRATOR))
    return make_link(user)
