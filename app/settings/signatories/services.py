"""Who signs certificates: added, changed, put in order."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.settings.events import SignatoryActivated, SignatoryAdded, SignatoryChanged
from app.settings.models import Signatory
from app.settings.signatories import queries


@dataclass(frozen=True)
class SignatoryDetails:
    """`province_id` None: signs where a province has nobody of its own."""

    name: str
    title_tr: str
    title_en: str
    province_id: int | None


def add_signatory(details: SignatoryDetails, *, by: Actor) -> Signatory:
    last = len(queries.signatories_beside(details.province_id))
    signatory = Signatory(active=True, position=last + 1, **asdict(details))
    db.session.add(signatory)
    db.session.flush()
    journal.record(SignatoryAdded(signatory.id, signatory.province_id), by=by)
    return signatory


def change_signatory(signatory: Signatory, details: SignatoryDetails, *, by: Actor) -> None:
    changed = set_changed(signatory, asdict(details))
    if changed:
        if "province_id" in changed:
            signatory.position = len(queries.signatories_beside(details.province_id)) + 1
        journal.record(SignatoryChanged(signatory.id, changed), by=by)


def set_signatory_active(signatory: Signatory, active: bool, *, by: Actor) -> None:
    """Signs again (as the last), or no longer. Asking twice does nothing."""
    if signatory.active is active:
        return
    if active:
        signatory.position = len(queries.signatories_beside(signatory.province_id)) + 1
    signatory.active = active
    journal.record(SignatoryActivated(signatory.id, active), by=by)


def move_signatory_up(signatory: Signatory, *, by: Actor) -> None:
    """One place to the left on the certificate; the first stays where it is."""
    beside = list(queries.signatories_beside(signatory.province_id))
    place = next((number for number, one in enumerate(beside) if one.id == signatory.id), 0)
    if place == 0:
        return
    beside[place - 1], beside[place] = beside[place], beside[place - 1]
    for number, one in enumerate(beside, 1):
        one.position = number
    journal.record(SignatoryChanged(signatory.id, ("position",)), by=by)
