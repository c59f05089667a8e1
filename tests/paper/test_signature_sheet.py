"""Signature sheets as they come out of the printer: pages, rows, columns, and what they keep to themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import date, time
from itertools import pairwise
from typing import Any

import pytest

from app.paper.handouts.sheet import (
    ROW,
    TABLE_TOP,
    WIDTH,
    SheetDay,
    SheetRow,
    SheetSitting,
    SignatureSheet,
    draw_signature_sheet,
    rows_of_a_day,
)
from app.paper.pages import MM
from app.paper.typeface import SERIF_BOLD
from tests.paper.reading import fonts_of, picture_of, reader, text_of

BLOCKS = (
    SheetSitting(time(9), time(10, 30)),
    SheetSitting(time(10, 45), time(12, 15)),
    SheetSitting(time(13, 30), time(15)),
    SheetSitting(time(15, 15), time(16, 45)),
)


def people(count: int) -> tuple[SheetRow, ...]:
    return tuple(SheetRow(f"Kişi {i:03} ÖRNEK", "Örnek Belediyesi", "Uzman") for i in range(1, count + 1))


def sheet(count: int, **changes: Any) -> SignatureSheet:
    made = SignatureSheet(
        language="tr",
        institution="Örnek Valiliği",
        course="Kişisel verilerin korunması",
        group_code="BK-02/3",
        trainers=("Gülşah ÜNLÜ",),
        days=(SheetDay(date(2026, 11, 24), BLOCKS, "Yakutiye Kültür Merkezi, Salon 1"),),
        rows=people(count),
        women=count // 2,
        men=count - count // 2,
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("count", "rows"),
    [
        (0, [3]),
        (15, [18]),
        (16, [19]),
        (17, [20]),
        (18, [18, 3]),
        (20, [20, 3]),
        (35, [20, 18]),
        (36, [20, 19]),
        (37, [20, 20]),
        (38, [20, 18, 3]),
        (45, [20, 20, 8]),
    ],
)
def test_twenty_rows_a_page_with_three_blank_ones_above_the_closing(count: int, rows: list[int]) -> None:
    pdf = draw_signature_sheet(sheet(count))
    pages = len(rows)
    assert len(reader(pdf).pages) == pages
    found = [row_numbers(pdf, page) for page in range(pages)]
    assert [number for page in found for number in page] == list(range(1, count + 4))
    assert [len(page) for page in found] == rows == rows_of_a_day(count)
    text = " ".join(text_of(pdf, page) for page in range(pages))
    assert Counter(f"Kişi {i:03} ÖRNEK" in text for i in range(1, count + 1))[False] == 0
    assert f"Sayfa {pages}/{pages}" in text_of(pdf, pages - 1)


@pytest.mark.parametrize("count", [16, 17])
def test_where_twenty_rows_fill_the_last_page_the_closing_stands_beside_them(count: int) -> None:
    pdf = draw_signature_sheet(sheet(count, women=9, men=6))
    found: dict[str, tuple[float, float]] = {}

    def visit(text: str, _cm: Any, tm: Any, _font: Any, _size: float) -> None:
        found.setdefault(text.strip(), (tm[4], tm[5]))

    (page,) = reader(pdf).pages
    page.extract_text(visitor_text=visit)
    columns = [found[f"{number}. oturum"][0] for number in (1, 2, 3, 4)]
    assert all(right - left > 29 * MM for left, right in pairwise(columns)), "room for a signature"
    lowest = min(y for text, (_, y) in found.items() if text.isdigit())
    other = count - 15
    for text in (
        f"Kayıtlı: {count}",
        "Kadın: 9",
        "Erkek: 6",
        f"Belirtilmemiş: {other}",
        "Katılan:",
        "Kadın:",
        "Erkek:",
    ):
        assert found[text][0] > columns[-1] + 12 * MM, text
    assert found["Eğitmenin adı ve imzası"][1] > lowest and "sorumlusunun" in text_of(pdf, 0)
    gaps = [
        above - below
        for above, below in pairwise(sorted((found[str(n)][1] for n in range(1, count + 4)), reverse=True))
    ]
    assert all(gap / MM >= 9 for gap in gaps)


def test_a_long_name_of_a_room_is_large_enough_to_read() -> None:
    sittings = tuple(SheetSitting(time(hour), time(hour + 1), "Büyük Konferans Salonu") for hour in (9, 11, 14, 16))
    paper = replace(sheet(3), days=(SheetDay(date(2026, 12, 16), sittings),))
    sizes: list[float] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, size: float) -> None:
        if "Konferans" in text:
            sizes.append(size * tm[3])

    reader(draw_signature_sheet(paper)).pages[0].extract_text(visitor_text=visit)
    assert len(sizes) == 4 and min(sizes) >= 7


def row_numbers(pdf: bytes, page: int) -> list[int]:
    """The numbers standing alone in the column left of the names."""
    found: list[tuple[float, int]] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, _size: float) -> None:
        if text.strip().isdigit() and 25 < tm[4] < 50:
            found.append((tm[5], int(text)))

    reader(pdf).pages[page].extract_text(visitor_text=visit)
    return [number for _y, number in sorted(found, reverse=True)]


def test_rows_are_nine_millimetres_apart_and_inside_the_paper() -> None:
    assert ROW / 72 * 25.4 >= 9
    heights: list[float] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, _size: float) -> None:
        if text.strip().startswith("Kişi 0"):
            heights.append(tm[5])

    reader(draw_signature_sheet(sheet(20))).pages[0].extract_text(visitor_text=visit)
    gaps = [(above - below) / 72 * 25.4 for above, below in pairwise(heights)]
    assert len(gaps) == 19
    assert all(9 <= gap < 9.1 for gap in gaps)
    assert min(heights) > 20


def test_each_day_has_its_own_pages_and_only_its_sittings() -> None:
    days = (SheetDay(date(2026, 11, 24), BLOCKS), SheetDay(date(2026, 11, 25), BLOCKS[:1]))
    pdf = draw_signature_sheet(sheet(18, days=days))
    texts = [text_of(pdf, page) for page in range(len(reader(pdf).pages))]
    assert len(texts) == 4
    for text, day, page in zip(
        texts, ("24 Kasım 2026 Salı",) * 2 + ("25 Kasım 2026 Çarşamba",) * 2, (1, 2, 1, 2), strict=True
    ):
        assert day in text
        assert f"Sayfa {page}/2" in text
    assert all(f"{s.start:%H:%M}–{s.end:%H:%M}" in texts[1] for s in BLOCKS)
    assert "4. oturum" in texts[0]
    assert "09:00–10:30" in texts[3]
    assert "10:45–12:15" not in texts[2]


def test_the_header_is_repeated_and_the_closing_stands_on_the_last_page_only() -> None:
    pdf = draw_signature_sheet(sheet(21, women=11, men=9))
    first, last = text_of(pdf, 0), text_of(pdf, 1)
    for part in (
        *("İmza çizelgesi", "Kişisel verilerin korunması", "Grup: BK-02/3", "Yer: Yakutiye Kültür Merkezi, Salon 1"),
        *("Eğitmen: Gülşah ÜNLÜ", "Adı soyadı", "Kurum", "Unvan", "6698 sayılı"),
    ):
        assert part in first
        assert part in last
    for part in (
        "Kayıtlı: 21 (Kadın: 11, Erkek: 9, Belirtilmemiş: 1)",
        "Katılan:",
        "Eğitmenin adı ve imzası",
        "Eğitim sorumlusunun adı ve imzası",
    ):
        assert part not in first
        assert part in last


def test_the_title_stands_in_the_middle_and_signatures_have_most_of_the_width() -> None:
    found: dict[str, float] = {}

    def visit(text: str, _cm: Any, tm: Any, _font: Any, _size: float) -> None:
        found.setdefault(text.strip(), tm[4])

    reader(draw_signature_sheet(sheet(3))).pages[0].extract_text(visitor_text=visit)
    assert found["İmza çizelgesi"] + SERIF_BOLD.width("İmza çizelgesi", 15) / 2 == pytest.approx(WIDTH / 2, abs=1)
    assert found["Adı soyadı"] < 60, "nothing stands left of the list"
    columns = [found[f"{place}. oturum"] for place in (1, 2, 3, 4)]
    assert columns[1] - columns[0] > 34 * MM


def test_each_column_names_its_room_where_a_day_has_several() -> None:
    blocks = (replace(BLOCKS[0], room="Salon 1"), replace(BLOCKS[1], room="Salon 2"))
    text = text_of(draw_signature_sheet(sheet(1, days=(SheetDay(date(2026, 11, 24), blocks, "Kültür Merkezi"),))))
    assert "1. oturum · Salon 1" in text
    assert "2. oturum · Salon 2" in text


@pytest.mark.parametrize("sittings", [1, 3, 8])
@pytest.mark.parametrize("count", [3, 20, 45])
def test_no_line_of_the_head_runs_into_the_table(sittings: int, count: int) -> None:
    pdf = draw_signature_sheet(
        sheet(
            count,
            course="Afet ve acil durumlarda kırılgan gruplara yönelik sosyal hizmetlerin planlanması ve eşgüdüm" * 2,
            institution="Örnek Büyükşehir Belediyesi Kadın ve Aile Hizmetleri Dairesi Başkanlığı",
            trainers=("Prof. Dr. Gülşah ÜNLÜ", "Yavuz AYTAÇ", "Doç. Dr. Îbrahîm ÇELÎK", "Bêrîtan Şêrko AĞAOĞLU") * 2,
            days=(SheetDay(date(2026, 11, 24), BLOCKS[:1] * sittings, "Göbeklitepe Kültür ve Kongre Merkezi, 1"),),
        )
    )
    lows: list[float] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, size: float) -> None:
        if text.strip() and tm[5] > TABLE_TOP - 4:
            lows.append(tm[5] - 0.2 * size)

    for page in reader(pdf).pages:
        page.extract_text(visitor_text=visit)
    assert min(lows) >= TABLE_TOP - 1


def test_an_english_sheet_is_english() -> None:
    text = text_of(draw_signature_sheet(sheet(3, language="en", sample=True)))
    for part in ("Signature sheet", "Sitting 1", "Tuesday 24 November 2026", "Page 1/1", "Law No. 6698"):
        assert part in text
    assert "Women: 1, Men: 2" in text
    assert "Sample data" in text
    assert "oturum" not in text


def test_a_row_has_room_for_nothing_private() -> None:
    assert [field.name for field in fields(SheetRow)] == ["name", "organisation", "title"]


def test_letters_are_exact_and_markup_is_printed_as_typed() -> None:
    row = SheetRow("Bêrîtan İĞÜŞÖÇ ığüşöç", "<b>x</b> & <i>", '<img src="file:///etc/passwd">')
    text = text_of(draw_signature_sheet(sheet(0, rows=(row,))))
    assert row.name in text
    assert row.organisation in text
    assert row.title in text


def test_a_letter_we_lack_does_not_stop_the_sheet() -> None:
    rows = (SheetRow("Nguyễn قدس ÖRNEK", "Ж", ""), SheetRow("Бериван ЧЕЛИК", "", ""), SheetRow("عائشة يلماز", "", ""))
    pdf = draw_signature_sheet(sheet(0, rows=rows))
    text = text_of(pdf)
    assert "Nguyen ___ ÖRNEK" in text, "a line to write on, no box"
    assert "Бериван ЧЕЛИК" in text
    assert "_____ _____" in text


def test_long_names_stay_in_their_cell() -> None:
    row = SheetRow(
        "Abdülkadir Bêrîtan Şêrko Çağrı AĞAOĞLU-YÜKSELTÜRKMENOĞULLARI",
        "Örnek Büyükşehir Belediyesi Kadın ve Aile Hizmetleri Dairesi Başkanlığı Strateji Geliştirme Birimi",
        "Veri hazırlama ve kontrol işletmeni",
    )
    pdf = draw_signature_sheet(sheet(0, rows=(row,) * 17, days=(SheetDay(date(2026, 11, 24), BLOCKS * 2),)))
    image = picture_of(pdf, 72).convert("L")
    # Eight signature columns take 62 % of the table: below the head the first is white but for rules.
    strip = image.crop((328, 70, 380, 495))
    greys: Any = strip.get_flattened_data()
    assert min(greys) >= 110


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert draw_signature_sheet(sheet(21)) == draw_signature_sheet(sheet(21))


def test_pages_are_a4_landscape_with_our_fonts_only() -> None:
    pdf = draw_signature_sheet(sheet(40))
    for page in reader(pdf).pages:
        box = page.mediabox
        assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (297, 210)
    assert all("+Yetkin" in name and found["/FontFile2"] for name, found in fonts_of(pdf).items())
    assert len(pdf) < 40_000


@pytest.mark.parametrize("change", [{"days": ()}, {"days": (SheetDay(date(2026, 1, 1), ()),)}, {"women": 9}])
def test_an_impossible_sheet_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"days|counted"):
        sheet(3, **change)
