"""What a questionnaire consists of, and what stands over its two scales."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from random import Random
from typing import NamedTuple

from app.language import lazy_gettext

COMMON = ("resmi-yazisma", "kisisel-veri", "kurumsal-iletisim")
"""The competencies everybody is asked about, whatever their unit does."""

IMPORTANCE = (
    lazy_gettext("Not important"),
    lazy_gettext("Of little importance"),
    lazy_gettext("Fairly important"),
    lazy_gettext("Important"),
    lazy_gettext("Very important"),
)
LEVEL = (
    lazy_gettext("I know nothing of it"),
    lazy_gettext("I know the basics"),
    lazy_gettext("I can do it with help"),
    lazy_gettext("I can do it on my own"),
    lazy_gettext("I can teach it to others"),
)
"""The anchors of 1 to 5. They are the same in every round, or two rounds could not be compared."""


class Asked(NamedTuple):
    """A competency as a questionnaire is put together from it: its theme by slug."""

    id: int
    slug: str
    theme: str


def questions(themes: Collection[str], catalogue: Iterable[Asked]) -> list[int]:
    """Ids of the competencies of a unit's themes, in the order of the catalogue, then the common block, each once."""
    known = list(catalogue)
    common = {one.slug: one.id for one in known if one.slug in COMMON}
    own = [one.id for one in known if one.theme in themes and one.slug not in COMMON]
    return own + [common[slug] for slug in COMMON if slug in common]


def draw(people: Collection[int], number: int, *, seed: int, stratum: int) -> list[int]:
    """Ids of `number` of these people, or of all where they are fewer; the same for the same people and seed.

    Each stratum is drawn by itself, so that one institution's staff changes nothing in another's draw.
    """
    if number >= len(people):
        return sorted(people)
    return sorted(Random(f"{seed}/{stratum}").sample(sorted(people), number))  # noqa: S311 repeatable on purpose
