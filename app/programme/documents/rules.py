"""What a document says, and what one edition made of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any, NamedTuple, Self

Lines = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Passage:
    """A part of a document, found again in another edition by its `key`. A table's lines begin with its heads."""

    key: str
    title_tr: str
    title_en: str
    text_tr: str = ""
    text_en: str = ""
    rows_tr: Lines = ()
    rows_en: Lines = ()

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What `written` wrote."""
        lines = {name: tuple(tuple(line) for line in kept.get(name, ())) for name in ("rows_tr", "rows_en")}
        return cls(**{**kept, **lines})

    @staticmethod
    def labelled(lines: Lines) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
        """Of a table the lines below its heads: what stands first, and what follows, each with its head."""
        heads = lines[0][1:]
        return ((first, zip(heads, others, strict=True)) for first, *others in lines[1:])

    def written(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def mark(passages: Iterable[Passage]) -> str:
    """Another one for whatever says anything else."""
    return sha256(repr(list(passages)).encode()).hexdigest()[:16]


class Piece(NamedTuple):
    """Words of a text: "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Changed:
    """A passage of which two editions say something else; None where one of them lacks it. `named` is the later one."""

    named: Passage
    was: Passage | None
    now: Passage | None

    @property
    def pieces(self) -> Mapping[str, Sequence[Piece]]:
        """By language: the words of both, and the lines of both tables; a language that says the same is left out."""
        texts = {tongue: (_text(self.was, tongue), _text(self.now, tongue)) for tongue in ("tr", "en")}
        return {tongue: pieces(was, now) for tongue, (was, now) in texts.items() if was != now}


def _text(passage: Passage | None, tongue: str) -> str:
    if passage is None:
        return ""
    lines: Lines = getattr(passage, f"rows_{tongue}")
    return "\n".join(filter(None, (getattr(passage, f"text_{tongue}"), *(" · ".join(line) for line in lines))))


def pieces(was: str, now: str) -> list[Piece]:
    """The words of two texts, in order: those that stayed, those that went, those that came."""
    before, after = was.split(), now.split()
    found: list[Piece] = []
    for _, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = " ".join(before[start:end]), " ".join(after[first:last])
        if gone == came:
            found.append(Piece("same", gone))
        else:
            found += [Piece(kind, text) for kind, text in (("gone", gone), ("new", came)) if text]
    return found


def difference(was: Iterable[Passage], now: Iterable[Passage]) -> list[Changed]:
    """The passages that are not the same, in the order of the later edition; those it dropped stand last."""
    before, after = ({one.key: one for one in passages} for passages in (was, now))
    keys = [*after, *(key for key in before if key not in after)]
    either = before | after
    return [Changed(either[key], before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]
