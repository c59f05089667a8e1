"""A letter as a page: nothing of its words is lost, and nothing of them is markup."""

from __future__ import annotations

from html.parser import HTMLParser

from flask import Flask

from app.post.html import Block, blocks, page

BODY = """Sayın Işık Çınar <b>,

Şu eğitime davetlisiniz: Şikâyet yönetimi (BK-02/3).

- 24 Kasım 2026 Salı, 09:00–10:30 · Salon 1 · Ümit
- 25 Kasım 2026 Çarşamba, 09:00–10:30 · Salon 1

Takviminiz kendiliğinden göstermiyorsa şu dosyayı açınız: https://x.example/a.ics

Kaydınız: https://x.example/e/7

Belge numarası: 7
Buradan indiriniz:
https://x.example/7.pdf

Koordinasyon Birimi
"""


def test_days_become_a_list_and_links_become_buttons() -> None:
    assert blocks(BODY) == [
        Block("Sayın Işık Çınar <b>,"),
        Block("Şu eğitime davetlisiniz: Şikâyet yönetimi (BK-02/3)."),
        Block(
            items=(
                ("24 Kasım 2026 Salı, 09:00–10:30", "Salon 1", "Ümit"),
                ("25 Kasım 2026 Çarşamba, 09:00–10:30", "Salon 1"),
            )
        ),
        Block("Takviminiz kendiliğinden göstermiyorsa şu dosyayı açınız", url="https://x.example/a.ics"),
        Block("Kaydınız", url="https://x.example/e/7"),
        Block("Belge numarası: 7"),
        Block("Buradan indiriniz", url="https://x.example/7.pdf"),
        Block("Koordinasyon Birimi"),
    ]
    assert [block.is_button for block in blocks(BODY) if block.url] == [False, True, True]


def test_what_somebody_typed_is_no_markup(app: Flask) -> None:
    html = page("Davet <script>", BODY, "tr")
    tags: set[str] = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: tags.add(tag)  # type: ignore[method-assign]
    parser.feed(html)
    shown = {"body", "main", "p", "ul", "li", "strong", "a", "br"}
    assert tags == {"html", "head", "meta", "title", "style"} | shown
    assert 'lang="tr"' in html and "Işık Çınar &lt;b&gt;" in html
    assert "src=" not in html and "url(" not in html, "nothing is fetched from anywhere"
