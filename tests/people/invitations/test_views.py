"""Access for many: who is ticked gets an account and a letter with a link, once an hour; who cannot be reached is named."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from app.access.models import Grant, OneTimeLink, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db, set_writing
from app.jobs import runner
from app.jobs.models import Job, JobItem
from app.people.models import Employee
from app.post import links
from app.post.delivery import compose
from app.post.models import Message
from app.post.services import deliver_waiting
from app.users.models import Invitation
from tests.conftest import Browser, Stage

LINK = re.compile(r"http\S+/welcome/([\w-]+)")


@pytest.fixture(autouse=True)
def reachable(stage: Stage) -> None:
    """Işık (Nizip), Şükrü (Şahinbey) and Zeynep (Yakutiye) have addresses and no account."""
    for name in ("isik", "sukru", "zeynep"):
        EVERYWHERE.get(Employee, stage.cast.employees[name]).email = f"{name}@ornek.example"
    EVERYWHERE.get(User, stage.cast.users["staff"]).password_hash = "set"
    db.session.commit()


def fresh() -> None:
    db.session.commit()
    db.session.expire_all()
    set_writing(True)


def invite(browser: Browser, query: str, **typed: str) -> list[str]:
    """The remarks of the job, done."""
    path = f"/people/invite?{query}"
    sent = browser.post(path, data=browser.page(path).hidden(path) | typed)
    assert sent.status_code == 303, sent.text
    fresh()
    job_id = int(sent.headers["Location"].rpartition("/")[2])
    runner.run(job_id)
    return [row.message for row in db.session.scalars(EVERYWHERE.select(JobItem).where(JobItem.job_id == job_id))]


def ticked(stage: Stage, *names: str) -> str:
    return "&".join(f"employee_ids={stage.cast.employees[name]}" for name in names)


def letters() -> list[Message]:
    fresh()
    return list(db.session.scalars(sa.select(Message).where(Message.occasion.like("welcome:%")).order_by(Message.id)))


def roles(name: str) -> list[tuple[Role, int | None]]:
    user = db.session.scalars(EVERYWHERE.select(User).where(User.email == f"{name}@ornek.example")).one()
    return [
        (held.role, held.organisation_id)
        for held in db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == user.id))
    ]


def test_those_ticked_get_an_account_and_a_letter(stage: Stage) -> None:
    assert invite(stage.coordinator, ticked(stage, "isik", "sukru", "zeynep", "elif")) == ["", ""]
    assert [letter.to_address for letter in letters()] == ["isik@ornek.example", "sukru@ornek.example"]
    assert roles("isik") == [(Role.STAFF, stage.cast.nizip)]
    assert roles("sukru") == [(Role.STAFF, stage.cast.sahinbey)]
    listed = stage.coordinator.page("/invitations").text
    assert "Işık Çınar" in listed and "Zeynep" not in listed
    assert "isik@" not in stage.coordinator_elsewhere.page("/invitations").text


def test_a_focal_point_invites_only_her_own(stage: Stage) -> None:
    page = stage.focal_point.page("/people")
    assert "İşaretlenenleri davet et" in page.text
    assert invite(stage.focal_point, "all=1") == [""]
    assert [letter.to_address for letter in letters()] == ["isik@ornek.example"]
    assert "Işık Çınar" in stage.focal_point.page("/invitations").text
    stranger = stage.focal_point.page(f"/people/invite?{ticked(stage, 'sukru', 'zeynep')}")
    assert "Davet edilecek kimse yok" in stranger.text


def test_focal_points_are_invited_from_the_staff_in_one_step(stage: Stage) -> None:
    """By whoever may make one, each for their own institution; ticked twice, they are so once."""
    assert "Işık Çınar" in stage.coordinator.page(f"/people/invite?{ticked(stage, 'isik')}").text
    for _ in range(2):
        invite(stage.coordinator, ticked(stage, "isik", "sukru"), focal_point="y")
    for name, place in (("isik", stage.cast.nizip), ("sukru", stage.cast.sahinbey)):
        assert roles(name) == [(Role.STAFF, place), (Role.FOCAL_POINT, place)]
    assert len(letters()) == 2
    assert "focal_point" not in stage.focal_point.get("/people/invite?all=1").text


def test_a_focal_point_makes_no_other(stage: Stage) -> None:
    invite(stage.focal_point, "all=1", focal_point="y")
    assert roles("isik") == [(Role.STAFF, stage.cast.nizip)]


def test_asking_again_within_the_hour_sends_nothing_twice(stage: Stage) -> None:
    invite(stage.coordinator, ticked(stage, "isik"))
    assert "davet edileli bir saat olmadı" in invite(stage.coordinator, ticked(stage, "isik"))[0]
    user = db.session.scalars(EVERYWHERE.select(Invitation)).one().user_id
    form = stage.coordinator.page("/invitations").hidden(f"/users/{user}/invite")
    assert stage.coordinator.post(f"/users/{user}/invite", data=form).status_code == 303
    assert len(letters()) == 1
    db.session.execute(
        EVERYWHERE.trusting(sa.update(Invitation).values(invited_at=now() - timedelta(hours=2)), Invitation)
    )
    form = stage.coordinator.page("/invitations").hidden(f"/users/{user}/invite")
    assert stage.coordinator.post(f"/users/{user}/invite", data=form).status_code == 303
    assert [letter.occasion for letter in letters()] == [f"welcome:user:{user}:1", f"welcome:user:{user}:2"]


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_link_is_made_while_it_is_sent_and_stored_nowhere(stage: Stage) -> None:
    invite(stage.coordinator, ticked(stage, "isik"))
    assert links.LINK in letters()[0].body and not LINK.search(letters()[0].body)
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(OneTimeLink.id)), OneTimeLink)) == 0
    sent: list[str] = []
    deliver_waiting(lambda message: sent.append(plain(compose(message, "yetkin@localhost"))))
    found = LINK.search(sent[0])
    assert found and links.LINK in letters()[0].body
    page = stage.nobody.page(f"/welcome/{found[1]}")
    form = page.hidden(f"/welcome/{found[1]}")
    password = {"new_password": "mavi kiremit yedi sandal", "repeat_password": "mavi kiremit yedi sandal"}
    assert stage.nobody.post(f"/welcome/{found[1]}", data=form | password).status_code == 303
    fresh()
    assert db.session.scalars(EVERYWHERE.select(Invitation)).one().accepted_at is not None
    assert "Işık" not in stage.coordinator.page("/invitations?accepted=no").text
    assert "Işık" in stage.coordinator.page("/invitations?accepted=yes").text
    assert "zaten giriş yapabiliyor" in stage.coordinator.page(f"/people/invite?{ticked(stage, 'isik')}").text


def test_those_without_an_address_are_named(stage: Stage) -> None:
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = ""
    db.session.commit()
    page = stage.coordinator.page("/people/invite?all=1")
    assert "1 kişinin e-posta adresi yok" in page.text and "Işık Çınar" in page.text
    assert any("Işık Çınar" in remark for remark in invite(stage.coordinator, "all=1"))
    assert [letter.to_address for letter in letters()] == ["sukru@ornek.example"]


def test_the_list_s_filters_narrow_all(stage: Stage) -> None:
    invite(stage.coordinator, f"all=1&organisation={stage.cast.sahinbey}")
    assert [letter.to_address for letter in letters()] == ["sukru@ornek.example"]


def test_somebody_else_s_account_is_not_taken_over(stage: Stage) -> None:
    """The address is that of a coordinator's account: neither gets the other's roles."""
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = EVERYWHERE.get(
        User, stage.cast.users["coordinator"]
    ).email
    db.session.commit()
    assert "Işık Çınar" in invite(stage.focal_point, ticked(stage, "isik"))[0]
    assert letters() == []


def test_a_focal_point_is_invited_by_mail_or_gets_a_link_to_copy(stage: Stage) -> None:
    form = stage.coordinator.page("/users/new").hidden("/users/new")
    person = {
        "given_name": "Ayşe",
        "family_name": "Öz",
        "email": "ayse@nizip.example",
        "language": "tr",
        "role": "focal_point",
        "organisation_id": "1",
        "by_mail": "y",
    }
    sent = stage.coordinator.post("/users/new", data=form | person)
    assert sent.status_code == 303
    assert [letter.to_address for letter in letters()] == ["ayse@nizip.example"]
    shown = stage.coordinator.page(sent.headers["Location"]).text
    assert "ayse@nizip.example" in shown and "/welcome/" not in shown


def test_nothing_is_sent_to_nobody(stage: Stage) -> None:
    sent = stage.coordinator.post("/people/invite", data=stage.coordinator.page("/users/new").hidden("/users/new"))
    assert sent.status_code == 422
    fresh()
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(Job.id)), Job)) == 0


@pytest.mark.parametrize("who", ["staff", "trainer", "viewer", "nobody_special"])
def test_the_others_may_not(stage: Stage, who: str) -> None:
    browser = getattr(stage, who)
    for path in ("/people/invite?all=1", "/invitations"):
        assert browser.get(path).status_code == 403
    assert browser.post("/users/1/invite").status_code in (400, 403)


def test_an_outsider_s_invitation_is_missing(stage: Stage) -> None:
    invite(stage.coordinator, ticked(stage, "isik"))
    user = db.session.scalars(EVERYWHERE.select(Invitation)).one().user_id
    form = stage.focal_point_elsewhere.page("/people/new").hidden("/people/new?organisation=3")
    assert stage.focal_point_elsewhere.post(f"/users/{user}/invite", data=form).status_code == 404
