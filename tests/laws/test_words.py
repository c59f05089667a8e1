"""Every text stands in the Turkish catalogue once, translated, and nothing unsaid stays there."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import Counter
from functools import cache

from babel.messages.catalog import Message

import app as programme
from app.core.status import Worded
from app.language import catalogues
from app.language.catalogues import turkish
from app.refdata import load
from tests.laws.rooms import ROOT, told

PO = catalogues.TURKISH.relative_to(ROOT).as_posix()


@cache
def known() -> list[Message]:
    """What stands in the catalogue."""
    return [text for text in catalogues.catalogue() if text.id]


@cache
def said() -> list[Message]:
    """What the code and the templates say."""
    return [text for text in catalogues.said() if text.id]


def english(text: Message) -> str:
    """Its English in the singular."""
    return str(text.id[0] if text.pluralizable else text.id)


def identities(texts: list[Message]) -> set[tuple[str, str]]:
    return {(text.context or "", english(text)) for text in texts}


def test_catalogue_is_complete() -> None:
    missing = identities(said()) - identities([text for text in known() if turkish(text)])
    unused = identities(known()) - identities(said())
    assert not missing, told(
        sorted(missing),
        f"These texts have no Turkish. Run `flask --app wsgi words` and fill in each msgstr in {PO} (one marked fuzzy"
        " counts as none).",
    )
    assert not unused, told(
        sorted(unused), f"Nobody says these any more. Run `flask --app wsgi words`: it takes them out of {PO}."
    )


def test_every_text_that_is_said_is_seen() -> None:
    """What collects them does not look into an f-string: there a text would stay English for ever."""
    seen, unseen = {name for _, name in identities(said())}, []
    for path in sorted((ROOT / "app").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("gettext"):
                texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
                if texts and not seen & {*texts}:
                    unseen.append(f"{path.relative_to(ROOT)}:{call.lineno}: {texts[-1]}")
    assert not unseen, told(unseen, "Give each a name before the f-string it stands in.")


def test_each_text_stands_once() -> None:
    """A merge of two branches may leave a text twice with two translations, of which the later would be read."""
    source = catalogues.TURKISH.read_text("utf-8")
    entries = Counter(re.findall(r"^(?:msgctxt .*\n)?msgid .*", source, re.MULTILINE))
    twice = [entry for entry, times in entries.items() if times > 1]
    assert not twice, told(twice, f"Leave the better Turkish of each in {PO}, and take the other out.")


def test_catalogue_is_as_the_command_writes_it() -> None:
    """Sorted by text, the rest in Babel's own writing: what else stands there would come and go with each run."""
    assert catalogues.synchronised()[0] == catalogues.TURKISH.read_bytes(), told(
        [PO], "It is not as `flask --app wsgi words` writes it. Run that and look at the difference."
    )


def test_the_words_of_enumerations_are_found() -> None:
    """They are read from the source: what an enumeration says when it is imported must be there."""
    for module in pkgutil.walk_packages(programme.__path__, "app."):
        importlib.import_module(module.name)
    kinds, pending = [], [Worded]
    while pending:
        kinds += (below := pending.pop().__subclasses__())
        pending += below
    words = {
        (kind.context(), member.english) for kind in kinds if kind.__module__.startswith("app.") for member in kind
    }
    unfound = words - identities(said())
    assert not unfound, told(
        sorted(unfound),
        'Write the enumeration as `class Kind(Worded)` with members `NAME = "value", "English words"`, as'
        " `said_in_python` reads them (app/language/catalogues.py).",
    )


PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def test_placeholders_survive_translation() -> None:
    lost = [
        f"{english(text)!r} became {turkish(text)!r}"
        for text in known()
        if turkish(text)
        and set(PLACEHOLDER.findall(text.id[-1] if text.pluralizable else text.id))
        != set(PLACEHOLDER.findall(turkish(text)))
    ]
    assert not lost, told(
        lost,
        f"What is filled in differs. Let the Turkish in {PO} have the same %(…)s as the English (the plural, where"
        " there is one), letter by letter.",
    )


def test_no_suffix_is_glued_to_a_variable() -> None:
    """Turkish suffixes follow the vowels of the word; a variable has none to follow."""
    glued = [repr(turkish(text)) for text in known() if re.search(r"%\(\w+\)[sd]['’][a-zçğıöşü]", turkish(text))]
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


def test_the_glossary_has_the_words() -> None:
    wanted: dict[str, set[str]] = {}
    for entry in GLOSSARY:
        wanted.setdefault(_plain(entry["en"]), set()).add(_plain(entry["tr"]))
    differing = [
        f"{english(text)!r} is {turkish(text)!r}, the glossary says {sorted(wanted[_plain(english(text))])}"
        for text in known()
        if _plain(english(text)) in wanted
        and not text.pluralizable
        and (text.context or "", english(text)) not in IN_OTHER_WORDS
        and _plain(turkish(text)) not in wanted[_plain(english(text))]
    ]
    assert not differing, told(differing, f"One thing has one name. Write the glossary's into {PO}.")


def test_turkish_is_as_natives_write_it() -> None:
    found = [
        f"{turkish(text)!r}: {better}"
        for text in known()
        for pattern, better in NOT_SAID.items()
        if re.search(pattern, turkish(text))
    ]
    assert not found, told(found, f"These were mended once. Say it as the line ends, in {PO}.")


def test_english_says_they_of_anybody() -> None:
    """Nobody knows the gender of whoever a text is about: they, their, or "this person"."""
    found = [
        repr(text.id) for text in said() if re.search(r"(?i)\b(s?he|hers?|herself|him(self)?|his)\b", str(text.id))
    ]
    assert not found, told(
        sorted(found),
        f"Write they or their in the code, then the same English as msgid in {PO}, above the Turkish it has.",
    )
