"""Every text stands in the Turkish catalogue of its room, once, translated, and nothing unsaid stays there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.language import catalogues
from app.refdata import load
from tests.laws.rooms import APP, rooms, told

PO = "app/<room>/translations/tr/LC_MESSAGES/messages.po"


@pytest.mark.parametrize("room", rooms())
def test_catalogue_is_complete(app: Flask, room: str) -> None:
    shared = catalogues.translated(APP / "web")
    known = catalogues.translated(APP / room)
    said = catalogues.said_in(APP / room)
    wanted = said if room == "web" else {text for text in said if text not in shared}
    missing = {text.english for text in wanted if not known.get(text)}
    unused = {text.english for text in known if text not in said}
    assert not missing, told(
        sorted(missing),
        f"These texts of {room} have no Turkish. Run `flask --app wsgi words {room}` and fill in each msgstr in"
        f" {PO.replace('<room>', room)} (one marked fuzzy counts as none).",
    )
    assert not unused, told(
        sorted(unused),
        f"Nobody in {room} says these any more. Run `flask --app wsgi words {room}`: it takes them out of"
        f" {PO.replace('<room>', room)}.",
    )


def test_one_text_has_one_turkish(app: Flask) -> None:
    seen: dict[catalogues.Said, tuple[str, str]] = {}
    differing = []
    for room in rooms():
        for text, turkish in catalogues.translated(APP / room).items():
            if text in seen and seen[text][1] != turkish:
                first, before = seen[text]
                differing.append(f"{text.english!r}: {first} says {before!r}, {room} says {turkish!r}")
            seen.setdefault(text, (room, turkish))
    assert not differing, told(
        differing,
        f"One text, two translations. Choose one (the glossary in README.md has the words) and write it in both"
        f" catalogues, {PO}; where two things are meant, tell them apart with `pgettext`.",
    )


def test_placeholders_survive_translation(app: Flask) -> None:
    lost = []
    for room in rooms():
        for text, turkish in catalogues.translated(APP / room).items():
            wanted = set(re.findall(r"%\((\w+)\)[sd]", text.plural or text.english))
            if turkish and wanted != set(re.findall(r"%\((\w+)\)[sd]", turkish)):
                lost.append(f"{room}: {text.english!r} became {turkish!r}")
    assert not lost, told(
        lost,
        f"What is filled in differs. Let the Turkish in {PO} have the same %(…)s as the English (the plural, where"
        " there is one), letter by letter.",
    )


def test_no_suffix_is_glued_to_a_variable(app: Flask) -> None:
    """Turkish suffixes follow the vowels of the word; a variable has none to follow."""
    glued = [
        f"{room}: {turkish!r}"
        for room in rooms()
        for turkish in catalogues.translated(APP / room).values()
        if re.search(r"%\(\w+\)[sd]['’][a-zçğıöşü]", turkish)
    ]
    assert not glued, told(
        glued,
        f"Which vowels the suffix wants depends on the name filled in. Turn the sentence in {PO} so that the variable"
        ' stands bare, as in "Mark: %(who)s" / "İşaret: %(who)s".',
    )


GLOSSARY = load("glossary")
IN_OTHER_WORDS = {
    ("application", "Approve"): "an institution finds an application suitable and decides nothing yet",
    ("", "Confirmed"): "the overview counts what is confirmed: “Kesinleşen”",
    ("", "course sessions"): "stands after a number, which wants the singular",
    ("", "Enrolled"): "the overview counts who is enrolled: “Kayıtlı katılımcı”",
    ("cell", "Absent"): "a cell of the roll has room for one short word",
    ("cell", "Late"): "a cell of the roll has room for one short word",
    ("cell", "Left early"): "a cell of the roll has room for one short word",
    ("cell", "Present"): "a cell of the roll has room for one short word",
}
"""Where a page says something other than the glossary, and why."""

NOT_SAID = {
    r"\bsertifika": "belge",
    r"\byan yana\b": "belediyelere göre, illere göre",
    r"\bçalışmaz ol": "artık çalışmayacak",
    r"\bbaytı baytına\b": "birebir",
    r"\bsüzgeç": "filtre",
    r"(?i)\bgeçme not": "geçme puanı",
    r"(?i)\baçık giriş": "giriş yaptığınız cihazlar",
    r"(?i)\boturum(unuz)? (aç|kapan|kapat)": "giriş, çıkış: an “oturum” is a sitting",
    r"\b[Dd]estekle": "uygun gör",
    r"(?<![Yy]etkinlik )\b[Aa]çık puan": "yetkinlik açığı puanı",
    r"\b(\w+[aeıioöuü]y|[Ss]eç|[Yy]az|[Gg]ir|[Vv]er|[Aa]ç|[Dd]üzelt|[Dd]eğiştir|[Bb]ildir|[Gg]önder|[Gg]öster|[Gg]örüş)"
    r"[ıiuü]n[.;!]": "the form in -iniz",
    r"\b(resmi|dini)\b": "resmî, dinî",
    r"\bünvan": "unvan",
    r"\byayınla": "yayımla",
    r"\bmektup": "bildirim, e-posta: a “mektup” is of paper",
    r"(?i)\bdesteğinizi": "onayınızı",
    r"(?i)\bcihaz\w*[dt]a (hemen )?çıkış": "cihazlardan çıkış",
    r"\balışılmış": "olağan",
    r"\byanıt yok ya da": "yanıt sayısı … sınırının altında",
    r"(?i)\betkin(leş| ol| hesap|lik durum|$)": "aktif yap, aktif",
    r"\byer veril": "kaydedil",
    r"(?i)\bönizle": "ön izleme",
    r"\bdestek ifade": "finansman ifadesi",
    r"(?i)\bimzalı liste": "imzalı çizelge",
    r"^Uyan ": "aramanıza uyan",
    r"(?i)\bverilmiş oturum": "verilmiş görev",
    r"\beğitim grubunda oturum ver": "oturumunda eğitim ver",
    r"\bbaşvuru numarası": "hata kayıt numarası, as the line below it says",
}
"""What no Turkish text says, and what stands in its place."""


def _plain(text: str) -> str:
    return text.replace("İ", "i").casefold()


def test_the_glossary_has_the_words(app: Flask) -> None:
    wanted: dict[str, set[str]] = {}
    for entry in GLOSSARY:
        wanted.setdefault(_plain(entry["en"]), set()).add(_plain(entry["tr"]))
    differing = [
        f"{room}: {text.english!r} is {turkish!r}, the glossary says {sorted(wanted[_plain(text.english)])}"
        for room in rooms()
        for text, turkish in catalogues.translated(APP / room).items()
        if _plain(text.english) in wanted
        and not text.plural
        and (text.context, text.english) not in IN_OTHER_WORDS
        and _plain(turkish) not in wanted[_plain(text.english)]
    ]
    assert not differing, told(differing, f"One thing has one name. Write the glossary's into {PO}.")


def test_turkish_is_as_natives_write_it(app: Flask) -> None:
    found = [
        f"{room}: {turkish!r}: {better}"
        for room in rooms()
        for turkish in catalogues.translated(APP / room).values()
        for pattern, better in NOT_SAID.items()
        if re.search(pattern, turkish)
    ]
    assert not found, told(found, f"These were mended once. Say it as the line ends, in {PO}.")


def test_english_says_they_of_anybody(app: Flask) -> None:
    """Nobody knows the gender of whoever a text is about: they, their, or "this person"."""
    found = [
        f"{room}: {text.english!r}"
        for room in rooms()
        for text in catalogues.said_in(APP / room)
        if re.search(r"(?i)\b(s?he|hers?|herself|him(self)?|his)\b", f"{text.english} {text.plural}")
    ]
    assert not found, told(
        sorted(found),
        f"Write they or their in the code, then the same English as msgid in {PO}, above the Turkish it has.",
    )
