"""Reading tables people really send, and finding their header."""

from __future__ import annotations

import datetime as dt

import pytest

from app.files.sheets import Column, write_xlsx
from app.files.table import Table, TableRow, as_text, find_header, heading_key
from app.files.workbook import BadFile, BadFileReason, read_table
from tests.files.packages import parts, sheet_xml, text_row, workbook, zipped

KNOWN = {
    "registry_no": ["Sicil No", "Sicil", "Registry number"],
    "full_name": ["Adı Soyadı", "Ad Soyad", "Name"],
    "email": ["E-posta", "E-mail"],
}
STAFF = "Sicil No;Adı Soyadı;E-posta\r\n9999997;Şükrü Işık;sukru@ornek.example\r\n007;Ayşe Çağ;\r\n"


def grid(table: Table) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_csv_in_every_usual_shape(encoding: str, delimiter: str, newline: str) -> None:
    text = STAFF.replace(";", delimiter).replace("\r\n", newline)
    table = read_table(text.encode(encoding), "Personel Listesi.CSV")
    assert grid(table) == [
        ("Sicil No", "Adı Soyadı", "E-posta"),
        ("9999997", "Şükrü Işık", "sukru@ornek.example"),
        ("007", "Ayşe Çağ", None),
    ]


def test_csv_with_quotes_line_breaks_and_commas_inside() -> None:
    data = 'Ad;Not\r\n"Işık; Ali";"iki\r\nsatır, ""tırnak"""\r\n\r\nVeli;x\r\n'.encode()
    table = read_table(data, "a.csv")
    assert table.rows[1] == TableRow(2, ("Işık; Ali", 'iki\r\nsatır, "tırnak"'))
    assert table.rows[2].number == 4


def test_csv_that_names_its_delimiter() -> None:
    table = read_table(b"sep=,\r\na;1,b\r\nc,d\r\n", "a.csv")
    assert table.rows == (TableRow(2, ("a;1", "b")), TableRow(3, ("c", "d")))


def test_one_column_needs_no_delimiter() -> None:
    assert grid(read_table(b"E-posta\nali@ornek.example\n", "a.csv")) == [
        ("E-posta",),
        ("ali@ornek.example",),
    ]


def test_workbook_cells_keep_their_kind() -> None:
    data = write_xlsx(
        ["Sicil No", "Sıfırlı", "Puan", "Tarih", "Saat", "An"],
        [
            [
                9999997,
                "0042",
                7.5,
                dt.date(2026, 11, 24),
                dt.time(13, 30),
                dt.datetime.fromisoformat("2026-11-24T13:30"),
            ],
            ["x"],
        ],
    )
    table = read_table(data, "a.xlsx")
    assert table.rows[1].cells == (
        9999997,
        "0042",
        7.5,
        dt.date(2026, 11, 24),
        "13:30",
        dt.datetime.fromisoformat("2026-11-24T13:30"),
    )
    assert [as_text(cell) for cell in table.rows[1].cells] == [
        "9999997",
        "0042",
        "7,5",
        "24.11.2026",
        "13:30",
        "24.11.2026 13:30",
    ]
    assert as_text(None) == ""
    assert as_text(9999997.0) == "9999997"


def test_rows_and_columns_keep_the_numbers_the_spreadsheet_shows() -> None:
    body = '<row r="5"><c r="C5"><v>1</v></c></row><row r="8"><c r="D8" t="b"><v>1</v></c></row>'
    table = read_table(workbook(body), "a.xlsx")
    assert table.rows == (TableRow(5, (1, None)), TableRow(8, (None, 1)))
    assert table.first_column == 3


def test_formulas_are_told_and_give_their_last_value() -> None:
    body = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>'
        '<row r="2"><c r="AB2" t="str"><f>"a"</f><v>metin</v></c></row>'
    )
    table = read_table(workbook(body), "a.xlsx")
    assert table.formulas == ("A1", "AB2")
    assert table.rows[0].cells[:2] == (2, 3)
    assert table.rows[1].cells[-1] == "metin"


