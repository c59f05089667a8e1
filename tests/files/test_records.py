"""Lists as offices really keep them: what is a record, what is none and why, and what is never kept."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity import HIDDEN
from app.files.bad_file import BadFile
from app.files.cells import Texts
from app.files.headings import codes_in, heading_key, is_forbidden
from app.files.records import Records, read_records
from app.files.sheets import write_csv, write_xlsx

KNOWN = {
    "registry_no": ["Sicil No", "Çalışan No", "Registry number"],
    "name": ["Adı Soyadı", "Ad Soyad", "Name"],
    "given_name": ["Ad", "Adı"],
    "family_name": ["Soyad", "Soyadı"],
    "unit": ["Birim", "Birimi", "Müdürlüğü", "Departman"],
    "title": ["Unvan", "Unvanı", "Ünvan", "Pozisyon"],
    "kind": ["Kadro Durumu", "Kadrosu", "İstihdam türü", "Çalışma şekli"],
    "sex": ["Cinsiyet", "Cinsiyeti"],
    "email": ["E-posta"],
    "importance": ["Öz: önem"],
    "level": ["Öz: mevcut düzey"],
}
NUMBER = "10000000146"
INPUTS = Path(__file__).parents[1] / "data" / "office"
HEAD = ["Sicil No", "Adı Soyadı", "Unvanı", "Kadrosu"]
AYŞE, ALİ = ["1-1", "Ayşe ÇAĞ", "Şef", "Memur"], ["2-2", "Ali İN", "Mimar", "İşçi"]

Rows = Sequence[Sequence[object]]


def book(**sheets: Rows) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def read(*rows: Sequence[object], **more: object) -> Records:
    return read_records(book(Liste=rows), "a.xlsx", KNOWN, needed=["registry_no"], **more)  # type: ignore[arg-type]


def names(found: Records) -> list[tuple[int, object, str]]:
    return [(record.number, record.cells["name"], record.section) for record in found.records]


def kinds(found: Records) -> list[tuple[int, str]]:
    return [(row.number, row.kind) for row in found.skipped]


def office(name: str) -> Records:
    return read_records((INPUTS / name).read_bytes(), name, KNOWN, needed=["registry_no"])


def test_title_rows_totals_and_incomplete_rows() -> None:
    found = office("personel_haliliye.xlsx")
    assert [record.number for record in found.records] == list(range(6, 56))
    assert kinds(found) == [(57, "total")]
    assert found.records[-1].cells["registry_no"] == 9999997
    assert found.records[-3].cells["registry_no"] is None
    assert found.missing == ()


@pytest.mark.parametrize(
    ("name", "rows"),
    [("personel_yakutiye.csv", 38), ("personel_nizip_utf8.csv", 31), ("personel_unicode_metni.txt", 18)],
)
def test_text_files_of_offices(name: str, rows: int) -> None:
    found = office(name)
    assert len(found.records) == rows
    assert all(column.field for column in found.columns)
    assert all(None not in record.cells.values() for record in found.records)


def test_the_template_of_an_erp_loses_what_nobody_may_collect() -> None:
    found = office("personel_erp_aktarim.csv")
    assert [column.position for column in found.columns if column.forbidden] == [4, 5, 6, 7, 12]
    assert [column.field for column in found.columns if not column.forbidden] == [
        "registry_no",
        "given_name",
        "family_name",
        "unit",
        "title",
        "kind",
        "email",
        "sex",
    ]
    assert found.records[0].codes == {"sex": {"1": "Erkek", "0": "Kadın"}}
    assert not any(word in repr(found) for word in (NUMBER, "01/01/1980", "Örnek Mah.", "0 Rh+"))


def test_units_as_rows_above_their_people() -> None:
    found = office("personel_birimlere_gore.xlsx")
    assert (len(found.records), found.unread) == (31, ("Açıklama",))
    assert found.records[0].section == "FEN İŞLERİ MÜDÜRLÜĞÜ"
    assert found.records[-1].section == "TEMİZLİK İŞLERİ MÜDÜRLÜĞÜ"
    assert len({record.section for record in found.records}) == 18
    assert kinds(found)[-3:] == [(70, "total"), (72, "note"), (73, "signature")]


def test_a_sheet_for_each_unit_is_one_list() -> None:
    data = book(**{"Nasıl doldurulur": [["Okuyunuz"]], "Fen İşleri": [HEAD, AYŞE], "Zabıta": [["Liste"], HEAD, ALİ]})
    found = read_records(data, "a.xlsx", KNOWN)
    assert [(record.sheet, record.section) for record in found.records] == [("Fen İşleri",) * 2, ("Zabıta",) * 2]
    assert found.unread == ("Nasıl doldurulur",)
    assert [column.sheet for column in found.columns] == ["Fen İşleri"] * 4 + ["Zabıta"] * 4


def test_sheets_of_another_shape_are_told() -> None:
    found = read_records(book(Liste=[HEAD, AYŞE], Özet=[["Birim", "Unvan"], ["Fen", 3]]), "a.xlsx", KNOWN)
    assert (names(found), found.unread) == ([(2, "Ayşe ÇAĞ", "")], ("Özet",))


def test_hidden_sheets_are_not_read() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(Gizli=[[*HEAD, "E-posta"], AYŞE], Liste=[HEAD, ALİ])))
    made["Gizli"].sheet_state = "hidden"
    target = io.BytesIO()
    made.save(target)
    assert names(read_records(target.getvalue(), "a.xlsx", KNOWN)) == [(2, "Ali İN", "")]


def test_two_rows_of_headings() -> None:
    found = read(
        ["Analiz"],
        ["Sicil No", "Adı Soyadı", "Öz", None, "Kimlik bilgileri"],
        [None, None, "Önem", "Mevcut düzey", "Doğum yeri"],
        ["1", "Ayşe", 4, 2, "Bingöl"],
    )
    assert [column.heading for column in found.columns] == [
        "Sicil No",
        "Adı Soyadı",
        "Öz / Önem",
        "Öz / Mevcut düzey",
        "Kimlik bilgileri / Doğum yeri",
    ]
    assert dict(found.records[0].cells) == {"registry_no": "1", "name": "Ayşe", "importance": 4, "level": 2}
    assert "Bingöl" not in repr(found)


def test_headings_that_come_again_on_each_page() -> None:
    title, footer = ["HALİLİYE BELEDİYESİ"], ["Sayfa 1 / 2"]
    found = read(title, HEAD, AYŞE, footer, title, HEAD, ALİ, [1, 2, 3, 4])
    assert names(found) == [(3, "Ayşe ÇAĞ", ""), (7, "Ali İN", "")]
    assert kinds(found) == [(4, "note"), (5, "header"), (6, "header"), (8, "header")]


def test_each_unit_with_headings_of_its_own() -> None:
    found = read(["PERSONEL"], ["Fen İşleri"], HEAD, AYŞE, ["Yazı İşleri"], HEAD, ALİ)
    assert names(found) == [(4, "Ayşe ÇAĞ", "Fen İşleri"), (7, "Ali İN", "Yazı İşleri")]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["Toplam", 2], "total"),
        ([None, "GENEL TOPLAM: 2"], "total"),
        (["Ara toplam", None, 12], "total"),
        (["Not: Liste eksiktir."], "note"),
        (["* İzinliler yoktur."], "note"),
        (["Hazırlayan", None, "Onaylayan"], "signature"),
        (["DÜZENLEYEN: Ali İN"], "signature"),
        (["24.11.2026"], "note"),
        (["Ayşe ÇAĞ (Müdür)"], "note"),
        ([None, None, None, None, None, "x"], "note"),
        ([None, None, None, None, None, 7], "empty"),
    ],
)
def test_rows_about_nobody(row: list[object], kind: str) -> None:
    found = read(HEAD, AYŞE, ALİ, row)
    assert (len(found.records), kinds(found)) == (2, [(4, kind)])


def test_signatures_in_several_rows() -> None:
    found = read(HEAD, AYŞE, ["Hazırlayan", None, "Onaylayan"], ["Can", None, "Cem"][:1], ["Memur"], HEAD, ALİ)
    assert names(found) == [(2, "Ayşe ÇAĞ", ""), (7, "Ali İN", "")]
    assert kinds(found) == [(3, "signature"), (4, "signature"), (5, "signature"), (6, "header")]


@pytest.mark.parametrize("row", [["3-3"], [None, "Can CEM"], ["3-3", "Can CEM"], ["4", None, "Şef"], [5]])
def test_people_of_whom_little_is_known_stay(row: list[object]) -> None:
    assert len(read(HEAD, AYŞE, row, ALİ).records) == 3


def test_a_section_is_no_person_and_told() -> None:
    found = read(HEAD, ["Fen İşleri Müdürlüğü"], AYŞE, ["ZABITA"], ALİ)
    assert [section for _, _, section in names(found)] == ["Fen İşleri Müdürlüğü", "ZABITA"]
    assert kinds(found) == [(2, "section"), (4, "section")]


@pytest.mark.parametrize(
    "heading",
    [
        "sicil no",
        "SİCİL NO *",
        "1- Sicil No (Zorunlu)",
        "4 - Sicil No",
        "3) Sicil\nNo",
        "Sicil No:",
        "Sicil No [zorunlu]",
        "1- Çalışan No ( Boş Bırakılırsa Otomatik Verilir )",
    ],
)
def test_what_people_write_around_a_heading(heading: str) -> None:
    assert read([heading, "Adı Soyadı"], ["1", "x"]).columns[0].field == "registry_no"


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("13- Cinsiyet : Erkek-->1 Kadın-->0", {"1": "Erkek", "0": "Kadın"}),
        ("Cinsiyet (1: Erkek, 2: Kadın)", {"1": "Erkek", "2": "Kadın"}),
        ("Cinsiyet (E=Erkek, K=Kadın)", {"E": "Erkek", "K": "Kadın"}),
        ("Cinsiyet: Erkek=E / Kadın=K", {"E": "Erkek", "K": "Kadın"}),
        ("Cinsiyet 1=Erkek 2=Kadın", {"1": "Erkek", "2": "Kadın"}),
        ("Kadrosu (1 = Kadrolu memur; 2 = İşçi)", {"1": "Kadrolu memur", "2": "İşçi"}),
        ("Cinsiyet", {}),
        ("Cinsiyet (E/K)", {}),
        ("Öz: önem", {}),
        ("Saat (09:00-17:00)", {}),
        ("Kod (örnek: 5)", {}),
    ],
)
def test_a_heading_may_explain_its_codes(heading: str, key: dict[str, str]) -> None:
    assert dict(codes_in(heading)) == key


@pytest.mark.parametrize(
    "heading",
    [
        "T.C. Kimlik No",
        "TC KİMLİK NUMARASI",
        "4- T.C. Kimlik No",
        "TCKN",
        "T.C.",
        "T.C. No",
        "Kimlik No",
        "Nüfus Cüzdan No",
        "Doğum Tarihi (gg/aa/yyyy)",
        "Doğum Yeri",
        "DOĞ. TARİHİ",
        "Yaşı",
        "6- Dini",
        "Mezhebi",
        "Kan Grubu",
        "Sağlık Durumu",
        "Engel Oranı",
        "Engellilik",
        "Özür Grubu",
        "Hastalığı",
        "Etnik Köken",
        "Irkı",
        "Ev Adresi",
        "İkametgâh",
        "Adresi",
        "Anne Adı",
        "Baba Adı",
        "Ana adı",
        "Medeni Hali",
        "Medenî hâl",
        "Sendika",
        "Adli Sicil Kaydı",
        "National ID",
        "Date of birth",
        "Birth date",
        "Birthplace",
        "Religion",
        "Blood type",
        "Disability",
        "Home address",
        "Mother's name",
        "Marital status",
        "Ethnicity",
    ],
)
def test_what_nobody_may_collect(heading: str) -> None:
    assert is_forbidden(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Sicil No",
        "Adı Soyadı",
        "E-posta adresi",
        "Mail Adresi",
        "İş adresi",
        "Dinleyici",
        "Dinlenme",
        "Engin",
        "Birim",
        "Müdürlüğü",
        "Kıdem yılı",
        "Yazışma",
        "Kadro",
        "Ana birim",
        "Unvan",
        "Telefon",
        "Cinsiyet",
        "Name",
        "Email address",
        "Unit",
        "Yetkinlik",
        "Sağlık İşleri",
        "İşe başlama tarihi",
        "Page",
        "Image",
        "Öz: önem",
        "Diğer",
        "Açıklama",
        "Section",
        "Staff ID",
    ],
)
def test_what_may_be_asked(heading: str) -> None:
    assert not is_forbidden(heading)


def test_a_column_of_identity_numbers_is_known_by_what_it_holds() -> None:
    head, row = [*HEAD, "Diğer", None, "Açıklama"], [*AYŞE, NUMBER, int(NUMBER), "x"]
    found = read(head, row, row)
    assert [(column.position, column.heading) for column in found.columns if column.forbidden] == [
        (5, "Diğer"),
        (6, ""),
    ]


def test_a_single_identity_number_leaves_a_mark_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        found = read(HEAD, [NUMBER, "Ayşe"], [int(NUMBER), "Ali"], ["3", f"Can {NUMBER}"], [f"{NUMBER} Müdürlüğü"])
    assert [(record.cells["registry_no"], sorted(record.identity)) for record in found.records] == [
        (HIDDEN, ["registry_no"]),
        (HIDDEN, ["registry_no"]),
        ("3", ["name"]),
    ]
    assert NUMBER not in repr(found) and NUMBER not in caplog.text


def test_a_refused_file_repeats_no_identity_number() -> None:
    data = f'Sicil No;Adı Soyadı\n{NUMBER};"Ayşe\n'.encode()
    with pytest.raises(BadFile) as refused:
        read_records(data, "a.csv", KNOWN)
    assert NUMBER not in "".join(traceback.format_exception(refused.value))


def test_a_mapping_by_hand_wins() -> None:
    rows = [["Kod", "Sicil No", "Kim", "T.C. Kimlik No"], ["A", "1", "Ayşe", NUMBER]]
    columns = {column.name: column.field for column in read(*rows).columns}
    assert columns == {"kod": None, "sicilno": "registry_no", "kim": None, "tckimlikno": None}
    by_hand = {"kod": "registry_no", "kim": "name", "tckimlikno": "email"}
    found = read(*rows, mapping=by_hand)
    assert dict(found.records[0].cells) == {"registry_no": "A", "name": "Ayşe"}
    assert read(*rows, mapping={"sicilno": None}).missing == ("registry_no",)


def test_columns_nobody_knows_can_still_be_told() -> None:
    found = read(["Liste"], ["Kod", "Kim"], ["A", "Ayşe"])
    assert [column.heading for column in found.columns] == ["Kod", "Kim"]
    assert found.missing == ("registry_no",)


def test_a_column_alone() -> None:
    found = read(["Liste"], ["Sicil No"], ["1-1"], ["2-2"])
    assert [record.cells["registry_no"] for record in found.records] == ["1-1", "2-2"]


def test_a_name_alone_is_a_person_where_names_come_first() -> None:
    found = read(["Adı Soyadı", "Sicil No"], ["ZABITA"], ["Ali CAN", "1"], ["Veli"], ["Can", "2"])
    assert [section for _, _, section in names(found)] == ["ZABITA"] * 3


def test_no_table_at_all() -> None:
    found = read(["Merhaba"], ["Dünya"])
    assert (found.columns, found.records, found.missing, found.unread) == ((), (), ("registry_no",), ("Liste",))


def test_more_headings_may_be_forbidden() -> None:
    found = read_records(book(Liste=[[*HEAD, "Maaş"], [*AYŞE, 5]]), "a.xlsx", KNOWN, forbidden=["MAAŞI", "Maaş"])
    assert [column.heading for column in found.columns if column.forbidden] == ["Maaş"]


def test_formulas_are_told_by_field() -> None:
    found = read(HEAD, ["1", "Ayşe", '="Şef"', "Memur"], ["=1+1"])
    assert [sorted(record.formulas) for record in found.records] == [["title"], ["registry_no"]]


def test_rows_of_all_sheets_count() -> None:
    data = book(A=[HEAD, AYŞE, ALİ], B=[HEAD, AYŞE])
    assert len(read_records(data, "a.xlsx", KNOWN, max_rows=3).records) == 3
    with pytest.raises(BadFile, match="too_many_rows"):
        read_records(data, "a.xlsx", KNOWN, max_rows=2)


WORDS = st.text("ABÇDEFGĞHIİ abcçdefg0123", min_size=1, max_size=12).map(str.strip).filter(bool)
PEOPLE = st.lists(st.tuples(st.integers(1000, 9999), WORDS, WORDS, WORDS), min_size=1, max_size=8)


@given(PEOPLE)
def test_whole_rows_are_records_in_either_format(people: list[tuple[int, str, str, str]]) -> None:
    written = [[f"{number}-X", *words] for number, *words in people]
    for data, name in ((write_csv(HEAD, written), "a.csv"), (write_xlsx(HEAD, written), "a.xlsx")):
        found = read_records(data, name, KNOWN)
        assert [list(record.cells.values()) for record in found.records] == written


def test_headings_fold_case_letters_and_signs() -> None:
    assert heading_key(" E-Posta (*) ") == heading_key("EPOSTA") == heading_key("e posta")
    assert heading_key("ADI SOYADI") == heading_key("adı soyadı")


IDENTITY = ("10000000146", "100 000 001 46", "10000000146 - 5", "0342 1000000 0146", "905321112233", "0342 1112233")
TRIMMED = ("", " 1", "1 ", "'1", '="1"', "a|b", "1\u200b", "A\n")


@pytest.mark.parametrize("text", IDENTITY + TRIMMED)
def test_each_of_many_texts_is_kept_as_if_alone(text: str) -> None:
    assert Texts().all_kept(["Ayşe", text, "Işık"]) == ["Ayşe", Texts().kept(text), "Işık"]


@given(st.lists(st.sampled_from(IDENTITY + TRIMMED) | st.text(), min_size=1, max_size=3))
def test_many_texts_are_kept_as_each_alone(texts: list[str]) -> None:
    for many in (texts, texts * 9):
        assert Texts().all_kept(many) == [Texts().kept(text) for text in many]
