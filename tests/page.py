"""The critic: reads each HTML answer in every test as a strict browser and a screen reader would."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LABELLED = {"input", "select", "textarea"}

DATE_IN_FIGURES = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")  # 13.03.2026, which English readers take apart differently
WRITTEN = {"textarea", "script"}  # what stands there was typed by somebody, or is for no reader
ONE_LANGUAGE = {"option", "title", "label"}  # a choice or a title holds no element that could be in another language

BREAK = "\0"  # where a word may break, and is one word all the same


class Page(HTMLParser):
    """Everything the rules look at, in one pass. `fragment`: a block for htmx, which has no head of its own."""

    def __init__(self, html: str, *, fragment: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.html, self.fragment = html, fragment
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.forms: list[dict[str, Any]] = []
        self.targets: list[str] = []
        self.problems: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.links: list[str] = []
        self.language = ""
        self.figures: list[str] = []
        self.own: list[str] = []  # texts in the language of the page, as far as a text can be in another
        self._foreign: list[int] = []  # how deep the elements lie that are in a language of their own
        self._open: list[str] = []
        self._text: list[str] = []
        self._in_label = 0
        self.feed(html)
        self.close()
        self.text = re.sub(r"\s+", " ", " ".join(self._text).replace(f" {BREAK} ", "")).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "wbr":
            self._text.append(BREAK)
        if tag not in VOID:
            self._open.append(tag)
            self._take_language(tag, found)
        if found.get("id"):
            self.ids[str(found["id"])] += 1
        self._take_form_part(tag, found)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if str(found.get("hx-target", "")).startswith("#"):
            self.targets.append(str(found["hx-target"])[1:])
        for name in found:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.problems.append(f"<{tag}> has {name}=, which the policy forbids")
        if tag in ("script", "style") and "src" not in found:
            self.problems.append(f"inline <{tag}>")

    def _take_language(self, tag: str, found: dict[str, str | None]) -> None:
        if tag == "html":
            self.language = str(found.get("lang") or "")
        elif found.get("lang"):
            self._foreign.append(len(self._open))

    def _take_form_part(self, tag: str, found: dict[str, str | None]) -> None:
        if tag == "label":
            self._in_label += 1
            if found.get("for"):
                self.labels.add(str(found["for"]))
        if tag in LABELLED and found.get("type") not in ("hidden", "submit", "button"):
            found["_wrapped"] = "yes" if self._in_label else None
            self.fields.append(found)
        if tag == "form":
            method = (found.get("method") or "get").lower()
            known = {"method": method, "action": found.get("action"), "enctype": found.get("enctype")}
            self.forms.append(known | {"csrf": False, "file": False, "hidden": {}})
        if tag == "input" and found.get("type") == "file" and self.forms:
            self.forms[-1]["file"] = True
        if tag == "input" and found.get("name") == "csrf_token" and self.forms:
            self.forms[-1]["csrf"] = True
        if tag == "input" and found.get("type") == "hidden" and self.forms:
            self.forms[-1]["hidden"][str(found.get("name"))] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1
        if tag in VOID:
            return
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            while self._foreign and self._foreign[-1] > len(self._open):
                self._foreign.pop()
        else:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if not self._foreign and WRITTEN.isdisjoint(self._open):
            self.figures += DATE_IN_FIGURES.findall(data)
            if ONE_LANGUAGE.isdisjoint(self._open):
                self.own.append(data.strip())
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif "script" not in self._open:
            self._text.append(data)
        if "h1" in self._open:
            self.headings.append(data.strip())

    def hidden(self, action: str) -> dict[str, str]:
        """What the form to this address sends by itself."""
        return next(dict(form["hidden"]) for form in self.forms if form["action"] == action)

    def criticise(self) -> list[str]:
        """What is wrong with the page; empty when nothing is."""
        found = list(self.problems)
        found += [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        for field in self.fields:
            named = field.get("aria-label") or field.get("aria-labelledby") or field.get("_wrapped")
            if not named and field.get("id") not in self.labels:
                found.append(f"field {field.get('name')} has no label")
        found += [
            f"form to {f['action']} has no csrf_token" for f in self.forms if f["method"] == "post" and not f["csrf"]
        ]
        found += [
            f"the file in the form to {f['action']} is not sent: enctype"
            for f in self.forms
            if f["file"] and f["enctype"] != "multipart/form-data"
        ]
        if self.language == "en":
            found += [f"{date} stands on an English page (`format_date` writes 13 March 2026)" for date in self.figures]
        if not self.fragment:
            if not self.title.strip():
                found.append("no title")
            if self.html.count("<h1") != 1:
                found.append(f"{self.html.count('<h1')} h1")
            found += [f"hx-target #{name} does not exist" for name in self.targets if name not in self.ids]
            if self._open:
                found.append(f"never closed: {self._open}")
        if "�" in self.html or "{{" in self.html:
            found.append("broken characters")
        return found