def test_cells_without_an_address_follow_each_other() -> None:
    body = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>4</v></c></row>"
    assert grid(read_table(workbook(body), "a.xlsx")) == [(1, 2), (None, 4)]


def test_styled_empty_rows_to_the_end_of_the_sheet_do_not_count() -> None:
    body = text_row(1, "Ad", "Soyad") + text_row(2, "Ali", "Can") + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert len(read_table(workbook(body), "a.xlsx").rows) == 2


def test_the_first_visible_sheet_with_content_is_read_or_the_one_named() -> None:
    sheets = {name: sheet_xml(text_row(1, name)) for name in ("Gizli", "İkinci", "Üçüncü")}
    sheets = {"Gizli": sheets["Gizli"], "Boş": sheet_xml(""), **sheets}
    data = zipped(parts(sheets, hidden=frozenset({"Gizli"})))
    table = read_table(data, "a.xlsx")
    assert (table.sheet, grid(table)) == ("İkinci", [("İkinci",)])
    assert table.sheets == ("Gizli", "Boş", "İkinci", "Üçüncü")
    assert read_table(data, "a.xlsx", sheet="Üçüncü").rows[0].cells == ("Üçüncü",)
    with pytest.raises(BadFile) as refused:
        read_table(data, "a.xlsx", sheet="Yok")
    assert refused.value.reason == BadFileReason.EMPTY


def test_a_workbook_of_another_library_is_read() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    import io

    book = openpyxl.Workbook()
    page = book.active
    page.merge_cells("A1:C1")
    page["A1"] = "ŞANLIURFA BÜYÜKŞEHİR BELEDİYESİ"
    page["A2"] = "Personel listesi"
    page.append(["Sıra", "SİCİL NO", "AD SOYAD", "e-posta *"])
    page.append([1, 9999997, "Işık Öz", "isik@ornek.example"])
    target = io.BytesIO()
    book.save(target)
    table = read_table(target.getvalue(), "liste.xlsx")
    header = find_header(table, KNOWN)
    assert header is not None
    assert header.row_number == 3
    assert header.columns == {"registry_no": 1, "full_name": 2, "email": 3}
    assert header.unknown == ((0, "Sıra"),)
    (row,) = header.body(table)
    assert {name: as_text(cell) for name, cell in header.pick(row).items()} == {
        "registry_no": "9999997",
        "full_name": "Işık Öz",
        "email": "isik@ornek.example",
    }


def test_headings_fold_case_letters_and_signs() -> None:
    assert heading_key(" E-Posta (*) ") == heading_key("EPOSTA") == heading_key("e posta")
    assert heading_key("ADI SOYADI") == heading_key("adı soyadı")


def test_no_header_is_no_header() -> None:
    table = Table((TableRow(1, ("Ali", "Can")), TableRow(2, ("Sicil No", 5))))
    assert find_header(table, KNOWN) is None
    assert find_header(table, KNOWN, minimum=1) is not None
    assert find_header(Table(()), KNOWN) is None


def test_a_heading_that_comes_twice_belongs_to_its_first_column() -> None:
    header = find_header(Table((TableRow(4, ("Sicil", "Name", None, "Sicil No")),)), KNOWN)
    assert header is not None
    assert header.columns == {"registry_no": 0, "full_name": 1}
    assert header.unknown == ((3, "Sicil No"),)
    assert header.pick(TableRow(5, ("7",))) == {"registry_no": "7", "full_name": None}


def test_limits_can_be_moved_by_the_caller() -> None:
    data = write_xlsx([Column("Ad")], [["a"], ["b"], ["c"]])
    assert len(read_table(data, "a.xlsx", max_rows=4).rows) == 4
    with pytest.raises(BadFile, match="too_many_rows"):
        read_table(data, "a.xlsx", max_rows=3)
    with pytest.raises(BadFile, match="too_large"):
        read_table(data, "a.xlsx", max_bytes=100)
