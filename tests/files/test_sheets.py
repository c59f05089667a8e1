"""Tables that are written: real values, no formulas, names with Turkish letters."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.cells import as_text
from app.files.sheets import Column, content_disposition, write_csv, write_xlsx
from app.files.workbook import open_table


def read(data: bytes, name: str = "a.xlsx") -> list[tuple[str, ...]]:
    """Its rows as text, as wide as the first."""
    (sheet,) = open_table(data, name)
    rows = [row.cells for row in sheet.rows()]
    return [tuple(as_text(cells.get(at)) for at in range(1, max(rows[0]) + 1)) for cells in rows]


DANGEROUS = ["=1+1", "+90 412", "-5", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://ornek.example")']


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_never_becomes_a_formula(text: str) -> None:
    csv = write_csv(["Ad"], [[text]]).decode("utf-8-sig")
    assert csv.split("\r\n", 1)[1].lstrip('"').startswith("'")
    page = openpyxl.load_workbook(io.BytesIO(write_xlsx(["Ad"], [[text]]))).active
    assert page["A2"].data_type == "s"
    assert page["A2"].value.startswith("'")
    assert page["A2"].hyperlink is None


def test_headings_are_guarded_too() -> None:
    assert write_csv(["=x"], []) == "\ufeff'=x\r\n".encode()
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx(["=x"], []))).active["A1"].value == "'=x"


def test_what_we_write_we_read_back_without_the_apostrophe() -> None:
    rows = [[text] for text in DANGEROUS] + [["'tırnak"]]
    expected = ["Ad", *(text.strip() for text in DANGEROUS), "'tırnak"]
    for data, name in ((write_csv(["Ad"], rows), "a.csv"), (write_xlsx(["Ad"], rows), "a.xlsx")):
        assert [text for (text,) in read(data, name)] == expected


safe_text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=40).map(str.strip)


@given(st.lists(st.tuples(safe_text, st.integers(-(10**9), 10**9)), min_size=1, max_size=8))
def test_both_formats_return_what_went_in(rows: list[tuple[str, int]]) -> None:
    wanted = [(text, str(number)) for text, number in rows if not text.startswith("'")]
    kept = [row for row in rows if not row[0].startswith("'")]
    for data, name in ((write_csv(["a", "b"], kept), "a.csv"), (write_xlsx(["a", "b"], kept), "a.xlsx")):
        assert read(data, name)[1:] == wanted


def test_csv_opens_in_a_turkish_excel() -> None:
    rows = [
        ["Şükrü", 7.5, 3, Decimal("1.25"), Fraction(1, 2), dt.date(2026, 11, 24), dt.time(9), None],
        ["a;b", 2.0, True, -1, "", dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC), "", "x\ny"],
    ]
    assert write_csv(list("abcdefgh"), rows).decode("utf-8") == (
        '\ufeffa;b;c;d;e;f;g;h\r\nŞükrü;7,5;3;1,25;0,5;24.11.2026;09:00;\r\n"a;b";2;1;-1;;24.11.2026 13:30;;"x\ny"\r\n'
    )


def test_workbook_has_a_bold_frozen_filtered_header_and_real_values() -> None:
    moment = dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC)
    columns = [Column("Oran", number_format="0%"), Column("Tarih", width=30), "An", "Çok uzun bir başlık"]
    data = write_xlsx(columns, [[0.5, dt.date(2026, 11, 24), moment, None]], sheet="Rapor: [2026]/1")
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.active
    assert page.title == "Rapor   2026  1"
    assert page["A1"].font.b
    assert not page["A2"].font.b
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:D2"
    assert (page["A2"].value, page["A2"].number_format) == (0.5, "0%")
    assert page["B2"].value == dt.datetime.fromisoformat("2026-11-24")
    assert page["C2"].value == dt.datetime.fromisoformat("2026-11-24T13:30")
    assert page["D2"].value is None
    assert page.column_dimensions["B"].width == pytest.approx(30, abs=1)
    assert page.column_dimensions["D"].width >= len("Çok uzun bir başlık")


def test_a_text_longer_than_a_cell_is_cut_not_lost() -> None:
    assert len(read(write_xlsx(["a"], [["x" * 40_000]]))[1][0]) == 32_767


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("liste.csv", 'attachment; filename="liste.csv"'),
        (
            "Şanlıurfa Eğitim.xlsx",
            "attachment; filename=\"Sanliurfa Egitim.xlsx\"; filename*=UTF-8''%C5%9Eanl%C4%B1urfa%20E%C4%9Fitim.xlsx",
        ),
        ('../../etc/pass"wd\r\nX: y', 'attachment; filename="-..-etc-pass-wd-X- y"'),
        ("", 'attachment; filename="dosya"'),
        ("رسم.pdf", "attachment; filename=\"___.pdf\"; filename*=UTF-8''%D8%B1%D8%B3%D9%85.pdf"),
        ("%41;x.pdf", "attachment; filename=\"_41_x.pdf\"; filename*=UTF-8''%2541%3Bx.pdf"),
    ],
)
def test_downloads_are_named_for_old_and_new_clients(name: str, header: str) -> None:
    assert content_disposition(name) == header


def test_a_download_may_open_in_place() -> None:
    assert content_disposition("a.pdf", inline=True) == 'inline; filename="a.pdf"'


@given(st.text(max_size=30))
def test_the_header_is_always_one_ascii_line(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
