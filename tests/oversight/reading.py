"""What somebody can read off the pages: every figure of every address, as numbers."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import NamedTuple

from tests.conftest import Browser

ALL = "all"
TITLES = {
    "İllere göre": "province",
    "By province": "province",
    "Kurum türüne göre": "kind",
    "By kind of institution": "kind",
    "Sorun alanlarına göre": "theme",
    "By thematic area": "theme",
    "Yıllara göre": "year",
    "By year": "year",
}
KINDS = {
    "Büyükşehir belediyesi": "metropolitan",
    "Metropolitan municipality": "metropolitan",
    "İlçe belediyesi": "district",
    "District municipality": "district",
    "Merkezî idare kuruluşu": "central",
    "Central government body": "central",
}
SEXES = ("woman", "man", "not_stated", ALL)


class Place(NamedTuple):
    """A cell in words; `category` is "kind district", "theme Sağlık", "certified True" or all."""

    year: str = ALL
    province: str = ALL
    category: str = ALL
    sex: str = ALL


Read = dict[Place, tuple[int, int] | None]  # persons, participations; None where it is hidden


SIDE_BY_SIDE = ("İllere göre durum", "The provinces side by side")
"""What the overview says of running sessions, which are no figures."""


def narrowed(base: Place, title: str, label: str) -> Place:
    side = TITLES.get(title, "total")
    if side == "total":
        return base
    if side in ("year", "province"):
        return base._replace(**{side: label})
    if side == "kind":
        return base._replace(category=f"kind {KINDS.get(label, label)}")
    return base._replace(category=f"theme {label.removesuffix(' en')}")


def _numbers(base: Place, texts: list[str]) -> Read:
    numbers = [int(text.replace(".", "").replace(",", "")) if re.match(r"\d", text) else None for text in texts]
    found: Read = {}
    for sex, persons, times in zip(SEXES, numbers[:4], numbers[4:], strict=True):
        assert (persons is None) == (times is None), (base, texts)
        found[base._replace(sex=sex)] = None if persons is None or times is None else (persons, times)
    return found


def from_file(browser: Browser, base: Place, address: str) -> Read:
    """The exported figures of one address."""
    answer = browser.get(address + ("&" if "?" in address else "?") + "format=csv")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\n", 1)[0] else ","))
    found: Read = {}
    for title, label, *numbers in rows[1:]:
        found |= _numbers(narrowed(base, title, label), numbers)
    return found


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def from_page(browser: Browser, base: Place, address: str) -> Read:
    """The tables of a page and its card of certified persons."""
    html = browser.page(address).html
    found: Read = {}
    for card in re.findall(r"<section class=\"card\".*?</section>", html, re.S):
        heading = re.search(r"<h2>(.*?)</h2>", card, re.S)
        if heading and _plain(heading[1]) in SIDE_BY_SIDE:
            continue
        body, _, foot = card.partition("<tfoot>")
        for part, is_total in ((body, False), (foot, True)):
            for label, row in re.findall(r"<th scope=\"row\">(.*?)</th>(.*?)</tr>", part, re.S):
                cells = [_plain(cell) for cell in re.findall(r"<td.*?</td>", row, re.S)]
                place = base if is_total else narrowed(base, _plain(heading[1]) if heading else "", _plain(label))
                found |= _numbers(place, cells)
    stats = dict(re.findall(r'class="stat-label">(.*?)</div>\s*<div class="stat-value">(.*?)</div>', html, re.S))
    for label, value in stats.items():
        if _plain(label) in ("Belge alan personel", "People certified"):
            text = _plain(value).replace(".", "").replace(",", "")
            found[base._replace(category="certified True")] = (int(text), -1) if text.isdigit() else None
    return found


def everything(browser: Browser, years: list[str], provinces: dict[str, int], language: str) -> Read:
    """All that the addresses of /reports, their files and the home page show, checked against each other."""
    browser.get(f"/?lang={language}")
    found: Read = {}

    def take(read: Read) -> None:
        for place, number in read.items():
            before = found.setdefault(place, number)
            if before is None or number is None or -1 in (before[1], number[1]):
                assert (before is None) == (number is None), (place, before, number)
            else:
                assert before == number, (place, before, number)

    take(from_page(browser, Place(), "/"))
    for year in (ALL, *years):
        for province in (ALL, *provinces):
            asked = [f"year={year}"] if year != ALL else []
            asked += [f"province={provinces[province]}"] if province != ALL else []
            address = "/reports" + ("?" + "&".join(asked) if asked else "")
            base = Place(year, province)
            take(from_file(browser, base, address))
            take(from_page(browser, base, address))
    return found
