"""What is stored of somebody's account, as they may see it themselves."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.caller import Caller
from app.access.models import Grant
from app.access.queries import grants, own_user
from app.access.second_factor import queries as second_factor
from app.access.sign_in import queries as sign_in
from app.access.sign_in.devices import called
from app.language import format_datetime, gettext, in_language
from app.web.parts import Stored


def own_data(caller: Caller, _: object) -> Iterator[Stored]:
    user = own_user(caller)
    factor = second_factor.second_factor(user)
    account = (
        (gettext("Name"), user.name),
        (gettext("E-mail"), user.email),
        (gettext("Language"), "Türkçe" if user.language == "tr" else "English"),
        (gettext("Reminders by e-mail"), gettext("Yes") if user.wants_reminders else gettext("No")),
        (gettext("Roles"), "; ".join(_role(held) for held in grants([user])[user.id])),
        (gettext("Account made on"), format_datetime(user.created_at)),
        (gettext("Last seen"), format_datetime(user.last_seen_at)),
        (gettext("Second factor"), format_datetime(factor.since) if factor else gettext("No")),
    )
    yield Stored(gettext("Account"), (gettext("What"), gettext("Stored")), account, order=0)
    signed_in = tuple(
        (called(one.device), format_datetime(one.created_at), format_datetime(one.seen_at))
        for one in sign_in.sign_ins(user.id)
    )
    heads = (gettext("Device"), gettext("Signed in on"), gettext("Last seen"))
    yield Stored(gettext("Sign-ins"), heads, signed_in, order=1)
    known = tuple(
        (called(one.device), format_datetime(one.created_at), format_datetime(one.expires_at))
        for one in second_factor.known_devices(user)
    )
    heads = (gettext("Device"), gettext("Known since"), gettext("Known until"))
    yield Stored(gettext("Devices without a code"), heads, known, order=2)


def _role(held: Grant) -> str:
    where = held.organisation or held.province
    return f"{held.role.label} ({in_language(where, 'name') if where else gettext('Whole programme')})"
