"""Certificates as others see them: copied text, embedded fonts, the painted page, the decoded QR code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from reportlab import rl_config

from app.paper.certificate import COLUMN_BOTTOM, SIGNATURE_Y, WIDTH, draw_certificate, draw_certificates
from app.paper.contents import CertificatePaper
from app.paper.logos import UnusableLogo
from app.paper.typeface import SERIF, SERIF_BOLD, UnprintableText
from tests.paper.reading import fonts_of, picture_of, reader, text_of

PAPER = CertificatePaper(
    kind="attendance",
    language="tr",
    heading=("T.C. Örnek Belediye Başkanlığı",),
    printed_name="Bêrîtan İĞNECİĞİL",
    organisation="Örnek Belediyesi",
    course="Kişisel verilerin korunması",
    hours=Decimal("12"),
    first_date=date(2026, 11, 24),
    last_date=date(2026, 11, 26),
    place="Erzurum",
    trainers=("Gülşah ÜNLÜ",),
    issued_on=date(2026, 11, 27),
    number="2026/ERZ/0123",
    code="7KQ2-M9XT-4HCB-W3ZD",
    url="https://yetkin.example/d/7KQ2M9XT4HCBW3ZD",
    signatories=(("Yavuz Aytaç", "Program yöneticisi"),),
)
LONG_NAME = "Abdülkadir Bêrîtan Şêrko Çağrı AĞAOĞLU-YÜKSELTÜRKMENOĞULLARI"
LONG_COURSE = (
    "Afet ve acil durumlarda kırılgan gruplara yönelik sosyal hizmetlerin planlanması, toplumsal cinsiyet"
    " eşitliğine duyarlı bütçeleme ve belediyeler arası eşgüdüm için uygulamalı temel eğitim programı"
)
A_LOT = replace(
    PAPER,
    heading=("T.C. Örnek Valiliği", "Belediye kapasitesini güçlendirme programı"),
    printed_name=LONG_NAME,
    organisation="Örnek Büyükşehir Belediyesi, Kadın ve Aile Hizmetleri Dairesi Başkanlığı",
    course=LONG_COURSE,
    place="Göbeklitepe Kültür ve Kongre Merkezi, Eğitim Salonu 1, Şanlıurfa",
    trainers=("Gülşah ÜNLÜ", "Yavuz AYTAÇ", "Îbrahîm ÇELÎK"),
    signatories=(
        ("Gülşah Ünlü Ağaoğlu", "İnsan Kaynakları ve Eğitim Müdürü"),
        ("Prof. Dr. Yavuz Aytaç", "Program yöneticisi"),
        ("Fatma Işık", "Kadın ve Aile Hizmetleri Dairesi Başkanı"),
    ),
    funding="Bu eğitim, Örnek Fon’un desteklediği program kapsamında düzenlenmiştir.",
    sample=True,
)


def flat_logo(colour: str, size: tuple[int, int]) -> bytes:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((4, 4, size[0] - 4, size[1] - 4), fill=colour)
    packed = BytesIO()
    image.save(packed, "PNG")
    return packed.getvalue()


def test_the_page_says_everything_in_turkish() -> None:
    text = text_of(draw_certificate(replace(PAPER, hours=Decimal("4.50"), funding="Örnek Fon desteklemiştir.")))
    for part in (
        "T.C. ÖRNEK BELEDİYE BAŞKANLIĞI",
        "KATILIM BELGESİ",
        "Bêrîtan İĞNECİĞİL",
        "Örnek Belediyesi",
        "“Kişisel verilerin korunması” eğitimine katılmıştır.",
        "24–26 Kasım 2026",
        "4,5 saat",
        "Yer: Erzurum",
        "Eğitmen: Gülşah ÜNLÜ",
        "27 Kasım 2026",
        "2026/ERZ/0123",
        "7KQ2-M9XT-4HCB-W3ZD",
        "https://yetkin.example/d/7KQ2M9XT4HCBW3ZD",
        "Yavuz Aytaç Program yöneticisi",
        "Örnek Fon desteklemiştir.",
    ):
        assert part in text
    assert "Örnek veridir" not in text


def test_every_turkish_and_kurdish_letter_is_copied_exactly() -> None:
    letters = "İĞÜŞÖÇ ığüşöç Bêrîtan âêîû ÂÊÎÛ"
    paper = replace(PAPER, printed_name=letters, organisation=letters, course=letters, place=letters)
    assert text_of(draw_certificate(paper)).count(letters) == 4


def test_attendance_never_claims_success_and_success_does() -> None:
    assert "başarı" not in text_of(draw_certificate(PAPER)).lower()
    text = text_of(draw_certificate(replace(PAPER, kind="success")))
    assert "BAŞARI BELGESİ" in text
    assert "“Kişisel verilerin korunması” eğitimini başarıyla tamamlamıştır." in text


def test_a_trainer_is_thanked() -> None:
    text = text_of(draw_certificate(replace(PAPER, kind="thanks")))
    assert "TEŞEKKÜR BELGESİ" in text
    assert "sağladığınız katkı için teşekkür ederiz." in text
    assert "katılmıştır" not in text


@pytest.mark.parametrize("kind", ["attendance", "success", "thanks"])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_no_paper_claims_an_electronic_signature(kind: Any, language: Any) -> None:
    text = text_of(draw_certificate(replace(PAPER, kind=kind, language=language))).casefold()
    assert "imzalı" not in text
    assert "signed" not in text


def test_an_english_holder_gets_english_only() -> None:
    paper = replace(PAPER, language="en", course="Data protection", hours=Decimal("1"), sample=True)
    text = text_of(draw_certificate(paper))
    assert "CERTIFICATE OF ATTENDANCE" in text
    assert "attended the training “Data protection”." in text
    assert "24–26 November 2026" in text
    assert "Duration: 1 hour ·" in text
    assert "Sample data" in text
    for word in ("belgesi", "katılmıştır", "saat", "Tarih", "Doğrulama", "successfully"):
        assert word not in text


def test_a_sample_says_so() -> None:
    assert "Örnek veridir" in text_of(draw_certificate(replace(PAPER, sample=True)))


def test_markup_is_printed_as_typed() -> None:
    name = '<b>x</b> & <img src="file:///etc/passwd">'
    paper = replace(PAPER, printed_name=name, organisation="{course} %s \\n (a) <i>", course="{0} <font>")
    text = text_of(draw_certificate(paper))
    assert name in text
    assert "{course} %s \\n (a) <i>" in text
    assert "“{0} <font>” eğitimine katılmıştır." in text


def test_reportlab_may_not_evaluate_colours() -> None:
    assert vars(rl_config)["toColorCanUse"] is None


def test_the_same_paper_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw_certificate(A_LOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    draw_certificate(PAPER)
    assert draw_certificate(A_LOT) == first
    assert draw_certificate(replace(A_LOT, number="2026/ERZ/0124")) != first


def test_nothing_is_opened_while_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw_certificate(PAPER)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a file or connection was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    monkeypatch.setattr("os.open", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    draw_certificate(replace(A_LOT, logos=(flat_logo("#0f5b57", (40, 30)),)))


def test_page_is_one_a4_landscape_with_title_author_and_language() -> None:
    read = reader(draw_certificate(PAPER))
    assert len(read.pages) == 1
    box = read.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (297, 210)
    assert read.metadata is not None
    assert read.metadata.title == "Katılım belgesi 2026/ERZ/0123"
    assert read.metadata.author == "T.C. Örnek Belediye Başkanlığı"
    root: Any = read.trailer["/Root"]
    assert root["/Lang"] == "tr"
    assert read.metadata.creation_date is not None
    assert read.metadata.creation_date.date() == PAPER.issued_on


def test_every_font_is_embedded_as_a_subset_of_ours() -> None:
    fonts = fonts_of(draw_certificate(A_LOT))
    assert len(fonts) == 5
    for name, descriptor in fonts.items():
        assert name[7:].startswith(("+YetkinSerif", "+YetkinSans")), name
        assert len(descriptor.get_object()["/FontFile2"].get_object().get_data()) > 1000


@pytest.mark.parametrize("paper", [PAPER, A_LOT], ids=["short", "long"])
def test_a_certificate_takes_at_most_40_kb(paper: CertificatePaper) -> None:
    logos = (flat_logo("#0f5b57", (300, 160)), None, flat_logo("#a8892f", (400, 400)))
    assert len(draw_certificate(paper)) <= 37_000
    assert len(draw_certificate(replace(paper, logos=logos))) <= 40_000


@pytest.mark.parametrize("paper", [PAPER, A_LOT], ids=["short", "long"])
def test_the_painted_qr_code_is_the_address(paper: CertificatePaper) -> None:
    found = zxingcpp.read_barcodes(picture_of(draw_certificate(paper)))
    assert [code.text for code in found] == [PAPER.url]


def test_the_qr_code_opens_the_address() -> None:
    page = reader(draw_certificate(PAPER)).pages[0]
    annotations: Any = page["/Annots"]
    assert [a.get_object()["/A"]["/URI"] for a in annotations] == [PAPER.url]


def baselines(pdf: bytes) -> list[tuple[float, float, float, str]]:
    """(left end, baseline, size, text) of each line on the first page."""
    found: list[tuple[float, float, float, str]] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.append((tm[4], tm[5], size, text.strip()))

    reader(pdf).pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(
    "paper",
    [
        PAPER,
        A_LOT,
        replace(A_LOT, course=LONG_COURSE * 3),
        replace(A_LOT, printed_name="İ" * 90, course="Ğ" * 120, logos=(flat_logo("#000", (90, 90)),) * 3),
    ],
    ids=["short", "long", "very long", "without a space"],
)
def test_lines_keep_apart_and_inside_the_frame(paper: CertificatePaper) -> None:
    lines = baselines(draw_certificate(paper))
    assert min(x for x, *_ in lines) > 33
    column = sorted((y, size) for _x, y, size, _text in lines if 160 < y < 560)
    for (below, lower), (above, upper) in pairwise(column):
        assert above - below > 0.2 * upper + 0.72 * lower or above - below < 0.01
    (trainers,) = [y for _x, y, _size, text in lines if text.startswith("Eğitmen") and "ÜNLÜ" in text]
    assert trainers > COLUMN_BOTTOM


@pytest.mark.parametrize("paper", [PAPER, A_LOT, replace(A_LOT, course=LONG_COURSE * 3, url=PAPER.url * 3)])
def test_nothing_is_smaller_than_seven_points(paper: CertificatePaper) -> None:
    assert min(size for _x, _y, size, _text in baselines(draw_certificate(paper))) >= 7


@pytest.mark.parametrize("count", [1, 2, 3])
def test_signatures_are_centred_under_their_lines_and_the_last_stands_right(count: int) -> None:
    signatories = (("Gülşah ÜNLÜ", "Müdür"), ("Yavuz AYTAÇ", "Program yöneticisi"), ("Fatma IŞIK", "Başkan"))
    lines = baselines(draw_certificate(replace(PAPER, signatories=signatories[:count])))
    middles = []
    for name, title in signatories[:count]:
        (at,) = [x + SERIF_BOLD.width(name, size) / 2 for x, _y, size, text in lines if text == name]
        (below,) = [x + SERIF.width(title, size) / 2 for x, _y, size, text in lines if text == title]
        assert at == pytest.approx(below, abs=0.1)
        middles.append(at)
    assert middles[-1] > WIDTH * 0.75, "the last one stands right"
    assert COLUMN_BOTTOM - SIGNATURE_Y > 30 / 25.4 * 72, "room for a hand and a stamp of three centimetres"


def test_no_text_is_cut_off_at_the_foot() -> None:
    title = "Kadın ve Aile Hizmetleri Dairesi Başkanlığı Eğitim ve Koordinasyon Şube Müdür Vekili " * 2
    paper = replace(A_LOT, signatories=(("Gülşah ÜNLÜ AĞAOĞLU", title[:120].strip()),) * 3, funding="Örnek fon. " * 36)
    text = text_of(draw_certificate(paper))
    assert text.count(" ".join(title[:120].split())) == 3
    assert text.count("Örnek fon.") == 36


def test_a_long_name_shrinks_then_takes_two_lines() -> None:
    def name_sizes(name: str) -> list[float]:
        lines = baselines(draw_certificate(replace(PAPER, printed_name=name)))
        return [size for _x, _y, size, text in lines if text in name]

    assert name_sizes("Ayşe YILMAZ") == [35.0]
    (shrunk,) = name_sizes("Muhammed Abdülkerim KARAOSMANOĞULLARI YILDIRIM")
    assert 35 * 0.66 <= shrunk < 35
    two = name_sizes(LONG_NAME)
    assert len(two) == 2
    assert min(two) >= 26


def test_a_print_file_has_one_page_each_and_fonts_once() -> None:
    papers = [
        replace(PAPER, printed_name=f"Kişi {i:03} ÖRNEK", code=f"{i:04}", url=f"https://yetkin.example/d/{i:016}")
        for i in range(60)
    ]
    pdf = draw_certificates(papers)
    assert len(reader(pdf).pages) == 60
    assert "Kişi 041 ÖRNEK" in text_of(pdf, 41)
    assert len(fonts_of(pdf)) == 5
    assert len(pdf) <= 60 * 3000 + 30_000


def test_empty_logo_slots_leave_no_mark() -> None:
    assert draw_certificate(replace(PAPER, logos=(None, None))) == draw_certificate(PAPER)


def test_a_logo_is_painted() -> None:
    image = picture_of(draw_certificate(replace(PAPER, logos=(flat_logo("#ff0000", (300, 300)),))), 50)
    pixels: Any = image.convert("RGB").get_flattened_data()
    assert sum(r > 250 and g < 5 and b < 5 for r, g, b in pixels) > 400


@pytest.mark.parametrize("data", [b"", b"no picture", b"GIF89a" + bytes(40)])
def test_a_logo_that_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableLogo):
        draw_certificate(replace(PAPER, logos=(data,)))


def test_a_name_we_cannot_print_is_refused_not_misprinted() -> None:
    with pytest.raises(UnprintableText, match="ق"):
        draw_certificate(replace(PAPER, printed_name="Ayşe قدس"))


@pytest.mark.parametrize(
    "change",
    [{"signatories": ()}, {"signatories": (("A", "B"),) * 4}, {"printed_name": "  "}, {"url": "https://ı/"}],
)
def test_an_incomplete_paper_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"signatories|name|ASCII"):
        draw_certificate(replace(PAPER, **change))
