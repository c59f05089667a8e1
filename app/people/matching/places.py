"""Units and titles as lists write them: by any of their names, by what somebody said by hand, and what is nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from app.language.turkish import search_key

LIKE, WHOLE_PART = 72, 95
_SIGNS = re.compile(r"[^a-z0-9]+")
_OF_A_UNIT = re.compile(
    r"( (mudurlugu|mudurluk|mudurlug|mud|mdl|mdlg|md|dairesi baskanligi|daire baskanligi|daire bsk|dairesi bsk"
    r"|daire baskanlig|sube mudurlugu|sb mudurlugu|baskanligi|birimi|amirligi|sefligi|directorate|department|unit))+$"
)
_USUAL = re.compile(r"\b(isleri|hizmetleri|ve)\b")
_ACTING = re.compile(r" (v|vekili|vekaleten|vek|acting)$|^(acting|vekaleten) ")
# What titles are called besides their names, by slug.
ALSO = {
    "mudur": ("birim muduru", "mudurluk"),
    "sef": ("birim sefi",),
    "memur": ("buro memuru", "genel idare memuru"),
    "vhki": ("veri hazirlama kontrol isletmeni", "vhki", "v h k i"),
    "surekli-isci": ("isci", "daimi isci", "kadrolu isci", "duz isci"),
    "sirket-personeli": ("sirket personeli", "sirket iscisi", "belediye sirket personeli", "sirket elemani"),
    "sehir-plancisi": ("sehir ve bolge plancisi",),
    "cocuk-gelisimcisi": ("cocuk gelisimcisi", "cocuk gelisim uzmani"),
    "sosyal-calismaci": ("sosyal hizmet uzmani", "sosyal calisma gorevlisi"),
    "veteriner-hekim": ("veteriner", "veteriner hekimi"),
    "ic-denetci": ("denetci",),
    "baskan-yardimcisi": ("baskan yardimcisi",),
    "itfaiye-eri": ("itfaiyeci",),
    "zabita-memuru": ("zabita",),
}


def plain(text: str) -> str:
    """Folded, with single spaces for everything that is no letter or digit."""
    return _SIGNS.sub(" ", search_key(text)).strip()


def stem(text: str) -> str:
    """What a unit does, without what kind of unit it is: Fen İşleri Müdürlüğü and Fen İşleri Dairesi Başkanlığı."""
    folded = plain(text)
    return _OF_A_UNIT.sub("", folded) or folded


def _bare(stem: str) -> str:
    """Without what half of all units have in their names: Muhtarlık İşleri is not nearly Sağlık İşleri."""
    return _USUAL.sub("", stem).strip() or stem


def without_acting(text: str) -> tuple[str, bool]:
    """A title without “vekili”, “V.”, “(V)”, and whether it said that."""
    folded = plain(text)
    cut = _ACTING.sub("", folded).strip()
    return (cut, True) if cut and cut != folded else (folded, False)


@dataclass(frozen=True)
class Place:
    """A unit or a title: its id, the names it goes by, and what it is called in a sentence."""

    id: int
    key: str
    name: str
    names: tuple[str, ...]


@dataclass
class Index:
    """Finds one of some places by what a list calls it. `told`: what somebody said by hand, by the folded word."""

    places: Iterable[Place]
    told: Mapping[str, int] = field(default_factory=dict)
    stems: bool = False

    def __post_init__(self) -> None:
        self.by_id = {place.id: place for place in self.places}
        self._names = {plain(name): place.id for place in self.by_id.values() for name in place.names}
        self._stems: dict[str, int | None] = {}
        for place in self.by_id.values() if self.stems else ():
            for name in {stem(name) for name in place.names}:
                # what two units have in common names neither
                self._stems[name] = place.id if self._stems.get(name, place.id) == place.id else None
        self._known: dict[str, int | None] = {}

    def find(self, text: str) -> int | None:
        """The id of what a text means, or None."""
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> int | None:
        folded = plain(text)
        told = self.told.get(folded)
        if told in self.by_id:
            return told
        return self._names.get(folded) or (self._stems.get(stem(text)) if self.stems else None)

    def nearest(self, text: str) -> int | None:
        """What was probably meant by a text that means nothing; what all units have in their names says nothing."""
        typed, known = plain(text), self._names
        if self.stems:
            typed = _bare(stem(text))
            known = {_bare(name): key for name, key in self._stems.items() if key is not None}
        found = process.extractOne(typed, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=LIKE)
        if found is None and " " in typed:  # a part of a long name
            found = process.extractOne(typed, known.keys(), scorer=fuzz.token_set_ratio, score_cutoff=WHOLE_PART)
        return known[found[0]] if found else None
