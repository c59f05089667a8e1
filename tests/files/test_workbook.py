"""Rows and cells of tables people really send, whatever wrote them."""

from __future__ import annotations

import datetime as dt
import io
from html import escape

import openpyxl
import pytest

from app.files.bad_file import BadFile, BadFileReason, why_not
from app.files.cells import Cell, Row, as_text, mangled
from app.files.sheets import Value, write_xlsx
from app.files.workbook import open_table
from tests.files.packages import parts, sheet_xml, text_cell, text_row, workbook, zipped

STAFF = "Sicil No;Adı Soyadı;E-posta\r\n9999997;Şükrü Işık;sukru@ornek.example\r\n007;Ayşe Çağ;\r\n"


def rows(data: bytes, filename: str = "a.xlsx") -> list[Row]:
    (sheet,) = open_table(data, filename)
    return list(sheet.rows())


def grid(data: bytes, filename: str = "a.xlsx") -> list[list[Cell]]:
    return [[row.cells.get(column) for column in range(1, max(row.cells) + 1)] for row in rows(data, filename)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("ending", ["CSV", "txt"])
def test_text_in_every_usual_shape(encoding: str, delimiter: str, newline: str, ending: str) -> None:
    text = STAFF.replace(";", delimiter).replace("\r\n", newline)
    assert grid(text.encode(encoding), f"Personel Listesi.{ending}") == [
        ["Sicil No", "Adı Soyadı", "E-posta"],
        ["9999997", "Şükrü Işık", "sukru@ornek.example"],
        ["007", "Ayşe Çağ"],
    ]


def test_utf_16_of_the_other_order() -> None:
    assert grid(b"\xfe\xff" + STAFF.encode("utf-16-be"), "a.txt")[1][1] == "Şükrü Işık"


def test_csv_with_quotes_line_breaks_and_commas_inside() -> None:
    data = 'Ad;Not\r\n"Işık; Ali";"iki\r\nsatır, ""tırnak"""\r\n\r\nVeli;x\r\n'.encode()
    found = rows(data, "a.csv")
    assert found[1] == Row(2, {1: "Işık; Ali", 2: 'iki\r\nsatır, "tırnak"'})
    assert found[2].number == 4


def test_csv_that_names_its_delimiter() -> None:
    assert rows(b"sep=,\r\na;1,b\r\nc,d\r\n", "a.csv") == [Row(2, {1: "a;1", 2: "b"}), Row(3, {1: "c", 2: "d"})]


def test_one_column_needs_no_delimiter() -> None:
    assert grid(b"E-posta\nali@ornek.example\n", "a.csv") == [["E-posta"], ["ali@ornek.example"]]


def test_an_open_quotation_mark_is_told_with_its_row() -> None:
    with pytest.raises(BadFile) as refused:
        rows(b'Ad;Soyad\r\nAli;Can\r\nVeli;"Kaya\r\n' + b"x;y\r\n" * 9, "a.csv")
    assert (refused.value.reason, refused.value.row) == (BadFileReason.DAMAGED, 3)


def test_a_damaged_sheet_is_named() -> None:
    data = zipped({**parts({"Fen İşleri": sheet_xml("")}), "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row"})
    with pytest.raises(BadFile) as refused:
        rows(data)
    assert (refused.value.reason, refused.value.sheet) == (BadFileReason.DAMAGED, "Fen İşleri")


@pytest.mark.parametrize("reason", BadFileReason)
def test_each_reason_has_a_sentence(reason: BadFileReason) -> None:
    assert why_not(BadFile(reason))


MOMENT = dt.datetime.fromisoformat("2026-11-24T13:30")
KINDS: list[Value] = [9999997, "0042", 7.5, dt.date(2026, 11, 24), dt.time(13, 30), MOMENT, -3, 0, "1E5"]


def test_cells_keep_their_kind() -> None:
    found = rows(write_xlsx([str(value) for value in KINDS], [KINDS]))[1]
    assert list(found.cells.values()) == [
        9999997,
        "0042",
        7.5,
        dt.date(2026, 11, 24),
        "13:30",
        MOMENT,
        -3,
        0,
        "1E5",
    ]
    assert [as_text(cell) for cell in found.cells.values()][:6] == [
        "9999997",
        "0042",
        "7,5",
        "24.11.2026",
        "13:30",
        "24.11.2026 13:30",
    ]
    assert as_text(None) == ""
    assert as_text(9999997.0) == "9999997"


def test_another_library_is_read_alike() -> None:
    """Dates in formats of one's own, in days from 1904, as ISO text; texts with fonts and line breaks; no strings."""
    for since_1904 in (False, True):
        book = openpyxl.Workbook()
        if since_1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        page = book.active
        page.append([dt.date(2026, 11, 24), dt.date(2026, 1, 5), 45000, True, "Ad\nSoyad", 12.25, "#YOK", "a_x000D_b"])
        page["B1"].number_format = '[$-41F]d" "mmmm" "yyyy\\ dddd'
        page["C1"].number_format = '0" adet"'
        target = io.BytesIO()
        book.save(target)
        cells = [dt.date(2026, 11, 24), dt.date(2026, 1, 5), 45000, 1, "Ad\nSoyad", 12.25, "#YOK"]
        assert list(rows(target.getvalue())[0].cells.values())[:-1] == cells
    body = '<row r="1"><c r="A1" t="d"><v>2026-11-24T00:00:00</v></c><c r="B1" t="e"><v>#N/A</v></c></row>'
    assert grid(workbook(body)) == [[dt.date(2026, 11, 24), "#N/A"]]


def test_shared_strings_in_runs_and_how_they_are_pronounced() -> None:
    strings = (
        "<sst><si><t>Işık</t></si><si><r><t xml:space='preserve'>Ayşe </t></r><r><t>Gül</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>とうきょう</t></rPh></si><si/></sst>"
    )
    body = "".join(f'<c r="{"ABCD"[at]}1" t="s"><v>{at}</v></c>' for at in range(4))
    members = {**parts({"S": sheet_xml(f'<row r="1">{body}</row>')}), "xl/sharedStrings.xml": strings}
    assert grid(zipped(members)) == [["Işık", "Ayşe Gül", "東京"]]


def test_rows_and_columns_keep_the_numbers_the_spreadsheet_shows() -> None:
    body = '<row r="5"><c r="C5"><v>1</v></c></row><row r="8"><c r="D8" t="b"><v>1</v></c></row>'
    assert rows(workbook(body)) == [Row(5, {3: 1}), Row(8, {4: 1})]


def test_formulas_are_told_and_give_their_last_value() -> None:
    body = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>'
        '<row r="2"><c r="AB2" t="str"><f>"a"</f><v>metin</v></c><c r="AC2"><f>1+1</f></c></row>'
    )
    assert rows(workbook(body)) == [Row(1, {1: 2, 2: 3}, frozenset({1})), Row(2, {28: "metin"}, frozenset({28, 29}))]


