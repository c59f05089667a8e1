"""Fills an empty database: with the reference data alone, or with a whole example programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from app.access.models import Organisation
from app.access.sign_in import secrets
from app.attendance.models import AttendanceMark
from app.certificates.models import Certificate
from app.core.clock import at
from app.demo.around.groups import add_groups
from app.demo.around.keeping import add_measures, add_targets, add_visibility
from app.demo.around.pilots import add_pilots
from app.demo.around.studies import add_studies
from app.demo.attendance import RollCall
from app.demo.certificates import Registry
from app.demo.enrolments import Registrar
from app.demo.needs import add_needs
from app.demo.people import DOMAIN, FOCAL_POINT, MEMBER, add_people
from app.demo.plans.later import add_plans
from app.demo.programme import SETTINGS, Programme
from app.demo.sessions import Timetable
from app.demo.trainers import add_trainers
from app.demo.world import World
from app.enrolment.models import Enrolment
from app.needs.models import Need, Rating
from app.oversight.figures.services import recount
from app.people.models import Employee, Unit
from app.plans.models import PlanItem
from app.post.models import Message
from app.setup.ledger import Ledger, is_empty
from app.setup.reference import load_reference
from app.setup.services import NotEmpty
from app.trainers.models import Trainer
from app.training.models import CourseSession, Sitting

PASSWORD = "yetkin-demo"  # noqa: S105 the demo's, printed for everybody
COUNTED = (
    ("institutions", Organisation),
    ("units", Unit),
    ("staff", Employee),
    ("ratings", Rating),
    ("needs", Need),
    ("plan items", PlanItem),
    ("trainers", Trainer),
    ("course sessions", CourseSession),
    ("sittings", Sitting),
    ("enrolments", Enrolment),
    ("attendance marks", AttendanceMark),
    ("certificates", Certificate),
    ("messages", Message),
)


@dataclass(frozen=True)
class Loaded:
    """How many rows there are now, by what they are, and who can sign in."""

    counts: dict[str, int]
    accounts: tuple[str, ...]


def load_demo(*, today: date, public_url: str, seed: int = 1, scale: int = 1) -> Loaded:
    """Load the example programme: the same, row for row, for the same seed, day and scale.

    In one transaction that the caller commits. Raises NotEmpty.
    """
    if not is_empty():
        raise NotEmpty
    ledger = Ledger()
    reference = load_reference(ledger, at(today, time(8)), SETTINGS)
    ledger.flush()
    world = World(ledger, reference, today, seed, scale, public_url)
    add_people(world, secrets.hash_password(PASSWORD, salt=f"{seed:016d}".encode()))
    add_needs(world)
    add_trainers(world)
    programme = Programme(world)
    programme.establish()
    _train(world, programme)
    add_studies(world)
    add_plans(world)
    add_pilots(world)
    add_groups(world)
    add_measures(world)
    add_visibility(world)
    add_targets(world)
    world.write_log()
    recount()
    ledger.close()
    counts = {name: ledger.count(model) for name, model in COUNTED}
    return Loaded(counts, tuple(f"{name}@{DOMAIN}" for name in world.users))


def _train(world: World, programme: Programme) -> None:
    timetable, registrar, roll_call = Timetable(world), Registrar(world), RollCall(world)
    registry = Registry(world, programme)
    for count, session in enumerate(timetable.sessions(), 1):
        seats = registrar.fill(session)
        registry.note(session, roll_call.hold(session, seats))
        programme.remember(session, seats, registrar.left)
        if count % 200 == 0:
            world.ledger.flush()
    world.ledger.flush()
    registry.issue()
    own = {*registrar.accounts, *(trainer.employee for trainer in world.trainers)}
    colleagues = [one for one in world.people if one.email.endswith("@haliliye.example") and one.id not in own]
    programme.invite_staff([one for one in colleagues if one.registry_no not in (MEMBER, FOCAL_POINT)][-3:])
    world.ledger.flush()
