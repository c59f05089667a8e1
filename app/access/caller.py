"""Whoever is asking: all that a query or a service needs to know of them."""

from __future__ import annotations

from dataclasses import dataclass

from app.access.permissions import GRANTS, Permission, Role
from app.access.scope import Scope


@dataclass(frozen=True)
class HeldGrant:
    """A grant as the caller holds it. `organisations`: all that it reaches; None for the whole programme."""

    role: Role
    province_id: int | None
    organisation_id: int | None
    organisations: frozenset[int] | None
    organisation_province_id: int | None = None


@dataclass(frozen=True)
class Caller:
    id: int
    name: str
    initials: str
    email: str
    grants: tuple[HeldGrant, ...]
    language: str = "tr"

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def is_a(self, role: Role) -> bool:
        return role in self.roles

    def may(self, *permissions: Permission) -> bool:
        """Whether any grant holds any of these permissions."""
        return any(p in GRANTS[grant.role] for grant in self.grants for p in permissions)

    @property
    def may_search(self) -> bool:
        return self.may(Permission.SEARCH)

    def scope_for(self, *permissions: Permission) -> Scope:
        """The union of the scopes of those grants whose role holds one of these permissions, never of the others."""
        provinces: set[int] = set()
        organisations: set[int] = set()
        audience: set[int] = set()
        audience_provinces: set[int] = set()
        own_user = own_trainer = None
        holding = [grant for grant in self.grants if any(p in GRANTS[grant.role] for p in permissions)]
        roles = frozenset(grant.role.value for grant in holding)
        for grant in holding:
            if grant.role is Role.TRAINER:
                own_trainer = self.id
                continue
            if grant.role is Role.STAFF:
                own_user = self.id
                if grant.organisation_id is not None:
                    audience.add(grant.organisation_id)
                    if grant.organisation_province_id is not None:
                        audience_provinces.add(grant.organisation_province_id)
                continue
            if grant.organisations is None:
                return Scope(everything=True, own_user=self.id, own_trainer=self.id, roles=roles)
            if grant.province_id is not None:
                provinces.add(grant.province_id)
                audience_provinces.add(grant.province_id)
            elif grant.organisation_province_id is not None:
                audience_provinces.add(grant.organisation_province_id)
            organisations |= grant.organisations
            audience |= grant.organisations
        return Scope(
            provinces=frozenset(provinces),
            organisations=frozenset(organisations),
            audience=frozenset(audience),
            audience_provinces=frozenset(audience_provinces),
            own_user=own_user,
            own_trainer=own_trainer,
            roles=roles,
        )
