from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.permissions import Role
from app.access.scope import Everyone, Nobody, Scope
from app.core.clock import now
from app.core.db import Model, by_bytes, points_to
from app.core.search import searchable
from app.core.status import Worded
from app.language import turkish


class Province(Model):
    """One of the four provinces. `doc_abbr` stands in certificate numbers (ERZ)."""

    __tablename__ = "provinces"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(2), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(32), unique=True)
    doc_abbr: Mapped[str] = mapped_column(sa.String(3), unique=True)
    name_tr: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80))
    locative_tr: Mapped[str] = mapped_column(sa.String(80))
    name_sort: Mapped[str] = mapped_column(sa.String(200), index=True)


class OrganisationKind(Worded):
    METROPOLITAN = "metropolitan", "Metropolitan municipality"
    DISTRICT = "district", "District municipality"
    GOVERNORATE = "governorate", "Governorate"
    CENTRAL = "central", "Central government body"
    INTERNATIONAL = "international", "International organisation"
    OTHER = "other", "Other institution"


class Organisation(Model):
    """An institution; the names of municipalities are public."""

    __tablename__ = "organisations"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[OrganisationKind]
    province_id: Mapped[int | None] = points_to("provinces.id")
    name_tr: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    short_name: Mapped[str] = mapped_column(sa.String(80))
    name_sort: Mapped[str] = mapped_column(sa.String(400), index=True)
    search_text: Mapped[str] = mapped_column(sa.String(400))
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class UserRule:
    """A user is seen by whoever sees an organisation (or province) they hold a grant for, and by themselves."""

    def visible(self, model: type[User], scope: Scope) -> sa.ColumnElement[bool]:
        seen = sa.select(Grant.user_id).where(
            sa.or_(
                Grant.organisation_id.in_(sorted(scope.organisations)),
                Grant.province_id.in_(sorted(scope.provinces)),
            )
        )
        return sa.or_(model.id.in_(seen), model.id == (scope.own_user or -1))

    def tables(self, model: type[User]) -> set[object]:
        return {User.__table__, Grant.__table__}


class User(Model):
    """Someone who can sign in. Knows neither employee nor trainer; those point at them."""

    __tablename__ = "users"
    __scope__ = UserRule()

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(by_bytes(254), unique=True)
    given_name: Mapped[str] = mapped_column(sa.String(100))
    family_name: Mapped[str] = mapped_column(sa.String(100))
    name_sort: Mapped[str] = mapped_column(sa.String(800), index=True)
    search_text: Mapped[str] = mapped_column(sa.String(500))
    language: Mapped[str] = mapped_column(sa.String(2), default="tr")
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def set_name(self, given: str, family: str, email: str | None = None) -> None:
        """The name as typed, with the keys it is searched and sorted by."""
        self.given_name, self.family_name = given, family
        if email is not None:
            self.email = email
        # letters of other scripts make longer keys than there is room for: what is cut decides nothing
        self.name_sort = turkish.sort_key(f"{family} {given}")[:800]
        self.search_text = turkish.search_key(f"{given} {family} {self.email}")[:500]


class Grant(Model):
    """A role over a scope: the whole programme (both ids empty), a province or an organisation."""

    __tablename__ = "grants"
    __scope__ = Nobody()
    __table_args__ = (
        sa.CheckConstraint("province_id IS NULL OR organisation_id IS NULL", name="one_scope"),
        sa.Index(
            "uq_grants_whole",
            "user_id",
            "role",
            sa.text("coalesce(province_id, 0)"),
            sa.text("coalesce(organisation_id, 0)"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id")
    role: Mapped[Role]
    province_id: Mapped[int | None] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class SignIn(Model):
    """One open sign-in on one device. Only the hash of its id is stored; ended on the server."""

    __tablename__ = "sign_ins"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = points_to("users.id")
    device: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class OneTimeLink(Model):
    """A link to set a password: once, for a while. Only the hash of its token is stored."""

    __tablename__ = "one_time_links"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = points_to("users.id")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class SecondFactor(Model):
    """The app on somebody's phone that gives the code asked for after the password. `sealed`: what the two share, for
    nobody to read (second_factor/secrets.py). `last_step`: of the last code used, so that none is used twice.
    """

    __tablename__ = "second_factors"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id", unique=True)
    sealed: Mapped[str] = mapped_column(sa.String(400))
    last_step: Mapped[int]
    since: Mapped[datetime] = mapped_column(default=now)


class RecoveryCode(Model):
    """What stands in for the phone where it is lost: once, and only its hash is stored."""

    __tablename__ = "recovery_codes"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id")
    code_hash: Mapped[str] = mapped_column(sa.String(200))
    used_at: Mapped[datetime | None]


class KnownDevice(Model):
    """A browser in which somebody is asked for no code for a while. Only the hash of its token is stored."""

    __tablename__ = "known_devices"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = points_to("users.id")
    device: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class HalfOpenSignIn(Model):
    """Somebody's password was right and their code is awaited, in this browser and for some minutes. It opens nothing
    but the page that asks. Only the hash of its token is stored.
    """

    __tablename__ = "half_open_sign_ins"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = points_to("users.id")
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class ResetRequest(Model):
    """Somebody asked for a link to set a new password of the account with this address, if there is one."""

    __tablename__ = "reset_requests"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(by_bytes(254))


class Throttle(Model):
    """Failures counted against one key (an account, an address); shared by all workers, survives a restart."""

    __tablename__ = "throttles"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(default=now)
    closed_until: Mapped[datetime | None]


class KeptForm(Model):
    """What was typed when a sign-in had ended: the newest, shown again to the same person in the same browser, for an
    hour. `key_hash` is the `token_hash` of that sign-in, which says both.
    """

    __tablename__ = "kept_forms"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    path: Mapped[str] = mapped_column(sa.String(500))
    fields: Mapped[str] = mapped_column(sa.Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Names and values, as they were sent."""
        return [(str(name), str(value)) for name, value in json.loads(self.fields)]


searchable(User)