def test_what_stands_behind_a_value_does_not_hide_it() -> None:
    body = '<row r="1"><c r="A1"><v>1</v><extLst/></c><c r="B1"><f>""</f><v/></c><c r="C1" t="str"><f>x</f><v>y</v></c></row>'
    assert rows(workbook(body)) == [Row(1, {1: 1, 3: "y"}, frozenset({2, 3}))]


def test_cells_without_an_address_follow_each_other() -> None:
    body = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>4</v></c></row>"
    assert grid(workbook(body)) == [[1, 2], [None, 4]]


def test_names_of_tags_may_have_a_prefix() -> None:
    xml = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t>Ad</x:t></x:is></x:c><x:c r="B1"><x:f>1</x:f><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    assert rows(zipped(parts({"S": xml}))) == [Row(1, {1: "Ad", 2: 1}, frozenset({2}))]


def test_cells_far_apart_cost_nothing() -> None:
    body = f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576">{text_cell("XFD1048576", "y")}</row>'
    assert rows(workbook(body)) == [Row(1, {1: "x"}), Row(1_048_576, {16_384: "y"})]


def test_only_visible_sheets_are_there() -> None:
    sheets = {name: sheet_xml(text_row(1, name)) for name in ("Gizli", "İkinci", "Üçüncü")}
    found = open_table(zipped(parts(sheets, hidden=frozenset({"Gizli"}))), "a.xlsx")
    assert [sheet.name for sheet in found] == ["İkinci", "Üçüncü"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\xa0 000456\xa0", "000456"),
        ("'000456", "000456"),
        ('="000456"', "000456"),
        ("'=1+1", "=1+1"),
        ("'Ali'", "'Ali'"),
        ("Ali\u200b", "Ali"),
        ("5144\u2013000", "5144–000"),
        (" ", None),
        ("10000000146", "•" * 11),
        ("Ali 100 000 001 46", f"Ali {'•' * 11}"),
        ("10000000147", "10000000147"),
    ],
)
def test_what_is_typed_around_a_text(typed: str, kept: str | None) -> None:
    assert rows(workbook(text_row(1, escape(typed), "y")))[0].cells.get(1) == kept
    quoted = typed.replace('"', '""')
    assert rows(f'"{quoted}";y\n'.encode(), "a.csv")[0].cells.get(1) == kept


def test_a_number_that_is_an_identity_number_is_gone() -> None:
    body = '<row r="1"><c r="A1"><v>10000000146</v></c><c r="B1"><v>1.0000000146E10</v></c><c r="C1"><v>10000000147</v></c></row>'
    assert grid(workbook(body)) == [["•" * 11, "•" * 11, 10000000147]]


@pytest.mark.parametrize("cell", ["1,23457E+11", "1.23457E+11", "1E+11", "2e+12", 123_456_789_012_345_678, 1e17])
def test_a_long_number_that_was_shortened_is_seen(cell: Cell) -> None:
    assert mangled(cell)


@pytest.mark.parametrize("cell", ["5144-000", "E-11", "1E5A", 123_456_789_012, 4.5, None, dt.date(2026, 1, 1)])
def test_others_are_not_shortened(cell: Cell) -> None:
    assert not mangled(cell)


def test_limits_can_be_moved_by_the_caller() -> None:
    with pytest.raises(BadFile, match="too_large"):
        open_table(write_xlsx(["Ad"], [["a"]]), "a.xlsx", max_bytes=100)
